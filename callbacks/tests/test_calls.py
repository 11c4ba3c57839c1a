"""From the dial to the result and what follows from it (CB-4 … CB-7)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from callbacks.actions import (
    begin_call,
    claim_next,
    confirm_order,
    correct_call,
    end_call,
    finish_call,
    record_call,
    release_due,
    release_task,
    return_expired,
    save_draft,
    void_order,
)
from callbacks.models import Call, Draft, Order, Task
from callbacks.states import OrderState, TaskState
from callbacks.tests.make import (
    NOW,
    disposition,
    make_agent,
    make_campaign,
    make_claimed,
    make_customer,
    make_task,
    make_team,
)
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.workflow import IllegalMove
from customers.actions import block
from customers.models import BlacklistEntry, Contact, Phone

pytestmark = pytest.mark.django_db
RINGING, TALK, WRAP = timedelta(seconds=8), timedelta(seconds=75), timedelta(seconds=12)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def agent(team):
    return make_agent(team)


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def dial(task, agent, *, now=NOW, phone=None):
    phone = phone or Phone.objects.filter(customer=task.customer).order_by("id").first()
    return begin_call(task_id=task.pk, agent=agent, token=task.token, phone_id=phone.pk, now=now)


def finish(task, agent, code, *, now=NOW + timedelta(seconds=95), client_uuid=None, **fields):
    return finish_call(
        task_id=task.pk,
        agent=agent,
        token=task.token,
        client_uuid=client_uuid or uuid.uuid4(),
        disposition=disposition(code),
        now=now,
        **fields,
    )


def call(task, agent, code, *, now=NOW, **fields):
    dial(task, agent, now=now)
    return finish(task, agent, code, now=now + timedelta(seconds=30), **fields)


def test_call_is_timed_by_the_clock_of_the_server(agent, campaign):
    task = make_claimed(agent, campaign)
    start = NOW + timedelta(seconds=10)
    dial(task, agent, now=start)
    end = start + RINGING + TALK
    end_call(task_id=task.pk, agent=agent, token=1, now=end)
    saved = finish(
        task,
        agent,
        "DONE",
        now=end + WRAP,
        answered_at=start + RINGING,
        started_at=NOW,
        ended_at=NOW,
        prep_seconds=999,
    )
    saved.refresh_from_db()
    seconds = (saved.prep_seconds, saved.ring_seconds, saved.talk_seconds, saved.wrap_seconds)
    assert seconds == (10, 8, 75, 12)
    assert (saved.started_at, saved.ended_at, saved.local_day) == (start, end, start.date())
    assert (saved.team, saved.agent, saved.attempts) == (task.queue.team, agent, 1)


def test_call_that_was_not_answered_has_no_talk(agent, campaign):
    task = make_claimed(agent, campaign)
    saved = call(task, agent, "NA", answered_at=NOW + RINGING)
    assert (saved.answered_at, saved.talk_seconds, saved.ring_seconds) == (None, 0, 30)


def test_local_day_of_a_call_is_the_day_it_started_at_the_site(agent, campaign):
    late = NOW.replace(hour=12, minute=59)  # 20:59 in Shanghai
    task = make_claimed(agent, campaign, now=late)
    assert call(task, agent, "DONE", now=late).local_day.isoformat() == "2026-03-04"


def test_completed_call_closes_the_task_and_marks_account_and_ledger(agent, campaign):
    task = make_claimed(agent, campaign)
    save_draft(task_id=task.pk, agent=agent, token=1, content={"note": "x"}, now=NOW)
    call(task, agent, "DONE")
    task.refresh_from_db()
    assert (task.state, task.attempts, task.disposition.code, task.lease_until) == (
        TaskState.DONE,
        1,
        "DONE",
        None,
    )
    account = task.account
    assert (account.attempts, account.completed_on, account.reached_on) == (1, NOW.date(), NOW.date())
    assert (account.first_called_on, account.sold_on, account.useless_on) == (NOW.date(), None, None)
    ledger = Contact.objects.get()
    assert (ledger.completed, ledger.refused, ledger.campaign_code) == (True, False, campaign.code)
    assert not Draft.objects.exists()


def test_same_uuid_is_the_same_call(agent, campaign):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    number = uuid.uuid4()
    first = finish(task, agent, "DONE", client_uuid=number)
    assert finish(task, agent, "DONE", client_uuid=number) == first
    assert Call.objects.count() == Contact.objects.count() == 1


def test_uuid_of_another_agents_call_is_refused(team, agent, campaign):
    number = uuid.uuid4()
    task = make_claimed(agent, campaign)
    dial(task, agent)
    finish(task, agent, "DONE", client_uuid=number)
    other = make_agent(team)
    theirs = make_claimed(other, campaign)
    dial(theirs, other)
    with pytest.raises(Conflict) as conflict:
        finish(theirs, other, "DONE", client_uuid=number)
    assert conflict.value.code == "uuid_used"


def test_stale_page_cannot_save_a_result(team, agent, campaign):
    task = make_claimed(agent, campaign)
    later = NOW + timedelta(seconds=100)
    return_expired(now=later)
    claim_next(agent=make_agent(team), now=later)
    with pytest.raises(Conflict) as conflict:
        finish(task, agent, "DONE", now=later)
    assert conflict.value.code == "lease_lost"
    assert not Call.objects.exists()


def test_result_of_a_call_needs_a_dial(agent, campaign):
    task = make_claimed(agent, campaign)
    with pytest.raises(Refused) as refused:
        finish(task, agent, "DONE")
    assert refused.value.code == "not_dialled"


def test_result_without_a_dial_is_no_attempt(agent, campaign):
    task = make_claimed(agent, campaign)
    assert finish(task, agent, "INCOMPL").attempts == 0
    task.refresh_from_db()
    assert (task.state, task.attempts, task.account.attempts) == (TaskState.DONE, 0, 0)
    assert (task.account.useless_on, task.account.useless_code) == (NOW.date(), "INCOMPL")
    assert not Contact.objects.exists()


@pytest.mark.parametrize("code", ["EXH", "CANCEL", "ORPHAN"])
def test_result_of_the_system_cannot_be_chosen(agent, campaign, code):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    with pytest.raises(Refused):
        finish(task, agent, code)


def test_dial_asks_for_permission_again_and_says_why_not(agent, campaign):
    task = make_claimed(agent, campaign)
    block(customer=task.customer, category="requested", reason="asked", by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        dial(task, agent)
    assert refused.value.facts == {"reasons": ["blacklisted"], "next_at": None}
    task.refresh_from_db()
    assert task.state == TaskState.CLAIMED


def test_dial_refuses_a_number_of_somebody_else(agent, campaign):
    task = make_claimed(agent, campaign)
    with pytest.raises(Refused) as refused:
        dial(task, agent, phone=make_customer().phones.get())
    assert refused.value.code == "no_such_number"


def test_dialled_task_cannot_be_given_back_without_a_result(agent, campaign):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    with pytest.raises(Refused) as refused:
        release_task(task_id=task.pk, agent=agent, token=1, now=NOW)
    assert refused.value.code == "result_missing"


def test_busy_line_is_tried_again_after_a_quarter_of_an_hour(agent, campaign):
    task = make_claimed(agent, campaign)
    call(task, agent, "BUSY")
    task.refresh_from_db()
    assert (task.state, task.attempts) == (TaskState.PLANNED, 1)
    assert task.due_at == NOW + timedelta(minutes=15, seconds=30)


def test_attempts_used_up_end_the_task(agent, team):
    campaign = make_campaign(team=team, max_attempts=2)
    make_task(campaign)
    for attempt in range(2):
        now = NOW + timedelta(minutes=20 * attempt)
        release_due(now=now)
        call(claim_next(agent=agent, now=now), agent, "BUSY", now=now)
    task = Task.objects.get()
    assert (task.state, task.disposition.code, task.attempts) == (TaskState.DONE, "EXH", 2)


def test_appointment_is_kept_for_its_agent_and_comes_first(team, agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=3)
    call(task, agent, "APPT", appointment_at=agreed)
    task.refresh_from_db()
    assert (task.state, task.due_at, task.agreed_at, task.appointment) == (
        TaskState.PLANNED,
        agreed,
        agreed,
        True,
    )
    make_task(campaign, priority=1, kind=Task.Kind.SECOND_CONTACT, due_at=NOW)
    release_due(now=agreed)
    assert claim_next(agent=agent, now=agreed).pk == task.pk


def test_appointment_becomes_anyones_after_a_delay(team, agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=3)
    call(task, agent, "APPT", appointment_at=agreed)
    release_due(now=agreed)
    other = make_agent(team)
    assert claim_next(agent=other, now=agreed) is None
    release_due(now=agreed + timedelta(minutes=15))
    assert claim_next(agent=other, now=agreed + timedelta(minutes=15)).pk == task.pk


def test_due_appointment_alerts_its_agent_once(agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=3)
    call(task, agent, "APPT", appointment_at=agreed)
    release_due(now=agreed)
    release_due(now=agreed)
    alert = Notification.objects.get(recipient=agent)
    assert (alert.level, alert.params) == ("urgent", {"customer": task.customer.name})


@pytest.mark.parametrize("agreed", [None, NOW - timedelta(minutes=1), NOW + timedelta(days=400)])
def test_appointment_needs_a_time_in_the_coming_year(agent, campaign, agreed):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    with pytest.raises(Refused) as refused:
        finish(task, agent, "APPT", appointment_at=agreed)
    assert refused.value.code == "appointment_missing"


def test_somebody_else_answered_is_tried_again_as_told_or_later(agent, campaign):
    task = make_claimed(agent, campaign)
    call(task, agent, "GATE")
    task.refresh_from_db()
    assert (task.state, task.appointment) == (TaskState.PLANNED, False)
    assert task.due_at == NOW + timedelta(seconds=30 + disposition("GATE").retry_seconds)


def test_vacant_number_closes_the_number_and_the_account_only_with_the_last_one(agent, campaign):
    customer = make_customer(client=campaign.client, phones=["+8613800000001", "+8613800000002"])
    task = make_claimed(agent, campaign, customer=customer)
    call(task, agent, "EMPTY")
    task.refresh_from_db()
    assert (task.state, task.account.useless_on) == (TaskState.PLANNED, None)
    later = NOW + timedelta(minutes=10)
    release_due(now=later)
    task = claim_next(agent=agent, now=later)
    dial(task, agent, now=later, phone=customer.phones.get(number="+8613800000002"))
    finish(task, agent, "EMPTY", now=later)
    task.refresh_from_db()
    task.account.refresh_from_db()
    assert (task.state, task.account.useless_on, task.account.useless_code) == (
        TaskState.DONE,
        NOW.date(),
        "EMPTY",
    )
    assert set(customer.phones.values_list("state", flat=True)) == {"empty"}


def test_customer_who_asks_is_never_called_again(agent, team, campaign):
    task = make_claimed(agent, campaign)
    other = make_task(make_campaign(team=team), customer=task.customer, ready=False)
    call(task, agent, "DNC")
    entry = BlacklistEntry.objects.get()
    assert (entry.customer, entry.purpose, entry.category) == (task.customer, campaign.purpose, "requested")
    other.refresh_from_db()
    assert other.state == TaskState.CANCELLED


def test_third_refusal_is_final(agent, campaign):
    task = make_claimed(agent, campaign)
    for days in (400, 800):
        Contact.objects.create(
            customer=task.customer,
            channel="phone",
            purpose="service",
            at=NOW - timedelta(days=days),
            refused=True,
        )
    call(task, agent, "REFUSE")
    assert BlacklistEntry.objects.get().category == "refusals"


def test_second_refusal_is_not_final(agent, campaign):
    task = make_claimed(agent, campaign)
    Contact.objects.create(
        customer=task.customer, channel="phone", purpose="service", at=NOW - timedelta(days=400), refused=True
    )
    call(task, agent, "REFUSE")
    assert not BlacklistEntry.objects.exists()


def test_sale_opens_an_order_that_quality_confirms_or_voids(agent, campaign):
    task = make_claimed(agent, campaign)
    saved = call(task, agent, "SALE", amount=Decimal("99.50"))
    order = Order.objects.get()
    assert (order.call, order.state, order.amount, order.sold_on) == (
        saved,
        "claimed",
        Decimal("99.50"),
        NOW.date(),
    )
    confirm_order(order=order, by=agent, now=NOW)
    void_order(order=order, by=agent, now=NOW, note="no consent")
    assert list(order.steps.order_by("id").values_list("to_state", flat=True)) == ["claimed", "valid", "void"]
    with pytest.raises(IllegalMove):
        void_order(order=order, by=agent, now=NOW, note="again")


def test_amount_without_a_sale_is_refused(agent, campaign):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    with pytest.raises(Refused) as refused:
        finish(task, agent, "DONE", amount=Decimal(5))
    assert "amount" in refused.value.fields


def test_call_under_way_is_left_to_its_agent_for_ten_minutes(agent, campaign):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    soon = NOW + timedelta(minutes=11)
    assert return_expired(now=soon) == 0
    again = claim_next(agent=agent, now=soon)
    assert (again.pk, again.state, again.token, again.dialled_at) == (task.pk, TaskState.IN_CALL, 1, NOW)


def test_call_nobody_coded_is_recorded_as_orphan_and_the_task_goes_on(agent, campaign):
    task = make_claimed(agent, campaign)
    dial(task, agent)
    end_call(task_id=task.pk, agent=agent, token=1, now=NOW + timedelta(seconds=40))
    assert return_expired(now=NOW + timedelta(minutes=12, seconds=11)) == 1
    orphan = Call.objects.get()
    assert (orphan.disposition.code, orphan.agent, orphan.ended_at) == (
        "ORPHAN",
        agent,
        NOW + timedelta(seconds=40),
    )
    task.refresh_from_db()
    assert (task.state, task.attempts, task.dialled_at) == (TaskState.PLANNED, 1, None)


def test_correction_is_a_new_row_that_supersedes_the_old_one(agent, campaign):
    task = make_claimed(agent, campaign)
    old = call(task, agent, "DONE")
    new = correct_call(
        call=old, disposition=disposition("REFUSE"), reason="答案是家人给的", by=agent, now=NOW
    )
    old.refresh_from_db()
    assert (old.superseded, old.disposition.code, new.corrects, new.superseded) == (True, "DONE", old, False)
    account = task.account
    account.refresh_from_db()
    assert (account.completed_on, account.reached_on, account.attempts) == (None, NOW.date(), 1)
    assert Contact.objects.get().refused


def test_call_is_corrected_once_only(agent, campaign):
    old = call(make_claimed(agent, campaign), agent, "DONE")
    correct_call(call=old, disposition=disposition("REFUSE"), reason="x", by=agent, now=NOW)
    with pytest.raises(Conflict):
        correct_call(call=old, disposition=disposition("DONE"), reason="x", by=agent, now=NOW)


def test_correction_away_from_a_sale_cancels_the_order(agent, campaign):
    old = call(make_claimed(agent, campaign), agent, "SALE")
    correct_call(call=old, disposition=disposition("NOSALE"), reason="x", by=agent, now=NOW)
    assert Order.objects.get().state == OrderState.CANCELLED


def test_correction_to_a_retry_plans_a_new_contact(agent, campaign):
    task = make_claimed(agent, campaign)
    old = call(task, agent, "DONE")
    correct_call(call=old, disposition=disposition("BUSY"), reason="x", by=agent, now=NOW)
    assert Task.objects.exclude(pk=task.pk).get().state == TaskState.PLANNED


def test_correction_of_a_vacant_number_opens_it_again(agent, campaign):
    old = call(make_claimed(agent, campaign), agent, "EMPTY")
    correct_call(call=old, disposition=disposition("BUSY"), reason="misdialled", by=agent, now=NOW)
    assert old.customer.phones.get().state == "valid"
    assert old.account.useless_on is None


def test_correction_needs_a_reason(agent, campaign):
    old = call(make_claimed(agent, campaign), agent, "DONE")
    with pytest.raises(Refused):
        correct_call(call=old, disposition=disposition("REFUSE"), reason="  ", by=agent, now=NOW)


def record(campaign, **fields):
    values = {
        "source": Call.Source.PBX,
        "external_id": "cdr-1",
        "customer": fields.pop("customer", None) or make_customer(client=campaign.client),
        "disposition": disposition("DONE"),
        "started_at": NOW - timedelta(minutes=5),
        "answered_at": NOW - timedelta(minutes=5) + RINGING,
        "ended_at": NOW - timedelta(minutes=5) + RINGING + TALK,
        "now": NOW,
    }
    return record_call(campaign=campaign, **values | fields)


def test_recorded_call_counts_once(campaign):
    customer = make_customer(client=campaign.client)
    first, created = record(campaign, customer=customer)
    again, created_again = record(campaign, customer=customer)
    assert (created, created_again, first) == (True, False, again)
    assert (first.ring_seconds, first.talk_seconds, first.account.attempts) == (8, 75, 0)
    first.account.refresh_from_db()
    assert (first.account.attempts, first.account.completed_on) == (1, NOW.date())


@pytest.mark.parametrize(
    "times",
    [
        {"started_at": NOW + timedelta(minutes=1)},
        {"answered_at": NOW - timedelta(minutes=6)},
        {"ended_at": NOW - timedelta(minutes=6)},
        {"started_at": NOW - timedelta(hours=5), "answered_at": None, "ended_at": NOW},
    ],
)
def test_recorded_call_with_impossible_times_is_refused(campaign, times):
    with pytest.raises(Refused) as refused:
        record(campaign, **times)
    assert refused.value.code == "times_wrong"


def test_test_call_counts_nowhere(campaign):
    saved, _created = record(campaign, test=True)
    assert (saved.account.attempts, Contact.objects.count()) == (0, 0)
