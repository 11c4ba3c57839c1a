"""Rolling up one day out of many calls, against the same GROUP BY in raw SQL, in the same run.

python bench/rollup.py [--calls 1000000] [--days 32] [--runs 5]
"""

import argparse
import statistics
import time

import database

RAW = """
    SELECT c.campaign_id, c.team_id, c.agent_id, COUNT(*), SUM(c.attempts) FILTER (WHERE d.attempt),
        COUNT(DISTINCT c.customer_id), COUNT(*) FILTER (WHERE d.connected), COUNT(*) FILTER (WHERE d.reached),
        COUNT(*) FILTER (WHERE d.completed), COUNT(*) FILTER (WHERE d.refused), COUNT(*) FILTER (WHERE d.sold),
        COUNT(*) FILTER (WHERE d.useless), SUM(c.prep_seconds), SUM(c.ring_seconds), SUM(c.talk_seconds),
        SUM(c.hold_seconds), SUM(c.wrap_seconds),
        SUM(c.talk_seconds + c.hold_seconds + c.wrap_seconds) FILTER (WHERE d.connected),
        SUM(c.talk_seconds) FILTER (WHERE d.completed),
        COUNT(*) FILTER (WHERE d.completed AND c.talk_seconds > g.guide_seconds)
    FROM callbacks_call c JOIN campaigns_disposition d ON d.id = c.disposition_id
        JOIN campaigns_campaign g ON g.id = c.campaign_id
    WHERE c.local_day = %s AND NOT c.superseded AND NOT c.test
    GROUP BY c.campaign_id, c.team_id, c.agent_id
"""
INSERT = """
    INSERT INTO callbacks_call (account_id, campaign_id, customer_id, team_id, agent_id, number, line, started_at,
        local_day, prep_seconds, ring_seconds, talk_seconds, hold_seconds, wrap_seconds, attempts, disposition_id, note,
        hung_up_by, source, external_id, superseded, correction_reason, test, created_at)
    SELECT accounts[1 + s %% 1000], campaign, customers[1 + s %% 1000], team, agents[1 + s %% 100], '', '',
        %(start)s::timestamptz + make_interval(days => (s * %(days)s / %(calls)s)::int) + make_interval(secs => s %% 28800),
        %(first)s::date + (s * %(days)s / %(calls)s)::int, 5, 12, (s %% 7) * 20, 0, 8, 1,
        dispositions[1 + s %% array_length(dispositions, 1)], '', '', 'import', 'bench-' || s, FALSE, '', FALSE, now()
    FROM generate_series(0, %(calls)s - 1) s,
        (SELECT array_agg(id ORDER BY id) accounts, array_agg(customer_id ORDER BY id) customers, min(campaign_id) campaign,
            min(team_id) team FROM campaigns_account) a,
        (SELECT array_agg(id ORDER BY id) agents FROM people_user) u,
        (SELECT array_agg(id ORDER BY id) dispositions FROM campaigns_disposition WHERE NOT system) d
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=32)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    database.prepare("bench_rollup")
    day = fill(options.calls, options.days)
    from django.db import connection
    from django.utils import timezone

    from reports.actions import roll_up

    def raw():
        with connection.cursor() as cursor:
            cursor.execute(RAW, [day])
            return len(cursor.fetchall())

    rows = raw()
    assert roll_up(days=[day], now=timezone.now()) == rows
    limit = median(raw, options.runs)
    ours = median(lambda: roll_up(days=[day], now=timezone.now()), options.runs)
    from callbacks.models import Call

    calls = Call.objects.filter(local_day=day).count()
    print(f"rollup of one day: {calls:,} calls of {options.calls:,}, {rows} rows written")
    print(f"  raw GROUP BY {limit * 1000:.1f} ms · roll_up with delete and insert {ours * 1000:.1f} ms")
    print(f"  ratio {ours / limit:.2f} (goal ≤ 1.5)")


def median(work, runs):
    times = []
    for _run in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def fill(calls, days):
    """1,000 accounts of one campaign, 100 agents, ``calls`` calls spread evenly over ``days``; returns a middle day."""
    from datetime import UTC, date, datetime, timedelta

    from django.db import connection

    from campaigns.models import Account
    from customers.tests.make import make_customer
    from people.models import User
    from qa.tests.make import make_campaign, make_team

    first = date(2026, 1, 1)
    team = make_team()
    campaign = make_campaign(team=team)
    User.objects.bulk_create(User(username=f"bench{n}", full_name=f"bench {n}") for n in range(100))
    for number in range(1_000):
        customer = make_customer(client=campaign.client, team=team, phones=[f"+8613{number:09}"])
        Account.objects.create(campaign=campaign, customer=customer, team=team, loaded_on=first)
    start = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, {"calls": calls, "days": days, "start": start, "first": first})
        cursor.execute("ANALYZE")
    return first + timedelta(days=days // 2)


if __name__ == "__main__":
    main()
