"""Working days and elapsed time, without a database: the golden vectors 3, 18 and 20, midnight, summer time, properties."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.workdays import (
    BadInterval,
    DayException,
    NaiveInstant,
    NoWorkingTime,
    UnknownZone,
    WorkCalendar,
    add_working_days,
    add_working_seconds,
    day_bounds,
    day_kind,
    day_seconds,
    instant_of,
    is_working_day,
    local_day,
    next_working_day,
    on_or_next_working_day,
    overlap_seconds,
    range_instants,
    slice_by_day,
    working_ranges,
    working_seconds,
    zone_of,
)

SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"
OFFICE = ((time(9), time(12)), (time(13), time(18)))
WHOLE_DAY = ((time(0), time(0)),)


def make_calendar(zone=SHANGHAI, ranges=OFFICE, days=5, **exceptions):
    """An office week; exceptions as d20261003="workday"."""
    weekly = (ranges,) * days + ((),) * (7 - days)
    rows = {datetime.strptime(key, "d%Y%m%d").date(): DayException(kind) for key, kind in exceptions.items()}
    return WorkCalendar(zone, weekly, rows)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_golden_03_midnight():
    start, end = at("2026-11-21 23:58:00"), at("2026-11-22 00:05:00")
    assert local_day(start, SHANGHAI) == date(2026, 11, 21)
    assert (end - start).total_seconds() == 420
    assert slice_by_day(start, end, SHANGHAI) == [(date(2026, 11, 21), 120.0), (date(2026, 11, 22), 300.0)]
    assert start.astimezone(UTC) == datetime(2026, 11, 21, 15, 58, tzinfo=UTC)


def test_golden_18_dst_tenant():
    day = date(2026, 11, 1)
    assert day_seconds(day, NEW_YORK) == 25 * 3600
    rostered_whole = make_calendar(NEW_YORK, WHOLE_DAY, days=7)
    rostered_office = make_calendar(NEW_YORK, OFFICE, days=7)
    assert working_seconds(*day_bounds(day, NEW_YORK), rostered_whole) == 25 * 3600
    assert working_seconds(*day_bounds(day, NEW_YORK), rostered_office) == 8 * 3600


def test_golden_20_break_beyond_the_block():
    break_start, break_end = at("2026-11-23 11:20"), at("2026-11-23 11:40")
    block_start, block_end = at("2026-11-23 09:30"), at("2026-11-23 11:30")
    inside = overlap_seconds(break_start, break_end, block_start, block_end)
    assert inside == 600
    assert (break_end - break_start).total_seconds() - inside == 600


def test_day_starts_at_local_midnight():
    assert local_day(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), SHANGHAI) == date(2026, 11, 21)
    assert local_day(datetime(2026, 11, 21, 16, 0, 0, tzinfo=UTC), SHANGHAI) == date(2026, 11, 22)
    assert day_bounds(date(2026, 11, 22), SHANGHAI) == (
        datetime(2026, 11, 21, 16, tzinfo=UTC),
        datetime(2026, 11, 22, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 3, 9), 24)]
)
def test_day_length_follows_the_clocks(day, hours):
    assert day_seconds(day, NEW_YORK) == hours * 3600


def test_day_without_midnight_starts_after_the_gap():
    # In Cuba the clocks jump from 00:00 to 01:00.
    assert day_bounds(date(2026, 3, 8), "America/Havana") == (
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 3, 9, 4, tzinfo=UTC),
    )


def test_day_that_never_was_is_empty():
    assert day_seconds(date(2011, 12, 30), "Pacific/Apia") == 0
    start, end = datetime(2011, 12, 29, 20, tzinfo=UTC), datetime(2011, 12, 30, 12, tzinfo=UTC)
    assert [day for day, _seconds in slice_by_day(start, end, "Pacific/Apia")] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]


def test_skipped_time_is_the_end_of_the_gap():
    assert instant_of(date(2026, 3, 8), time(2, 30), NEW_YORK) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert instant_of(date(2026, 3, 8), time(2, 30, 15, 500), NEW_YORK) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert range_instants(date(2026, 3, 8), [(time(2, 10), time(2, 50))], NEW_YORK) == []


def test_repeated_time_is_its_first_passing():
    first = instant_of(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    touching = range_instants(date(2026, 11, 1), [(time(1, 30), time(3)), (time(0), time(1, 30))], NEW_YORK)
    assert touching[0][1] == touching[1][0] == first
    assert sum((end - start).total_seconds() for start, end in touching) == 4 * 3600


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 7), 7), (date(2026, 10, 31), 9), (date(2026, 6, 1), 8)]
)
def test_night_shift_over_the_change_of_clocks(day, hours):
    nights = make_calendar(NEW_YORK, ((time(22), time(6)),), days=7)
    [(start, end)] = working_ranges(day, nights)
    assert (end - start).total_seconds() == hours * 3600
    assert working_seconds(start, end, nights) == hours * 3600


def test_elapsed_time_is_not_wall_clock():
    start, end = at("2026-11-01 00:00", NEW_YORK), at("2026-11-02 00:00", NEW_YORK)
    assert (end - start) == timedelta(hours=24), "the trap this module exists for"
    assert overlap_seconds(start, end, start, end) == 25 * 3600
    assert slice_by_day(start, end, NEW_YORK) == [(date(2026, 11, 1), 90000.0)]


def test_next_working_day_skips_weekend_and_holiday():
    cal = make_calendar(d20261123="holiday")
    assert next_working_day(date(2026, 11, 20), cal) == date(2026, 11, 24)
    assert on_or_next_working_day(date(2026, 11, 20), cal) == date(2026, 11, 20)
    assert on_or_next_working_day(date(2026, 11, 21), cal) == date(2026, 11, 24)


def test_make_up_saturday_is_worked_with_the_usual_hours():
    saturday = date(2026, 10, 10)
    cal = make_calendar(d20261010="workday", d20261005="holiday")
    assert is_working_day(saturday, cal)
    assert day_kind(saturday, cal) == "working"
    assert day_kind(date(2026, 10, 5), cal) == "holiday"
    assert day_kind(date(2026, 10, 11), cal) == "weekend"
    assert next_working_day(date(2026, 10, 9), cal) == saturday
    assert working_seconds(*day_bounds(saturday, SHANGHAI), cal) == 8 * 3600


def test_make_up_day_with_hours_of_its_own():
    saturday = date(2026, 10, 10)
    cal = WorkCalendar(
        SHANGHAI, (OFFICE,) * 5 + ((), ()), {saturday: DayException("workday", ((time(9), time(11)),))}
    )
    assert working_seconds(*day_bounds(saturday, SHANGHAI), cal) == 2 * 3600


def test_golden_week_is_skipped_with_its_make_up_days():
    holidays = {f"d202610{day:02}": "holiday" for day in range(1, 9)}
    cal = make_calendar(**holidays, d20260927="workday", d20261010="workday")
    assert add_working_days(date(2026, 9, 26), 1, cal) == date(2026, 9, 27)
    assert add_working_days(date(2026, 9, 30), 1, cal) == date(2026, 10, 9)
    assert add_working_days(date(2026, 9, 30), 3, cal) == date(2026, 10, 12)


def test_adding_no_working_days_stays_on_a_working_day():
    cal = make_calendar()
    assert add_working_days(date(2026, 11, 20), 0, cal) == date(2026, 11, 20)
    assert add_working_days(date(2026, 11, 21), 0, cal) == date(2026, 11, 23)
    with pytest.raises(ValueError):
        add_working_days(date(2026, 11, 20), -1, cal)


def test_working_time_runs_over_the_weekend():
    cal = make_calendar()
    friday = at("2026-11-20 17:00")
    assert add_working_seconds(friday, 3600, cal) == at("2026-11-20 18:00")
    assert add_working_seconds(friday, 3601, cal) == at("2026-11-23 09:00:01")
    assert working_seconds(friday, at("2026-11-23 10:00"), cal) == 2 * 3600
    assert working_seconds(at("2026-11-20 12:15"), at("2026-11-20 12:45"), cal) == 0
    assert working_seconds(at("2026-11-23 10:00"), friday, cal) == 0


def test_overlapping_ranges_count_once():
    cal = WorkCalendar(SHANGHAI, (((time(9), time(12)), (time(11), time(13)), (time(22), time(10))),) * 7)
    assert working_seconds(*day_bounds(date(2026, 11, 18), SHANGHAI), cal) == (13 + 2) * 3600


@pytest.mark.parametrize("exceptions", [{}, {"d20261201": "workday"}, {"d20261201": "holiday"}])
def test_calendar_without_work_raises_instead_of_looping(exceptions):
    never = make_calendar(ranges=(), **exceptions)
    with pytest.raises(NoWorkingTime):
        next_working_day(date(2026, 11, 20), never)
    with pytest.raises(NoWorkingTime):
        add_working_seconds(at("2026-11-20 10:00"), 1, never)
    assert working_seconds(at("2026-11-20 10:00"), at("2027-11-20 10:00"), never) == 0


def test_calendar_with_one_workday_left_runs_out():
    last = WorkCalendar(
        SHANGHAI, ((),) * 7, {date(2026, 12, 1): DayException("workday", ((time(9), time(10)),))}
    )
    assert add_working_seconds(at("2026-11-20 10:00"), 3600, last) == at("2026-12-01 10:00")
    with pytest.raises(NoWorkingTime):
        add_working_seconds(at("2026-11-20 10:00"), 3601, last)
    with pytest.raises(NoWorkingTime):
        next_working_day(date.max, last)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "America", "Asia/Shang\x00hai", "亚洲/上海"]
)
def test_unknown_zone_is_named(name):
    with pytest.raises(UnknownZone):
        zone_of(name)


def test_mistakes_are_named():
    with pytest.raises(NaiveInstant):
        local_day(datetime(2026, 11, 21), SHANGHAI)
    with pytest.raises(BadInterval):
        slice_by_day(at("2026-11-22 00:00"), at("2026-11-21 00:00"), SHANGHAI)
    with pytest.raises(ValueError):
        WorkCalendar(SHANGHAI, (OFFICE,) * 6)
    with pytest.raises(UnknownZone):
        WorkCalendar("Nowhere", (OFFICE,) * 7)
    assert slice_by_day(at("2026-11-21 00:00"), at("2026-11-21 00:00"), SHANGHAI) == []


clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
day_plans = st.lists(st.tuples(clocks, clocks), max_size=3).map(tuple)
zones = st.sampled_from([SHANGHAI, NEW_YORK, "Europe/London", "America/Havana", "Australia/Lord_Howe"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
exceptions_made = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.builds(DayException, st.sampled_from(["holiday", "workday"]), st.none() | day_plans),
    max_size=8,
)
calendars = st.builds(
    WorkCalendar, zones, st.tuples(*[day_plans] * 7).filter(lambda week: any(week)), exceptions_made
).filter(lambda cal: any(working_ranges(date(2030, 5, 1) + timedelta(days=n), cal) for n in range(7)))


@settings(max_examples=400, deadline=None)
@given(calendars, instants, st.integers(0, 400_000))
def test_adding_then_measuring_working_time_gives_it_back(cal, start, seconds):
    end = add_working_seconds(start, seconds, cal)
    assert end >= start
    assert working_seconds(start, end, cal) == seconds
    if seconds:
        assert working_seconds(start, end - timedelta(seconds=1), cal) < seconds, "not the first such instant"


@settings(max_examples=300, deadline=None)
@given(calendars, instants, instants, instants)
def test_working_time_is_monotone_and_adds_up(cal, a, b, c):
    a, b, c = sorted([a, b, c])
    assert working_seconds(a, b, cal) <= working_seconds(a, c, cal)
    assert working_seconds(a, b, cal) + working_seconds(b, c, cal) == working_seconds(a, c, cal)
    assert working_seconds(a, c, cal) <= (c - a).total_seconds()


@settings(max_examples=300, deadline=None)
@given(calendars, instants, st.integers(0, 200_000), st.integers(0, 200_000))
def test_adding_working_time_is_monotone(cal, start, less, more):
    less, more = sorted([less, more])
    assert add_working_seconds(start, less, cal) <= add_working_seconds(start, more, cal)


@settings(max_examples=500, deadline=None)
@given(zones, instants, instants)
def test_slices_add_up_and_lie_in_their_days(zone, a, b):
    a, b = sorted([a, b])
    pieces = slice_by_day(a, b, zone)
    assert sum(seconds for _day, seconds in pieces) == (b - a).total_seconds()
    assert all(0 < seconds <= day_seconds(day, zone) for day, seconds in pieces)
    assert [day for day, _seconds in pieces] == sorted({day for day, _seconds in pieces})


@settings(max_examples=500, deadline=None)
@given(zones, st.dates(date(1990, 1, 1), date(2035, 12, 31)))
def test_days_tile_time(zone, day):
    start, end = day_bounds(day, zone)
    assert end == day_bounds(day + timedelta(days=1), zone)[0]
    assert local_day(start, zone) == day
    assert local_day(start - timedelta(microseconds=1), zone) < day
