"""Figures of a selection: one definition, ratio of sums, distinct counts, undefined, targets, scope (KPI-1 … KPI-7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from callcenter.access import Role
from campaigns.models import Target
from reports.actions import roll_dirty
from reports.queries import Selection, figures
from reports.queries.counts import breakdown, counts, daily
from reports.rules.metrics import BY_CODE, METRICS
from reports.tests.make import (
    NOW,
    make_agent,
    make_call,
    make_campaign,
    make_client,
    make_customer,
    make_order,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = NOW.date()
WEEK = Selection(DAY - timedelta(days=6), DAY)


@pytest.fixture
def admin():
    return make_user(Role.ADMIN)


def of(user, selection=WEEK):
    return {figure.metric.code: figure for figure in figures(user, selection)}


def test_golden_5_a_period_is_the_ratio_of_sums_not_the_mean_of_rates(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    for connected, total, back in ((9, 10, 1), (10, 100, 0)):
        for place in range(total):
            code, talk = ("DONE", 30) if place < connected else ("NA", 0)
            make_call(campaign, agent, at=NOW - timedelta(days=back), code=code, talk=talk)
    roll_dirty(now=NOW)
    figure = of(admin)["connect_rate"]
    assert (figure.numerator, figure.denominator) == (19, 110)
    assert round(figure.value, 4) == Decimal("0.1727")


def test_golden_6_a_customer_called_on_two_days_counts_once_in_the_week(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    customer = make_customer(client=campaign.client, team=team)
    for back in (0, 1):
        make_call(campaign, agent, at=NOW - timedelta(days=back), customer=customer, code="NA", talk=0)
    roll_dirty(now=NOW)
    assert [row["accounts_called"] for row in daily(admin, WEEK).values()] == [1, 1]
    assert of(admin)["accounts_called"].value == 1


def test_golden_7_zero_denominator_is_undefined_and_zero_of_five_is_zero(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    Target.objects.create(metric="completed_rate", value=Decimal("0.6"), valid_from=date(2026, 1, 1))
    empty = of(admin)["completed_rate"]
    assert (empty.value, empty.standing.status, empty.badge) == (None, "undefined", "badge-quiet")
    for _call in range(5):
        make_call(campaign, agent, code="REFUSE")
    roll_dirty(now=NOW)
    zero = of(admin)["completed_rate"]
    assert (zero.value, zero.standing.status) == (0, "below")


def test_golden_2_average_handle_time_through_the_rollup(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    for prep, talk, wrap, code in ((8, 75, 12, "DONE"), (6, 88, 10, "DONE"), (10, 0, 4, "NA")):
        make_call(campaign, agent, code=code, talk=talk, prep_seconds=prep, wrap_seconds=wrap)
    roll_dirty(now=NOW)
    found = of(admin)
    assert found["handle_time"].value == 71
    assert found["handle_time_connected"].value == Decimal("92.5")
    assert found["talk_time"].value == Decimal("81.5")


def test_average_attempts_counts_only_accounts_that_were_not_reached(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    reached, missed = make_customer(client=campaign.client), make_customer(client=campaign.client)
    for code, customer in (
        ("NA", reached),
        ("DONE", reached),
        ("NA", missed),
        ("BUSY", missed),
        ("NA", missed),
    ):
        make_call(campaign, agent, code=code, customer=customer)
    roll_dirty(now=NOW)
    figure = of(admin)["average_attempts"]
    assert (figure.numerator, figure.denominator, figure.value) == (3, 1, 3)


def test_small_samples_are_judged_in_words_but_never_coloured(admin):
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    Target.objects.create(metric="completed_rate", value=Decimal("0.6"), valid_from=date(2026, 1, 1))
    make_call(campaign, agent, code="DONE")
    roll_dirty(now=NOW)
    figure = of(admin)["completed_rate"]
    assert (figure.standing.status, figure.standing.coloured, figure.badge) == (
        "on_target",
        False,
        "badge-quiet",
    )


def test_the_most_specific_valid_target_counts(admin):
    campaign = make_campaign(team=make_team())
    old, new = date(2026, 1, 1), date(2026, 2, 1)
    Target.objects.create(metric="completed_rate", value=Decimal("0.5"), valid_from=old)
    Target.objects.create(metric="completed_rate", value=Decimal("0.6"), valid_from=new)
    Target.objects.create(metric="completed_rate", value=Decimal("0.7"), valid_from=old, campaign=campaign)
    Target.objects.create(
        metric="completed_rate", value=Decimal("0.9"), valid_from=old, valid_to=new, campaign=campaign
    )
    assert of(admin)["completed_rate"].target == Decimal("0.6")
    assert of(admin, Selection(WEEK.start, WEEK.end, campaign_id=campaign.pk))[
        "completed_rate"
    ].target == Decimal("0.7")


def test_nobody_counts_what_lies_outside_their_scope():
    ours, theirs = make_team(), make_team()
    client, other = make_client(), make_client()
    mine = make_campaign(team=ours, client=client)
    foreign = make_campaign(team=theirs, client=other)
    agent, stranger = make_agent(ours), make_agent(theirs)
    make_call(mine, agent)
    people = [
        make_user(Role.LEAD, team=ours),
        make_user(Role.MANAGER, unit=ours.unit),
        make_user(Role.CLIENT, client=client),
    ]
    roll_dirty(now=NOW)
    before = [counts(person, WEEK) for person in people]
    for _call in range(7):
        make_order(make_call(foreign, stranger, code="SALE"))
    roll_dirty(now=NOW)
    assert [counts(person, WEEK) for person in people] == before
    for person in people:
        assert set(breakdown(person, WEEK, "agent")) == {agent.pk}
        assert set(breakdown(person, WEEK, "campaign")) == {mine.pk}


def test_breakdowns_add_up_to_the_whole(admin):
    team = make_team()
    campaign = make_campaign(team=team)
    for agent in (make_agent(team), make_agent(team)):
        for code in ("DONE", "NA", "REFUSE"):
            make_call(campaign, agent, code=code)
    roll_dirty(now=NOW)
    whole = counts(admin, WEEK)
    for by in ("campaign", "team", "agent"):
        parts = breakdown(admin, WEEK, by).values()
        for name in ("calls", "dials", "connected", "completed", "talk_seconds"):
            assert sum(part[name] for part in parts) == whole[name], (by, name)


def test_every_metric_names_counts_that_exist(admin):
    found = counts(admin, WEEK)
    for metric in METRICS:
        assert metric.numerator in found, metric.code
        assert not metric.denominator or metric.denominator in found, metric.code
    assert len(BY_CODE) == len(METRICS)
