"""The daily draw: 10 % of each agent's valid calls, once, reproducible (QA-1)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count

from callcenter.access import Role
from qa.actions import draw_samples, drop_campaign_plan, save_campaign_plan
from qa.models import Review, Sample, SamplingPlan
from qa.queries import plans_of, strata
from qa.rules.sampling import start_of, systematic_indices
from qa.tests.make import (
    NOW,
    make_agent,
    make_call,
    make_campaign,
    make_plan,
    make_team,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = NOW.date()
NEXT = NOW + timedelta(days=1)


def some_calls(agent, campaign, count, **fields):
    return [make_call(campaign, agent, at=NOW + timedelta(minutes=n), **fields) for n in range(count)]


def test_draw_takes_ten_percent_rounded_up_per_agent():
    team = make_team()
    campaign, plan = make_campaign(team=team), make_plan(team.unit)
    busy, idle = make_agent(team), make_agent(team)
    some_calls(busy, campaign, 23)
    some_calls(idle, campaign, 1)
    assert draw_samples(day=DAY, now=NEXT) == 4
    assert {(s.agent, s.population, s.size) for s in Sample.objects.filter(plan=plan)} == {
        (busy, 23, 3),
        (idle, 1, 1),
    }


def test_draw_leaves_out_unconnected_short_superseded_and_foreign_calls():
    team = make_team()
    campaign = make_campaign(team=team)
    agent, stranger = make_agent(team), make_agent(make_team())
    make_plan(team.unit)
    some_calls(agent, campaign, 1, code="NA", talk=0)
    some_calls(agent, campaign, 1, talk=9)
    some_calls(agent, campaign, 1, superseded=True)
    some_calls(agent, campaign, 1, test=True)
    some_calls(stranger, campaign, 1)
    make_call(campaign, agent, at=NOW - timedelta(days=1))
    assert draw_samples(day=DAY, now=NEXT) == 0


def test_draw_again_adds_nothing_and_keeps_the_seed():
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    make_plan(team.unit)
    some_calls(agent, campaign, 30)
    draw_samples(day=DAY, now=NEXT)
    before = list(Review.objects.values_list("call_id", flat=True)), Sample.objects.get().seed
    some_calls(agent, campaign, 5, code="REFUSE")
    assert draw_samples(day=DAY, now=NEXT) == 0
    assert (list(Review.objects.values_list("call_id", flat=True)), Sample.objects.get().seed) == before


def test_draw_is_reproduced_by_its_stored_seed():
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    plan = make_plan(team.unit)
    some_calls(agent, campaign, 47)
    draw_samples(day=DAY, now=NEXT)
    sample = Sample.objects.get()
    calls = strata(plan, DAY)[agent.pk, team.pk]
    start = start_of(sample.seed, sample.population, sample.size)
    again = {calls[index] for index in systematic_indices(sample.population, sample.size, start)}
    assert again == set(Review.objects.values_list("call_id", flat=True))


def test_draw_covers_the_units_below_the_plan_only():
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    other = make_team()
    make_plan(other.unit)
    some_calls(agent, campaign, 5)
    assert draw_samples(day=DAY, now=NEXT) == 0
    make_plan(team.unit)
    assert draw_samples(day=DAY, now=NEXT) == 1


def test_an_agent_who_failed_lately_is_sampled_three_times_as_often():
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    plan = make_plan(team.unit)
    first = make_call(campaign, agent, at=NOW - timedelta(days=1))
    Review.objects.create(
        call=first,
        agent=agent,
        team=team,
        scorecard=plan.scorecard.versions.get(),
        state="published",
        score=0,
        fatal=True,
        passed=False,
        published_at=NOW,
    )
    some_calls(agent, campaign, 20)
    assert draw_samples(day=DAY, now=NEXT) == 6


def test_a_campaign_with_its_own_plan_is_drawn_by_it_alone():
    team = make_team()
    plan, agent, manager = make_plan(team.unit), make_agent(team), make_user(Role.MANAGER, unit=team.unit)
    special, plain = make_campaign(team=team), make_campaign(team=team)
    some_calls(agent, special, 10)
    some_calls(agent, plain, 20)
    own = save_campaign_plan(
        campaign=special,
        scorecard=plan.scorecard,
        percent=Decimal(50),
        minimum_talk_seconds=10,
        by=manager,
        now=NOW,
    )
    assert draw_samples(day=DAY, now=NEXT) == 7
    drawn = Review.objects.values_list("sample__plan", "call__campaign").annotate(n=Count("pk"))
    assert {(plan_id, campaign): n for plan_id, campaign, n in drawn} == {
        (own.pk, special.pk): 5,
        (plan.pk, plain.pk): 2,
    }
    assert plans_of(special) == [own]
    assert drop_campaign_plan(campaign=special, by=manager, now=NOW)
    assert not drop_campaign_plan(campaign=special, by=manager, now=NOW)
    assert plans_of(special) == [plan]
    assert sum(len(calls) for calls in strata(plan, DAY).values()) == 30


def test_saving_the_plan_again_changes_it_and_covers_every_team_of_the_campaign():
    top = make_unit()
    teams = [make_team(unit=make_unit(parent=top)) for _number in range(2)]
    campaign, manager = make_campaign(team=teams[0]), make_user(Role.MANAGER, unit=top)
    campaign.teams.set(teams)
    values = {"campaign": campaign, "scorecard": make_plan(top).scorecard, "minimum_talk_seconds": 10}
    for percent in (10, 100):
        plan = save_campaign_plan(percent=Decimal(percent), by=manager, now=NOW, **values)
    assert SamplingPlan.objects.filter(campaign=campaign).count() == 1
    for team in teams:
        some_calls(make_agent(team), campaign, 3)
    assert sum(len(calls) for calls in strata(plan, DAY).values()) == 6
