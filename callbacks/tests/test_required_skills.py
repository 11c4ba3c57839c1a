"""A campaign's tasks reach only those who have the skills it requires: by the queue, by dealing, by hand (CAM-1, ORG-7)."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callbacks.actions import assign_tasks, claim_next, distribute
from callbacks.models import Task
from callbacks.queries import queue_status
from callbacks.queries.distribution import Selection, plan
from callbacks.rules import distribution as rules
from callbacks.tests.make import NOW, make_agent, make_campaign, make_task, make_team
from callcenter.access import Role
from callcenter.errors import Conflict
from campaigns.actions import copy_campaign, finish_campaign, set_required_skills
from campaigns.models import RequiredSkill
from customers.tests.make import make_user
from people.models import AgentSkill, Skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


@pytest.fixture
def agent(team):
    return make_agent(team)


@pytest.fixture
def manager(team):
    return make_user(Role.MANAGER, unit=team.unit)


@pytest.fixture
def claims():
    return Skill.objects.create(kind="campaign", code="CLAIMS", name="理赔回访")


def rate(agent, skill, level):
    AgentSkill.objects.update_or_create(skill=skill, user=agent, defaults={"level": level})


@pytest.mark.parametrize(("level", "handed"), [(None, False), (2, False), (3, True), (5, True)])
def test_the_queue_hands_out_from_the_required_level_on(agent, campaign, manager, claims, level, handed):
    task = make_task(campaign)
    set_required_skills(campaign=campaign, levels={claims: 3}, by=manager, now=NOW)
    if level:
        rate(agent, claims, level)
    claimed = claim_next(agent=agent, now=NOW)
    assert (claimed == task) if handed else (claimed is None)


def test_every_required_skill_counts_and_a_kept_task_is_not_handed_out_either(
    agent, campaign, manager, claims
):
    cantonese = Skill.objects.create(kind="language", code="yue", name="粤语")
    set_required_skills(campaign=campaign, levels={claims: 1, cantonese: 1}, by=manager, now=NOW)
    rate(agent, claims, 5)
    make_task(campaign, reserved_for=agent)
    assert claim_next(agent=agent, now=NOW) is None
    rate(agent, cantonese, 1)
    assert claim_next(agent=agent, now=NOW) is not None


def test_the_empty_desk_says_that_a_skill_is_missing(agent, campaign, manager, claims):
    make_task(campaign)
    set_required_skills(campaign=campaign, levels={claims: 3}, by=manager, now=NOW)
    status = queue_status(agent=agent, now=NOW)
    assert (status.ready, [(one.code, one.count) for one in status.reasons]) == (0, [("skill_missing", 1)])
    rate(agent, claims, 3)
    assert (queue_status(agent=agent, now=NOW).ready, queue_status(campaign=campaign, now=NOW).ready) == (
        1,
        1,
    )


def test_claiming_costs_no_further_statement(agent, campaign, manager, claims):
    rate(agent, claims, 3)

    def cost():
        make_task(campaign)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            claim_next(agent=agent, now=NOW)
        Task.objects.all().delete()
        return len(queries)

    cost()
    free = cost()
    set_required_skills(campaign=campaign, levels={claims: 3}, by=manager, now=NOW)
    assert cost() == free


def test_dealing_passes_over_who_lacks_the_skill(agent, team, campaign, manager, claims):
    able, other = make_agent(team), make_campaign(team=team)
    rate(able, claims, 3)
    set_required_skills(campaign=campaign, levels={claims: 3}, by=manager, now=NOW)
    special = [make_task(campaign) for _number in range(3)]
    plain = [make_task(other) for _number in range(5)]
    distribute(
        selection=Selection(team=team),
        way=rules.CAPACITY,
        agents=[agent.pk, able.pk],
        seed="5eed",
        key=uuid.uuid4(),
        by=manager,
        now=NOW,
    )
    holders = dict(Task.objects.values_list("pk", "reserved_for"))
    assert {holders[task.pk] for task in special} == {able.pk}
    assert [holders[task.pk] for task in plain].count(agent.pk) == 4
    made = plan(
        Selection(team=team, sources=(able,)), way=rules.EQUAL, agents=[agent.pk], seed="5eed", now=NOW
    )
    assert (made.skipped, made.count) == ({"no_skill": 3}, 1)


def test_no_task_is_kept_by_hand_for_who_lacks_the_skill(agent, campaign, manager, claims):
    make_task(campaign)
    set_required_skills(campaign=campaign, levels={claims: 1}, by=manager, now=NOW)
    assert assign_tasks(Task.objects.all(), agent=agent, by=manager, now=NOW) == 0
    rate(agent, claims, 1)
    assert assign_tasks(Task.objects.all(), agent=agent, by=manager, now=NOW) == 1


def test_a_copy_asks_the_same_and_a_finished_campaign_no_longer_changes(campaign, manager, claims):
    set_required_skills(campaign=campaign, levels={claims: 4}, by=manager, now=NOW)
    copy = copy_campaign(campaign=campaign, code="COPY", name="Copy", by=manager, now=NOW)
    assert list(copy.required_skills.values_list("skill", "level")) == [(claims.pk, 4)]
    finish_campaign(campaign=campaign, by=manager, now=NOW)
    campaign.refresh_from_db()
    with pytest.raises(Conflict):
        set_required_skills(campaign=campaign, levels={}, by=manager, now=NOW)
    assert RequiredSkill.objects.filter(campaign=campaign).count() == 1


def test_the_page_saves_levels_and_shows_them(client, campaign, manager, claims):
    client.force_login(manager)
    address = f"/campaigns/{campaign.pk}/skills/"
    assert client.post(address, {f"level_{claims.pk}": "9"}).status_code == 200
    assert not campaign.required_skills.exists()
    assert client.post(address, {f"level_{claims.pk}": "2"}).status_code == 302
    assert "理赔回访 ≥ 2" in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    client.post(address, {f"level_{claims.pk}": ""})
    assert not campaign.required_skills.exists()
