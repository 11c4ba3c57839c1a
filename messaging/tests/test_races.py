"""Senders side by side: no message twice, no cap broken, no reply lost (CB-9; real threads, PostgreSQL)."""

import threading
from collections import Counter

import pytest
from django.db import connection

from callcenter.tests.threads import at_once
from customers.models import Contact, ContactRule
from messaging.actions import plan_message, receive_reply, send_due, take_event
from messaging.gateways import Accepted
from messaging.gateways.outbox import OutboxGateway
from messaging.models import GatewayEvent, Message, Reply
from messaging.tests.make import NOW, load_texts, make_message, make_reachable, make_version

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def _postgresql_only():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def test_four_senders_send_each_of_two_hundred_messages_once(monkeypatch):
    sent, lock = Counter(), threading.Lock()

    def send(self, envelope):
        with lock:
            sent[envelope.key] += 1
        return Accepted(gateway_id=envelope.key)

    monkeypatch.setattr(OutboxGateway, "send", send)
    version = make_version()
    for number in range(200):
        make_message(make_reachable(), version, key=f"m{number}")
    assert at_once(*[lambda: send_due(now=NOW)] * 4) == []
    assert len(sent) == 200
    assert set(sent.values()) == {1}
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert Contact.objects.count() == 200


def test_eight_senders_keep_the_cap_of_one_customer():
    ContactRule.objects.create(max_per_day=3, max_per_five_minutes=3)
    customer, version = make_reachable(), make_version()
    for number in range(16):
        make_message(customer, version, key=f"m{number}")
    assert at_once(*[lambda: send_due(now=NOW, limit=2)] * 8) == []
    assert Message.objects.filter(state="delivered").count() == 3
    assert Contact.objects.count() == 3


def test_same_plan_reply_and_event_sixteen_times_are_one_each():
    load_texts()
    customer, version = make_reachable(), make_version()
    plan = {"customer": customer, "version": version, "key": "once", "by": None, "now": NOW}
    assert at_once(*[lambda: plan_message(**plan)] * 16) == []
    number = customer.phones.get().number
    reply = {"channel": "sms", "sender": number, "body": "TD", "key": "in:1", "now": NOW}
    assert at_once(*[lambda: receive_reply(**reply)] * 16) == []
    event = {
        "key": "e1",
        "kind": "reply",
        "channel": "sms",
        "payload": {"from": number, "text": "好"},
        "now": NOW,
    }
    assert at_once(*[lambda: take_event(**event)] * 16) == []
    assert (Message.objects.filter(key="once").count(), Reply.objects.count()) == (1, 2)
    assert GatewayEvent.objects.count() == 1
    assert customer.consents.filter(state="withdrawn").count() == 4
