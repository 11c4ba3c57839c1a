"""Counting a segment against the same SQL written by hand, in the same run (reference: performance section 7, CUS-5).

    python bench/segments.py            1,000,000 customers, 750,000 contacts, 500,000 events, 200,000 responses
    python bench/segments.py --small    50,000 customers

The product counts through a saved segment in the scope of an administrator (all customers) and of a team's lead (a tenth of
them): conditions read from JSON, scope, restriction, one COUNT. The raw statement is what somebody who knows the tables would
type, with the same indexes. Goals: at most 1.5 times the raw statement, and 200 ms at the 95th percentile.
"""

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import database

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
REGIONS, TEAMS = 40, 10
TURNS = 15
AGO = {days: NOW - timedelta(days=days) for days in (7, 30, 90)}

# Name, conditions (match of the one group), and the raw WHERE over customers c.
REGION = {"kind": "region", "op": "in", "value": "P1"}
CASES = [
    ("region with those below it", "all", [REGION], "c.region_id = ANY(%(below)s)"),
    (
        "region, level and amount",
        "all",
        [
            REGION,
            {"kind": "level", "op": "one_of", "values": ["gold", "silver"]},
            {"kind": "amount", "low": "500000"},
        ],
        "c.region_id = ANY(%(below)s) AND c.level IN ('gold', 'silver') AND c.amount >= 500000",
    ),
    (
        "key customers or large amounts",
        "any",
        [{"kind": "key_customer", "op": "yes"}, {"kind": "amount", "low": "900000"}],
        "(c.key_customer OR c.amount >= 900000)",
    ),
    (
        "event within 30 days",
        "all",
        [{"kind": "event", "event": "claim", "op": "within", "days": 30}],
        """EXISTS (SELECT 1 FROM customers_serviceevent e WHERE e.customer_id = c.id AND e.kind = 'claim'
            AND e.occurred_at BETWEEN %(ago30)s AND %(now)s)""",
    ),
    (
        "not contacted within 7 days",
        "all",
        [{"kind": "contact", "op": "not_within", "days": 7}],
        "NOT EXISTS (SELECT 1 FROM customers_contact x WHERE x.customer_id = c.id AND x.at >= %(ago7)s)",
    ),
    (
        "region, event, no contact for 30 days",
        "all",
        [
            REGION,
            {"kind": "event", "event": "claim", "op": "within", "days": 90},
            {"kind": "contact", "op": "not_within", "days": 30},
        ],
        """c.region_id = ANY(%(below)s) AND EXISTS (SELECT 1 FROM customers_serviceevent e WHERE e.customer_id = c.id
            AND e.kind = 'claim' AND e.occurred_at BETWEEN %(ago90)s AND %(now)s)
            AND NOT EXISTS (SELECT 1 FROM customers_contact x WHERE x.customer_id = c.id AND x.at >= %(ago30)s)""",
    ),
    (
        "latest score at most 2",
        "all",
        [{"kind": "score", "question": "B", "which": "latest", "op": "at_most", "value": "2"}],
        """c.id IN (SELECT r.customer_id FROM surveys_answer a JOIN surveys_response r ON r.id = a.response_id
            WHERE a.item_id = %(item)s AND a.latest AND a.number <= 2)""",
    ),
    (
        "never contacted",
        "all",
        [{"kind": "contact", "op": "never"}],
        "c.first_contact_at IS NULL",
    ),
]


