"""The order of work as one integer; smaller is earlier (SPEC CB-3, DESIGN section 4).

Due appointments first, then second contacts, then by the local day of the deadline, priority, key customers and fewer attempts.
Equal ranks are ordered by `due_at` and id. All parts are absolute, so a stored rank does not grow stale as time passes; only an
appointment changes its rank, when it becomes due.

    bits 28-30  class      0 due appointment, 1 second contact, 2 all other work
    bits 13-27  deadline   days since 2000-01-01, 32767 without a deadline
    bits  6-12  priority   0-127, 1 is the first (people choose 1-9)
    bit      5  ordinary   0 key customer, 1 other
    bits  0-4   attempts   0-31, more count as 31

It fits a 32-bit integer. In SQL: class * 268435456 + days * 8192 + priority * 64 + ordinary * 32 + attempts. An appointment that
is due has zero in all lower bits: among appointments the agreed time alone decides.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_DAY: Final = date(2000, 1, 1)
NO_DEADLINE: Final = 32_767

CLASS_SHIFT: Final = 28
DEADLINE_SHIFT: Final = 13
PRIORITY_SHIFT: Final = 6
ORDINARY_SHIFT: Final = 5
MOST_PRIORITY: Final = 127
MOST_ATTEMPTS: Final = 31

APPOINTMENT: Final = 0
SECOND_CONTACT: Final = 1
OTHER_WORK: Final = 2


@dataclass(frozen=True, slots=True)
class RankParts:
    """A rank taken apart, to explain it: `deadline` is days since 2000-01-01 or `NO_DEADLINE`."""

    work: int
    deadline: int
    priority: int
    key_customer: bool
    attempts: int


def rank(
    *,
    appointment_due: bool,
    second_contact: bool,
    deadline: date | None,
    priority: int,
    key_customer: bool,
    attempts: int,
) -> int:
    """The rank of a task. `deadline` is a local day; `priority` 1 comes first. Values out of range are clamped."""
    if appointment_due:
        return APPOINTMENT
    work = SECOND_CONTACT if second_contact else OTHER_WORK
    return (
        work << CLASS_SHIFT
        | deadline_days(deadline) << DEADLINE_SHIFT
        | _clamped(priority, MOST_PRIORITY) << PRIORITY_SHIFT
        | (not key_customer) << ORDINARY_SHIFT
        | _clamped(attempts, MOST_ATTEMPTS)
    )


def deadline_days(deadline: date | None) -> int:
    """The deadline's part of the rank: days since 2000-01-01; days before that count as the first one."""
    return NO_DEADLINE if deadline is None else _clamped((deadline - FIRST_DAY).days, NO_DEADLINE - 1)


def parts_of(value: int) -> RankParts:
    """The parts of a rank, for the page that says why a task comes when it does."""
    return RankParts(
        work=value >> CLASS_SHIFT,
        deadline=value >> DEADLINE_SHIFT & NO_DEADLINE,
        priority=value >> PRIORITY_SHIFT & MOST_PRIORITY,
        key_customer=not value >> ORDINARY_SHIFT & 1,
        attempts=value & MOST_ATTEMPTS,
    )


def _clamped(value: int, most: int) -> int:
    return max(0, min(value, most))
