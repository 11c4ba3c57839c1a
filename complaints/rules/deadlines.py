"""By when a problem or complaint must be answered, warned of and passed up (SPEC ISS-1, ISS-3, CMP-3; domain.md 1 and 8.4).

A promise runs by one clock: the wall clock (urgent: 24 hours, nights and holidays included), calendar days, or working days and
working time of a calendar. Pauses, allowed only while waiting for the customer, move the deadline by as much time of that clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from callcenter.workdays import (
    ONE_DAY,
    Instants,
    WorkCalendar,
    add_working_days,
    add_working_seconds,
    day_bounds,
    local_day,
    utc,
    working_ranges,
    working_seconds,
)

Clock: TypeAlias = Literal["hours", "days", "working_days", "working_hours"]

WARN_AT: Final = Fraction(3, 4)
LEVEL_STEPS: Final = (Fraction(1), Fraction(3, 2), Fraction(2))
HEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """So many units of a clock. Days end with the local day, working days with the last working instant of that day."""

    count: int
    clock: Clock


ISSUE_PROMISES: Final[Mapping[str, Promise]] = {
    "urgent": Promise(24, "hours"),
    "important": Promise(3, "working_days"),
    "routine": Promise(7, "working_days"),
    "own": Promise(1, "working_days"),
}
"""Defaults; the essays give only the urgent one and "own" (domain.md section 1, rules 11 and 12). Data may replace them."""

COMPLAINT_PROMISES: Final[Mapping[str, Promise]] = {
    "urgent": Promise(24, "hours"),
    "repair_urban": Promise(48, "hours"),
    "repair_rural": Promise(72, "hours"),
    "simple": Promise(15, "days"),
    "complex": Promise(30, "days"),
    "extended": Promise(60, "days"),
}
"""Defaults of CMP-3 and of the finance profile 15/30/30 (domain.md section 2). Data may replace them."""


def deadline_of(
    started_at: datetime, promise: Promise, cal: WorkCalendar, pauses: Sequence[Instants] = ()
) -> datetime:
    """The UTC instant at which the promise is broken. Day counts begin on the day after the start.

    `pauses` are closed intervals after the start that do not overlap. Raises `NoWorkingTime`.
    """
    started_at = utc(started_at)
    due_at = _due(started_at, promise, cal)
    for begins_at, ends_at in sorted(pauses):
        if begins_at >= due_at:
            break
        due_at = _later(
            due_at, _clock_seconds(max(utc(begins_at), started_at), utc(ends_at), promise, cal), promise, cal
        )
    return due_at


def warning_of(
    started_at: datetime, deadline: datetime, promise: Promise, cal: WorkCalendar, share: Fraction = WARN_AT
) -> datetime:
    """The instant at which a share of the time to the deadline has been used, 75 % by default (ux.md 3.4)."""
    started_at = utc(started_at)
    seconds = _clock_seconds(started_at, utc(deadline), promise, cal)
    return min(_later(started_at, float(seconds * share), promise, cal), utc(deadline))


def escalations_of(
    started_at: datetime,
    deadline: datetime,
    promise: Promise,
    cal: WorkCalendar,
    steps: Sequence[Fraction] = LEVEL_STEPS,
) -> tuple[datetime, ...]:
    """When an unanswered case passes to level 2, level 3 and the head (SPEC ISS-3).

    Level 1 has it from the start to the deadline. Each step is a multiple of that time, by the same clock: at the deadline
    level 2, half the time later level 3, at twice the time the head. The essays give no times; these are settings.
    """
    started_at, deadline = utc(started_at), utc(deadline)
    seconds = _clock_seconds(started_at, deadline, promise, cal)
    return tuple(
        deadline if step <= 1 else _later(deadline, float(seconds * (step - 1)), promise, cal)
        for step in steps
    )


def level_at(now: datetime, escalations: Sequence[datetime]) -> int:
    """The level a case has reached by the clock alone: 1 before the first escalation, 4 (the head) after the third."""
    return min(HEAD, 1 + sum(now >= escalates_at for escalates_at in escalations))


def _due(started_at: datetime, promise: Promise, cal: WorkCalendar) -> datetime:
    if promise.clock == "hours":
        return started_at + timedelta(hours=promise.count)
    if promise.clock == "working_hours":
        return add_working_seconds(started_at, promise.count * 3600, cal)
    day = local_day(started_at, cal.zone)
    if promise.clock == "days":
        return day_bounds(day + promise.count * ONE_DAY, cal.zone)[1]
    last = add_working_days(day, promise.count, cal)
    return max(ends_at for _begins_at, ends_at in working_ranges(last, cal))


def _clock_seconds(start: datetime, end: datetime, promise: Promise, cal: WorkCalendar) -> Fraction:
    """Time between two instants as this promise's clock counts it."""
    if promise.clock in ("hours", "days"):
        return Fraction(max(0.0, (end - start).total_seconds()))
    return Fraction(working_seconds(start, end, cal))


def _later(instant: datetime, seconds: Fraction | float, promise: Promise, cal: WorkCalendar) -> datetime:
    if promise.clock in ("hours", "days"):
        return instant + timedelta(seconds=float(seconds))
    return add_working_seconds(instant, float(seconds), cal)
