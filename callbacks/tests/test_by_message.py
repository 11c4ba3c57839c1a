"""Promises by SMS and e-mail: sent, answered, fallen back from, and offered when the phone fails (CB-8, CAM-2)."""

import re
from datetime import timedelta

import pytest

from callbacks.actions import (
    apply_policy,
    cancel_tasks,
    claim_next,
    fall_back,
    release_due,
    send_messages,
)
from callbacks.models import Task
from callbacks.states import TaskState
from callbacks.tests.make import NOW, disposition, make_agent, make_campaign, make_task, make_team
from callbacks.tests.test_apply_policies import make_event, make_policy
from callbacks.tests.test_calls import call
from customers.tests.make import make_consent
from messaging.actions import receive_reply, send_due
from messaging.models import Message
from messaging.tests.make import make_reachable
from messaging.tests.make import make_version as make_text
from surveys.actions import answer_invitation
from surveys.models import Invitation
from surveys.tests.make import items_of, make_version

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Sending takes a moment; a little later the days since then are over.
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(days=3, minutes=1)


@pytest.fixture(autouse=True)
def _dispositions():
    disposition("DONE")


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team, questionnaire=make_version("scale5"))


@pytest.fixture
def texts():
    return {
        channel: make_text(channel, kind="survey", purpose="survey", body="{link} {stop}")
        for channel in ("email", "sms")
    }


def promised(campaign, *, consents=("email",), now=NOW, **fields):
    """The task that a policy by e-mail, then phone, makes for a customer who agrees to the channels."""
    customer = make_reachable(channel=None, client=campaign.client, team=campaign.teams.get())
    for channel in consents:
        make_consent(customer, channel=channel, purpose="service")
    make_event(campaign, customer=customer, at=now - timedelta(hours=1))
    values = {"channel": "email", "fallback_channel": "phone", "fallback_days": 3} | fields
    policy = make_policy(campaign, **values)
    apply_policy(policy=policy, now=now)
    return Task.objects.get(policy=policy)


def sent(campaign, **fields):
    task = promised(campaign, **fields)
    send_messages(now=NOW)
    send_due(now=NOW)
    return fresh(task)


def fresh(task):
    return Task.objects.select_related("message").get(pk=task.pk)


def answer(task, now=NOW):
    invitation = Invitation.objects.get(message_key=task.message.key)
    item = items_of(invitation.version)[0]
    return answer_invitation(
        invitation=invitation, answers={str(item.pk): "5"}, channel=invitation.channel, now=now
    )


def test_promise_by_email_is_sent_once_with_the_link(campaign, texts):
    task = promised(campaign)
    assert send_messages(now=NOW) == 1
    assert send_messages(now=NOW) == 0
    assert send_due(now=NOW) == 1
    task = fresh(task)
    message = task.message
    assert (message.state, message.purpose, message.campaign_code) == ("delivered", "service", campaign.code)
    assert re.search(r"/s/[\w-]{22}/", message.body)
    assert message.expires_at == task.deadline == Invitation.objects.get().expires_at
    assert (task.state, task.channel) == ("planned", "email")


def test_answer_ends_the_promise(campaign, texts):
    task = sent(campaign)
    answer(task)
    send_messages(now=NOW)
    task = fresh(task)
    assert (task.state, task.disposition.code, task.closed_at) == (TaskState.DONE, "DONE", NOW)
    assert task.steps.get(to_state="done").note


def test_no_answer_becomes_a_call_after_the_policys_days(campaign, texts):
    task = sent(campaign)
    assert fall_back(now=NOW + 3 * DAY - timedelta(minutes=1)) == 0
    assert release_due(now=LATER) == 1
    assert (fresh(task).channel, fresh(task).state) == ("phone", TaskState.READY)


def test_late_answer_ends_the_call_nobody_has_taken(campaign, texts):
    task = sent(campaign)
    release_due(now=LATER)
    answer(task, now=LATER)
    send_messages(now=LATER)
    assert fresh(task).state == TaskState.DONE


def test_late_answer_leaves_the_call_under_way_to_its_agent(campaign, team, texts):
    task = sent(campaign)
    agent = make_agent(team)
    release_due(now=LATER)
    claim_next(agent=agent, now=LATER)
    answer(task, now=LATER)
    send_messages(now=LATER)
    assert fresh(task).state == TaskState.CLAIMED


def test_without_consent_it_becomes_a_call_at_once(campaign, texts):
    task = promised(campaign, consents=())
    send_messages(now=NOW)
    assert fresh(task).message.blocked_by == ["no_consent"]
    assert release_due(now=NOW) == 1
    assert fresh(task).channel == "phone"


def test_words_in_reply_keep_the_phone_away_and_wait_for_a_person(campaign, texts):
    task = sent(campaign)
    receive_reply(
        channel="email", sender=task.message.recipient, body="请下周联系", key="in:1", now=NOW + DAY
    )
    send_messages(now=NOW + DAY)
    assert fall_back(now=NOW + 5 * DAY) == 0
    assert fresh(task).state == TaskState.PLANNED


