"""When a customer is called again, without a database (CB-10)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.workdays import DayException, NoWorkingTime, WorkCalendar, local_day
from complaints.rules.deadlines import ISSUE_PROMISES, deadline_of
from complaints.rules.second_contact import NextStep, Position, may_tell, next_step, plan_second_contact

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(9), time(18)),)


def make_calendar(**exceptions):
    rows = {datetime.strptime(key, "d%Y%m%d").date(): DayException(kind) for key, kind in exceptions.items()}
    return WorkCalendar("Asia/Shanghai", (OFFICE,) * 5 + ((), ()), rows)


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_golden_09_second_contact():
    cal = WorkCalendar("Asia/Shanghai", (OFFICE,) * 6 + ((),))
    raised_at = local("2026-11-21 16:40")
    plan = plan_second_contact(raised_at, cal=cal)
    assert plan.day == date(2026, 11, 23)
    assert plan.due_at == local("2026-11-23 09:00")
    assert plan.deadline == local("2026-11-24 00:00")
    assert deadline_of(raised_at, ISSUE_PROMISES["urgent"], cal) == local("2026-11-22 16:40")


@pytest.mark.parametrize(
    ("reported", "day"),
    [
        ("2026-11-23 00:00:00", "2026-11-24"),
        ("2026-11-23 23:59:59", "2026-11-24"),
        ("2026-11-24 00:00:00", "2026-11-25"),
        ("2026-11-27 10:00:00", "2026-11-30"),
        ("2026-11-28 10:00:00", "2026-11-30"),
    ],
)
def test_due_on_the_next_working_day(reported, day):
    assert plan_second_contact(local(reported), cal=make_calendar()).day == date.fromisoformat(day)


def test_make_up_saturday_and_holiday_are_respected():
    cal = make_calendar(d20261128="workday", d20261130="holiday")
    assert plan_second_contact(local("2026-11-27 10:00"), cal=cal).day == date(2026, 11, 28)
    assert plan_second_contact(local("2026-11-28 10:00"), cal=cal).day == date(2026, 12, 1)


def test_due_when_the_calling_hours_open():
    plan = plan_second_contact(
        local("2026-11-23 10:00"),
        cal=make_calendar(),
        calling_ranges=((time(13), time(20)), (time(10), time(12))),
    )
    assert plan.due_at == local("2026-11-24 10:00")


def test_calendar_without_work_is_named():
    with pytest.raises(NoWorkingTime):
        plan_second_contact(local("2026-11-23 10:00"), cal=WorkCalendar("Asia/Shanghai", ((),) * 7))


@settings(max_examples=400, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.dictionaries(
        st.dates(date(2026, 1, 1), date(2027, 2, 1)),
        st.builds(DayException, st.sampled_from(["holiday", "workday"])),
        max_size=20,
    ),
)
def test_never_on_the_same_day_always_on_a_working_day_and_monotone(reported_at, later, exceptions):
    cal = WorkCalendar("Asia/Shanghai", (OFFICE,) * 5 + ((), ()), exceptions)
    plan = plan_second_contact(reported_at, cal=cal)
    assert plan.day > local_day(reported_at, "Asia/Shanghai")
    assert cal.ranges_on(plan.day)
    assert local_day(plan.due_at, "Asia/Shanghai") == plan.day
    assert reported_at < plan.due_at < plan.deadline
    assert plan_second_contact(reported_at + later, cal=cal).due_at >= plan.due_at


@pytest.mark.parametrize(
    ("solved", "contacts", "recorded", "step"),
    [
        (True, 1, False, NextStep.SOLVED),
        (True, 5, False, NextStep.SOLVED),
        (False, 0, False, NextStep.CONTACT_AGAIN),
        (False, 1, False, NextStep.CONTACT_AGAIN),
        (False, 2, False, NextStep.WAIT_FOR_LEVEL_3),
        (False, 3, False, NextStep.WAIT_FOR_LEVEL_3),
        (False, 2, True, NextStep.CONTACT_AGAIN),
    ],
)
def test_second_unsolved_contact_waits_for_level_3(solved, contacts, recorded, step):
    assert next_step(solved=solved, contacts=contacts, level_3_recorded=recorded) == step


@pytest.mark.parametrize(
    ("told", "level_3", "contacts", "allowed"),
    [
        (Position.REJECTED, Position.REJECTED, 2, True),
        (Position.ACCEPTED, Position.REJECTED, 2, False),
        (Position.ACCEPTED, Position.REJECTED, 0, False),
        (Position.PARTLY, Position.ACCEPTED, 3, False),
        (Position.ACCEPTED, None, 2, False),
        (Position.ACCEPTED, None, 1, True),
    ],
)
def test_agent_may_not_contradict_the_level_3_result(told, level_3, contacts, allowed):
    assert may_tell(told, level_3=level_3, contacts=contacts) is allowed
