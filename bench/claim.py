"""Handing out the next task against one raw statement, in the same run (reference: performance sections 1 and 7).

    python bench/claim.py            10,000 and 1,000,000 waiting tasks, 32 connections
    python bench/claim.py --small    2,000 and 20,000

Printed: the raw statement (one queue, no history, no permission), the product's claim (which queues the agent may work on,
six of them probed, lease, token, history row), and the whole ``claim_next`` (also the task with its customer, campaign and
account, and ``may_contact``).
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import database

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Shanghai
QUEUES = 6
AGENTS = 64
RAW = """UPDATE callbacks_task SET state = 'claimed', agent_id = %(agent)s, lease_until = %(until)s, token = token + 1
    WHERE id = (SELECT id FROM callbacks_task WHERE state = 'ready' AND reserved_for_id IS NULL AND queue_id = %(queue)s
    ORDER BY rank, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""


def fill(waiting, blocked=0):
    """Fresh tables: ``waiting`` ready tasks over six queues, and before them ``blocked`` planned ones outside their window."""
    from django.db import connection

    from callcenter.access import Role
    from campaigns.models import Campaign
    from customers.models import Client
    from people.models import Calendar, Membership, Team, Unit, User

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE callbacks_task, campaigns_account, customers_phone, customers_customer CASCADE"
        )
        if not Unit.objects.exists():
            unit = Unit.objects.create(name="bench", code="B")
            team = Team.objects.create(unit=unit, name="bench", code="B")
            client = Client.objects.create(name="bench", code="B")
            calendar = Calendar.objects.create(name="bench", is_default=True)
            for number in range(QUEUES):
                campaign = Campaign.objects.create(
                    client=client,
                    name=f"bench {number}",
                    code=f"B{number}",
                    kind="satisfaction",
                    state="running",
                    starts_on=NOW.date() - timedelta(days=30),
                    calendar=calendar,
                    created_at=NOW,
                )
                campaign.teams.add(team)
                campaign.queues.create(team=team)
            users = User.objects.bulk_create(
                User(username=f"agent{number}", full_name=f"Agent {number}", password="!")
                for number in range(AGENTS)
            )
            Membership.objects.bulk_create(
                Membership(user=user, role=Role.AGENT, team=team) for user in users
            )
    _multiply(waiting, blocked)
    with connection.cursor() as cursor:
        later = NOW + timedelta(hours=5)
        cursor.execute("UPDATE callbacks_task SET due_at = %s WHERE state = 'planned'", [later])
        cursor.execute("VACUUM ANALYZE")


def _multiply(waiting, blocked):
    from callbacks.models import Queue, Task
    from campaigns.models import Account
    from customers.models import Client, Customer, Phone
    from people.models import Team

    team, queue = Team.objects.get(), Queue.objects.order_by("id").first()
    fields = {
        "client": Client.objects.get(),
        "unit": team.unit,
        "team": team,
        "created_at": NOW,
        "updated_at": NOW,
    }
    first = Customer.objects.create(name="Customer", external_id="K", **fields)
    phone = Phone.objects.create(customer=first, number="+8613900000000", preferred=True)
    account = Account.objects.create(campaign=queue.campaign, customer=first, loaded_on=NOW.date())
    task = Task(
        campaign=queue.campaign, queue=queue, customer=first, account=account, source="bench", state="done"
    )
    task.due_at = task.created_at = NOW
    task.save()
    others = (
        f"(SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_customer WHERE id > {first.pk}) s"
    )
    database.multiply(first, "generate_series(1, %s) s(n)", [waiting + blocked], external_id="'K' || s.n")
    number = "'+86139' || lpad((s.id %% 100000000)::text, 8, '0')"
    database.multiply(phone, others, [], customer_id="s.id", number=number.replace("%%", "%"))
    of_queue = f"""(SELECT c.id, q.campaign_id FROM {others.removesuffix(" s")} c
        JOIN (SELECT campaign_id, row_number() OVER (ORDER BY id) AS n FROM callbacks_queue) q
        ON q.n = c.n % {QUEUES} + 1) s"""
    database.multiply(account, of_queue, [], customer_id="s.id", campaign_id="s.campaign_id")
    accounts = f"""(SELECT a.*, q.id AS queue_id, row_number() OVER (ORDER BY a.id) AS n FROM campaigns_account a
        JOIN callbacks_queue q USING (campaign_id) WHERE a.id > {account.pk}) s"""
    stopped = f"s.n <= {blocked}"
    database.multiply(
        task,
        accounts,
        [],
        campaign_id="s.campaign_id",
        queue_id="s.queue_id",
        customer_id="s.customer_id",
        account_id="s.id",
        source="'bench:' || s.id",
        state=f"CASE WHEN {stopped} THEN 'planned' ELSE 'ready' END",
        rank=f"CASE WHEN {stopped} THEN 0 ELSE 1000 + (s.n * 7919) % 100000 END",
        due_at="t.due_at - interval '1 day' + (s.n % 86400) * interval '1 second'",
        blocked_by=f"CASE WHEN {stopped} THEN '[\"rest_hours\"]'::jsonb ELSE '[]'::jsonb END",
    )


