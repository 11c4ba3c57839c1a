"""A result of one key taken back within seconds, and what it must not touch (ux.md section 3.6)."""

import uuid
from datetime import timedelta

import pytest

from callbacks.actions import claim_next, undo_call
from callbacks.models import Call, Draft, Task
from callbacks.queries.offers import EXHAUSTED
from callbacks.states import TaskState
from callbacks.tests.make import NOW, make_agent, make_campaign, make_claimed, make_task, make_team
from callbacks.tests.test_calls import call, dial, finish
from callcenter.errors import Refused
from campaigns.models import Account
from customers.models import Contact, Phone

pytestmark = pytest.mark.django_db
SAVED = NOW + timedelta(seconds=30)


@pytest.fixture
def agent():
    return make_agent(make_team())


@pytest.fixture
def campaign(agent):
    return make_campaign(team=agent.memberships.get().team)


def saved(agent, campaign, code, **fields):
    """A task whose result was saved at ``SAVED``, and the UUID it was saved with."""
    task, key = make_claimed(agent, campaign, **fields), uuid.uuid4()
    call(task, agent, code, client_uuid=key)
    return task, key


@pytest.mark.parametrize("code", ["NA", "BUSY", "EMPTY", "VM"])
def test_a_result_of_one_key_is_as_if_it_had_not_been(agent, campaign, code):
    task, key = saved(agent, campaign, code)
    undo_call(client_uuid=key, agent=agent, now=SAVED + timedelta(seconds=4))
    undone = Task.objects.get(pk=task.pk)
    assert (undone.state, undone.agent, undone.attempts) == (TaskState.IN_CALL, agent, 0)
    assert (undone.dialled_at, undone.token) == (NOW, task.token + 1)
    assert not Call.objects.counted().exists()
    assert Call.objects.get().correction_reason
    assert not Contact.objects.exists()
    assert Phone.objects.get(customer=task.customer).state == Phone.State.VALID
    account = Account.objects.get()
    assert (account.attempts, account.first_called_on, account.useless_on) == (0, None, None)
    again = finish(undone, agent, "DONE", now=SAVED + timedelta(seconds=60))
    assert Call.objects.counted().get() == again


def test_the_task_that_came_with_the_save_goes_back_to_its_place(agent, campaign):
    task, key = saved(agent, campaign, "NA")
    make_task(campaign)
    following = claim_next(agent=agent, now=SAVED)
    assert following != task
    undo_call(client_uuid=key, agent=agent, now=SAVED + timedelta(seconds=2))
    following.refresh_from_db()
    assert (following.state, following.agent) == (TaskState.READY, None)
    assert Task.objects.held().get(agent=agent) == task
    finish(Task.objects.get(pk=task.pk), agent, "BUSY", now=SAVED + timedelta(seconds=9))
    assert claim_next(agent=agent, now=SAVED + timedelta(seconds=9)) == following


def test_the_same_customers_next_number_can_be_taken_back_too(agent, campaign):
    task, key = saved(agent, campaign, "EMPTY")
    Phone.objects.create(customer=task.customer, number="+8613700000001")
    Task.objects.filter(pk=task.pk).update(state=TaskState.READY, closed_at=None)
    assert claim_next(agent=agent, now=SAVED) == task
    undo_call(client_uuid=key, agent=agent, now=SAVED + timedelta(seconds=2))
    assert Task.objects.get(pk=task.pk).state == TaskState.IN_CALL


@pytest.mark.parametrize("code", ["DONE", "REFUSE", "DNC"])
def test_what_a_customer_has_said_is_not_taken_back(agent, campaign, code):
    _task, key = saved(agent, campaign, code)
    with pytest.raises(Refused):
        undo_call(client_uuid=key, agent=agent, now=SAVED)
    assert Call.objects.counted().count() == 1


def test_after_eight_seconds_it_is_too_late(agent, campaign):
    _task, key = saved(agent, campaign, "NA")
    with pytest.raises(Refused):
        undo_call(client_uuid=key, agent=agent, now=SAVED + timedelta(seconds=9))


def test_once_the_next_number_is_dialled_it_is_too_late(agent, campaign):
    _task, key = saved(agent, campaign, "NA")
    make_task(campaign)
    dial(claim_next(agent=agent, now=SAVED), agent, now=SAVED)
    with pytest.raises(Refused):
        undo_call(client_uuid=key, agent=agent, now=SAVED + timedelta(seconds=2))
    assert Call.objects.counted().count() == 1


def test_nobody_takes_back_the_result_of_another_agent(agent, campaign):
    _task, key = saved(agent, campaign, "NA")
    other = make_agent(agent.memberships.get().team)
    with pytest.raises(Refused):
        undo_call(client_uuid=key, agent=other, now=SAVED)


def test_an_appointment_that_was_not_answered_is_an_appointment_again(agent, campaign):
    agreed = NOW + timedelta(hours=1)
    task = make_claimed(agent, campaign)
    call(task, agent, "APPT", appointment_at=agreed)
    Task.objects.filter(pk=task.pk).update(state=TaskState.READY)
    task, key = claim_next(agent=agent, now=agreed), uuid.uuid4()
    call(task, agent, "NA", client_uuid=key, now=agreed)
    undo_call(client_uuid=key, agent=agent, now=agreed + timedelta(seconds=31))
    undone = Task.objects.get(pk=task.pk)
    assert (undone.appointment, undone.agreed_at, undone.attempts) == (True, agreed, 1)
    assert Account.objects.get().attempts == 1


def test_the_offer_that_followed_the_last_attempt_goes_with_it(agent, campaign):
    campaign.max_attempts = 1
    campaign.save()
    task, key = saved(agent, campaign, "NA")
    assert Task.objects.get(pk=task.pk).state == TaskState.DONE
    make_task(campaign, source=f"{EXHAUSTED}{task.pk}", customer=task.customer, channel="sms", ready=False)
    undo_call(client_uuid=key, agent=agent, now=SAVED)
    assert not Task.objects.filter(source__startswith=EXHAUSTED).exists()
    assert Task.objects.get(pk=task.pk).closed_at is None


def test_the_note_that_was_typed_stands_in_the_box_again(agent, campaign):
    task, key = make_claimed(agent, campaign), uuid.uuid4()
    call(task, agent, "NA", client_uuid=key, note="响了很久")
    undo_call(client_uuid=key, agent=agent, now=SAVED)
    assert Draft.objects.get(task=task).content["note"] == "响了很久"
