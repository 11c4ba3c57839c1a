"""When a message that could not be handed over is tried again, and when it is given up (SPEC CB-9)."""

from datetime import datetime, timedelta
from typing import Final

BACK_OFF: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
"""How long after the first, second … failed attempt; after the last one the message is given up."""


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """The instant of the next try after ``attempts`` failed ones (1 or more); None when it is given up."""
    return now + BACK_OFF[attempts - 1] if 0 < attempts <= len(BACK_OFF) else None
