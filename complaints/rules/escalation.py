"""How long each level of a department may stay silent before the issue goes up (ISS-3).

Urgent issues run on the wall clock, the others on the department's working time (domain.md section 8.4). The hours of
the four levels together are the time the whole issue has: 24 hours urgent, about 3 working days important, about 7
routine (domain.md section 1, rule 11; a working day of the default calendar has 6.5 hours).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callcenter.workdays import WorkCalendar, add_working_seconds, utc

HEAD: Final = 4
MANAGERS: Final = 5  # nobody of the department is above its head: the centre's managers are told
LEVEL_3: Final = 3
WALL_CLOCK: Final = frozenset({"urgent"})
LEVEL_HOURS: Final[dict[str, tuple[float, float, float, float]]] = {
    "urgent": (4, 4, 8, 8),
    "important": (6.5, 6.5, 3.25, 3.25),
    "routine": (19.5, 13, 6.5, 6.5),
}
WARN_SHARE: Final = 0.75


@dataclass(frozen=True)
class LevelClock:
    """When the level is warned and when its silence ends, UTC."""

    warn_at: datetime
    due_at: datetime


def level_clock(urgency: str, level: int, since: datetime, calendar: WorkCalendar) -> LevelClock:
    """The clock of a level (1 to 3, 4 = head) that owes an answer from ``since`` on.

    Raises KeyError for an urgency and IndexError for a level that do not exist.
    """
    seconds = LEVEL_HOURS[urgency][level - 1] * 3600
    if urgency in WALL_CLOCK:
        start = utc(since)
        return LevelClock(start + timedelta(seconds=seconds * WARN_SHARE), start + timedelta(seconds=seconds))
    return LevelClock(
        add_working_seconds(since, seconds * WARN_SHARE, calendar), add_working_seconds(since, seconds, calendar)
    )


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
