"""Every reason of ``may_contact`` refuses at each place that asks: when planned, handed out and dialled (CUS-6 … CUS-8)."""

from datetime import timedelta

import pytest

from callbacks.actions import apply_policy, begin_call, claim_next
from callbacks.models import Task
from callbacks.states import TaskState
from callbacks.tests.make import disposition, make_agent, make_campaign, make_claimed, make_task
from callcenter.errors import Refused
from campaigns.models import Campaign
from campaigns.tests.make import make_policy
from customers.actions import block, record_contact, record_event, set_phone_state, withdraw_consent
from customers.models import BlacklistEntry, CallingWindow, ContactRule, Customer
from customers.tests.make import NOW, make_customer, make_region, make_team

pytestmark = pytest.mark.django_db
ENTRY = {"category": "asked", "reason": "x", "by": None, "now": NOW}


def _change(task, **values):
    Customer.objects.filter(pk=task.customer_id).update(**values)


def _called(task, *minutes, completed=False, refused=False):
    for minute in minutes:
        record_contact(
            customer_id=task.customer_id,
            channel="phone",
            purpose="service",
            number="",
            campaign_code="OTHER",
            at=NOW - timedelta(minutes=minute),
            completed=completed,
            refused=refused,
        )


def _window(task):
    CallingWindow.objects.create(ranges=[["08:00", "21:00"]])
    region = make_region(code="CN-XJ")
    CallingWindow.objects.create(region=region, ranges=[["10:30", "23:00"]])
    _change(task, region=region)


def _holiday(task):
    CallingWindow.objects.create(ranges=[["08:00", "21:00"]])
    region = make_region()
    CallingWindow.objects.create(region=region, day_type="working", ranges=[])
    _change(task, region=region)


def _gap(task):
    ContactRule.objects.create(key_customer=False, gap_days=3)
    _called(task, 26 * 60, completed=True)


def _withdraw(task):
    withdraw_consent(
        customer=task.customer, channel="phone", purpose="service", source="call", by=None, now=NOW
    )


def _number(task):
    return task.customer.phones.get().number


REASONS = {
    "no_consent": lambda task: ContactRule.objects.create(key_customer=False, contract_purposes=[]),
    "consent_withdrawn": _withdraw,
    "customer_restricted": lambda task: _change(task, restriction="legal_hold"),
    "blacklisted": lambda task: block(customer=task.customer, **ENTRY),
    "blacklisted: number": lambda task: block(number=_number(task), **ENTRY),
    "blacklisted: client": lambda task: block(number=_number(task), client=task.campaign.client, **ENTRY),
    "blacklisted: purpose": lambda task: block(customer=task.customer, purpose="service", **ENTRY),
    "blacklisted: campaign": lambda task: block(
        customer=task.customer, campaign_code=task.campaign.code, **ENTRY
    ),
    "blacklisted: removal asked for": lambda task: BlacklistEntry.objects.create(
        customer=task.customer, state="removal_proposed", category="x", reason="x", created_at=NOW
    ),
    "refused": lambda task: _called(task, 60 * 24 * 40, refused=True),
    "closed_day": _holiday,
    "outside_hours": _window,
    "rest_hours": lambda task: _change(task, rest_hours=[["09:30", "10:30"]]),
    "day_cap": lambda task: _called(task, 60, 120, 180, 240, 300),
    "burst_cap": lambda task: _called(task, 1, 2, 3),
    "recent_contact": _gap,
    "day_cap: key customer": lambda task: (_change(task, key_customer=True), _called(task, 60, 120)),
}
HARMLESS = {
    "entry proposed": {"state": "proposed"},
    "entry removed": {"state": "removed"},
    "entry rejected": {"state": "rejected"},
    "entry expired": {"expires_at": NOW},
    "entry for another campaign": {"campaign_code": "OTHER"},
    "entry for another purpose": {"purpose": "sales"},
}


def entry(customer, values):
    return BlacklistEntry.objects.create(
        customer=customer, **{"category": "x", "reason": "x", "created_at": NOW} | values
    )


@pytest.fixture
def team():
    disposition("CANCEL")
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


@pytest.mark.parametrize("case", REASONS)
def test_claim_hands_out_nothing(team, campaign, case):
    task = make_task(campaign)
    REASONS[case](task)
    assert claim_next(agent=make_agent(team), now=NOW) is None
    task.refresh_from_db()
    code = case.partition(":")[0]
    assert code in task.blocked_by
    assert task.state in (TaskState.PLANNED, TaskState.CANCELLED)
    assert code in task.steps.order_by("-id").first().note


