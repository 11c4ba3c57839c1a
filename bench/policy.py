"""Tasks from a policy against the same raw ``INSERT … SELECT``, in the same run (reference: performance sections 3 and 7).

    python bench/policy.py            1,000,000 customers with an event each, a tenth of them drawn: 100,000 tasks
    python bench/policy.py --small    50,000 customers, 5,000 tasks

The raw way draws by the same seeded md5 per region and inserts the same accounts and tasks, but asks nothing: no filters,
no do-not-call list, no windows per day, no earlier draws.
"""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import database

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
REGIONS = 8
DRAWN = """
    SELECT e.id, e.customer_id, e.occurred_at FROM customers_serviceevent e JOIN (
        SELECT customer_id, row_number() OVER (PARTITION BY region_id ORDER BY md5(%(seed)s || ':' || customer_id)) AS place,
            count(*) OVER (PARTITION BY region_id) AS population
        FROM (SELECT DISTINCT e.customer_id, c.region_id FROM customers_serviceevent e
            JOIN customers_customer c ON c.id = e.customer_id
            WHERE e.client_id = %(client)s AND e.kind = 'claim_settled' AND e.occurred_at <= %(now)s) people
    ) placed ON placed.customer_id = e.customer_id AND place <= ceil(population / 10.0)
    WHERE e.client_id = %(client)s AND e.kind = 'claim_settled' AND e.occurred_at <= %(now)s"""
RAW = f"""WITH drawn AS MATERIALIZED ({DRAWN}), accounts AS (
        INSERT INTO campaigns_account (campaign_id, customer_id, team_id, loaded_on, attempts, useless_code)
        SELECT DISTINCT %(campaign)s, customer_id, %(team)s, %(now)s::date, 0, '' FROM drawn RETURNING id, customer_id
    ) INSERT INTO callbacks_task (campaign_id, queue_id, customer_id, account_id, kind, reason, channel, source,
        policy_id, state, priority, rank, due_at, deadline, appointment, token, dialled_number, attempts, hold, blocked_by,
        created_at)
    SELECT %(campaign)s, %(queue)s, a.customer_id, a.id, 'callback', '', 'phone', 'policy:1:event:' || drawn.id, %(policy)s,
        'planned', 5, 615301472, drawn.occurred_at, drawn.occurred_at + interval '14 days', false, 0, '', 0, '', '[]', %(now)s
    FROM drawn JOIN accounts a ON a.customer_id = drawn.customer_id"""


def fill(customers):
    """Customers over eight regions, one event each within the last ten days, and a policy that draws a tenth."""
    from django.db import connection

    from campaigns.models import Campaign, Policy
    from customers.models import Client, Customer, Phone, Region, ServiceEvent
    from people.models import Calendar, Team, Unit

    unit = Unit.objects.create(name="bench", code="B")
    team, client = (
        Team.objects.create(unit=unit, name="bench", code="B"),
        Client.objects.create(name="bench", code="B"),
    )
    regions = [Region.objects.create(name=f"R{number}", code=f"R{number}") for number in range(REGIONS)]
    fields = {"client": client, "unit": unit, "team": team, "created_at": NOW, "updated_at": NOW}
    first = Customer.objects.create(name="Customer", external_id="K", region=regions[0], **fields)
    phone = Phone.objects.create(customer=first, number="+8613900000000", preferred=True)
    event = ServiceEvent.objects.create(
        client=client, customer=first, kind="other", occurred_at=NOW, external_id="E", created_at=NOW
    )
    low = regions[0].pk
    database.multiply(
        first,
        "generate_series(1, %s) s(n)",
        [customers],
        external_id="'K' || s.n",
        region_id=f"{low} + s.n %% {REGIONS}",
    )
    others = f"(SELECT id FROM customers_customer WHERE id > {first.pk}) s"
    database.multiply(
        phone, others, customer_id="s.id", number="'+86139' || lpad((s.id % 100000000)::text, 8, '0')"
    )
    database.multiply(
        event,
        others,
        customer_id="s.id",
        kind="'claim_settled'",
        external_id="'E' || s.id",
        occurred_at="t.occurred_at - interval '1 hour' - (s.id % 864000) * interval '1 second'",
    )
    calendar = Calendar.objects.create(name="bench", is_default=True)
    campaign = Campaign.objects.create(
        client=client,
        name="bench",
        code="B",
        kind="satisfaction",
        state="running",
        starts_on=NOW.date() - timedelta(days=60),
        calendar=calendar,
        created_at=NOW,
    )
    campaign.teams.add(team)
    campaign.queues.create(team=team)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Policy.objects.create(
        campaign=campaign,
        name="bench",
        event_kind="claim_settled",
        seed="2026",
        coverage_percent=10,
        window=14,
    )


def empty():
    from django.db import connection

    from campaigns.models import Policy

    Policy.objects.update(applied_through=None)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE callbacks_task, campaigns_account CASCADE")


def raw(policy):
    from django.db import connection, transaction

    campaign = policy.campaign
    values = {
        "seed": policy.seed,
        "client": campaign.client_id,
        "campaign": campaign.pk,
        "team": campaign.teams.get().pk,
        "queue": campaign.queues.get().pk,
        "policy": policy.pk,
        "now": NOW,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW, values)
        return cursor.rowcount


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", action="store_true", help="50,000 customers")
    options.add_argument("--customers", type=int)
    given = options.parse_args()
    customers = given.customers or (50_000 if given.small else 1_000_000)
    database.prepare("bench_policy")
    from callbacks.actions import apply_policy

    policy = fill(customers)
    times = {"raw": [], "product": []}
    for _turn in range(3):
        for name, work in (
            ("raw", lambda: raw(policy)),
            ("product", lambda: apply_policy(policy=policy, now=NOW).created),
        ):
            empty()
            began = time.perf_counter()
            created = work()
            times[name].append(time.perf_counter() - began)
    began = time.perf_counter()
    again = apply_policy(policy=policy, now=NOW).created
    repeat = time.perf_counter() - began
    limit, ours = statistics.median(times["raw"]), statistics.median(times["product"])
    print(f"{customers:,} customers, {created:,} tasks")
    print(f"  raw INSERT … SELECT   {limit:6.2f} s")
    print(f"  apply_policy          {ours:6.2f} s   {ours / limit:4.2f} × raw")
    print(f"  applied again         {repeat:6.2f} s   {again} new")


if __name__ == "__main__":
    main()
