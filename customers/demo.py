"""The demo's archive: two clients, regions with their calling hours, some 200 customers, and claims settled around now."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from callcenter.workdays import local_day
from customers.actions import block, create_segment, find_duplicates, read_names
from customers.models import (
    CallingWindow,
    Channel,
    Client,
    Consent,
    ContactRule,
    Customer,
    CustomField,
    Phone,
    Purpose,
    Region,
    Segment,
    ServiceEvent,
)
from customers.queries.segments.registry import shapes
from customers.rules.segments import read_definition
from people.models import Team, User

CLIENTS = [
    ("AXRS", "安心人寿", ["name", "phone", "level", "region"]),
    ("XHDX", "星河电信", ["name", "phone"]),
]
REGIONS = [
    ("CN", "中国", None),
    ("CN-ZJ", "浙江", "CN"),
    ("CN-ZJ-HZ", "杭州", "CN-ZJ"),
    ("CN-ZJ-NB", "宁波", "CN-ZJ"),
    ("CN-ZJ-WZ", "温州", "CN-ZJ"),
    ("CN-XJ", "新疆", "CN"),
    ("CN-XJ-WQ", "乌鲁木齐", "CN-XJ"),
]
# purpose, region, opens, closes: people in Xinjiang live two hours later (domain.md section 4, rule 17), but sales calls end
# everywhere at 21:00 of the one legal time (domain.md section 2).
WINDOWS = [
    ("", None, "08:00", "21:00"),
    (Purpose.SALES, None, "09:00", "21:00"),
    ("", "CN-XJ", "10:00", "23:00"),
    (Purpose.SALES, "CN-XJ", "11:00", "21:00"),
]
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志红梅晓东海燕子涵雨欣浩然思远佳怡文博"
STREETS = ["文三路", "延安路", "中山北路", "解放路", "天目山路", "人民路", "江南大道"]
PLACES = ["CN-ZJ-HZ"] * 6 + ["CN-ZJ-NB"] * 2 + ["CN-ZJ-WZ", "CN-XJ-WQ"]
LEVELS = ["普通"] * 6 + ["银卡"] * 3 + ["金卡"]
HOW_MANY = {"AXRS": 130, "XHDX": 80}
# owner, name, description, shared, groups of (match, conditions)
SEGMENTS = [
    (
        "manager1",
        "浙江高价值客户",
        "重点客户,或金额在 20 万元以上",
        True,
        [
            ("all", [{"kind": "region", "op": "in", "value": "CN-ZJ"}]),
            ("any", [{"kind": "key_customer", "op": "yes"}, {"kind": "amount", "low": "200000"}]),
        ],
    ),
    (
        "lead1",
        "理赔后未联系",
        "三十天内有理赔,七天内还没有联系过",
        False,
        [
            (
                "all",
                [
                    {"kind": "event", "event": "claim_settled", "op": "within", "days": 30},
                    {"kind": "contact", "op": "not_within", "days": 7},
                ],
            )
        ],
    ),
]


def load(*, now, rng) -> str:
    """Make what is missing of the archive; the same for the same ``rng``. Returns one line about what there is."""
    clients = {
        code: Client.objects.get_or_create(code=code, defaults={"name": name, "required_fields": required})[0]
        for code, name, required in CLIENTS
    }
    regions = _regions()
    _rules(regions)
    for code, client in clients.items():
        if not client.customers.exists():
            _customers(client, HOW_MANY[code], regions, now, rng)
    _events(clients["AXRS"], now, rng)
    _bills(clients["XHDX"], now)
    _consents(clients["XHDX"], now)
    _do_not_call(clients, now)
    _segments(now)
    _own_fields(clients["AXRS"])
    find_duplicates(now=now)
    return f"{Customer.objects.count()} customers, {Phone.objects.count()} phones, {ServiceEvent.objects.count()} events"


def _regions():
    regions = {}
    for code, name, parent in REGIONS:
        regions[code], _made = Region.objects.get_or_create(
            code=code, defaults={"name": name, "parent": regions.get(parent)}
        )
    return regions


def _rules(regions):
    if not CallingWindow.objects.exists():
        CallingWindow.objects.bulk_create(
            CallingWindow(purpose=purpose, region=regions.get(region), ranges=[[opens, closes]])
            for purpose, region, opens, closes in WINDOWS
        )
    ContactRule.objects.get_or_create(key_customer=False)
    ContactRule.objects.get_or_create(
        key_customer=True, defaults={"max_per_day": 2, "max_per_five_minutes": 1, "gap_days": 3}
    )


def _customers(client, how_many, regions, now, rng):
    teams = list(Team.objects.filter(code__in=["T1", "T2"]).order_by("code"))
    rows = [_customer(client, number, teams, regions, now, rng) for number in range(1, how_many + 1)]
    # One person was written down twice, and two share a number: somebody has to look at both pairs.
    twice, again = rows[39], rows[40]
    again.name, again.gender, again.salutation = twice.name, twice.gender, twice.salutation
    rows = Customer.objects.bulk_create(rows)
    phones = []
    for number, customer in enumerate(rows, start=1):
        # Made-up numbers that merely count up, different for each client.
        tail = f"{client.pk % 100:02}{number:06}"
        phones.append(Phone(customer=customer, number=f"+86138{tail}", preferred=True))
        if number % 3 == 0:
            phones.append(Phone(customer=customer, number=f"+86139{tail}"))
        if number % 11 == 0:
            phones.append(
                Phone(
                    customer=customer, number=f"+865718{tail[1:]}", kind=Phone.Kind.LANDLINE, extension="801"
                )
            )
    numbers = {phone.customer_id: phone.number for phone in phones if phone.preferred}
    for owner, other in ((rows[40], twice), (rows[61], rows[60])):
        phones.append(Phone(customer=owner, number=numbers[other.pk]))
    Phone.objects.bulk_create(phones)
    read_names(Customer.objects.filter(client=client))


def _customer(client, number, teams, regions, now, rng):
    surname, female = rng.choice(SURNAMES), rng.random() < 0.5
    name = surname + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))
    company = number % 17 == 0
    key = number % 20 == 0
    region = regions[rng.choice(PLACES)]
    made = now - timedelta(days=rng.randrange(30, 700))
    return Customer(
        client=client,
        unit=teams[0].unit,
        team=teams[number % 2],
        external_id=f"{client.code}{number:05}",
        name=f"{region.name}{surname}氏贸易有限公司" if company else name,
        gender="" if company else ("f" if female else "m"),
        salutation="" if company else f"{surname}{'女士' if female else '先生'}",
        nature=Customer.Nature.COMPANY if company else Customer.Nature.INDIVIDUAL,
        relation=rng.choice(["new", "renewal", "renewal", "potential"]),
        level="钻石" if key else rng.choice(LEVELS),
        key_customer=key,
        amount=Decimal(rng.randrange(10, 3_000) * 100),
        region=region,
        address=f"{region.name}市{rng.choice(STREETS)}{rng.randrange(1, 400)}号" if number % 7 else "",
        email=f"customer{number}@{client.code.lower()}.example" if number % 4 == 0 else "",
        language="zh-hans",
        rest_hours=[["12:00", "13:30"]] if number % 9 == 0 else [],
        source=rng.choice(["门店", "网站", "代理人", "转介绍"]),
        custom={"险种": rng.choice(["重疾险", "医疗险", "意外险"])} if client.code == "AXRS" else {},
        created_at=made,
        updated_at=made,
    )


def _own_fields(client):
    """What an insurer wants to know beside our columns."""
    fields = [("险种", "choice", True, ["重疾险", "医疗险", "意外险"]), ("保单到期日", "date", False, [])]
    for position, (name, kind, required, options) in enumerate(fields):
        CustomField.objects.get_or_create(
            client=client,
            name=name,
            defaults={"kind": kind, "required": required, "options": options, "position": position},
        )


def _events(client, now, rng):
    """Claims settled in the last days, the latest minutes ago: what the satisfaction callback is about."""
    if client.pk in set(ServiceEvent.objects.values_list("client_id", flat=True)):
        return
    customers = list(client.customers.order_by("id"))
    chosen = sorted(rng.sample(customers, 90), key=lambda customer: customer.pk)
    ServiceEvent.objects.bulk_create(
        ServiceEvent(
            client=client,
            customer=customer,
            kind="claim_settled",
            occurred_at=now - timedelta(minutes=10 + 47 * place),
            external_id=f"CLM{place:05}",
            facts={"claim": f"P{place:06}", "paid": rng.randrange(5, 400) * 100},
            created_at=now,
        )
        for place, customer in enumerate(chosen, start=1)
    )


def _bills(client, now):
    """Four monthly bills of forty telecom customers; a sixth of them spend less lately, and some contracts end soon."""
    if ServiceEvent.objects.filter(client=client).exists():
        return
    today = local_day(now, settings.TIME_ZONE)
    rows = []
    for place, customer in enumerate(client.customers.order_by("id")[:40]):
        usual = 60 + 10 * (place % 9)
        for months in (3, 2, 1, 0):
            amount = usual // 4 if months == 0 and place % 6 == 1 else usual
            at = now - timedelta(days=10 + 30 * months)
            facts = {"amount": f"{amount}.00"}
            rows.append(_event(client, customer, "purchase", f"BILL{place:03}-{months}", at, facts, now))
        if place % 8 in (1, 2):
            facts = {"ends_on": (today + timedelta(days=6 + 2 * place)).isoformat()}
            at = now - timedelta(days=340)
            rows.append(_event(client, customer, "contract_expiry", f"CTR{place:03}", at, facts, now))
    ServiceEvent.objects.bulk_create(rows)


def _event(client, customer, kind, number, at, facts, now):
    return ServiceEvent(
        client=client,
        customer=customer,
        kind=kind,
        occurred_at=at,
        external_id=number,
        facts=facts,
        created_at=now,
    )


def _consents(client, now):
    """Most of the telecom's customers agreed to offers by phone when they signed; some withdrew."""
    if Consent.objects.filter(customer__client=client).exists():
        return
    rows = []
    for number, customer in enumerate(client.customers.order_by("id"), start=1):
        if number % 5 == 0:
            continue
        for purpose in (Purpose.SALES, Purpose.SURVEY):
            rows.append(_consent(customer, purpose, Consent.State.GRANTED, "入网协议", customer.created_at))
        if number % 13 == 0:
            rows.append(
                _consent(
                    customer, Purpose.SALES, Consent.State.WITHDRAWN, "客服热线", now - timedelta(days=3)
                )
            )
    Consent.objects.bulk_create(rows)


def _consent(customer, purpose, state, source, at):
    return Consent(
        customer=customer, channel=Channel.PHONE, purpose=purpose, state=state, source=source, at=at
    )


def _do_not_call(clients, now):
    for code, client in clients.items():
        customer = client.customers.get(external_id=f"{code}00007")
        block(customer=customer, category="asked", reason="客户要求不再致电", by=None, now=now)


def _segments(now):
    """One shared and one private segment, of those of the demo's people who are there."""
    people = {user.username: user for user in User.objects.filter(username__in=["manager1", "lead1"])}
    for owner, name, description, shared, groups in SEGMENTS:
        if owner in people and not Segment.objects.filter(owner=people[owner], name=name).exists():
            raw = {"groups": [{"match": match, "conditions": rows} for match, rows in groups]}
            create_segment(
                name=name,
                description=description,
                shared=shared,
                definition=read_definition(raw, shapes()),
                by=people[owner],
                now=now,
            )
