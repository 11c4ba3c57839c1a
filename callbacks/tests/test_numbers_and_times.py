"""Numbers closed one by one, attempts over the day, appointments from mine to anyone's to nobody's (CB-4, CB-5, CB-7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from callbacks.actions import assign_tasks, claim_next, release_due, release_task
from callbacks.models import Call, Task, TaskStep
from callbacks.queries.permission import next_number
from callbacks.rules.rank import parts_of
from callbacks.rules.retry import APPOINTMENTS_AT_MOST, Flags, History, Verdict, after_attempt
from callbacks.states import TaskState
from callbacks.tests.make import (
    NOW,
    make_agent,
    make_campaign,
    make_claimed,
    make_customer,
    make_task,
    make_team,
)
from callbacks.tests.test_calls import call
from callcenter.models import Notification
from campaigns.models import Account
from customers.models import BlacklistEntry, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def agent(team):
    return make_agent(team)


@pytest.fixture
def campaign(team):
    return make_campaign(team=team, max_attempts=9)


def three_numbers(campaign, team):
    numbers = ["+8613800000001", "+8613800000002", "+8613800000003"]
    return make_customer(client=campaign.client, team=team, phones=numbers)


def dial_next(task, agent, code, now):
    """Dial the number that is next and save the result."""
    phone = Phone.objects.get(customer=task.customer, number=next_number(task, now=now))
    from callbacks.tests.test_calls import dial, finish  # noqa: PLC0415

    dial(task, agent, now=now, phone=phone)
    finish(task, agent, code, now=now + timedelta(seconds=20))
    return phone.number


@pytest.mark.parametrize("codes", [("EMPTY", "SUSP", "WRONG")])
def test_numbers_close_one_by_one_and_the_account_is_useless_with_the_last(agent, team, campaign, codes):
    customer, dialled = three_numbers(campaign, team), []
    task, now = make_claimed(agent, campaign, customer=customer), NOW
    for place, code in enumerate(codes, start=1):
        dialled.append(dial_next(task, agent, code, now))
        assert customer.phones.filter(state=Phone.State.VALID).count() == len(codes) - place
        account = Account.objects.get(customer=customer)
        assert (account.useless_on is None) == (place < len(codes))
        now += timedelta(minutes=6)
        task = claim_next(agent=agent, now=now) or task
    assert sorted(dialled) == sorted(customer.phones.values_list("number", flat=True))
    assert Account.objects.get(customer=customer).useless_code == "WRONG"
    assert Task.objects.get().state == TaskState.DONE


def test_three_numbers_nobody_answers_are_each_tried_in_another_part_of_the_day(agent, team, campaign):
    customer, dialled, hours = three_numbers(campaign, team), [], []
    task, now = make_claimed(agent, campaign, customer=customer), NOW
    for _attempt in range(3):
        dialled.append(dial_next(task, agent, "NA", now))
        hours.append(timezone.localtime(now).hour)
        task = Task.objects.get()
        now = task.due_at
        Task.objects.update(state=TaskState.READY)
        task = claim_next(agent=agent, now=now) or task
    assert len(set(dialled)) == 3
    parts = {("morning", "afternoon", "evening")[(hour >= 13) + (hour >= 18)] for hour in hours}
    assert len(parts) == 3


def test_a_hand_over_to_anyone_is_in_the_history(agent, team, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=2)
    call(task, agent, "APPT", appointment_at=agreed)
    release_due(now=agreed)
    other = make_agent(team)
    assert claim_next(agent=other, now=agreed + timedelta(minutes=1)) is None
    release_due(now=agreed + timedelta(minutes=16))
    freed = TaskStep.objects.filter(case=task).latest("id")
    assert (freed.from_state, freed.to_state, freed.by) == (TaskState.READY, TaskState.READY, None)
    assert freed.note
    assert claim_next(agent=other, now=agreed + timedelta(minutes=17)) == task
    assert TaskStep.objects.filter(case=task).latest("id").by == other


def test_a_reservation_that_ended_before_the_release_is_in_the_history_too(agent, campaign):
    task = make_task(campaign, due_at=NOW + timedelta(hours=1), ready=False)
    assign_tasks(Task.objects.all(), agent=agent, by=None, now=NOW, until=NOW + timedelta(minutes=5))
    release_due(now=NOW + timedelta(hours=1))
    task.refresh_from_db()
    step = TaskStep.objects.filter(case=task).latest("id")
    assert (task.reserved_for, step.to_state, bool(step.note)) == (None, TaskState.READY, True)


def test_an_appointment_is_announced_a_few_minutes_before_and_once(agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=2)
    call(task, agent, "APPT", appointment_at=agreed)
    release_due(now=agreed - timedelta(minutes=6))
    assert not Notification.objects.exists()
    release_due(now=agreed - timedelta(minutes=4))
    release_due(now=agreed - timedelta(minutes=3))
    reminder = Notification.objects.get()
    assert reminder.recipient == agent
    assert reminder.params["time"] == f"{timezone.localtime(agreed):%H:%M}"
    release_due(now=agreed)
    assert Notification.objects.count() == 2


def test_an_appointment_nobody_could_keep_is_ordinary_work_after_days(agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(hours=2)
    call(task, agent, "APPT", appointment_at=agreed)
    release_due(now=agreed)
    release_due(now=agreed + timedelta(days=2, hours=23))
    task.refresh_from_db()
    assert (task.appointment, task.rank) == (True, 0)
    release_due(now=agreed + timedelta(days=3, minutes=1))
    task.refresh_from_db()
    assert (task.appointment, task.agreed_at, task.reserved_for) == (False, None, None)
    assert (parts_of(task.rank).work, parts_of(task.rank).attempts) == (2, 1)
    assert TaskStep.objects.filter(case=task).latest("id").note


@pytest.mark.parametrize(("agreed", "verdict"), [(5, Verdict.RETRY), (6, Verdict.EXHAUSTED)])
def test_a_call_is_put_off_five_times_at_most(agreed, verdict):
    assert APPOINTMENTS_AT_MOST == 5
    history = History(
        attempts=agreed, attempts_max=3, attempted_at=[], zone="Asia/Shanghai", appointments=agreed
    )
    outcome = after_attempt(
        flags=Flags(retry="agreed"), history=history, now=NOW, agreed_at=NOW + timedelta(hours=1)
    )
    assert outcome.verdict == verdict


def test_the_sixth_wish_for_another_time_ends_the_task(agent, campaign):
    task, now = make_claimed(agent, campaign), NOW
    for _wish in range(6):
        agreed = now + timedelta(days=1)
        call(task, agent, "APPT", appointment_at=agreed, now=now)
        release_due(now=agreed)
        now = agreed
        task = claim_next(agent=agent, now=now) or task
    task.refresh_from_db()
    assert (task.state, task.disposition.code) == (TaskState.DONE, "EXH")
    assert Call.objects.filter(disposition__code="APPT").count() == 6


def test_the_third_refusal_ends_every_waiting_call_for_the_purpose(agent, team, campaign):
    customer = three_numbers(campaign, team)
    other = make_campaign(team=team, client=campaign.client)
    now = NOW
    for attempt in range(3):
        task = make_task(campaign, customer=customer, now=now, due_at=now)
        if task.state != TaskState.READY:
            Task.objects.filter(pk=task.pk).update(state=TaskState.READY)
        BlacklistEntry.objects.all().delete()
        from customers.models import Contact  # noqa: PLC0415

        Contact.objects.update(at=now - timedelta(days=400))
        task = claim_next(agent=agent, now=now)
        if attempt == 2:
            waiting = make_task(
                other, customer=customer, ready=False, due_at=now + timedelta(days=1), now=now
            )
        call(task, agent, "REFUSE", now=now)
        now += timedelta(days=1)
    waiting.refresh_from_db()
    assert waiting.state == TaskState.CANCELLED
    assert BlacklistEntry.objects.filter(customer=customer).exists()
    assert waiting.steps.latest("id").note


def test_an_appointment_in_ten_minutes_comes_before_other_work_and_can_be_put_back(agent, campaign):
    task = make_claimed(agent, campaign)
    agreed = NOW + timedelta(minutes=10)
    call(task, agent, "APPT", appointment_at=agreed)
    other = make_task(campaign)
    release_due(now=agreed)
    held = claim_next(agent=agent, now=agreed)
    assert held == task
    release_task(task_id=held.pk, agent=agent, token=held.token, now=agreed)
    assert claim_next(agent=agent, now=agreed + timedelta(seconds=5)) == other
