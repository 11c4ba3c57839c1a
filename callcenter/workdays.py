"""Days, working days and elapsed time: the one place that does arithmetic on dates and instants.

Pure: no Django, and no clock of its own. Instants are aware datetimes and come back in UTC; days are local dates; durations are
seconds. Two aware datetimes of the same zone subtract and compare as wall-clock in Python, so everything here goes through UTC
first (domain.md section 4, rules 1, 3 and 16).

A wall-clock time that a change to summer time skips means the first instant after the gap. One that happens twice means the
first of the two, so that ranges which touch on the wall touch in UTC as well.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

TimeRange: TypeAlias = tuple[time, time]
"""Local wall-clock times, half-open. An end at or before the start lies on the next day, so 00:00-00:00 is a whole day."""

Instants: TypeAlias = tuple[datetime, datetime]
"""Two UTC instants, half-open."""

DayKind: TypeAlias = Literal["working", "weekend", "holiday"]

ONE_DAY: Final = timedelta(days=1)
HORIZON_DAYS: Final = 3660  # ten years: a calendar with no work in that time will never have any


class UnknownZone(ValueError):
    """The name is not a time zone of the IANA database."""


class NaiveInstant(ValueError):
    """A datetime came without a zone, so it does not say which instant it means."""


class BadInterval(ValueError):
    """An interval ends before it starts."""


class NoWorkingTime(ValueError):
    """The calendar has no working time within ten years of the day asked about."""


@dataclass(frozen=True, slots=True)
class DayException:
    """A dated row of the calendar: a public holiday, or a make-up workday (domain.md section 4, rule 16).

    A holiday has no working time. A workday has `ranges`, or those of an ordinary working day if it has none of its own. For a
    day with shorter hours make a workday with ranges.
    """

    kind: Literal["holiday", "workday"]
    ranges: tuple[TimeRange, ...] | None = None


@dataclass(frozen=True)
class WorkCalendar:
    """When people work: seven weekdays, Monday first, each with any number of ranges, and dated exceptions.

    Raises `UnknownZone` for a zone that does not exist and ValueError unless there are seven weekdays.
    """

    zone: str
    weekly: tuple[tuple[TimeRange, ...], ...]
    exceptions: Mapping[date, DayException] = field(default_factory=dict)

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if len(self.weekly) != 7:
            raise ValueError("A working calendar needs the ranges of exactly seven weekdays, Monday first.")

    def ranges_on(self, day: date) -> tuple[TimeRange, ...]:
        """The working ranges that start on this local day, in wall-clock time; none when nobody works."""
        exception = self.exceptions.get(day)
        if exception is None:
            return self.weekly[day.weekday()]
        if exception.kind == "holiday":
            return ()
        if exception.ranges is None:
            return self.weekly[day.weekday()] or next((ranges for ranges in self.weekly if ranges), ())
        return exception.ranges


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as Asia/Shanghai. Raises `UnknownZone`, whatever the text is."""
    try:
        return _zone(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise UnknownZone(f"{name!r} is not a time zone; use an IANA name such as Asia/Shanghai.") from error


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises `NaiveInstant` for a datetime without a zone."""
    if instant.tzinfo is None:
        raise NaiveInstant("A datetime without a time zone does not name an instant.")
    return instant.astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant for people in the zone."""
    return utc(instant).astimezone(zone_of(zone)).date()


def instant_of(day: date, clock: time, zone: str) -> datetime:
    """The UTC instant at which the wall clock in the zone shows this time on this day.

    A time that is skipped gives the first instant after the gap; a time that happens twice gives the first one.
    """
    info = zone_of(zone)
    wall = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    after = wall.replace(tzinfo=info).astimezone(UTC)
    if after.astimezone(info).replace(tzinfo=None) == wall:
        return after
    before = wall.replace(tzinfo=info, fold=1).astimezone(UTC)
    return _change_between(before, after, info)


def _change_between(before: datetime, after: datetime, info: ZoneInfo) -> datetime:
    """The first whole second after `before` at which the zone already has the offset it has at `after`."""
    offset = after.astimezone(info).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(info).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return (before + timedelta(seconds=high)).replace(microsecond=0)


def day_bounds(day: date, zone: str) -> Instants:
    """The UTC instants at which a local day begins and ends, half-open (domain.md section 4, rule 1)."""
    return instant_of(day, time(0), zone), instant_of(day + ONE_DAY, time(0), zone)


def day_seconds(day: date, zone: str) -> float:
    """How long a local day is: 86,400 seconds, or 23 or 25 hours where the clocks change."""
    start, end = day_bounds(day, zone)
    return (end - start).total_seconds()


def range_instants(day: date, ranges: Iterable[TimeRange], zone: str) -> list[Instants]:
    """Wall-clock ranges that start on a local day, as UTC instants in order; empty ones are left out."""
    found = []
    for start, end in ranges:
        starts_at = instant_of(day, start, zone)
        ends_at = instant_of(day if end > start else day + ONE_DAY, end, zone)
        if ends_at > starts_at:
            found.append((starts_at, ends_at))
    return sorted(found)


def day_kind(day: date, cal: WorkCalendar) -> DayKind:
    """Working day, weekend or holiday; a make-up workday (调休) is a working day, whichever weekday it falls on."""
    exception = cal.exceptions.get(day)
    if exception is not None:
        return "holiday" if exception.kind == "holiday" else "working"
    return "working" if cal.weekly[day.weekday()] else "weekend"


def is_working_day(day: date, cal: WorkCalendar) -> bool:
    """Whether anybody works on this local day."""
    return bool(cal.ranges_on(day))


def next_working_day(day: date, cal: WorkCalendar) -> date:
    """The first working day strictly after this one. Raises `NoWorkingTime`."""
    for offset in range(1, HORIZON_DAYS):
        candidate = _days_after(day, offset)
        if cal.ranges_on(candidate):
            return candidate
    raise NoWorkingTime(f"The calendar has no working day in the ten years after {day}.")


def on_or_next_working_day(day: date, cal: WorkCalendar) -> date:
    """This day if it is a working day, else the next one. Raises `NoWorkingTime`."""
    return day if cal.ranges_on(day) else next_working_day(day, cal)


def add_working_days(day: date, count: int, cal: WorkCalendar) -> date:
    """The working day `count` working days after this day; the day itself does not count.

    With 0 the day itself or, if nobody works then, the next working day. Raises `NoWorkingTime`, and ValueError below 0.
    """
    if count < 0:
        raise ValueError("The number of working days to add cannot be negative.")
    if count == 0:
        return on_or_next_working_day(day, cal)
    for _step in range(count):
        day = next_working_day(day, cal)
    return day


def working_ranges(day: date, cal: WorkCalendar) -> list[Instants]:
    """The working time that starts on a local day, as UTC instants in order; a night shift ends on the day after."""
    return range_instants(day, cal.ranges_on(day), cal.zone)


def working_seconds(start: datetime, end: datetime, cal: WorkCalendar) -> float:
    """Seconds of working time between two instants; 0 when the end is not after the start."""
    start, end = utc(start), utc(end)
    if end <= start:
        return 0.0
    last = local_day(end, cal.zone)
    worked = timedelta()
    for begins_at, ends_at in _working_time_from(start, cal, last):
        if begins_at >= end:
            break
        worked += min(ends_at, end) - begins_at
    return worked.total_seconds()


def add_working_seconds(start: datetime, seconds: float, cal: WorkCalendar) -> datetime:
    """The first UTC instant by which so much working time has passed since the start; the start itself for 0.

    The inverse of `working_seconds`. Raises `NoWorkingTime` if ten years pass without any, and ValueError below 0.
    """
    if seconds < 0:
        raise ValueError("The working time to add cannot be negative.")
    start = utc(start)
    left = timedelta(seconds=seconds)
    if not left:
        return start
    for begins_at, ends_at in _working_time_from(start, cal, None):
        if ends_at - begins_at >= left:
            return begins_at + left
        left -= ends_at - begins_at
    raise NoWorkingTime(f"The calendar has no working time in the ten years after {start:%Y-%m-%d}.")


def slice_by_day(start: datetime, end: datetime, zone: str) -> list[tuple[date, float]]:
    """An interval cut at every local midnight, as (local day, seconds); nothing for an empty one.

    For shares of time only: a call itself belongs whole to the day it started (domain.md section 4, rules 2 and 3).
    Raises `BadInterval` if it ends before it starts.
    """
    start, end = utc(start), utc(end)
    if end < start:
        raise BadInterval(
            f"The interval ends ({end:%Y-%m-%d %H:%M:%S} UTC) before it starts ({start:%Y-%m-%d %H:%M:%S} UTC)."
        )
    pieces = []
    day = local_day(start, zone)
    while start < end:
        cut = min(day_bounds(day, zone)[1], end)
        if cut > start:
            pieces.append((day, (cut - start).total_seconds()))
            start = cut
        day += ONE_DAY
    return pieces


def overlap_seconds(start: datetime, end: datetime, other_start: datetime, other_end: datetime) -> float:
    """How many seconds two intervals share: max(0, min(ends) - max(starts)), elapsed (domain.md section 4, rule 3)."""
    shared = min(utc(end), utc(other_end)) - max(utc(start), utc(other_start))
    return max(0.0, shared.total_seconds())


def _days_after(day: date, count: int) -> date:
    try:
        return day + timedelta(days=count)
    except OverflowError as error:
        raise NoWorkingTime(f"The calendar ends before the next working day after {day}.") from error


def _working_time_from(start: datetime, cal: WorkCalendar, last: date | None) -> Iterator[Instants]:
    """Working time from an instant on, in order and without overlaps, up to the local day `last`.

    Without a last day it stops when ten years have brought nothing. Begins a day early: a night shift may still be running.
    """
    covered = start
    day = local_day(start, cal.zone) - ONE_DAY
    idle_days = 0
    while (last is None and idle_days < HORIZON_DAYS) or (last is not None and day <= last):
        idle_days += 1
        for begins_at, ends_at in working_ranges(day, cal):
            if ends_at > covered:
                yield max(begins_at, covered), ends_at
                covered = ends_at
                idle_days = 0
        if day == date.max - ONE_DAY:
            return
        day += ONE_DAY
