"""Dealing tasks to agents, taking them back and undoing it: what moves, what never does, what it costs (CAM-4)."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callbacks.actions import (
    assign_tasks,
    claim_next,
    distribute,
    hold_tasks,
    release_task,
    surface_untouched,
    undo_distribution,
)
from callbacks.models import Assignment, Distribution, Task
from callbacks.queries import assigned
from callbacks.queries.distribution import Selection, loads, plan
from callbacks.rules import distribution as rules
from callbacks.tests.make import (
    NOW,
    make_agent,
    make_campaign,
    make_customer,
    make_task,
    make_team,
)
from callbacks.tests.test_calls import call
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from customers.tests.make import make_region, make_user
from people.actions import mark_absent
from people.models import Absence, AgentSkill, Skill

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


@pytest.fixture
def agents(team):
    return [make_agent(team) for _more in range(3)]


@pytest.fixture
def lead(team):
    return make_user(Role.LEAD, team=team)


def deal(team, agents, lead, *, way=rules.EQUAL, now=NOW, **narrowed):
    values = {name: narrowed.pop(name) for name in ("absent", "key") if name in narrowed}
    return distribute(
        selection=Selection(team=team, **narrowed),
        way=way,
        agents=[agent.pk for agent in agents],
        seed="5eed",
        **{"key": uuid.uuid4()} | values,
        by=lead,
        now=now,
    )


def holders():
    return Counter(Task.objects.values_list("reserved_for", flat=True))


def test_tasks_are_dealt_evenly_with_their_history(team, campaign, agents, lead):
    for number in range(7):
        make_task(campaign, ready=number % 2 == 0)
    made = deal(team, agents, lead)
    assert made.count == 7
    assert sorted(holders()[agent.pk] for agent in agents) == [2, 2, 3]
    task = Task.objects.order_by("id").first()
    assert (task.assigned_at, task.surfaces_at) == (NOW, NOW + 7 * DAY)
    step = task.steps.order_by("-id").first()
    assert (step.by, step.from_state, step.to_state) == (lead, task.state, task.state)
    assert str(task.reserved_for) in step.note
    assert claim_next(agent=agents[0], now=NOW).reserved_for == agents[0]


def test_same_key_deals_once(team, campaign, agents, lead):
    make_task(campaign)
    key = uuid.uuid4()
    first = deal(team, agents, lead, key=key)
    make_task(campaign)
    assert deal(team, agents, lead, key=key) == first
    assert Assignment.objects.count() == 1
    assert holders()[None] == 1


def test_work_in_progress_agreed_times_and_holds_stay(team, campaign, agents, lead):
    held, agreed, stopped, free = (make_task(campaign) for _more in range(4))
    assert claim_next(agent=agents[0], now=NOW).pk == held.pk
    Task.objects.filter(pk=agreed.pk).update(appointment=True, reserved_for=agents[1])
    hold_tasks(Task.objects.filter(pk=stopped.pk), hold=Task.Hold.LEVEL3, by=None, now=NOW)
    made = deal(team, agents[1:2], lead)
    assert made.count == 1
    assert Task.objects.get(assignments__distribution=made).pk == free.pk
    assert made.skipped == {"in_hand": 1, "appointment": 1, "on_hold": 1}
    held.refresh_from_db()
    assert (held.state, held.reserved_for) == ("claimed", None)


def test_absence_spreads_what_waits_and_leaves_todays_agreed_times(team, campaign, agents, lead):
    away, *here = agents
    tasks = [make_task(campaign) for _more in range(6)]
    assign_tasks(Task.objects.filter(pk__in=[task.pk for task in tasks]), agent=away, by=lead, now=NOW)
    Task.objects.filter(pk=tasks[0].pk).update(appointment=True)
    made = deal(team, here, lead, way=rules.CAPACITY, sources=(away,), absent=away)
    assert (made.count, made.absence.user) == (5, away)
    assert sorted(holders()[agent.pk] for agent in agents) == [1, 2, 3]
    assert [load.absent for load in loads(team, campaign=None, now=NOW)] == [
        agent == away for agent in sorted(agents, key=lambda one: (one.full_name, one.pk))
    ]
    undo_distribution(distribution=made, by=lead, now=NOW + timedelta(minutes=9))
    assert holders()[away.pk] == 6
    assert not Absence.objects.exists()


def test_pool_takes_back_from_the_agent(team, campaign, agents, lead):
    mine, others = make_task(campaign), make_task(campaign)
    assign_tasks(Task.objects.filter(pk=mine.pk), agent=agents[0], by=lead, now=NOW)
    assign_tasks(Task.objects.filter(pk=others.pk), agent=agents[1], by=lead, now=NOW)
    assert deal(team, [], lead, way=rules.POOL, sources=(agents[0],)).count == 1
    assert holders() == {None: 1, agents[1].pk: 1}


def test_undo_gives_back_only_what_is_untouched(team, campaign, agents, lead):
    tasks = [make_task(campaign) for _more in range(4)]
    made = deal(team, agents[:1], lead)
    later = NOW + timedelta(minutes=1)
    claimed = claim_next(agent=agents[0], now=later)
    given_back = claim_next(agent=agents[0], now=later)
    assert given_back.pk == claimed.pk
    moved = next(task for task in tasks if task.pk != claimed.pk)
    assign_tasks(Task.objects.filter(pk=moved.pk), agent=agents[1], by=lead, now=later)
    assert undo_distribution(distribution=made, by=lead, now=NOW + timedelta(minutes=10)) == 2
    assert holders() == {None: 2, agents[0].pk: 1, agents[1].pk: 1}
    claimed.refresh_from_db()
    assert claimed.state == "claimed"
    with pytest.raises(Conflict):
        undo_distribution(distribution=made, by=lead, now=NOW + timedelta(minutes=10))


def test_task_that_was_opened_and_released_is_not_undone(team, campaign, agents, lead):
    make_task(campaign)
    made = deal(team, agents[:1], lead)
    task = claim_next(agent=agents[0], now=NOW + timedelta(minutes=1))
    release_task(task_id=task.pk, agent=agents[0], token=task.token, now=NOW + timedelta(minutes=2))
    assert undo_distribution(distribution=made, by=lead, now=NOW + timedelta(minutes=3)) == 0


def test_undo_ends_after_ten_minutes(team, campaign, agents, lead):
    make_task(campaign)
    made = deal(team, agents, lead)
    with pytest.raises(Conflict) as caught:
        undo_distribution(distribution=made, by=lead, now=NOW + timedelta(minutes=10, seconds=1))
    assert caught.value.code == "undo_over"
    assert holders()[None] == 0


def test_undo_of_a_redistribution_restores_each_former_holder(team, campaign, agents, lead):
    tasks = [make_task(campaign) for _more in range(4)]
    for place, task in enumerate(tasks):
        assign_tasks(Task.objects.filter(pk=task.pk), agent=agents[place % 2], by=lead, now=NOW - DAY)
    before = dict(Task.objects.values_list("pk", "reserved_for"))
    stamps = set(Task.objects.values_list("assigned_at", "surfaces_at"))
    made = deal(team, agents[2:], lead, sources=tuple(agents[:2]))
    assert holders() == {agents[2].pk: 4}
    undo_distribution(distribution=made, by=lead, now=NOW)
    assert dict(Task.objects.values_list("pk", "reserved_for")) == before
    assert set(Task.objects.values_list("assigned_at", "surfaces_at")) == stamps


def test_nothing_to_deal_or_nobody_is_refused_and_leaves_no_trace(team, campaign, agents, lead):
    with pytest.raises(Refused) as caught:
        deal(team, agents, lead)
    assert caught.value.code == "nothing_to_deal"
    make_task(campaign)
    with pytest.raises(Refused) as caught:
        deal(team, [], lead)
    assert caught.value.code == "nobody"
    assert not Distribution.objects.exists()


def test_agents_of_another_team_get_nothing(team, campaign, lead):
    make_task(campaign)
    with pytest.raises(Refused):
        deal(team, [make_agent(make_team())], lead)
    assert holders() == {None: 1}


def test_filters_narrow_what_is_dealt(team, campaign, agents, lead):
    province = make_region(code="CN-ZJ")
    city = make_region(parent=province, code="CN-ZJ-HZ")
    wanted = {"client": campaign.client, "team": team}
    inside = make_task(campaign, customer=make_customer(region=city, level="金卡", amount=500, **wanted))
    tried = make_task(campaign, customer=make_customer(region=city, level="金卡", amount=500, **wanted))
    Task.objects.filter(pk=tried.pk).update(attempts=1)
    make_task(campaign, customer=make_customer(region=city, amount=5, **wanted))
    make_task(campaign, customer=make_customer(level="金卡", amount=500, **wanted))
    make_task(make_campaign(team=team))
    narrowed = {
        "campaign": campaign,
        "region": province,
        "level": "金卡",
        "least": 100,
        "most": 500,
        "fresh": True,
        "due_until": NOW.date(),
        "kind": "callback",
        "nature": "individual",
    }
    deal(team, agents, lead, **narrowed)
    assert list(Task.objects.exclude(reserved_for=None)) == [inside]


def test_language_and_capability_come_from_the_skills(team, campaign, agents, lead):
    cantonese = Skill.objects.create(kind="language", code="yue", name="粤语")
    work = Skill.objects.create(kind="campaign", code=campaign.code, name=campaign.name)
    AgentSkill.objects.create(skill=cantonese, user=agents[1], level=4)
    for agent, level in zip(agents, (5, 3, 1), strict=True):
        AgentSkill.objects.create(skill=work, user=agent, level=level)
    customer = make_customer(client=campaign.client, team=team, language="yue")
    speaks = make_task(campaign, customer=customer)
    deal(team, agents, lead, way=rules.LANGUAGE)
    speaks.refresh_from_db()
    assert speaks.reserved_for == agents[1]
    made = deal(team, [agents[0]], lead, way=rules.CAPACITY, sources=(agents[1],))
    undo_distribution(distribution=made, by=lead, now=NOW)
    Task.objects.update(reserved_for=None, assigned_at=None)
    with pytest.raises(Refused):
        deal(team, [agents[0]], lead, way=rules.LANGUAGE)
    for _more in range(8):
        make_task(campaign)
    deal(team, agents, lead, way=rules.CAPABILITY, campaign=campaign)
    assert [holders()[agent.pk] for agent in agents] == [5, 3, 1]


def test_owner_is_who_spoke_with_the_customer_last(team, campaign, agents, lead):
    task = make_task(campaign)
    held = claim_next(agent=agents[2], now=NOW)
    call(held, agents[2], "NA")
    other = make_task(campaign)
    deal(team, agents, lead, way=rules.OWNER)
    task.refresh_from_db()
    other.refresh_from_db()
    assert task.reserved_for == agents[2]
    assert other.reserved_for not in (None, agents[2])


def test_assigned_task_stays_with_its_agent_after_a_failed_call(team, campaign, agents, lead):
    make_task(campaign)
    deal(team, agents[:1], lead)
    call(claim_next(agent=agents[0], now=NOW), agents[0], "NA")
    assert Task.objects.get().reserved_for == agents[0]


def test_preview_writes_nothing_and_shows_what_the_act_will_do(team, campaign, agents, lead):
    for _more in range(5):
        make_task(campaign)
    wanted = {"way": rules.EQUAL, "agents": [agent.pk for agent in agents], "seed": "5eed", "now": NOW}
    shown = plan(Selection(team=team), **wanted)
    assert holders() == {None: 5}
    deal(team, agents, lead)
    assert dict(Task.objects.values_list("pk", "reserved_for")) == shown.dealt
    assert {change.load.user.pk: change.after for change in shown.changes} == {
        agent.pk: holders()[agent.pk] for agent in agents
    }


@pytest.mark.parametrize("way", [rules.EQUAL, rules.OWNER, rules.CAPACITY])
def test_cost_does_not_grow_with_the_tasks(team, campaign, agents, lead, way):
    """The same statements for three tasks and for three hundred, to deal, to preview and to undo."""
    costs = []
    for wanted in (3, 300):
        have = Task.objects.count()
        one = make_task(campaign)
        rows = [
            Task(
                campaign=campaign,
                queue=one.queue,
                customer=one.customer,
                account=one.account,
                source=f"many:{wanted}:{number}",
                state="ready",
                due_at=NOW,
                created_at=NOW,
            )
            for number in range(wanted - 1)
        ]
        Task.objects.bulk_create(rows)
        assert Task.objects.count() == have + wanted
        with CaptureQueriesContext(connection) as queries:
            made = deal(team, agents, lead, way=way)
            undo_distribution(distribution=made, by=lead, now=NOW)
        assert made.count == have + wanted
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[0] < 45


def test_left_lying_surfaces_to_the_lead_once_a_day(team, campaign, agents, lead):
    lying, called = make_task(campaign), make_task(campaign)
    deal(team, agents[:1], lead)
    first = claim_next(agent=agents[0], now=NOW)
    call(first, agents[0], "NA")
    lying, called = (lying, called) if first.pk == called.pk else (called, lying)
    assert not assigned.untouched_tasks(lead, now=NOW + 6 * DAY)
    late = NOW + 7 * DAY
    assert list(assigned.untouched_tasks(lead, now=late)) == [lying]
    assert not assigned.untouched_tasks(make_user(Role.LEAD, team=make_team()), now=late)
    assert surface_untouched(now=late) == 1
    assert surface_untouched(now=late) == 1
    told = Notification.objects.get(recipient=lead)
    assert (told.params["count"], told.level) == (1, "warning")
    assert surface_untouched(now=late + DAY) == 1
    assert Notification.objects.filter(recipient=lead).count() == 2


def test_room_is_target_less_done_and_waiting(team, campaign, agents, lead):
    campaign.daily_target = 40
    campaign.save()
    for _more in range(3):
        make_task(campaign)
    deal(team, agents[:1], lead)
    call(claim_next(agent=agents[0], now=NOW), agents[0], "DONE")
    mark_absent(person=agents[1], day=NOW.date(), by=lead, now=NOW)
    found = {load.user: load for load in loads(team, campaign=None, now=NOW)}
    mine = found[agents[0]]
    assert (mine.target, mine.done, mine.waiting, mine.room) == (40, 1, 2, 37)
    assert found[agents[1]].absent


def test_what_somebody_left_behind_is_taken_back_and_they_get_nothing(team, campaign, agents, lead):
    left, here, _third = agents
    task = make_task(campaign)
    assign_tasks(Task.objects.filter(pk=task.pk), agent=left, by=lead, now=NOW)
    left.memberships.all().delete()
    assert [load.user for load in loads(team, campaign=None, now=NOW) if load.gone] == [left]
    with pytest.raises(Refused):
        deal(team, [left], lead, sources=(left,))
    deal(team, [here], lead, sources=(left,))
    assert holders() == {here.pk: 1}
    assert not any(load.gone for load in loads(team, campaign=None, now=NOW))
