"""What the words of a delivery receipt mean (SPEC CB-9; SMPP 3.4 appendix B, and what providers write over HTTP)."""

from typing import Final

ARRIVED: Final = "arrived"
LOST: Final = "lost"
_ARRIVED: Final = frozenset({"DELIVRD", "DELIVERED"})
_LOST: Final = frozenset(
    {
        "UNDELIV",
        "UNDELIVERABLE",
        "UNDELIVERED",
        "EXPIRED",
        "DELETED",
        "REJECTD",
        "REJECTED",
        "FAILED",
        "BOUNCED",
    }
)


def verdict_of(word: str) -> str:
    """``ARRIVED``, ``LOST``, or "" for a word that says nothing final (accepted, on its way, unknown)."""
    upper = word.strip().upper()
    return ARRIVED if upper in _ARRIVED else LOST if upper in _LOST else ""