def fill(customers):
    """Customers over regions, levels and teams; contacts, events and answers over the last year."""
    from django.db import connection

    from customers.models import Client, Contact, Customer, Region, ServiceEvent
    from people.models import Membership, Team, Unit, User
    from surveys.models import Answer, Item, Question, Questionnaire, QuestionnaireVersion, Response

    unit = Unit.objects.create(name="bench", code="B")
    teams = [Team.objects.create(unit=unit, name=f"T{n}", code=f"T{n}") for n in range(TEAMS)]
    client = Client.objects.create(name="bench", code="B")
    top = Region.objects.create(name="top", code="TOP")
    provinces = [Region.objects.create(name=f"P{n}", code=f"P{n}", parent=top) for n in range(4)]
    cities = [
        Region.objects.create(name=f"C{n}", code=f"C{n}", parent=provinces[n % 4]) for n in range(REGIONS)
    ]
    fields = {"client": client, "unit": unit, "team": teams[0], "created_at": NOW, "updated_at": NOW}
    first = Customer.objects.create(
        name="Customer", external_id="K", region=cities[0], address="1 Long Street, Some City", **fields
    )
    contact = Contact.objects.create(customer=first, channel="phone", purpose="service", at=NOW)
    event = ServiceEvent.objects.create(
        client=client, customer=first, kind="other", occurred_at=NOW, external_id="E", created_at=NOW
    )
    question = Question.objects.create(code="B", kind="scale5", text={"en": "?"})
    form = Questionnaire.objects.create(name="bench", code="B")
    version = QuestionnaireVersion.objects.create(questionnaire=form, number=1, created_at=NOW)
    item = Item.objects.create(version=version, position=1, question=question)
    response = Response.objects.create(
        version=version,
        customer=first,
        channel="phone",
        client_uuid="0" * 32,
        submitted_at=NOW,
        complete=True,
    )
    answer = Answer.objects.create(response=response, item=item, values=["1"], number=1)
    database.multiply(
        first,
        "generate_series(1, %s) s(n)",
        [customers],
        external_id="'K' || s.n",
        region_id=f"{cities[0].pk} + s.n %% {REGIONS}",
        team_id=f"{teams[0].pk} + (s.n / 7) %% {TEAMS}",
        level="(ARRAY['', 'plain', 'silver', 'gold'])[1 + (s.n / 3) %% 4]",
        key_customer="s.n %% 20 = 0",
        amount="(s.n::bigint * 7919) %% 1000000",
    )
    some = f"(SELECT {first.pk} + 1 + (n::bigint * 104729) %% {customers} AS id, n FROM generate_series(1, %s) g(n)) s"
    spread = "t.{0} - (s.n %% 365) * interval '1 day' - interval '1 minute'"
    database.multiply(contact, some, [customers * 3 // 4], customer_id="s.id", at=spread.format("at"))
    database.multiply(
        event,
        some,
        [customers // 2],
        customer_id="s.id",
        kind="(ARRAY['claim', 'repair', 'renewal'])[1 + s.n %% 3]",
        external_id="'E' || s.n",
        occurred_at=spread.format("occurred_at"),
    )
    database.multiply(
        response,
        some,
        [customers // 5],
        customer_id="s.id",
        client_uuid="gen_random_uuid()",
        submitted_at=spread.format("submitted_at"),
    )
    database.multiply(
        answer,
        f"(SELECT id FROM surveys_response WHERE id > {response.pk}) s",
        response_id="s.id",
        number="1 + s.id % 5",
    )
    with connection.cursor() as cursor:
        cursor.execute(import_module("customers.migrations.0012_first_contact").OLDEST)
        cursor.execute(import_module("surveys.migrations.0004_latest_answer").NEWEST)
        # The second one notes what is visible to all, as autovacuum would: a rewritten table has lost it.
        cursor.execute("VACUUM FULL")
        cursor.execute("VACUUM ANALYZE")
    people = {"all customers": User.objects.create_user("admin", full_name="admin", is_superuser=True)}
    people["a tenth"] = User.objects.create_user("lead", full_name="lead")
    Membership.objects.create(user=people["a tenth"], role="lead", team=teams[1])
    below = [provinces[1].pk, *[city.pk for city in cities if city.parent_id == provinces[1].pk]]
    values = {"below": below, "now": NOW, "item": item.pk, "team": teams[1].pk}
    return people, values | {f"ago{days}": at for days, at in AGO.items()}


def raw(where, scope, values):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM customers_customer c WHERE c.restriction = '' AND {where}{scope}", values
        )
        return cursor.fetchone()[0]


def timed(work):
    began = time.perf_counter()
    found = work()
    return found, (time.perf_counter() - began) * 1000


def p95(times):
    return sorted(times)[int(len(times) * 0.95)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", action="store_true", help="50,000 customers")
    options.add_argument("--customers", type=int)
    given = options.parse_args()
    customers = given.customers or (50_000 if given.small else 1_000_000)
    database.prepare("bench_segments")
    from customers.models import Customer, Segment
    from customers.queries.segments import Run, selected

    people, values = fill(customers)
    print(f"{customers:,} customers; milliseconds, median and 95th percentile of {TURNS}")
    worst = 0.0
    for whose, user in people.items():
        scope = "" if user.is_superuser else " AND c.team_id = %(team)s"
        user.scope()
        print(f"\n{whose:40} {'customers':>10} {'raw':>8} {'ours':>8} {'p95':>8} {'ratio':>6}")
        for name, match, conditions, where in CASES:
            segment = Segment(definition={"groups": [{"match": match, "conditions": conditions}]})

            def ours(segment=segment, user=user):
                return selected(segment, Run(NOW, user), Customer.objects.visible_to(user)).count()

            def limit(where=where, scope=scope):
                return raw(where, scope, values)

            times = {"ours": [], "raw": []}
            for _turn in range(TURNS):
                for key, work in (("raw", limit), ("ours", ours)):
                    found, spent = timed(work)
                    times[key].append(spent)
                    if key == "raw":
                        expected = found
                assert found == expected, (name, found, expected)
            median = {key: statistics.median(one) for key, one in times.items()}
            ratio = median["ours"] / median["raw"]
            worst = max(worst, ratio)
            print(
                f"  {name:38} {found:10,} {median['raw']:8.1f} {median['ours']:8.1f} {p95(times['ours']):8.1f} {ratio:6.2f}"
            )
    print(f"\nworst ratio {worst:.2f}")


if __name__ == "__main__":
    main()
