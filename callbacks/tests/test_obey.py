"""A withdrawn consent or a do-not-call entry reaches the open tasks, and claim and dial refuse before the sweep has run."""

from datetime import timedelta

import pytest

from callbacks.actions import begin_call, claim_next, obey_customers, plan_task
from callbacks.models import Task
from callbacks.rules.channels import channels_after
from callbacks.states import TaskState
from callbacks.tests.make import disposition, make_agent, make_campaign, make_claimed, make_task
from callcenter.errors import Refused
from callcenter.workflow import advance
from campaigns.tests.make import make_policy
from customers.actions import approve_entry, block, grant_consent, propose_entry, withdraw_consent
from customers.models import BlacklistEntry, Consent
from customers.tests.make import NOW, make_customer, make_team, make_user

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=30)


@pytest.fixture
def team():
    disposition("CANCEL")
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def withdraw(customer, *, channel="phone", purpose="service", now=NOW):
    return withdraw_consent(
        customer=customer, channel=channel, purpose=purpose, source="call", by=None, now=now
    )


def grant(customer, channel, *, now=NOW - timedelta(days=1)):
    return grant_consent(
        customer=customer, channel=channel, purpose="service", source="form", by=None, now=now
    )


def promised(campaign, *, channel="phone", then="", **customer):
    """A planned task of a policy with a channel order."""
    policy = make_policy(campaign, channel=channel, fallback_channel=then)
    values = {"client": campaign.client, "email": "a@b.example", "address": "文三路1号"} | customer
    task = make_task(campaign, customer=make_customer(**values), ready=False)
    Task.objects.filter(pk=task.pk).update(policy=policy, channel=channel)
    task.refresh_from_db()
    return task


@pytest.mark.parametrize(
    ("channel", "order", "left"),
    [
        ("email", ["email", "phone"], ["phone"]),
        ("phone", ["email", "phone"], []),
        ("visit", ["email", "phone"], ["email", "phone"]),
        ("phone", ["phone", ""], []),
        ("email", ["email", "email"], []),
    ],
)
def test_channels_left_are_those_after_the_closed_one(channel, order, left):
    assert channels_after(channel, order) == left


def test_withdrawal_moves_the_task_to_the_next_consented_channel(campaign):
    task = promised(campaign, channel="phone", then="email")
    grant(task.customer, "email")
    withdraw(task.customer)
    assert obey_customers(now=SOON) == 1
    task.refresh_from_db()
    assert (task.state, task.channel, task.blocked_by) == (TaskState.PLANNED, "email", [])
    step = task.steps.order_by("-id").first()
    assert (step.from_state, step.to_state) == ("planned", "planned")
    assert "consent_withdrawn" in step.note
    assert Consent.objects.get(state="withdrawn").obeyed_at == SOON
    assert obey_customers(now=SOON) == 0


@pytest.mark.parametrize(
    "spoiled",
    [
        {"then": ""},
        {"then": "email", "email": ""},
        {"then": "email", "agreed": False},
        {"then": "email", "listed": True},
    ],
)
def test_withdrawal_ends_the_task_with_its_reason_when_no_channel_is_left(campaign, spoiled):
    agreed, listed = spoiled.pop("agreed", True), spoiled.pop("listed", False)
    task = promised(campaign, **spoiled)
    if agreed:
        grant(task.customer, "email")
    if listed:
        block(customer=task.customer, category="asked", reason="x", by=None, now=NOW)
    withdraw(task.customer)
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert (task.state, task.disposition.code, task.closed_at) == (TaskState.CANCELLED, "CANCEL", SOON)
    assert "consent_withdrawn" in task.blocked_by
    assert "consent_withdrawn" in task.steps.order_by("-id").first().note


def test_only_the_purpose_and_channel_withdrawn_are_touched(team, campaign):
    sales = make_campaign(team=team, purpose="sales", client=campaign.client)
    task = promised(campaign, channel="phone", then="email")
    by_mail = promised(campaign, channel="email")
    grant(by_mail.customer, "email")
    offer = make_task(sales, customer=task.customer, ready=False)
    withdraw(task.customer, purpose="survey")
    withdraw(task.customer, channel="sms")
    withdraw(by_mail.customer, channel="phone")
    obey_customers(now=SOON)
    for each in (task, by_mail, offer):
        was = (each.state, each.channel)
        each.refresh_from_db()
        assert (each.state, each.channel) == was
    assert not Consent.objects.withdrawals_to_obey().exists()


