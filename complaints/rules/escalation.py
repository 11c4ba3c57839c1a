"""How long each level of a department may stay silent before the issue goes up (ISS-3).

Level 1 has the whole time the urgency promises, every level above it half of that again, all by the same clock: the
wall clock for urgent issues, working days for the others (domain.md section 1, rule 11, and section 8.4).
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from callcenter.workdays import WorkCalendar
from complaints.rules.deadlines import HEAD, ISSUE_PROMISES, WARN_AT, deadline_of, warning_of

MANAGERS: Final = HEAD + 1  # nobody of the department is above its head: the centre's managers are told
LEVEL_3: Final = 3
UPPER_LEVEL: Final = Fraction(1, 2)


@dataclass(frozen=True)
class LevelClock:
    """When the level is warned (at 75 % of its time) and when its silence ends, UTC."""

    warn_at: datetime
    due_at: datetime


def issue_deadline(urgency: str, raised_at: datetime, calendar: WorkCalendar) -> datetime:
    """By when an issue of this urgency is answered and solved, UTC (domain.md section 1, rule 11)."""
    return deadline_of(raised_at, ISSUE_PROMISES[urgency], calendar)


def level_clock(urgency: str, level: int, since: datetime, calendar: WorkCalendar) -> LevelClock:
    """The clock of a level (1 to 3, 4 = head) that owes an answer from ``since`` on."""
    promise = ISSUE_PROMISES[urgency]
    whole = deadline_of(since, promise, calendar)
    if level == 1:
        return LevelClock(warning_of(since, whole, promise, calendar), whole)
    due_at = warning_of(since, whole, promise, calendar, UPPER_LEVEL)
    return LevelClock(warning_of(since, whole, promise, calendar, UPPER_LEVEL * WARN_AT), due_at)


def next_level(level: int) -> int:
    """The level above a silent one; above the head are the centre's managers."""
    return min(level + 1, MANAGERS)


def level_after_unsolved(level: int) -> int:
    """Where an issue goes that the customer says is not solved: at least to level 3, whose result the next contact
    needs (CB-10), and one level up from there; never above the head."""
    return min(max(LEVEL_3, level + 1), HEAD)


def may_answer(own_levels: frozenset[int], level: int) -> bool:
    """Whether a contact of these levels answers an issue that stands at ``level``: it has not gone past them."""
    return bool(own_levels) and max(own_levels) >= level
