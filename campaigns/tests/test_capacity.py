from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from campaigns import actions, queries
from campaigns.models import Account, CapacityPlan
from campaigns.rules.capacity import Plan, need, progress
from campaigns.tests.make import NOW, make_calendar, make_campaign, make_team, make_user
from customers.tests.make import make_customer

DEFAULTS = Plan(completes=2_000, connect_rate=Fraction(1), agents=10, days=5)


def test_two_hundred_dials_give_twenty_questionnaires():
    """domain.md section 1, rule 1: 200 numbers a day, one valid questionnaire per ten connected."""
    found = need(DEFAULTS)
    assert (found.completes_per_agent_day, found.dials) == (20, 20_000)
    assert (found.days, found.agents) == (10, 20)


def test_days_and_agents_are_rounded_up():
    found = need(Plan(completes=1, connect_rate=Fraction("0.6"), agents=1, days=1))
    assert (found.dials, found.days, found.agents) == (17, 1, 1)
    found = need(Plan(completes=13, connect_rate=Fraction("0.6"), agents=1, days=1))
    assert (found.dials, found.days, found.agents) == (217, 2, 2)


@pytest.mark.parametrize(
    "change",
    [{"connect_rate": 0}, {"connect_rate": Fraction("1.01")}, {"agents": 0}, {"days": 0}, {"completes": 0}],
)
def test_plan_that_cannot_be_is_refused(change):
    values = {"completes": 1, "connect_rate": Fraction(1), "agents": 1, "days": 1}
    with pytest.raises(ValueError):
        Plan(**(values | change))


def test_progress_compares_pace_and_experience():
    found = progress(DEFAULTS, completed=300, dials=4_500, days=2)
    assert (found.expected, found.dials_per_complete, found.days_left) == (400, 15, 12)
    assert found.agents_needed == 43  # 1,700 left × 15 dials in 3 days of 200 dials


def test_progress_without_experience_forecasts_nothing():
    found = progress(DEFAULTS, completed=0, dials=900, days=1)
    assert (found.expected, found.dials_per_complete, found.days_left, found.agents_needed) == (
        200,
        None,
        None,
        None,
    )


def test_progress_ends_with_the_days_and_the_completes():
    assert progress(DEFAULTS, completed=10, dials=100, days=5).agents_needed is None
    done = progress(DEFAULTS, completed=2_500, dials=9_000, days=4)
    assert (done.expected, done.days_left, done.agents_needed) == (800, 0, 0)


@given(
    st.integers(1, 10_000),
    st.fractions(Fraction(1, 100), 1),
    st.integers(1, 500),
    st.integers(1, 300),
    st.integers(1, 400),
)
def test_needed_agents_and_days_suffice_and_one_fewer_does_not(completes, rate, agents, days, dials_per_day):
    plan = Plan(completes=completes, connect_rate=rate, agents=agents, days=days, dials_per_day=dials_per_day)
    found = need(plan)
    assert found.days * agents * dials_per_day >= found.dials > (found.days - 1) * agents * dials_per_day
    assert found.agents * days * dials_per_day >= found.dials > (found.agents - 1) * days * dials_per_day


def store(campaign, **changes):
    values = {
        "completes": 100,
        "connect_rate": "0.5",
        "connected_per_complete": 10,
        "dials_per_day": 200,
        "agents": 2,
        "days": 10,
    }
    return actions.save_capacity_plan(
        campaign=campaign, by=make_user("manager"), now=NOW, **(values | changes)
    )


@pytest.mark.django_db
def test_actuals_are_those_of_the_accounts_and_whole_working_days():
    campaign = make_campaign(starts_on=date(2026, 11, 13), calendar=make_calendar())
    store(campaign)
    for completed_on in (date(2026, 11, 17), None):
        Account.objects.create(
            campaign=campaign,
            customer=make_customer(),
            loaded_on=campaign.starts_on,
            attempts=3,
            completed_on=completed_on,
        )
    shown = queries.capacity_of(campaign, today=date(2026, 11, 18))
    assert (shown.days, shown.completed, shown.dials) == (3, 1, 6)  # Friday, Monday, Tuesday
    assert (shown.need.dials, shown.seen_dials_per_complete) == (2_000, 6.0)
    assert shown.progress.expected == 60
    assert shown.late  # one a day: 99 more days for a plan of ten


@pytest.mark.django_db
def test_campaign_without_a_plan_or_before_its_first_day():
    campaign = make_campaign(starts_on=date(2026, 11, 20))
    assert queries.capacity_of(campaign, today=date(2026, 11, 20)) is None
    store(campaign)
    assert queries.capacity_of(campaign, today=date(2026, 11, 20)).progress is None


def data(**changes):
    values = {
        "completes": "100",
        "connect_rate": "60",
        "connected_per_complete": "10",
        "dials_per_day": "200",
        "agents": "2",
        "days": "10",
    }
    return values | changes


@pytest.mark.django_db
def test_manager_plans_and_lead_reads(client):
    team = make_team()
    campaign = make_campaign(teams=[team])
    address = reverse("campaigns:capacity", args=[campaign.pk])
    lead = make_user("lead", team=team)
    client.force_login(lead)
    assert "<form" not in client.get(address).content.decode().split("<main", 1)[1]
    client.post(address, data())
    assert not CapacityPlan.objects.exists()
    client.force_login(make_user("manager", team=team))
    assert client.post(address, data()).status_code == 302
    plan = CapacityPlan.objects.get()
    assert (str(plan.connect_rate), plan.agents) == ("0.6000", 2)
    client.post(address, data(agents="3"))
    assert CapacityPlan.objects.get().agents == 3
    assert client.get(address).context["form"].initial["connect_rate"] == 60
    client.force_login(lead)
    assert client.get(address).context["shown"].plan.agents == 3
    client.force_login(make_user("manager"))
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"connect_rate": "0"},
        {"connect_rate": "101"},
        {"connect_rate": "NaN"},
        {"agents": "-1"},
        {"days": "9" * 30},
        {"completes": "1e3"},
        {"connected_per_complete": "0.5"},
        {"dials_per_day": ""},
    ],
)
def test_wrong_plan_is_shown_again(client, change):
    team = make_team()
    client.force_login(make_user("manager", team=team))
    address = reverse("campaigns:capacity", args=[make_campaign(teams=[team]).pk])
    response = client.post(address, data(**change))
    assert response.context["form"].errors.keys() == change.keys()
    assert not CapacityPlan.objects.exists()
