"""Who is called because of a policy, by when, and how far the promise was kept; no database (CAM-2)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.workdays import DayException, WorkCalendar
from campaigns.rules.coverage import (
    Coverage,
    Promise,
    Span,
    add_months,
    cooling_off_last_day,
    coverage,
    draw,
    draw_key,
    policy_window,
    quota,
    sample_size,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(
    "Asia/Shanghai",
    (((time(9), time(18)),),) * 5 + ((), ()),
    {date(2026, 11, 28): DayException("workday"), date(2026, 11, 24): DayException("holiday")},
)
DAY = timedelta(days=1)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_golden_08_coverage():
    now = local("2026-11-24 00:00")
    ended, still_open = now - DAY, now + DAY
    inside = Promise(ended, completed_at=ended - DAY)
    late = Promise(ended, completed_at=ended + timedelta(hours=1))
    none = Promise(ended)
    promises = (
        [inside] * 4
        + [late, none]
        + [Promise(still_open, completed_at=now - DAY)]
        + [Promise(still_open)] * 3
    )
    counts = coverage(promises, attempts_max=3, now=now)
    assert counts == Coverage(ended=6, in_time=4, late=1, missed=1, touched=4, pending=4, pending_done=1)
    assert round(counts.in_time / counts.ended, 3) == 0.667


def test_golden_11_cooling_off():
    assert cooling_off_last_day(date(2026, 11, 21), 15, first_day_counts=True) == date(2026, 12, 5)
    assert cooling_off_last_day(date(2026, 11, 21), 15, first_day_counts=False) == date(2026, 12, 6)


def test_golden_12_month_window():
    begins_at, ends_at = policy_window(
        local("2026-01-31 15:00"), delay_days=0, length=Span(1, "months"), cal=CALENDAR
    )
    assert begins_at == local("2026-01-31 15:00")
    assert ends_at == local("2026-03-01 00:00"), "2026-02-28 24:00"


@pytest.mark.parametrize(
    ("length", "ends"),
    [
        (Span(14, "days"), "2026-12-05 00:00"),
        (Span(3, "days"), "2026-11-24 00:00"),
        (Span(1, "days", until=time(12)), "2026-11-21 12:00"),
        (Span(0, "days"), "2026-11-21 00:00"),
        (Span(24, "hours"), "2026-11-21 23:30"),
        (Span(1, "working_days"), "2026-11-24 00:00"),
        (Span(2, "working_days"), "2026-11-26 00:00"),
        (Span(5, "working_days"), "2026-11-29 00:00"),
        (Span(3, "months"), "2027-02-21 00:00"),
    ],
)
def test_window_ends_with_its_last_day(length, ends):
    window = policy_window(local("2026-11-20 23:30"), delay_days=0, length=length, cal=CALENDAR)
    assert window[1] == local(ends)


def test_delay_begins_with_a_local_day_and_does_not_extend_the_promise():
    event = local("2026-11-20 23:30")
    begins_at, ends_at = policy_window(event, delay_days=3, length=Span(14, "days"), cal=CALENDAR)
    assert begins_at == local("2026-11-23 00:00")
    assert ends_at == local("2026-12-05 00:00")


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_clamped_to_their_last_day(day, months, result):
    assert add_months(day, months) == result


def test_completed_on_the_last_instant_is_late_and_counts_by_now_only():
    end = local("2026-11-24 00:00")
    on_time = Promise(end, completed_at=end - timedelta(microseconds=1))
    too_late = Promise(end, completed_at=end)
    assert coverage([on_time, too_late], attempts_max=3, now=end).in_time == 1
    assert coverage([on_time], attempts_max=3, now=end - DAY).pending_done == 0, "not known yet on that day"


def test_touched_counts_exhausted_attempts():
    end = local("2026-11-24 00:00")
    tried = [
        Promise(end, attempts=3),
        Promise(end, attempts=2),
        Promise(end, completed_at=end - DAY, attempts=1),
    ]
    counts = coverage(tried, attempts_max=3, now=end)
    assert (counts.ended, counts.in_time, counts.touched) == (3, 1, 2)


@pytest.mark.parametrize(
    ("population", "percent", "minimum", "expected"),
    [
        (30, 10, 0, 3),
        (31, 10, 0, 4),
        (1000, Decimal("0.1"), 0, 1),
        (7, "33.33", 0, 3),
        (10, 50, 8, 8),
        (5, 50, 8, 5),
        (0, 50, 8, 0),
        (10, 0, 0, 0),
        (10, 100, 0, 10),
        (1, "0.01", 0, 1),
    ],
)
def test_quota_is_rounded_up_within_what_there_is(population, percent, minimum, expected):
    assert quota(population, percent, minimum) == expected


@pytest.mark.parametrize("percent", [-1, 101, "100.01"])
def test_impossible_percentage_is_refused(percent):
    with pytest.raises(ValueError):
        quota(10, percent)


def test_draw_is_the_documented_order_by_md5():
    assert draw_key("s1", 7) == "53ea71bf1fdaa2b2d40d795c3034f34d"
    members = [(customer_id, "north") for customer_id in range(100)]
    lowest = sorted(range(100), key=lambda customer_id: draw_key("s1", customer_id))[:10]
    assert draw(members, percent=10, seed="s1") == set(lowest)
    assert draw(reversed(members), percent=10, seed="s1") == set(lowest)
    assert draw(members, percent=10, seed="s2") != set(lowest)


def test_draw_keeps_the_minimum_of_every_stratum():
    members = (
        [(n, "north") for n in range(100)]
        + [(n, "south") for n in range(100, 104)]
        + [(n, "") for n in range(104, 105)]
    )
    drawn = draw(members, percent=5, minimum=3, seed="s")
    assert len([n for n in drawn if n < 100]) == 5
    assert len([n for n in drawn if 100 <= n < 104]) == 3
    assert 104 in drawn


@given(
    st.sets(st.integers(1, 500), max_size=60),
    st.sets(st.integers(501, 900), max_size=60),
    st.integers(0, 100),
    st.text(max_size=8),
)
def test_growing_population_adds_and_never_drops(first, later, percent, seed):
    before = draw([(n, n % 3) for n in first], percent=percent, seed=seed)
    everybody = [(n, n % 3) for n in first | later]
    after = draw(everybody, percent=percent, seed=seed, already=before)
    assert before <= after
    for stratum in range(3):
        size = len([n for n, place in everybody if place == stratum])
        assert len([n for n in after if n % 3 == stratum]) >= quota(size, percent)


@pytest.mark.parametrize(
    ("population", "five", "ten", "five_of_ninety"),
    [
        (80, 67, 44, 51),
        (400, 197, 78, 103),
        (1000, 278, 88, 122),
        (1680, 313, 91, 128),
        (5000, 357, 95, 135),
        (60000, 382, 96, 138),
    ],
)
def test_sample_size_matches_the_published_figures(population, five, ten, five_of_ninety):
    assert sample_size(population, margin="0.05") == five
    assert sample_size(population, margin="0.1") == ten
    assert sample_size(population, margin="0.05", expected="0.9") == five_of_ninety


def test_sample_size_of_few_is_all_of_them():
    assert [sample_size(n, margin="0.1") for n in (0, 1, 2, 3)] == [0, 1, 2, 3]