def test_consent_given_again_before_the_sweep_keeps_the_task(campaign):
    task = promised(campaign)
    withdraw(task.customer)
    grant(task.customer, "phone", now=NOW + timedelta(seconds=5))
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert task.state == TaskState.PLANNED


@pytest.mark.parametrize("state", ["planned", "ready", "suspended", "claimed"])
def test_every_waiting_state_gives_way(team, campaign, state):
    task = promised(campaign, channel="phone", then="email")
    grant(task.customer, "email")
    if state != "planned":
        Task.objects.filter(pk=task.pk).update(due_at=NOW)
        task.refresh_from_db()
        advance(task, "suspended" if state == "suspended" else "ready", by=None, at=NOW)
    if state == "claimed":
        claim_next(agent=make_agent(team), now=NOW)
    withdraw(task.customer)
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert task.channel == "email"
    assert task.state == ("suspended" if state == "suspended" else "planned")
    assert task.lease_until is None


def test_call_under_way_is_left_to_its_result(team, campaign):
    agent = make_agent(team)
    task = make_claimed(agent, campaign)
    phone = task.customer.phones.get()
    begin_call(task_id=task.pk, agent=agent, token=task.token, phone_id=phone.pk, now=NOW)
    withdraw(task.customer)
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert task.state == TaskState.IN_CALL


def test_claim_refuses_a_withdrawn_channel_before_any_sweep_and_goes_on_by_the_next(team, campaign):
    task = promised(campaign, channel="phone", then="email")
    grant(task.customer, "email")
    Task.objects.filter(pk=task.pk).update(due_at=NOW)
    withdraw(task.customer)
    assert claim_next(agent=make_agent(team), now=NOW) is None
    task.refresh_from_db()
    assert (task.state, task.channel) == (TaskState.PLANNED, "email")


def test_dial_refuses_a_consent_withdrawn_since_the_claim(team, campaign):
    agent = make_agent(team)
    task = make_claimed(agent, campaign)
    withdraw(task.customer, now=SOON)
    with pytest.raises(Refused) as refused:
        begin_call(
            task_id=task.pk,
            agent=agent,
            token=task.token,
            phone_id=task.customer.phones.get().pk,
            now=SOON,
        )
    assert refused.value.facts["reasons"] == ["consent_withdrawn"]


def test_entry_in_force_ends_the_waiting_tasks_it_reaches(team, campaign):
    person, number, free = (make_task(campaign) for _ in range(3))
    second = make_task(campaign)
    second.customer.phones.create(number="+8613700000001")
    block(customer=person.customer, category="asked", reason="x", by=None, now=NOW)
    for task in (number, second):
        digits = task.customer.phones.order_by("id").first().number
        block(number=digits, category="asked", reason="x", by=None, now=NOW)
    obey_customers(now=SOON)
    states = [Task.objects.get(pk=task.pk).state for task in (person, number, second, free)]
    assert states == ["cancelled", "cancelled", "ready", "ready"], "another number is still free"
    assert Task.objects.get(pk=person.pk).blocked_by == ["blacklisted"]


def test_proposed_entry_ends_nothing_until_it_is_approved(team, campaign):
    task = make_task(campaign)
    handler, manager = make_user("complaint", team=team), make_user("manager", unit=team.unit)
    entry = propose_entry(customer=task.customer, category="complaint", reason="x", by=handler, now=NOW)
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert task.state == TaskState.READY
    approve_entry(entry=entry, by=manager, now=SOON)
    obey_customers(now=SOON)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


def test_long_list_about_nobody_is_settled_in_one_statement(campaign, django_assert_max_num_queries):
    make_task(campaign)
    BlacklistEntry.objects.bulk_create(
        BlacklistEntry(number=f"+86135{n:08}", category="asked", reason="x", created_at=NOW)
        for n in range(300)
    )
    with django_assert_max_num_queries(30):
        assert obey_customers(now=SOON) == 0
    assert not BlacklistEntry.objects.to_obey().exists()


def test_task_planned_after_the_withdrawal_is_never_handed_out(team, campaign):
    customer = make_customer(client=campaign.client, team=team)
    withdraw(customer)
    obey_customers(now=NOW)
    task, _made = plan_task(
        campaign=campaign,
        customer=customer,
        kind=Task.Kind.CALLBACK,
        source="late",
        due_at=NOW,
        deadline=None,
        now=NOW,
    )
    assert claim_next(agent=make_agent(team), now=NOW) is None
    task.refresh_from_db()
    assert (task.state, task.blocked_by) == (TaskState.CANCELLED, ["consent_withdrawn"])
