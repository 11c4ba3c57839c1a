"""Merge fields of messages, and what a text must hold before it may be sent (SPEC CB-9; domain.md section 2)."""

from collections.abc import Iterable, Mapping
from typing import Final

from customers.rules.merging import fields_in

FIELDS: Final = ("salutation", "client", "centre", "date", "link", "stop")
STOP_HINTS: Final[Mapping[str, Mapping[str, str]]] = {
    "sms": {"zh-hans": "回复TD退订", "zh-hant": "回覆TD退訂", "en": "Reply TD to opt out"},
    "email": {
        "zh-hans": "如不愿再收到此类邮件，请回复“退订”。",
        "zh-hant": "如不願再收到此類郵件，請回覆「退訂」。",
        "en": "To receive no more e-mails of this kind, reply “STOP”.",
    },
}
MAX_SEGMENTS: Final = 10
MAX_BODY: Final = 10_000
# Kinds of contact that the customer must be able to end by answering.
ADVERTISING: Final = frozenset({"sales", "survey"})


def stop_hint(channel: str, language: str) -> str:
    """How the customer ends such messages, in the language; "" by a channel that cannot be answered."""
    hints = STOP_HINTS.get(channel, {})
    return hints.get(language) or hints.get("en", "")


def missing_fields(*, channel: str, purpose: str, invites: bool, texts: Iterable[str]) -> list[str]:
    """Merge fields that every text must hold and one of them lacks: the link of an invitation, the way out of advertising."""
    wanted = ["link"] if invites and channel != "post" else []
    if purpose in ADVERTISING and channel in STOP_HINTS:
        wanted.append("stop")
    given = [fields_in(text) for text in texts]
    return [name for name in wanted if any(name not in fields for fields in given)]
