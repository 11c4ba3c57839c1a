"""Confirmations by message: the word in the reply, the link, and what neither may do (CAM-10; domain.md 8.2 type B)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import (
    answer_by_link,
    confirm_by_message,
    follow_trials,
    read_confirmations,
    record_by_hand,
)
from callbacks.models import Confirmation
from callbacks.queries.trials import open_question
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.trials import World, at
from callcenter.errors import Conflict, Refused
from messaging.actions import plan_message, receive_reply
from messaging.models import Message, Reply
from messaging.tests.make import make_version
from surveys.actions import read_replies

pytestmark = pytest.mark.django_db
S = OrderState


@pytest.fixture
def world():
    return World()


def fresh(order):
    order.refresh_from_db()
    return order


def replied(message, body, *, now, **fields):
    values = {"channel": "sms", "sender": message.recipient, "body": body, "key": f"in:{message.pk}:{body}"}
    return receive_reply(**values | fields, now=now)


def test_two_replies_of_two_messages_confirm_twice_and_are_billed(world):
    order = world.sale()
    first = world.message(order, now=at(3, 25))
    reply = replied(first, "确认", now=at(3, 25, "11:00"))
    assert read_confirmations(now=at(3, 25, "11:01")) == 1
    assert read_confirmations(now=at(3, 25, "11:02")) == 0
    assert (fresh(order).state, order.first_message, order.first_at) == (
        S.CONFIRMED_ONCE,
        first,
        at(3, 25, "11:00"),
    )
    proof = order.confirmations.get(accepted=True)
    assert (proof.way, proof.reply, proof.message, proof.call) == ("reply", reply, first, None)
    reply.refresh_from_db()
    assert (reply.state, reply.outcome) == ("handled", "answered")
    second = confirm_by_message(order=order, text=world.text(), by=world.lead, now=at(4, 1))
    Message.objects.filter(pk=second.pk).update(state="sent", sent_at=at(4, 1))
    replied(second, "Y", now=at(4, 1, "12:00"))
    read_confirmations(now=at(4, 1, "12:01"))
    assert (fresh(order).state, order.second_message) == (S.CONFIRMED_TWICE, second)
    follow_trials(now=at(4, 3))
    assert fresh(order).state == S.BILLING


@pytest.mark.parametrize("body", ["取消", "不需要", "TD", "退订"])
def test_a_no_or_a_stop_word_ends_the_order(world, body):
    order = world.sale()
    message = world.message(order, now=at(3, 25))
    replied(message, body, now=at(3, 25, "11:00"))
    read_confirmations(now=at(3, 25, "11:01"))
    assert fresh(order).state == S.CANCELLED


@pytest.mark.parametrize("body", ["你们是谁？", "确认吗", "好的吧", "等我想想再确认", ""])
def test_any_other_reply_waits_for_a_person_and_confirms_nothing(world, body):
    order = world.sale()
    message = world.message(order, now=at(3, 25))
    reply = replied(message, body, now=at(3, 25, "11:00"))
    read_replies(now=at(3, 25, "11:01"))
    assert read_confirmations(now=at(3, 25, "11:01")) == 0
    reply.refresh_from_db()
    assert (fresh(order).state, reply.state) == (S.IN_TRIAL, "new")
    record_by_hand(
        order=order, answer="continue", criteria=CRITERIA, reply=reply, by=world.lead, now=at(3, 25, "12:00")
    )
    assert (fresh(order).state, order.first_message) == (S.CONFIRMED_ONCE, message)


def test_a_yes_from_a_number_of_somebody_else_does_not_count(world):
    order, stranger = world.sale(), world.customer()
    message = world.message(order, now=at(3, 25))
    reply = replied(message, "确认", now=at(3, 25, "11:00"))
    Reply.objects.filter(pk=reply.pk).update(customer=stranger)
    read_confirmations(now=at(3, 25, "11:01"))
    assert (fresh(order).state, order.first_at) == (S.IN_TRIAL, None)
    assert open_question(order).sequence == 2


def test_a_yes_that_comes_after_the_end_of_the_order_changes_nothing(world):
    order = world.sale()
    message = world.message(order, now=at(3, 25))
    world.answer(order, "unwanted", now=at(3, 26))
    reply = replied(message, "确认", now=at(3, 26, "12:00"))
    assert read_confirmations(now=at(3, 26, "12:01")) == 0
    reply.refresh_from_db()
    assert (fresh(order).state, reply.state) == (S.CANCELLED, "new")


def test_a_reply_to_the_first_question_is_no_answer_to_the_second(world):
    order = world.sale()
    message = world.message(order, now=at(3, 25))
    world.answer(order, now=at(3, 26))
    reply = replied(message, "确认", now=at(3, 26, "12:00"))
    read_confirmations(now=at(3, 26, "12:01"))
    assert fresh(order).state == S.CONFIRMED_ONCE
    with pytest.raises(Refused):
        record_by_hand(
            order=order, answer="continue", criteria=CRITERIA, reply=reply, by=world.lead, now=at(4, 1)
        )


def test_a_question_is_sent_once_and_only_in_a_text_for_it(world):
    order = world.sale()
    with pytest.raises(Refused) as wrong:
        confirm_by_message(order=order, text=make_version(), by=world.lead, now=at(3, 25))
    assert wrong.value.code == "wrong_text"
    world.message(order, now=at(3, 25))
    with pytest.raises(Conflict) as twice:
        confirm_by_message(order=order, text=world.text(), by=world.lead, now=at(3, 25))
    assert twice.value.code == "sent_already"


def test_without_mandatory_statements_nothing_is_asked_by_message(world):
    order = world.sale()
    world.campaign.script.statements = []
    world.campaign.script.save(update_fields=["statements"])
    with pytest.raises(Refused) as caught:
        world.message(order, now=at(3, 25))
    assert caught.value.code == "no_statements"


def test_such_a_text_goes_out_only_with_its_link(world):
    with pytest.raises(Refused) as caught:
        plan_message(customer=world.customer(), version=world.text(), key="x", by=None, now=at(3, 25))
    assert caught.value.code == "no_link"


def test_an_answer_takes_back_a_message_that_has_not_gone_out(world):
    order = world.sale()
    message = world.message(order, now=at(3, 25))
    Message.objects.filter(pk=message.pk).update(state="queued")
    world.answer(order, now=at(3, 26))
    message.refresh_from_db()
    assert message.state == "cancelled"


# --- the link -----------------------------------------------------------------------------------------------------


@pytest.fixture
def running():
    """A trial by today's clock, its question sent; returns (world, order, the path of the link)."""
    world, now = World(), timezone.now()
    order = world.sale(now=now - timedelta(days=21))
    message = world.message(order, now=now)
    path = message.body.split("/t/")[1].split("/")[0]
    return world, order, reverse("public_trial", args=[path])


