"""What a telephone line says, as plain values: links that dial, events that were heard, how a dial ended (SPEC CB-6, CB-13)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


AGENT, CUSTOMER = "agent", "customer"
RINGING, ANSWERED, ENDED, FAILED, HUNG_UP = "ringing", "answered", "ended", "failed", "hung_up"

# How a dial without an answer ended: (what the agent reads, the result that says it or "").
STATUSES: Final[dict[str, tuple[str, str]]] = {
    "BUSY": (_("The line is busy."), "BUSY"),
    "NOANSWER": (_("Nobody answered."), "NA"),
    "CANCEL": (_("Hung up before anybody answered."), "NA"),
    "UNREACHABLE": (_("The number cannot be reached."), "NOSIG"),
    "EMPTY": (_("The number does not exist."), "EMPTY"),
    "NO_AGENT": (_("Your own phone was not picked up. Dial again."), ""),
    "NO_SYSTEM": (
        _("The telephone system does not answer. Dial on your phone and press the keys yourself."),
        "",
    ),
    "LOST": (_("The telephone system lost this call. Go by what you hear and press the keys yourself."), ""),
}
# Asterisk's words, and the causes of Q.850 where it gives no word.
_WORDS: Final = {
    "BUSY": "BUSY",
    "NOANSWER": "NOANSWER",
    "CANCEL": "CANCEL",
    "ABORT": "CANCEL",
    "CONGESTION": "UNREACHABLE",
    "CHANUNAVAIL": "UNREACHABLE",
}
_CAUSES: Final = {"1": "EMPTY", "3": "UNREACHABLE", "17": "BUSY", "18": "NOANSWER", "19": "NOANSWER"}
# A clock that is further off than this is not believed.
CLOCK: Final = timedelta(minutes=5)


def link_of(number: str, scheme: str, domain: str = "") -> str:
    """The link that dials an E.164 number: ``tel:+86…``, or ``sip:+86…@domain``."""
    if scheme != "sip":
        return f"tel:{number}"
    return f"sip:{number}@{domain};user=phone" if domain else f"sip:{number}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing heard of the dial ``key``: it rings, is answered, ends …; ``who`` hung up, ``status`` as in ``STATUSES``."""

    key: str
    what: str
    at: datetime
    who: str = ""
    status: str = ""
    channel: str = ""


def heard(event: Mapping[str, str], now: datetime) -> Heard | None:
    """An event of Asterisk's manager as far as it concerns a dial of ours; None for everything else.

    The agent's leg has our key as its unique id, the customer's leg carries it as its linked id.
    """
    name, at = event.get("Event", ""), instant(event.get("Timestamp", ""), now)
    own, linked = event.get("Uniqueid", ""), event.get("Linkedid", "")
    if name == "OriginateResponse":
        failed = event.get("Response") == "Failure"
        return Heard(event.get("ActionID", ""), FAILED, at, status="NO_AGENT") if failed else None
    if not own or not linked:
        # The agent's own phone rings: nothing has been dialled for the customer yet.
        return None
    if name == "DialBegin" or (name == "DialState" and event.get("DialStatus") == "RINGING"):
        return Heard(own, RINGING, at, channel=event.get("Channel", ""))
    if name == "DialEnd":
        word = event.get("DialStatus", "")
        if word == "ANSWER":
            return Heard(own, ANSWERED, at, channel=event.get("Channel", ""))
        return Heard(own, ENDED, at, status=_WORDS.get(word, "UNREACHABLE"))
    if name in ("HangupRequest", "SoftHangupRequest"):
        return Heard(linked, HUNG_UP, at, who=AGENT if own == linked else CUSTOMER)
    if name == "Hangup":
        status = _CAUSES.get(event.get("Cause", ""), "") if own != linked else ""
        return Heard(linked, ENDED, at, who=AGENT if own == linked else CUSTOMER, status=status)
    return None


def instant(stamp: str, now: datetime) -> datetime:
    """When an event happened: the exchange's own time if it gives one that can be, else when it was heard."""
    if not re.fullmatch(r"\d{9,11}(\.\d{1,9})?", stamp, re.ASCII):
        return now
    at = datetime.fromtimestamp(float(stamp), UTC)
    return at if abs(now - at) <= CLOCK else now


@dataclass(slots=True)
class Line:
    """What is known of one dial."""

    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    hung_up_by: str = ""
    status: str = ""
    channel: str = ""


def told(line: Line, word: Heard) -> Line:
    """The line after one more word. The same word again, or words in another order, lead to the same line."""
    ringing, answered, ended = line.ringing_at, line.answered_at, line.ended_at
    status, by = line.status, line.hung_up_by
    if word.what == RINGING:
        ringing = min(ringing, word.at) if ringing else word.at
    elif word.what == ANSWERED:
        answered = min(answered, word.at) if answered else word.at
    elif word.what in (ENDED, FAILED):
        ended = min(ended, word.at) if ended else word.at
        status = status or word.status
    if word.what == HUNG_UP or (word.what == ENDED and word.who and not by and answered):
        by = by or word.who
    if answered:
        # An answered dial did not end in a refusal of the line, whatever was heard first.
        status = ""
    return Line(ringing, answered, ended, by, status, line.channel or word.channel)
