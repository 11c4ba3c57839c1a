"""The archive's pages at 10,000 and at 1,000,000 customers (reference: performance section 7, last two lines).

    python bench/archive.py            10,000 and 1,000,000 customers
    python bench/archive.py --small    2,000 and 20,000

Printed per page: milliseconds at the 95th percentile and in the middle, and queries, of the whole request in this process
(session, scope, page); then how many times longer it takes in the large archive. The goals are 200 ms and 1.3 times; a missed
one makes the exit status 1.
"""

import argparse
import os
import random
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import database

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
GOAL_MS, GOAL_RATIO = 200, 1.3
TEAMS = 20
LIFE = 10_000
TURNS = 4
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
# The first surname is as frequent as all beyond the twelfth together, as in life.
WEIGHTS = [7.2, 7.1, 6.8, 5.4, 4.5, 3.1, 2.2, 2.1, 2.0, 1.9, 1.4, 1.2, *[0.8] * 20]
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志红梅晓东海燕子涵雨欣浩然思远佳怡文博小"
NAMES = 60_000


def prepare():
    """The organisation: a unit with twenty teams, a lead of the first, a manager of all."""
    from callcenter.access import Role
    from customers.models import Client
    from people.models import Calendar, Membership, Team, Unit, User

    unit = Unit.objects.create(name="bench", code="B")
    teams = [Team.objects.create(unit=unit, name=f"bench {n}", code=f"B{n}") for n in range(TEAMS)]
    Client.objects.create(name="bench", code="B")
    Calendar.objects.create(name="bench", is_default=True)
    for name, role, place in (
        ("lead", Role.LEAD, {"team": teams[0]}),
        ("manager", Role.MANAGER, {"unit": unit}),
    ):
        user = User.objects.create_user(username=name, password="just for the bench", full_name=name)
        Membership.objects.create(user=user, role=role, **place)


def fill(count):
    """Fresh tables with ``count`` customers, each with a number and the keys of one of sixty thousand names."""
    from django.db import connection

    from customers.models import Client, Customer, NameKey, Phone
    from customers.rules.names import name_keys
    from people.models import Team, Unit

    rng = random.Random(20_260_101)
    names = [
        rng.choices(SURNAMES, WEIGHTS)[0] + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))
        for _ in range(NAMES)
    ]
    first = Team.objects.order_by("id").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_namekey, customers_phone, customers_customer CASCADE")
        cursor.execute("DROP TABLE IF EXISTS bench_name, bench_key")
        cursor.execute("CREATE UNLOGGED TABLE bench_name (n int PRIMARY KEY, name text)")
        cursor.execute("CREATE UNLOGGED TABLE bench_key (name text, key text)")
        _copy(cursor, "bench_name (n, name)", enumerate(names))
        keys = ((name, key) for name in sorted(set(names)) for key in name_keys(name))
        _copy(cursor, "bench_key (name, key)", keys)
        cursor.execute("ANALYZE bench_name, bench_key")
    sample = Customer.objects.create(
        client=Client.objects.get(), unit=Unit.objects.get(), name="x", created_at=NOW, updated_at=NOW
    )
    rows = f"(SELECT i, b.name FROM generate_series(1, {count}) i JOIN bench_name b ON b.n = i * 7919::bigint % {NAMES}) s"
    database.multiply(
        sample,
        rows,
        external_id="'K' || s.i",
        name="s.name",
        # Scattered, so that the customers of a team do not lie side by side.
        team_id=f"{first} + (s.i * 48271::bigint % 2147483647 % {TEAMS})",
    )
    Customer.objects.filter(pk=sample.pk).delete()
    phone = Phone(customer_id=0, number="x", preferred=True)
    columns = [field for field in Phone._meta.concrete_fields if not field.primary_key]
    values = {"customer_id": "c.id", "number": "'+86138' || lpad(c.n::text, 8, '0')"}
    with connection.cursor() as cursor:
        listed = ", ".join(field.column for field in columns)
        chosen = ", ".join(
            values.get(field.column) or _literal(getattr(phone, field.attname)) for field in columns
        )
        cursor.execute(
            f"INSERT INTO customers_phone ({listed}) SELECT {chosen} "
            "FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_customer) c"
        )
        cursor.execute("DROP INDEX IF EXISTS name_key")
        cursor.execute(
            "INSERT INTO customers_namekey (customer_id, key) SELECT c.id, k.key FROM customers_customer c "
            "JOIN bench_key k ON k.name = c.name"
        )
        index = next(index for index in NameKey._meta.indexes if index.name == "name_key")
        with connection.schema_editor() as editor:
            editor.execute(index.create_sql(NameKey, editor))
        cursor.execute("VACUUM ANALYZE customers_namekey, customers_phone, customers_customer")


