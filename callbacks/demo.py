"""The demo's work: a month of calls with their answers and orders, and the open tasks the policies ask for now."""

import uuid
from collections import deque
from copy import copy
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from callbacks import demo_assignment, demo_trials
from callbacks.actions import apply_policy, plan_task, release_due, report_deliveries
from callbacks.actions.accounts import recount_accounts
from callbacks.demo_promises import load_promises
from callbacks.models import Call, Order, OrderStep, Task
from callbacks.states import BY_HAND, OrderState
from callcenter.access import Role
from callcenter.workdays import is_working_day, local_day
from campaigns.models import Account, Campaign, Disposition, Policy
from customers.actions import read_names, record_contacts
from customers.models import Consent, Contact, Customer, Phone
from people.models import User
from people.queries import work_calendar
from surveys.actions import mark_latest
from surveys.models import Answer, Response

DAYS = 30
DIALS = 34
BLOCKS = ((time(9, 30), time(11, 30)), (time(13, 30), time(16, 30)))
# How often each result occurs, and its talk time in seconds.
SERVICE = {
    "DONE": (34, (48, 96)),
    "DONE_ISSUE": (3, (70, 120)),
    "REFUSE": (6, (8, 25)),
    "BREAKOFF": (2, (20, 50)),
    "APPT": (5, (12, 30)),
    "GATE": (3, (10, 25)),
    "NA": (30, None),
    "BUSY": (8, None),
    "OFF": (5, None),
    "VM": (3, (4, 8)),
    "NOTTGT": (2, (10, 25)),
    "ROAM": (1, None),
}
SALES = {
    "SALE": (7, (80, 160)),
    "NOSALE": (20, (30, 80)),
    "REFUSE": (14, (6, 20)),
    "APPT": (4, (12, 30)),
    "NA": (40, None),
    "BUSY": (9, None),
    "OFF": (6, None),
    "NOTTGT": (4, (8, 20)),
    "ROAM": (1, None),
}
# Scores of content and of unhappy customers; the attitude of the staff has long been excellent (CAM-8).
SCORES = {False: (3, 4, 4, 5, 5, 5, 5), True: (1, 2, 2, 3)}
EXCELLENT = {False: (4, 4, 5, 5, 5, 5, 5), True: (4, 4, 5, 5)}


def load(*, now, rng) -> str:
    """Make what is missing; returns one line about what there is."""
    if not Call.objects.exists():
        _history(Campaign.objects.get(code="SAT"), SERVICE, now, rng)
        _history(Campaign.objects.get(code="TEL"), SALES, now, rng)
        demo_trials.load(Campaign.objects.get(code="TEL"), now=now)
        load_promises(Campaign.objects.get(code="SAT"), _call, now, rng)
    for policy in Policy.objects.filter(active=True).order_by("id"):
        apply_policy(policy=policy, now=now)
    _letters_and_visits(Campaign.objects.get(code="SAT"), now)
    release_due(now=now)
    demo_assignment.load(now=now, rng=rng)
    return f"{Call.objects.count()} calls, {Order.objects.count()} orders, {Task.objects.count()} tasks"


def _letters_and_visits(campaign, now):
    """Eight letters and four visits to customers with an address; some have brought a reply already."""
    if Task.objects.filter(channel__in=BY_HAND).exists():
        return
    people = Customer.objects.filter(client=campaign.client, tasks=None, merged_into=None).exclude(address="")
    customers = list(people.order_by("id")[:12])
    channels = ["post"] * 8 + ["visit"] * 4
    Consent.objects.bulk_create(
        Consent(
            customer=customer,
            channel=channel,
            purpose=campaign.purpose,
            state=Consent.State.GRANTED,
            source="保险合同",
            at=customer.created_at,
        )
        for customer, channel in zip(customers, channels, strict=False)
    )
    tasks = [
        plan_task(
            campaign=campaign,
            customer=customer,
            kind=Task.Kind.CALLBACK,
            source=f"demo:{channel}:{customer.pk}",
            due_at=now,
            deadline=now + timedelta(days=60),
            reason="电话未联系上",
            channel=channel,
            now=now,
        )[0]
        for customer, channel in zip(customers, channels, strict=False)
    ]
    results = {"post": ("sent", "sent received", "sent returned", "sent"), "visit": ("visited", "absent")}
    done = dict.fromkeys(results, 0)
    for task in tasks:
        place = done[task.channel]
        done[task.channel] += 1
        if place < len(results[task.channel]):
            for back, result in zip((8, 2), results[task.channel][place].split(), strict=False):
                at = now - timedelta(days=back)
                report_deliveries(tasks=[task], result=result, at=at, by=None, now=now)


