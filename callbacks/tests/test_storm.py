"""Many agents at once on PostgreSQL (R-02, R-03): nothing handed out twice, nothing left, no stale page saves.

Real processes and threads, each with a connection of its own; the sizes are those of the promise, smaller with
``STORM=small`` in the environment.
"""

import os
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from callbacks.actions import begin_call, claim_next, finish_call, return_expired, save_draft
from callbacks.models import Call, Draft, Queue, Task, TaskStep
from callbacks.states import TaskState
from callbacks.tests.make import NOW, disposition, make_agent, make_campaign, make_client, make_team
from callcenter.errors import Conflict
from campaigns.models import Account
from customers.models import Customer, Phone

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
SMALL = os.environ.get("STORM") == "small"
AGENTS, TASKS, LEASED = (16, 1_000, 200) if SMALL else (64, 20_000, 2_000)


@pytest.fixture(autouse=True)
def postgresql(settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")
    settings.REFERENCE_SECONDS = 60


def make_floor(tasks):
    """Agents of two teams, two campaigns, and so many ready tasks, each of a customer of its own."""
    teams, client = [make_team(), make_team()], make_client()
    campaigns = [make_campaign(team=team, client=client) for team in teams]
    agents = [make_agent(teams[number % 2], username=f"storm{number}") for number in range(AGENTS)]
    customers = Customer.objects.bulk_create(
        Customer(
            client=client,
            unit=teams[0].unit,
            name=f"客户{number}",
            external_id=f"S{number}",
            created_at=NOW,
            updated_at=NOW,
        )
        for number in range(tasks)
    )
    Phone.objects.bulk_create(
        Phone(customer=customer, number=f"+86139{number:08}", preferred=True)
        for number, customer in enumerate(customers)
    )
    queues = [
        Queue.objects.create(campaign=campaign, team=team)
        for campaign, team in zip(campaigns, teams, strict=True)
    ]
    accounts = Account.objects.bulk_create(
        Account(campaign=campaigns[number % 2], customer=customer, loaded_on=NOW.date())
        for number, customer in enumerate(customers)
    )
    Task.objects.bulk_create(
        Task(
            campaign=account.campaign,
            queue=queues[number % 2],
            customer=account.customer,
            account=account,
            source=f"storm:{number}",
            state=TaskState.READY,
            rank=random.Random(number).randrange(1_000),
            due_at=NOW,
            created_at=NOW,
        )
        for number, account in enumerate(accounts)
    )
    return agents


def together(work, people):
    """Run ``work(person)`` for everybody at once; returns the results."""
    barrier = threading.Barrier(len(people))

    def one(person):
        barrier.wait()
        try:
            return work(person)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


def test_storm_of_claims_hands_out_every_task_once(capsys):
    agents = make_floor(TASKS)
    for agent in agents:
        agent.scope()
    began = time.perf_counter()

    def work(agent):
        taken, waits = [], []
        while True:
            asked = time.perf_counter()
            task = claim_next(agent=agent, now=NOW)
            waits.append(time.perf_counter() - asked)
            if task is None:
                return taken, waits
            taken.append(task.pk)
            Task.objects.filter(pk=task.pk, agent=agent, token=task.token).update(
                state="done", lease_until=None
            )

    found = together(work, agents)
    seconds = time.perf_counter() - began
    ledger = Counter(pk for taken, _waits in found for pk in taken)
    waits = sorted(wait for _taken, waits in found for wait in waits)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{AGENTS} agents, {TASKS:,} tasks: {TASKS / seconds:,.0f} claims/s, "
            f"p95 {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, {seconds:.1f} s"
        )
    assert [pk for pk, times in ledger.items() if times > 1] == []
    assert len(ledger) == TASKS
    assert not Task.objects.filter(state=TaskState.READY).exists()
    assert TaskStep.objects.filter(to_state="claimed").count() == TASKS


def test_one_agent_clicking_many_times_holds_one_task():
    agent = make_floor(20)[0]
    found = together(lambda _click: claim_next(agent=agent, now=NOW), range(12))
    assert len({task.pk for task in found if task}) == 1
    assert Task.objects.held().count() == 1


def test_dead_browsers_lose_nothing_and_stale_pages_save_nothing(capsys):
    agents = make_floor(LEASED)
    done, call = disposition("DONE"), disposition("DONE").pk
    clock, lock, stale = [NOW], threading.Lock(), []
    accepted, refused = [], []

    def finish(agent, task, now):
        phone = Phone.objects.get(customer_id=task.customer_id)
        begin_call(task_id=task.pk, agent=agent, token=task.token, phone_id=phone.pk, now=now)
        return save(agent, task, now)

    def save(agent, task, now):
        return finish_call(
            task_id=task.pk,
            agent=agent,
            token=task.token,
            client_uuid=uuid.uuid4(),
            disposition=done,
            now=now,
        )

    def work(agent):
        dice = random.Random(agent.pk)
        idle = 0
        while idle < 25:
            with lock:
                clock[0] += timedelta(milliseconds=5)
                now = clock[0]
            task = claim_next(agent=agent, now=now)
            if task is None:
                return_expired(now=now)
                idle += 1
                time.sleep(0.02)
                continue
            idle = 0
            save_draft(
                task_id=task.pk, agent=agent, token=task.token, content={"note": f"{agent.pk}"}, now=now
            )
            if dice.random() < 0.2:
                # The browser dies: nothing more is heard; its lease is made to run out now.
                Task.objects.filter(pk=task.pk, token=task.token).update(
                    lease_until=now - timedelta(seconds=1)
                )
                stale.append((agent, task))
                return_expired(now=now)
                continue
            try:
                finish(agent, task, now)
            except Conflict:
                continue

    together(work, agents)
    for agent, task in stale:
        current = Task.objects.get(pk=task.pk)
        if current.token == task.token and current.state in ("claimed", "in_call", "wrap_up"):
            continue
        try:
            save(agent, task, clock[0])
            accepted.append(task.pk)
        except Conflict as conflict:
            refused.append(conflict.code)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{LEASED:,} tasks, {len(stale)} dead browsers: {len(refused)} stale saves refused, {len(accepted)} accepted"
        )
    per_task = Counter(Call.objects.filter(disposition=call).values_list("task_id", flat=True))
    assert accepted == []
    assert set(refused) == {"lease_lost"}
    assert len(stale) > LEASED * 0.1
    assert Task.objects.filter(state=TaskState.DONE).count() == LEASED
    assert (len(per_task), max(per_task.values())) == (LEASED, 1)


def test_typed_text_survives_the_death_of_a_browser():
    agents = make_floor(2)
    task = claim_next(agent=agents[0], now=NOW)
    save_draft(task_id=task.pk, agent=agents[0], token=task.token, content={"note": "客户要求下午"}, now=NOW)
    later = NOW + timedelta(seconds=95)
    assert return_expired(now=later) == 1
    colleague = agents[2]
    again = claim_next(agent=colleague, now=later)
    assert (again.pk, Draft.objects.get(task=again).content) == (task.pk, {"note": "客户要求下午"})