def _copy(cursor, target, rows):
    import csv
    import io

    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {target} FROM STDIN (FORMAT csv)", text)


def _literal(value):
    return "TRUE" if value is True else "FALSE" if value is False else f"'{value}'"


def live(count):
    """One customer of the first team with ``count`` entries: calls, consents, events, and what else there is."""
    from django.db import connection

    from callbacks.models import Call
    from campaigns.models import Account, Campaign, Disposition
    from customers.models import Client, Consent, Customer, ServiceEvent
    from people.models import Calendar, Team, User

    client, team = Client.objects.get(), Team.objects.order_by("id")[0]
    customer = Customer.objects.filter(team=team).order_by("id")[0]
    campaign, _made = Campaign.objects.get_or_create(
        code="B",
        defaults={
            "client": client,
            "name": "bench",
            "kind": "satisfaction",
            "state": "running",
            "starts_on": NOW.date(),
            "calendar": Calendar.objects.get(),
            "created_at": NOW,
        },
    )
    account = Account.objects.create(campaign=campaign, customer=customer, team=team, loaded_on=NOW.date())
    place = {"account": account, "campaign": campaign, "customer": customer, "team": team}
    call = Call.objects.create(
        **place,
        agent=User.objects.get(username="lead"),
        started_at=NOW,
        local_day=NOW.date(),
        disposition=Disposition.objects.get(code="NA"),
        source="pbx",
        external_id="b0",
        created_at=NOW,
    )
    consent = Consent.objects.create(
        customer=customer, channel="sms", purpose="sales", state="granted", source="bench", at=NOW
    )
    event = ServiceEvent.objects.create(
        client=client, customer=customer, kind="visit", occurred_at=NOW, external_id="b0", created_at=NOW
    )
    at = "t.{} + s.i * interval '1 minute'"
    database.multiply(
        call,
        f"generate_series(1, {count // 2}) s(i)",
        started_at=at.format("started_at"),
        external_id="'b' || s.i",
    )
    database.multiply(consent, f"generate_series(1, {count // 4}) s(i)", at=at.format("at"))
    database.multiply(
        event,
        f"generate_series(1, {count // 4}) s(i)",
        occurred_at=at.format("occurred_at"),
        external_id="'b' || s.i",
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE callbacks_call, customers_consent, customers_serviceevent")
    return customer.pk


def pages(who):
    """(what, address, data posted) of each page; searches take another name each time."""
    from customers.models import Customer
    from customers.rules.names import name_keys

    rng = random.Random(7)
    team = None if who == "manager" else 0
    rows = Customer.objects.order_by("id")
    if team is not None:
        rows = rows.filter(team__code="B0")
    some = list(rows.values_list("pk", "name", "external_id")[:2_000])
    rng.shuffle(some)

    def pinyin(name):
        return max((key for key in name_keys(name) if key.isascii()), key=len)

    def initials(name):
        return min((key for key in name_keys(name) if key.isascii() and len(key) >= len(name)), key=len)

    by_name = [name for _pk, name, _number in some]
    return {
        "list, first page": lambda n: ("/customers/", {}),
        "part of a name": lambda n: ("/customers/", {"q": by_name[n][1:]}),
        "whole name": lambda n: ("/customers/", {"q": by_name[n]}),
        "pinyin": lambda n: ("/customers/", {"q": pinyin(by_name[n])}),
        "pinyin of the surname": lambda n: ("/customers/", {"q": ("wang", "li", "zhang", "zeng")[n % 4]}),
        "initials": lambda n: ("/customers/", {"q": initials(by_name[n])}),
        "one letter": lambda n: ("/customers/", {"q": "wlxm"[n % 4]}),
        "nobody": lambda n: ("/customers/", {"q": "不存在"}),
        "customer number": lambda n: ("/customers/", {"q": some[n][2]}),
        "whole phone number": lambda n: ("/customers/", f"138{(n + 1) * 7:08}"),
        "detail": lambda n: (f"/customers/{some[n][0]}/", {}),
        "timeline": lambda n: (f"/customers/{some[n][0]}/timeline/", {}),
    }


def life(pk):
    """The timeline of somebody with ten thousand entries: first page, a page far back, one kind."""
    back = "2026-03-05T02:00:00+00:00~customers.event~1"
    url = f"/customers/{pk}/timeline/"
    return {
        f"timeline of {LIFE:,} entries": lambda n: (url, {}),
        "  far back": lambda n: (url, {"before": back}),
        "  one kind": lambda n: (url, {"kind": ("call", "consent", "event")[n % 3]}),
    }


@contextmanager
def archive(name):
    """Everything inside asks the database of that name."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    connection.close()


def ask(browser, page, number):
    """The milliseconds of one request."""
    address, data = page(number)
    began = time.perf_counter()
    answer = browser.post(address, {"number": data}) if isinstance(data, str) else browser.get(address, data)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return took


def measure(who, asked, rounds):
    """Ask each page of both archives, in turns so that a busy machine hurts both alike; returns how many missed a goal."""
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    from people.models import User

    browsers = {}
    for name in asked:
        with archive(name):
            browsers[name] = Browser(SERVER_NAME="localhost")
            browsers[name].force_login(User.objects.get(username=who))
    missed = 0
    for title in next(iter(asked.values())):
        times, queries = {name: [] for name in asked}, 0
        for turn in range(TURNS):
            for name, pages_there in asked.items():
                with archive(name):
                    for number in range(turn * rounds // TURNS - 2, (turn + 1) * rounds // TURNS):
                        took = ask(browsers[name], pages_there[title], max(number, 0))
                        # The first two of a turn open the connection.
                        if number >= turn * rounds // TURNS:
                            times[name].append(took)
                    if turn == 0:
                        with CaptureQueriesContext(connection) as seen:
                            ask(browsers[name], pages_there[title], 1)
                        queries = max(queries, len(seen))
        missed += told(f"{who}: {title}", *times.values(), queries)
    return missed


def told(title, small, large, queries):
    """Print one page's figures; returns whether a goal was missed."""
    # The middle of many requests is steadier than their tail; the tail has its own goal.
    ratio = statistics.median(large) / statistics.median(small)
    missed = at(large, 0.95) > GOAL_MS or ratio > GOAL_RATIO
    print(
        f"{title:<38} {at(small, 0.95):7.1f} ms {at(large, 0.95):7.1f} ms {statistics.median(large):5.1f} ms "
        f"{queries:>8} {ratio:6.2f}{'  missed' if missed else ''}",
        flush=True,
    )
    return missed


def at(times, share):
    return sorted(times)[int(len(times) * share)]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--small", action="store_true", help="2,000 and 20,000 customers")
    options.add_argument("--rounds", type=int, default=60)
    given = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "callcenter.settings_test"
    few = database.prepare("bench_archive")
    from django.conf import settings

    settings.REFERENCE_SECONDS = 5
    many = f"{few}_many"
    prepare()
    lives = {}
    for name, size in zip((few, many), (2_000, 20_000) if given.small else (10_000, 1_000_000), strict=True):
        began = time.perf_counter()
        if name == many:
            database.copy(few, many)
        with archive(name):
            fill(size)
            lives[name] = life(live(LIFE))
        print(f"{size:,} customers, filled in {time.perf_counter() - began:.0f} s", flush=True)
    print(f"{'page':<38} {'small p95':>10} {'large p95':>10} {'median':>8} {'queries':>8} {'ratio':>6}")
    missed = 0
    for who in ("lead", "manager"):
        asked = {}
        for name in lives:
            with archive(name):
                asked[name] = pages(who)
        missed += measure(who, asked, given.rounds)
    missed += measure("lead", lives, given.rounds)
    print(f"goals: {GOAL_MS} ms at p95, {GOAL_RATIO} times; {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