@pytest.mark.parametrize("case", REASONS)
def test_dial_is_refused_with_the_reason(team, campaign, case):
    agent = make_agent(team)
    task = make_claimed(agent, campaign)
    REASONS[case](task)
    with pytest.raises(Refused) as refused:
        begin_call(
            task_id=task.pk,
            agent=agent,
            token=task.token,
            phone_id=task.customer.phones.get().pk,
            now=NOW,
        )
    assert refused.value.code == "may_not_contact"
    assert case.partition(":")[0] in refused.value.facts["reasons"]
    task.refresh_from_db()
    assert (task.state, task.dialled_number) == (TaskState.CLAIMED, "")


def test_dial_is_refused_to_a_closed_number_and_after_the_campaign_has_stopped(team, campaign):
    agent = make_agent(team)
    task = make_claimed(agent, campaign)
    phone = task.customer.phones.get()
    dial = {"task_id": task.pk, "agent": agent, "token": task.token, "phone_id": phone.pk, "now": NOW}
    Campaign.objects.filter(pk=campaign.pk).update(state="paused")
    with pytest.raises(Refused) as refused:
        begin_call(**dial)
    assert refused.value.facts["reasons"] == ["campaign_closed"]
    Campaign.objects.filter(pk=campaign.pk).update(state="running")
    set_phone_state(customer_id=task.customer_id, number=phone.number, state="empty")
    with pytest.raises(Refused) as refused:
        begin_call(**dial)
    assert refused.value.code == "no_such_number"


@pytest.mark.parametrize("case", HARMLESS)
def test_entry_that_is_not_in_force_here_stops_neither_claim_nor_dial(team, campaign, case):
    agent = make_agent(team)
    task = make_task(campaign)
    entry(task.customer, HARMLESS[case])
    claimed = claim_next(agent=agent, now=NOW)
    assert claimed == task
    phone = task.customer.phones.get()
    assert begin_call(task_id=task.pk, agent=agent, token=claimed.token, phone_id=phone.pk, now=NOW)


def test_number_on_the_list_is_passed_over_at_the_claim(team, campaign):
    task = make_task(campaign)
    task.customer.phones.create(number="+8613700000002")
    block(number=_number_first(task), **ENTRY)
    assert claim_next(agent=make_agent(team), now=NOW) == task


def _number_first(task):
    return task.customer.phones.order_by("id").first().number


def event_of(campaign, customer):
    record_event(
        customer=customer,
        kind="claim_settled",
        external_id=f"E{customer.pk}",
        occurred_at=NOW - timedelta(hours=1),
        facts={},
        now=NOW,
    )


PLANNED_WITHOUT = [
    "consent_withdrawn",
    "customer_restricted",
    *[case for case in REASONS if case.startswith("blacklisted")],
]


class Planned:
    """What the changes above read of a task, before there is one."""

    def __init__(self, campaign, customer):
        self.campaign, self.customer, self.customer_id = campaign, customer, customer.pk


@pytest.mark.parametrize("case", PLANNED_WITHOUT)
def test_plan_leaves_the_customer_out(team, campaign, case):
    customers = [
        make_customer(client=campaign.client, team=team, phones=[f"+8613911110{n:03}"]) for n in range(2)
    ]
    for customer in customers:
        event_of(campaign, customer)
    REASONS[case](Planned(campaign, customers[0]))
    applied = apply_policy(policy=make_policy(campaign), now=NOW)
    assert applied.created == 1
    assert Task.objects.get().customer == customers[1]


@pytest.mark.parametrize("case", HARMLESS)
def test_plan_is_not_stopped_by_an_entry_that_is_not_in_force_here(team, campaign, case):
    customer = make_customer(client=campaign.client, team=team)
    event_of(campaign, customer)
    entry(customer, HARMLESS[case])
    assert apply_policy(policy=make_policy(campaign), now=NOW).created == 1


@pytest.mark.parametrize(
    ("words", "created"),
    [
        ([("phone", "withdrawn")], 1),
        ([("phone", "withdrawn"), ("email", "withdrawn")], 0),
        ([("phone", "withdrawn"), ("email", "withdrawn"), ("email", "granted")], 1),
        ([("sms", "withdrawn"), ("post", "withdrawn")], 1),
    ],
)
def test_plan_leaves_out_who_has_withdrawn_every_channel_of_the_policy(team, campaign, words, created):
    customer = make_customer(client=campaign.client, team=team)
    event_of(campaign, customer)
    for number, (channel, state) in enumerate(words):
        customer.consents.create(
            channel=channel,
            purpose="service",
            state=state,
            source="x",
            at=NOW - timedelta(minutes=10 - number),
        )
    policy = make_policy(campaign, channel="phone", fallback_channel="email")
    assert apply_policy(policy=policy, now=NOW).created == created
    closed = words[0] == ("phone", "withdrawn")
    assert {task.channel for task in Task.objects.all()} <= {"email" if closed else "phone"}