def agents():
    from people.models import User

    people = list(User.objects.filter(username__startswith="agent").order_by("id"))
    for agent in people:
        agent.scope()
    return people


def finished(task_id):
    """Out of the agent's hands again, outside the measured time."""
    from callbacks.models import Task

    Task.objects.filter(pk=task_id).update(state="done", lease_until=None)


def raw(agent, queue_id):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(RAW, {"agent": agent.pk, "queue": queue_id, "until": NOW + timedelta(seconds=90)})
        return cursor.fetchone()[0]


def ways():
    """The three ways, each a function of an agent that returns the id of the task it took."""
    from callbacks.actions import claim_next
    from callbacks.actions.claim import _take
    from callbacks.models import Queue

    first = Queue.objects.order_by("id").values_list("id", flat=True)[0]
    return {
        "raw statement": lambda agent: raw(agent, first),
        "claim: permitted queues, lease, history": lambda agent: _take(agent, NOW).pk,
        "claim_next: with may_contact and customer": lambda agent: claim_next(agent=agent, now=NOW).pk,
    }


def single(rounds):
    """Median milliseconds of each way on one connection, in turns so that a busy machine hurts all alike."""
    people, times = agents(), {}
    for _turn in range(5):
        for name, take in ways().items():
            for number in range(rounds // 5):
                began = time.perf_counter()
                task_id = take(people[number % len(people)])
                times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
                finished(task_id)
    return {name: statistics.median(found) for name, found in times.items()}


def _worker(name, seconds, start, counts):
    from django.db import connections

    connections.close_all()
    take, people = ways()[name], agents()
    share = people[os.getpid() % 2 :: 2]
    start.wait()
    done, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        agent = share[(os.getpid() * 7 + done) % len(share)]
        try:
            task_id = take(agent)
        except Exception:
            continue
        if task_id:
            finished(task_id)
            done += 1
    counts.put(done)


def crowd(connections, seconds):
    """Claims per second of each way with many connections, one process each (the finishing update counts for all)."""
    from django.db import connections as open_ones

    rates = {}
    for name in list(ways()):
        open_ones.close_all()
        start, counts = multiprocessing.Event(), multiprocessing.Queue()
        workers = [
            multiprocessing.Process(target=_worker, args=(name, seconds, start, counts))
            for _one in range(connections)
        ]
        for worker in workers:
            worker.start()
        time.sleep(2)
        start.set()
        total = sum(counts.get() for _worker_ in workers)
        for worker in workers:
            worker.join()
        rates[name] = total / seconds
    return rates


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", action="store_true", help="2,000 and 20,000 tasks, 8 connections")
    options.add_argument("--waiting", type=int, help="how many tasks wait in the large case")
    options.add_argument("--connections", type=int, default=32)
    given = options.parse_args()
    few, many, blocked = (2_000, 20_000, 4_000) if given.small else (10_000, 1_000_000, 40_000)
    many = given.waiting or many
    rounds, connections = (200, 8) if given.small else (500, given.connections)
    database.prepare("bench_claim")
    found = {}
    for title, waiting, stopped in (
        (f"{few:,} waiting", few, 0),
        (f"{few:,} waiting behind {blocked:,} blocked", few, blocked),
        (f"{many:,} waiting", many, 0),
    ):
        fill(waiting, stopped)
        found[title] = single(rounds)
        base = found[title]["raw statement"]
        print(title)
        for name, median in found[title].items():
            print(f"  {name:<42} {median:7.2f} ms   {median / base:5.2f} × raw")
    titles = list(found)
    for name in found[titles[0]]:
        flat = found[titles[2]][name] / found[titles[0]][name]
        passed = found[titles[1]][name] / found[titles[0]][name]
        print(f"{name:<42} {many:,} against {few:,}: {flat:4.2f} ×   blocked front: {passed:4.2f} ×")
    print(f"{connections} connections, {many:,} waiting")
    rates = crowd(connections, 3 if given.small else 8)
    for name, rate in rates.items():
        print(f"  {name:<42} {rate:7.0f} /s   {rate / rates['raw statement']:5.2f} × raw")


if __name__ == "__main__":
    main()
