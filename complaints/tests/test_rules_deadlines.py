"""Deadlines, warnings and escalations, without a database (ISS-1, ISS-3, CMP-3)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.workdays import DayException, WorkCalendar
from complaints.rules.deadlines import (
    COMPLAINT_PROMISES,
    ISSUE_PROMISES,
    Promise,
    deadline_of,
    escalations_of,
    level_at,
    warning_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


CALENDAR = WorkCalendar(
    "Asia/Shanghai",
    (((time(9), time(12)), (time(13), time(18))),) * 5 + ((), ()),
    {
        local("2026-11-26").date(): DayException("holiday"),
        local("2026-11-28").date(): DayException("workday"),
    },
)
TUESDAY = local("2026-11-24 10:00")


@pytest.mark.parametrize(
    ("promise", "due"),
    [
        (ISSUE_PROMISES["urgent"], "2026-11-25 10:00"),
        (ISSUE_PROMISES["own"], "2026-11-25 18:00"),
        (ISSUE_PROMISES["important"], "2026-11-28 18:00"),
        (ISSUE_PROMISES["routine"], "2026-12-03 18:00"),
        (COMPLAINT_PROMISES["repair_urban"], "2026-11-26 10:00"),
        (COMPLAINT_PROMISES["repair_rural"], "2026-11-27 10:00"),
        (COMPLAINT_PROMISES["simple"], "2026-12-10 00:00"),
        (Promise(10, "working_hours"), "2026-11-25 12:00"),
        (Promise(11, "working_hours"), "2026-11-25 14:00"),
    ],
)
def test_deadline_by_the_clock_of_its_class(promise, due):
    assert deadline_of(TUESDAY, promise, CALENDAR) == local(due)


def test_urgent_runs_over_nights_weekends_and_changes_of_the_clock():
    new_york = WorkCalendar("America/New_York", CALENDAR.weekly)
    start = datetime(2026, 10, 31, 12, tzinfo=ZoneInfo("America/New_York"))
    due = deadline_of(start, ISSUE_PROMISES["urgent"], new_york)
    assert due.astimezone(ZoneInfo("America/New_York")).hour == 11, (
        "24 elapsed hours, not the same time of day"
    )


def test_pause_moves_the_deadline_by_the_time_of_its_clock():
    wall = [(local("2026-11-24 12:00"), local("2026-11-24 15:00"))]
    assert deadline_of(TUESDAY, ISSUE_PROMISES["urgent"], CALENDAR, wall) == local("2026-11-25 13:00")
    over_lunch = [(local("2026-11-24 11:30"), local("2026-11-24 13:30"))]
    assert deadline_of(TUESDAY, Promise(10, "working_hours"), CALENDAR, over_lunch) == local(
        "2026-11-25 14:00"
    )
    too_late = [(local("2026-11-25 10:00"), local("2026-11-26 10:00"))]
    assert deadline_of(TUESDAY, ISSUE_PROMISES["urgent"], CALENDAR, too_late) == local("2026-11-25 10:00")


def test_pause_that_moves_the_deadline_may_uncover_another():
    pauses = [
        (local("2026-11-25 09:00"), local("2026-11-25 12:00")),
        (local("2026-11-24 11:00"), local("2026-11-24 12:00")),
        (local("2026-11-25 13:00"), local("2026-11-25 14:00")),
    ]
    assert deadline_of(TUESDAY, ISSUE_PROMISES["urgent"], CALENDAR, pauses) == local("2026-11-25 15:00")


def test_warning_comes_at_three_quarters():
    urgent = ISSUE_PROMISES["urgent"]
    due = deadline_of(TUESDAY, urgent, CALENDAR)
    assert warning_of(TUESDAY, due, urgent, CALENDAR) == local("2026-11-25 04:00")
    working = Promise(8, "working_hours")
    due = deadline_of(TUESDAY, working, CALENDAR)
    assert due == local("2026-11-25 10:00")
    assert warning_of(TUESDAY, due, working, CALENDAR) == local("2026-11-24 17:00")


def test_escalation_goes_up_at_the_deadline_and_on():
    urgent = ISSUE_PROMISES["urgent"]
    steps = escalations_of(TUESDAY, deadline_of(TUESDAY, urgent, CALENDAR), urgent, CALENDAR)
    assert steps == (local("2026-11-25 10:00"), local("2026-11-25 22:00"), local("2026-11-26 10:00"))
    assert level_at(TUESDAY, steps) == 1
    assert level_at(local("2026-11-25 09:59:59"), steps) == 1
    assert [level_at(step, steps) for step in steps] == [2, 3, 4]
    assert level_at(local("2027-01-01 00:00"), steps) == 4


def test_escalation_of_a_working_promise_stays_in_working_time():
    promise = Promise(8, "working_hours")
    steps = escalations_of(TUESDAY, deadline_of(TUESDAY, promise, CALENDAR), promise, CALENDAR)
    assert steps == (local("2026-11-25 10:00"), local("2026-11-25 15:00"), local("2026-11-27 10:00"))


promises = st.builds(
    Promise, st.integers(1, 30), st.sampled_from(["hours", "days", "working_days", "working_hours"])
)
starts = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(SHANGHAI))


@settings(max_examples=150, deadline=None)
@given(promises, starts, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_warning_deadline_and_escalations_are_in_order_and_monotone(promise, started_at, later):
    due = deadline_of(started_at, promise, CALENDAR)
    levels = escalations_of(started_at, due, promise, CALENDAR)
    assert started_at < due
    assert started_at <= warning_of(started_at, due, promise, CALENDAR) <= due
    assert list(levels) == sorted(levels)
    assert levels[0] == due
    assert deadline_of(started_at + later, promise, CALENDAR) >= due
