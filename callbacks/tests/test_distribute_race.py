"""Redistribution beside claims on PostgreSQL, with real threads: work in progress is never touched (CAM-4)."""

import random
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection

from callbacks.actions import claim_next, distribute, release_quota, undo_distribution
from callbacks.actions.release_quotas import reclaim_quota
from callbacks.models import Assignment, Task, TaskStep
from callbacks.queries.distribution import Selection
from callbacks.rules import distribution as rules
from callbacks.states import HELD, TaskState
from callbacks.tests.make import NOW, make_agent, make_campaign, make_client, make_customer, make_team
from callbacks.tests.test_storm import make_floor, together
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from campaigns import actions as campaign_actions
from customers.tests.make import make_user

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
TASKS, CLAIMERS, LEADS = 1_200, 12, 3


@pytest.fixture(autouse=True)
def postgresql(settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    settings.REFERENCE_SECONDS = 60


def test_redistribution_never_touches_work_in_progress(capsys):
    """Leads deal the same team's tasks to and fro and undo it while its agents claim and finish them."""
    agents = make_floor(TASKS)[::2][:CLAIMERS]
    team = agents[0].memberships.get().team
    leads = [make_user(Role.LEAD, team=team) for _more in range(LEADS)]
    for agent in agents:
        agent.scope()
    numbers, over = [agent.pk for agent in agents], threading.Event()
    wrong, taken, acts = [], [], Counter()

    def claim(agent):
        """Hold each task for a moment: whatever is done meanwhile, it stays hers and as it was when she took it."""
        while (task := claim_next(agent=agent, now=NOW)) is not None:
            before = Task.objects.filter(pk=task.pk).values_list("reserved_for", "assigned_at", "token").get()
            if before[0] not in (None, agent.pk):
                wrong.append(("another's", task.pk, before))
            time.sleep(0.01)
            rows = Task.objects.filter(pk=task.pk, agent=agent, token=task.token, state=TaskState.CLAIMED)
            if rows.values_list("reserved_for", "assigned_at", "token").first() != before:
                wrong.append(("touched", task.pk, before))
            taken.append(task.pk)
            rows.update(state=TaskState.DONE, lease_until=None)
        over.set()

    def shuffle(lead):
        draw = random.Random(lead.pk)
        while not over.is_set():
            sources = tuple(draw.sample(agents, 4)) if draw.random() < 0.6 else ()
            way = draw.choice((rules.EQUAL, rules.CAPACITY, rules.POOL if sources else rules.OWNER))
            with suppress(Refused):
                made = distribute(
                    selection=Selection(team=team, sources=sources, at_most=draw.randrange(20, 300)),
                    way=way,
                    agents=draw.sample(numbers, 5),
                    seed=f"{draw.getrandbits(32):08x}",
                    key=uuid.uuid4(),
                    by=lead,
                    now=NOW,
                )
                acts[way] += made.count
                if draw.random() < 0.3:
                    with suppress(Conflict):
                        acts["undone"] += undo_distribution(distribution=made, by=lead, now=NOW)

    def work(person):
        return shuffle(person) if person in leads else claim(person)

    together(work, [*agents, *leads])
    while any(claim_next(agent=agent, now=NOW) for agent in agents):
        Task.objects.filter(state__in=HELD).update(state=TaskState.DONE, lease_until=None)
    with capsys.disabled():
        moves = sum(acts.values())
        print(f"\n{len(taken)} tasks claimed by {CLAIMERS} agents beside {moves} moves: {dict(acts)}")  # noqa: T201
    assert wrong == []
    assert sum(acts.values()) > 100
    assert [pk for pk, times in Counter(taken).items() if times > 1] == []
    left = Task.objects.filter(queue__team=team).exclude(state=TaskState.DONE)
    assert not left.exists()
    steps = TaskStep.objects.filter(case__queue__team=team, to_state=TaskState.CLAIMED)
    assert steps.count() == TASKS // 2
    # Every assignment has its line in the history, written while the task was in nobody's hands.
    assert not TaskStep.objects.filter(from_state__in=HELD, to_state__in=HELD).exists()
    assert Assignment.objects.filter(distribution__count=0).count() == 0


def test_two_clicks_on_the_same_preview_deal_once():
    agents = make_floor(40)[::2][:6]
    team = agents[0].memberships.get().team
    lead, key = make_user(Role.LEAD, team=team), uuid.uuid4()

    def click(_number):
        return distribute(
            selection=Selection(team=team),
            way=rules.EQUAL,
            agents=[agent.pk for agent in agents],
            seed="1",
            key=key,
            by=lead,
            now=NOW,
        ).pk

    assert len(set(together(click, range(8)))) == 1
    assert Assignment.objects.count() == 20


def test_quota_taken_back_beside_claims_leaves_what_is_in_hand():
    team, client = make_team(), make_client()
    campaign = make_campaign(team=team, client=client)
    for number in range(60):
        make_customer(client=client, team=team, phones=[f"+86137{number:08}"])
    plan = campaign_actions.create_quota_plan(campaign=campaign, team=team, name="Q", by=make_user(), now=NOW)
    campaign_actions.add_quota_line(plan=plan, wanted=60)
    campaign_actions.propose_quota(plan=plan, by=make_user(), now=NOW)
    campaign_actions.approve_quota(plan=plan, by=make_user(), now=NOW)
    release_quota(plan=plan, by=None, now=NOW)
    agents, manager = [make_agent(team) for _more in range(8)], make_user()
    for agent in agents:
        agent.scope()

    def work(person):
        if person is manager:
            return reclaim_quota(plan=plan, by=manager, now=NOW)
        return claim_next(agent=person, now=NOW)

    *claimed, ended = together(work, [*agents, manager])
    held = {task.pk for task in claimed if task}
    assert set(Task.objects.held().values_list("pk", flat=True)) == held
    cancelled = Task.objects.filter(state=TaskState.CANCELLED)
    assert cancelled.count() == ended
    assert ended + len(held) <= 60
    assert not cancelled.filter(agent__isnull=False).exists()
