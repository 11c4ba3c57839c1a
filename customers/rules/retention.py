"""How long what is known about a customer is kept (SPEC CUS-11, domain.md 8.6). Pure: no Django.

A client's contract says how many days; the law says the least. Days are counted back from the instant of the sweep.
"""

from datetime import datetime, timedelta
from typing import Final


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


CALLS: Final = "calls"
RECORDINGS: Final = "recordings"
MESSAGES: Final = "messages"
EVENTS: Final = "events"
ANSWERS: Final = "answers"
CASES: Final = "cases"

# kind: (label, the fewest days). Calls: numbers, times and recordings of a call centre 30 days; messages: proof of an SMS
# and of the consent to it 5 months, 155 days at the most; a closed complaint may be asked about for half a year.
KINDS: Final[dict[str, tuple[str, int]]] = {
    CALLS: (_("calls: numbers and notes"), 30),
    RECORDINGS: (_("recordings of calls"), 30),
    MESSAGES: (_("messages: addresses and texts"), 155),
    EVENTS: (_("service events: what they say"), 30),
    ANSWERS: (_("answers in the customer's own words"), 30),
    CASES: (_("issues and complaints: what was said"), 180),
}
CUSTOMER_FLOOR: Final = 30
# Records of who saw and exported what are kept for at least three years.
ACCESS_LOG_FLOOR: Final = 1_095


def floor_of(kind: str) -> int:
    """The fewest days that records of `kind` are kept."""
    return KINDS[kind][1]


def cutoff(kind: str, days: int, now: datetime) -> datetime:
    """Records of `kind` from before this instant are cleared; `days` below the floor count as the floor."""
    return now - timedelta(days=max(days, floor_of(kind)))
