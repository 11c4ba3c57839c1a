"""Calling hours by day type, region and purpose, and the customer's own rest hours (SPEC CUS-7, domain.md 8.5).

China is one legal time zone: people in Xinjiang and Tibet live two hours later by custom, which a region's window says, not a
zone (domain.md section 4, rule 17).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from callcenter.workdays import (
    ONE_DAY,
    Instants,
    TimeRange,
    WorkCalendar,
    day_kind,
    local_day,
    range_instants,
)

SEARCH_DAYS: Final = 400
WESTERN_REGIONS: Final = ("CN-XJ", "CN-XZ")


@dataclass(frozen=True, slots=True)
class WindowRule:
    """When contacts are allowed. Empty `purpose`, `region` (a code) or `day_type` (working, weekend, holiday) mean any.

    No ranges mean no contacts on such a day. Ranges are wall-clock times of the customer; they may cross midnight.
    """

    ranges: tuple[TimeRange, ...]
    purpose: str = ""
    region: str = ""
    day_type: str = ""


def _default_windows() -> Iterator[WindowRule]:
    evening = time(21)
    yield WindowRule(((time(8), evening),))
    yield WindowRule(((time(9), evening),), purpose="sales")
    for region in WESTERN_REGIONS:
        yield WindowRule(((time(10), time(23)),), region=region)
        # No sales call from 21:00 to 09:00: the rule on telephone sales of insurance speaks of the one legal time and knows no
        # exception for the west, so the later morning is kept and the evening is not extended (domain.md section 2).
        yield WindowRule(((time(11), evening),), purpose="sales", region=region)


DEFAULT_WINDOWS: Final = tuple(_default_windows())
"""08:00-21:00, sales 09:00-21:00 (domain.md section 2); in Xinjiang and Tibet 10:00-23:00, sales 11:00-21:00. Data may
replace them."""


@dataclass(frozen=True)
class CallingHours:
    """The window rules of an installation and the calendar that says which days are holidays or make-up workdays.

    The most specific rule wins: one for the day type before one for the region before one for the purpose. Where no rule fits,
    nobody is contacted.
    """

    rules: tuple[WindowRule, ...]
    calendar: WorkCalendar
    _found: dict[tuple[str, tuple[str, ...], str], tuple[TimeRange, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def ranges_on(self, day: date, purpose: str, regions: tuple[str, ...]) -> tuple[TimeRange, ...]:
        """The wall-clock ranges of a local day. `regions` are codes from the customer's own up to the root of the tree."""
        key = (purpose, regions, day_kind(day, self.calendar))
        if key not in self._found:
            self._found[key] = self._most_specific(*key)
        return self._found[key]

    def _most_specific(self, purpose: str, regions: tuple[str, ...], kind: str) -> tuple[TimeRange, ...]:
        near = {region: len(regions) - place for place, region in enumerate(regions)}
        fitting = [
            ((rule.day_type != "", near.get(rule.region, 0), rule.purpose != ""), rule.ranges)
            for rule in self.rules
            if rule.purpose in ("", purpose)
            and rule.day_type in ("", kind)
            and (not rule.region or rule.region in near)
        ]
        return max(fitting, key=lambda found: found[0])[1] if fitting else ()

    def next_open(
        self, instant: datetime, purpose: str, regions: tuple[str, ...], zone: str
    ) -> datetime | None:
        """The instant itself if contacts are allowed then, else the first later one; None if there is none in 400 days."""
        day = local_day(instant, zone) - ONE_DAY
        for _offset in range(SEARCH_DAYS):
            for opens_at, closes_at in range_instants(day, self.ranges_on(day, purpose, regions), zone):
                if closes_at > instant:
                    return max(opens_at, instant)
            day += ONE_DAY
        return None


def rest_at(instant: datetime, ranges: Sequence[TimeRange], zone: str) -> tuple[TimeRange, Instants] | None:
    """The rest hours an instant falls into, as written and as instants; None if the customer is awake."""
    today = local_day(instant, zone)
    for day in (today - ONE_DAY, today):
        for written in ranges:
            for begins_at, ends_at in range_instants(day, (written,), zone):
                if begins_at <= instant < ends_at:
                    return written, (begins_at, ends_at)
    return None


def read_ranges(written: Iterable[Sequence[str]]) -> tuple[TimeRange, ...]:
    """Ranges as they are stored, [["09:00", "11:30"], …]. Raises ValueError for anything else."""
    ranges = []
    for pair in written:
        if len(pair) != 2:
            raise ValueError("A range of hours has a start and an end, such as 09:00 and 11:30.")
        ranges.append((time.fromisoformat(pair[0]), time.fromisoformat(pair[1])))
    return tuple(ranges)
