"""The course of a campaign against its plan, and whether the plan can be kept (CAM-9)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from campaigns import actions, queries
from campaigns.models import Account
from campaigns.rules.capacity import Plan
from campaigns.rules.course import FORECAST_DAYS, course, days_drawn
from campaigns.tests.make import NOW, make_calendar, make_campaign, make_team, make_user
from customers.tests.make import make_customer

PLAN = Plan(completes=100, connect_rate=Fraction(1), agents=1, days=5)
START = date(2026, 11, 16)
DAYS = [START + timedelta(days=offset) for offset in range(30)]


def test_course_adds_up_and_goes_on_at_the_pace_so_far():
    done = {DAYS[0]: 10, DAYS[1]: 5}
    points = course(PLAN, DAYS[:6], done, worked=2)
    assert [point.planned for point in points] == [20, 40, 60, 80, 100, 100]
    assert [point.done for point in points] == [10, 15, None, None, None, None]
    assert [point.forecast for point in points] == [None, 15, 22, 30, 37, 45]


def test_what_is_done_on_a_day_off_counts_with_the_next_working_day():
    points = course(PLAN, [DAYS[0], DAYS[3]], {DAYS[1]: 4, DAYS[2]: 1}, worked=2)
    assert [point.done for point in points] == [0, 5]


def test_nothing_done_forecasts_nothing():
    assert {point.forecast for point in course(PLAN, DAYS[:5], {}, worked=3)} == {None}
    assert days_drawn(PLAN, worked=3, completed=0) == 5


def test_hopeless_pace_is_drawn_no_further_than_sense():
    assert days_drawn(PLAN, worked=5, completed=1) == PLAN.days + FORECAST_DAYS


@given(st.integers(0, 30), st.lists(st.integers(0, 20), max_size=30))
def test_lines_never_fall_and_end_with_what_is_wanted(worked, counts):
    done = {DAYS[place]: count for place, count in enumerate(counts)}
    points = course(PLAN, DAYS, done, worked=worked)
    for name in ("planned", "done", "forecast"):
        line = [getattr(point, name) for point in points if getattr(point, name) is not None]
        assert line == sorted(line)
    assert points[-1].planned == 100


def store(campaign, **changes):
    values = {
        "completes": 100,
        "connect_rate": "0.5",
        "connected_per_complete": 10,
        "dials_per_day": 200,
        "agents": 2,
        "days": 10,
    }
    actions.save_capacity_plan(campaign=campaign, by=make_user("manager"), now=NOW, **(values | changes))


def shown(campaign, today=date(2026, 11, 18)):
    return queries.capacity_of(campaign, today=today)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plan", "ends_on", "feasible", "done_by"),
    [
        ({}, None, True, date(2026, 11, 17)),
        ({"days": 4}, None, False, date(2026, 11, 17)),
        ({}, date(2026, 11, 17), True, date(2026, 11, 17)),
        ({}, date(2026, 11, 16), False, date(2026, 11, 17)),
    ],
    ids=["in the days", "too few days", "ends that day", "ends before"],
)
def test_plan_is_feasible_or_not_and_by_when(plan, ends_on, feasible, done_by):
    """2,000 dials of two agents take five working days from Wednesday: until the next Tuesday."""
    campaign = make_campaign(starts_on=date(2026, 11, 11), ends_on=ends_on, calendar=make_calendar())
    store(campaign, **plan)
    found = shown(campaign)
    assert (found.feasible, found.done_by) == (feasible, done_by)


@pytest.mark.django_db
def test_actual_course_is_that_of_the_accounts():
    campaign = make_campaign(starts_on=date(2026, 11, 13), calendar=make_calendar())
    store(campaign)
    for day in (13, 14, 17, 17):
        Account.objects.create(
            campaign=campaign,
            customer=make_customer(),
            loaded_on=campaign.starts_on,
            completed_on=date(2026, 11, day),
            attempts=2,
        )
    found = shown(campaign)
    assert [point.done for point in found.points][:4] == [1, 2, 4, None]
    assert found.chart["days"][:3] == ["2026-11-13", "2026-11-16", "2026-11-17"]
    assert found.forecast_by > date(2026, 12, 1)


@pytest.mark.django_db
def test_page_shows_verdict_chart_and_table(client, django_assert_max_num_queries):
    team = make_team()
    campaign = make_campaign(teams=[team], starts_on=date(2026, 11, 11), calendar=make_calendar())
    store(campaign, days=1)
    client.force_login(make_user("manager", team=team))
    address = reverse("campaigns:capacity", args=[campaign.pk])
    client.get(address)
    with django_assert_max_num_queries(16):
        page = client.get(address).content.decode()
    assert 'id="course-data"' in page
    assert "badge-bad" in page.split('id="verdict"')[1].split("</div>")[0]