def test_stop_word_ends_the_promise(campaign, texts):
    from messaging.tests.make import load_texts

    load_texts()
    task = sent(campaign)
    receive_reply(channel="email", sender=task.message.recipient, body="退订", key="in:1", now=NOW + DAY)
    send_messages(now=NOW + DAY)
    assert fresh(task).state == TaskState.CANCELLED


def test_without_an_approved_text_it_waits_and_then_becomes_a_call(campaign):
    task = promised(campaign)
    assert send_messages(now=NOW) == 0
    assert fresh(task).message is None
    assert fall_back(now=NOW + DAY) == 0
    assert fall_back(now=NOW + 4 * DAY) == 1


def test_email_falls_back_to_sms_which_is_sent_too(campaign, texts):
    task = sent(campaign, consents=("email", "sms"), fallback_channel="sms")
    first = task.message
    assert fall_back(now=LATER) == 1
    send_messages(now=LATER)
    send_due(now=LATER)
    task = fresh(task)
    assert (task.channel, task.message.channel, task.message.state) == ("sms", "sms", "delivered")
    assert task.message != first
    assert Invitation.objects.count() == 2


def test_policys_own_text_is_used_and_needs_no_answer(campaign, texts):
    own = make_text("sms", kind="tip", body="温馨提示")
    task = promised(campaign, consents=("sms",), channel="sms", fallback_channel="", text=own.template)
    send_messages(now=NOW)
    send_due(now=NOW)
    assert fresh(task).message.body == "温馨提示"
    send_messages(now=NOW)
    assert (fresh(task).state, Invitation.objects.count()) == (TaskState.DONE, 0)


def test_campaign_without_questions_sends_thanks(team):
    make_text("email", kind="thanks", body="感谢")
    task = promised(make_campaign(team=team))
    send_messages(now=NOW)
    assert fresh(task).message.body == "感谢"


def test_paused_campaign_sends_nothing(campaign, texts):
    task = promised(campaign)
    campaign.state = "paused"
    campaign.save()
    assert send_messages(now=NOW) == 0
    assert fresh(task).message is None


def test_message_of_a_cancelled_task_is_taken_back(campaign, texts):
    task = promised(campaign)
    send_messages(now=NOW)
    cancel_tasks(Task.objects.filter(pk=task.pk), by=None, now=NOW, note="x")
    send_messages(now=NOW)
    assert send_due(now=NOW) == 0
    assert Message.objects.get().state == "cancelled"


def exhausted(campaign, team, *consents, now=NOW):
    """A phone task of a customer who agrees to ``consents``, after its last attempt."""
    customer = make_reachable(channel=None, client=campaign.client, team=team)
    for channel in consents:
        make_consent(customer, channel=channel, purpose="service")
    agent = make_agent(team)
    task = make_task(campaign, customer=customer)
    call(claim_next(agent=agent, now=now), agent, "BUSY", now=now)
    task.refresh_from_db()
    assert task.disposition.code == "EXH"
    return task


@pytest.fixture
def once(team):
    """A campaign that tries each customer once."""
    return make_campaign(team=team, questionnaire=make_version("scale5"), max_attempts=1)


def offer_of(task):
    return Task.objects.select_related("message").filter(source=f"exhausted:{task.pk}").first()


def test_unanswered_phone_offers_email_then_sms_then_ends(once, team, texts):
    task = exhausted(once, team, "email", "sms")
    assert offer_of(task).channel == "email"
    send_messages(now=SOON)
    send_due(now=SOON)
    assert offer_of(task).message.state == "delivered"
    assert fall_back(now=NOW + 2 * DAY) == 0
    assert fall_back(now=LATER + DAY) == 1
    send_messages(now=LATER + DAY)
    send_due(now=LATER + DAY)
    assert (offer_of(task).channel, offer_of(task).message.state) == ("sms", "delivered")
    assert fall_back(now=NOW + 15 * DAY) == 1
    assert offer_of(task).state == TaskState.CANCELLED


def test_answer_to_the_offer_ends_it(once, team, texts):
    task = exhausted(once, team, "email")
    send_messages(now=SOON)
    send_due(now=SOON)
    answer(offer_of(task), now=SOON)
    send_messages(now=SOON)
    assert offer_of(task).state == TaskState.DONE


def test_offer_takes_the_channel_the_customer_agrees_to(once, team, texts):
    assert offer_of(exhausted(once, team, "sms")).channel == "sms"


def test_without_consent_nothing_is_offered(once, team, texts):
    assert offer_of(exhausted(once, team)) is None


def test_without_an_approved_text_nothing_is_offered(once, team):
    assert offer_of(exhausted(once, team, "email")) is None


def test_email_withdrawn_before_it_is_sent_is_followed_by_sms(once, team, texts):
    task = exhausted(once, team, "email", "sms")
    make_consent(task.customer, channel="email", purpose="service", state="withdrawn", at=NOW)
    send_messages(now=SOON)
    assert fall_back(now=SOON) == 1
    assert offer_of(task).channel == "sms"