def test_opening_the_link_shows_price_end_and_way_out_and_answers_nothing(running):
    world, order, path = running
    page = Client().get(path, {"lang": "zh-hans"})
    text = page.content.decode()
    assert page.status_code == 200
    assert all(words in text for words in ("每月 20 元", "拨打 10000 取消", "体验期 30 天"))
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not page.cookies
    assert fresh(order).state == S.IN_TRIAL


def test_a_flood_of_text_is_refused_unread(running):
    _world, order, path = running
    flood = {"wants": "yes", "ticked": ["owner", "understood"], "more": "x" * 70_000}
    assert Client().post(path, flood).status_code == 413
    assert fresh(order).state == S.IN_TRIAL


def test_the_link_confirms_once_with_both_ticks(running):
    world, order, path = running
    client = Client()
    for ticked in ([], ["owner"], ["understood"], ["nonsense"]):
        assert client.post(path, {"wants": "yes", "ticked": ticked}).status_code == 422
    assert fresh(order).state == S.IN_TRIAL
    ticked = {"wants": "yes", "ticked": ["owner", "understood"]}
    assert client.post(path, ticked).status_code == 200
    assert (fresh(order).state, order.first_message_id) == (S.CONFIRMED_ONCE, Message.objects.get().pk)
    proof = order.confirmations.get(accepted=True)
    assert (proof.way, proof.reply, proof.answered_by) == ("link", None, None)
    # The same link is no second confirmation.
    assert client.post(path, ticked).status_code == 410
    assert client.get(path).status_code == 410
    assert fresh(order).state == S.CONFIRMED_ONCE


def test_the_link_ends_the_order_with_one_press(running):
    world, order, path = running
    assert Client().post(path, {"wants": "no"}).status_code == 200
    assert fresh(order).state == S.CANCELLED


@pytest.mark.parametrize("data", [{}, {"wants": "maybe"}, {"wants": ""}, {"ticked": ["owner"]}])
def test_nonsense_sent_to_the_link_shows_the_question_again(running, data):
    world, order, path = running
    assert Client().post(path, data).status_code == 200
    assert fresh(order).state == S.IN_TRIAL


def test_a_link_that_was_never_made_leads_nowhere(db):
    for token in ("x" * 22, "short", "确认", "x" * 500):
        assert Client().get(f"/t/{token}/").status_code == 404


def test_a_link_answers_no_more_after_the_end_of_the_trial(running):
    world, order, path = running
    question = open_question(order)
    with pytest.raises(Conflict):
        answer_by_link(question=question, wants=True, ticked=["owner", "understood"], now=question.deadline)
    Confirmation.objects.filter(pk=question.pk).update(deadline=timezone.now())
    assert Client().get(path).status_code == 410
