"""When a customer who reported a problem is called again, and what must be known before (SPEC CB-10, domain.md 1 and 8.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from callcenter.workdays import (
    ONE_DAY,
    TimeRange,
    WorkCalendar,
    day_bounds,
    instant_of,
    local_day,
    on_or_next_working_day,
)

CONTACTS_BEFORE_LEVEL_3: Final = 2
OPENS_BY_DEFAULT: Final = time(9)


class NextStep:
    """What an issue needs after a contact."""

    SOLVED: Final = "solved"
    CONTACT_AGAIN: Final = "contact_again"
    WAIT_FOR_LEVEL_3: Final = "wait_for_level_3"


class Position:
    """What a level-3 result, or an agent on the phone, holds of the customer's demand."""

    ACCEPTED: Final = "accepted"
    PARTLY: Final = "partly"
    REJECTED: Final = "rejected"


@dataclass(frozen=True, slots=True)
class SecondContactPlan:
    """`day` is local; the instants are UTC: from the opening of that day's calling hours to the end of the day."""

    day: date
    due_at: datetime
    deadline: datetime


def plan_second_contact(
    reported_at: datetime,
    *,
    cal: WorkCalendar,
    calling_ranges: Sequence[TimeRange] = ((OPENS_BY_DEFAULT, time(21)),),
) -> SecondContactPlan:
    """The promise made when a problem was fed back, or when a contact left it unsolved.

    Due on the next calendar day if people work then, else on the next working day, whether or not the department has answered
    (domain.md section 1, rule 3; section 9, vector 9). Never on the same day. `calling_ranges` are the calling hours of the
    customer's region on a working day; rest hours and caps are asked when the task is handed out. Raises `NoWorkingTime`.
    """
    day = on_or_next_working_day(local_day(reported_at, cal.zone) + ONE_DAY, cal)
    opens = min((start for start, _end in calling_ranges), default=OPENS_BY_DEFAULT)
    return SecondContactPlan(day, instant_of(day, opens, cal.zone), day_bounds(day, cal.zone)[1])


def next_step(*, solved: bool, contacts: int, level_3_recorded: bool) -> str:
    """One of `NextStep` after a contact. `contacts` are the second contacts made, this one included.

    From the second contact on (≥ 2, domain.md section 1, rule 4) the next call waits until a level-3 result is recorded.
    """
    if solved:
        return NextStep.SOLVED
    if contacts >= CONTACTS_BEFORE_LEVEL_3 and not level_3_recorded:
        return NextStep.WAIT_FOR_LEVEL_3
    return NextStep.CONTACT_AGAIN


def may_tell(told: str, *, level_3: str | None, contacts: int) -> bool:
    """Whether an agent may record having told the customer this `Position`.

    Nothing may contradict the level-3 result, nor give in to the customer's objection against it; without one, an agent in a
    second or later contact may take no position at all (SPEC CB-10).
    """
    if level_3 is not None:
        return told == level_3
    return contacts < CONTACTS_BEFORE_LEVEL_3