def _history(campaign, results, now, rng):
    """Every working day of the last month each agent dials through a list of its own: up to three attempts a customer.

    The customers of the list are not those the open tasks are about, so these can be called at once.
    """
    zone, calendar = ZoneInfo(settings.TIME_ZONE), work_calendar(campaign.calendar)
    today = local_day(now, settings.TIME_ZONE)
    agents = list(
        User.objects.filter(memberships__role=Role.AGENT, memberships__team__in=campaign.teams.all())
        .prefetch_related("memberships")
        .order_by("id")
        .distinct()
    )
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    days = [day for day in days if is_working_day(day, calendar)]
    customers = _past_customers(campaign.client, len(days) * len(agents) * DIALS // 3, now, rng)
    accounts = _accounts(campaign, customers, today)
    dispositions = {row.code: row for row in Disposition.objects.filter(code__in=results)}
    codes, weights = list(results), [weight for weight, _talk in results.values()]
    fresh, again, calls = iter(customers), deque(), []
    for day in days:
        for agent in agents:
            team_id = agent.memberships.all()[0].team_id
            for start in _starts(day, zone, rng, len(results)):
                due = again.popleft() if again and again[0][0] < day else (day, next(fresh, None), 0)
                _last, customer, attempts = due
                if customer is None:
                    continue
                code = rng.choices(codes, weights)[0]
                disposition = dispositions[code]
                account = accounts[customer.pk]
                calls.append(
                    _call(account, customer, agent, team_id, start, disposition, results[code][1], rng)
                )
                if not disposition.closes and attempts < 2:
                    again.append((day, customer, attempts + 1))
    calls.sort(key=lambda call: call.started_at)
    _answer(campaign, calls, rng)
    Call.objects.bulk_create(calls, batch_size=500)
    _ledger(campaign, calls)
    _orders(calls, now)
    recount_accounts({call.account_id for call in calls})


def _past_customers(client, how_many, now, rng):
    """Customers of past lists, after the pattern of those the archive already has."""
    patterns = list(client.customers.order_by("id"))
    rows = []
    for number in range(1, how_many + 1):
        customer = copy(rng.choice(patterns))
        customer.pk, customer._state = None, type(customer._state)()
        customer.external_id = f"{client.code}L{number:05}"
        customer.team_id = patterns[number % 2].team_id
        customer.created_at = customer.updated_at = now - timedelta(days=DAYS + number % 60)
        rows.append(customer)
    rows = Customer.objects.bulk_create(rows, batch_size=500)
    read_names(Customer.objects.filter(pk__in=[row.pk for row in rows]))
    Phone.objects.bulk_create(
        [
            Phone(customer=customer, number=f"+86137{client.pk % 100:02}{number:06}", preferred=True)
            for number, customer in enumerate(rows, start=1)
        ],
        batch_size=1_000,
    )
    return list(
        Customer.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related("phones").order_by("id")
    )


def _ledger(campaign, calls):
    """The contact ledger, so that caps and refusals hold for these customers too."""
    record_contacts(
        Contact(
            customer_id=call.customer_id,
            channel="phone",
            purpose=campaign.purpose,
            number=call.number,
            campaign_code=campaign.code,
            at=call.started_at,
            completed=call.disposition.completed,
            refused=call.disposition.refused,
        )
        for call in calls
    )


def _accounts(campaign, customers, today):
    Account.objects.bulk_create(
        [
            Account(
                campaign=campaign, customer=row, team_id=row.team_id, loaded_on=today - timedelta(days=DAYS)
            )
            for row in customers
        ],
        ignore_conflicts=True,
    )
    return {row.customer_id: row for row in Account.objects.filter(campaign=campaign).order_by("id")}


def _starts(day, zone, rng, variety):
    """Instants of one agent's dials on a day, spread over the two dialling blocks."""
    dials = DIALS // 2 + rng.randrange(-variety // 2, variety // 2 + 1)
    for opens, closes in BLOCKS:
        first, last = (datetime.combine(day, clock, zone) for clock in (opens, closes))
        step = (last - first) / (dials // 2)
        for place in range(dials // 2):
            yield first + place * step + rng.random() * step * 0.5


def _call(account, customer, agent, team_id, start, disposition, talk_range, rng):
    ring = rng.uniform(4, 25)
    talk = rng.uniform(*talk_range) if talk_range else 0
    answered = start + timedelta(seconds=ring) if disposition.connected else None
    ended = start + timedelta(seconds=ring + talk)
    phone = next(iter(customer.phones.all()), None)
    return Call(
        account=account,
        campaign_id=account.campaign_id,
        customer=customer,
        team_id=team_id,
        agent=agent,
        number=phone.number if phone else "",
        started_at=start,
        answered_at=answered,
        ended_at=ended,
        local_day=local_day(start, settings.TIME_ZONE),
        prep_seconds=round(rng.uniform(3, 9), 1),
        ring_seconds=round(ring, 1),
        talk_seconds=round(talk, 1),
        wrap_seconds=round(rng.uniform(3, 14), 1),
        disposition=disposition,
        source=Call.Source.DESK,
        external_id=str(uuid.UUID(int=rng.getrandbits(128))),
        created_at=ended,
    )


def _answer(campaign, calls, rng):
    """Scores for the completed calls: mostly content, worse where an issue was raised."""
    version = campaign.questionnaire
    items = [
        item
        for item in version.items.select_related("question").order_by("position")
        if item.depends_on_id is None
    ]
    scales = [item for item in items if item.question.kind == "scale5"]
    answered = [call for call in calls if call.disposition.completed]
    responses = Response.objects.bulk_create(
        [
            Response(
                version=version,
                customer=call.customer,
                channel="phone",
                client_uuid=uuid.UUID(int=rng.getrandbits(128)),
                submitted_at=call.ended_at,
                complete=True,
            )
            for call in answered
        ],
        batch_size=500,
    )
    answers = []
    for call, response in zip(answered, responses, strict=True):
        call.response = response
        unhappy = call.disposition.code == "DONE_ISSUE"
        for item in scales:
            usual = EXCELLENT if item.question.code == "CLM-ATT" else SCORES
            score = rng.choice(usual[unhappy])
            answers.append(Answer(response=response, item=item, values=[str(score)], number=score))
    Answer.objects.bulk_create(answers, batch_size=1_000)
    mark_latest({response.customer_id for response in responses})


def _orders(calls, now):
    """An order per sale; those older than a week have been found valid."""
    sold = [call for call in calls if call.disposition.sold]
    week_ago = now - timedelta(days=7)
    orders = Order.objects.bulk_create(
        [
            Order(
                call=call,
                account_id=call.account_id,
                campaign_id=call.campaign_id,
                agent=call.agent,
                state=OrderState.VALID if call.started_at < week_ago else OrderState.CLAIMED,
                sold_on=call.local_day,
                created_at=call.ended_at,
            )
            for call in sold
        ],
        batch_size=500,
    )
    OrderStep.objects.bulk_create(
        [
            OrderStep(case=order, from_state="", to_state=order.state, at=order.created_at, by=order.agent)
            for order in orders
        ],
        batch_size=500,
    )
