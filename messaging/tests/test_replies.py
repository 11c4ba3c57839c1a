"""What comes back: receipts, replies, and the words that end messages at once (CB-9, CUS-8)."""

from contextlib import suppress
from datetime import timedelta

import pytest

from callcenter.access import Role
from callcenter.errors import Refused
from customers.actions import erase_customer
from customers.models import Consent
from messaging.actions import (
    handle_reply,
    plan_message,
    read_events,
    receive_mail,
    receive_reply,
    send_due,
    take_event,
)
from messaging.models import GatewayEvent, Message, Reply
from messaging.tests.make import (
    NOW,
    load_texts,
    make_customer,
    make_message,
    make_reachable,
    make_team,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _texts():
    load_texts()


def sent(version=None, **fields):
    message = make_message(version=version, **fields)
    send_due(now=NOW)
    message.refresh_from_db()
    return message


def reply_to(message, body, *, key="in:1", now=LATER):
    return receive_reply(channel=message.channel, sender=message.recipient, body=body, key=key, now=now)


def withdrawn(customer):
    return sorted(
        Consent.objects.filter(customer=customer, state="withdrawn").values_list("channel", "purpose")
    )


def test_reply_is_matched_to_customer_and_last_message():
    first = sent()
    second, _created = plan_message(
        customer=first.customer, version=make_version(), key="second", by=None, now=LATER
    )
    send_due(now=LATER)
    reply = reply_to(first, "服务很好", now=LATER + timedelta(minutes=2))
    assert (reply.customer, reply.message, reply.state) == (first.customer, second, "new")


@pytest.mark.parametrize("shape", ["+{}", "{}", "00{}"])
def test_sender_is_read_however_the_provider_writes_it(shape):
    message = sent()
    reply = receive_reply(
        channel="sms", sender=shape.format(message.recipient[1:]), body="好", key="in:1", now=LATER
    )
    assert (reply.sender, reply.message) == (message.recipient, message)


def test_stop_word_withdraws_at_once_and_is_confirmed_once():
    message = sent()
    reply = reply_to(message, "td")
    assert (reply.state, reply.outcome) == ("handled", "stopped")
    assert withdrawn(message.customer) == [("sms", "service")]
    assert make_message(message.customer, now=LATER).blocked_by == ["consent_withdrawn"]
    confirmation = Message.objects.get(answers=reply)
    assert send_due(now=LATER) == 1
    confirmation.refresh_from_db()
    assert (confirmation.state, confirmation.contact) == ("delivered", None)
    reply_to(message, "TD", key="in:2")
    assert Message.objects.exclude(answers=None).count() == 1
    assert Consent.objects.filter(state="withdrawn").count() == 1


def test_stop_word_from_a_shared_phone_speaks_for_everybody_on_it():
    message = sent()
    other = make_reachable(phones=[message.recipient])
    reply_to(message, "退订")
    assert withdrawn(other) == [("sms", "service")]


def test_stop_word_without_a_message_ends_every_purpose():
    customer = make_reachable()
    number = customer.phones.get().number
    reply = receive_reply(channel="sms", sender=number, body="退订", key="in:1", now=NOW)
    assert reply.customer == customer
    assert withdrawn(customer) == [("sms", one) for one in ("dunning", "sales", "service", "survey")]


def test_stop_word_of_nobody_known_is_urgent():
    reply = receive_reply(channel="sms", sender="+8613500000000", body="TD", key="in:1", now=NOW)
    reply.refresh_from_db()
    assert (reply.customer, reply.state, reply.urgent) == (None, "new", True)


def test_unclear_word_waits_for_a_person_in_front():
    reply = reply_to(sent(), "我要退订,但是不知道怎么弄")
    assert (reply.state, reply.urgent, Consent.objects.filter(state="withdrawn").count()) == ("new", True, 0)


def test_number_of_two_customers_without_a_message_is_nobody_yet():
    for _number in range(2):
        make_customer(phones=["+8613500000001"])
    reply = receive_reply(channel="sms", sender="+8613500000001", body="你好", key="in:1", now=NOW)
    assert reply.customer is None


def test_same_key_is_the_same_reply():
    message = sent()
    assert reply_to(message, "好").pk == reply_to(message, "好").pk
    assert Reply.objects.count() == 1


def test_receipt_moves_the_message_once():
    message = sent()
    Message.objects.filter(pk=message.pk).update(state="sent", gateway_id="g1", delivered_at=None)
    event = {"kind": "receipt", "channel": "sms", "payload": {"id": "g1", "state": "DELIVRD"}, "now": LATER}
    assert take_event(key="e1", **event)
    assert not take_event(key="e1", **event)
    message.refresh_from_db()
    assert (message.state, message.delivered_at) == ("delivered", LATER)
    late = event | {"payload": {"id": "g1", "state": "UNDELIV"}}
    assert take_event(key="e2", **late)
    message.refresh_from_db()
    assert message.state == "delivered"


def test_receipt_of_a_failure_is_seen():
    message = sent()
    Message.objects.filter(pk=message.pk).update(state="sent", gateway_id="g1")
    take_event(key="e1", kind="receipt", channel="sms", payload={"id": "g1", "state": "UNDELIV"}, now=LATER)
    message.refresh_from_db()
    assert (message.state, message.blocked_by) == ("dead", ["undelivered"])


def test_receipt_that_comes_too_early_is_tried_again_and_not_for_ever():
    message = sent()
    take_event(key="e1", kind="receipt", channel="sms", payload={"id": "g1", "state": "DELIVRD"}, now=NOW)
    assert GatewayEvent.objects.get().try_at == NOW + timedelta(minutes=1)
    Message.objects.filter(pk=message.pk).update(state="sent", gateway_id="g1")
    assert read_events(now=NOW + timedelta(minutes=1)) == 1
    message.refresh_from_db()
    assert (message.state, GatewayEvent.objects.get().try_at) == ("delivered", None)
    take_event(
        key="e2", kind="receipt", channel="sms", payload={"id": "unknown", "state": "DELIVRD"}, now=NOW
    )
    read_events(now=NOW + timedelta(hours=2))
    event = GatewayEvent.objects.get(key="e2")
    assert (event.try_at, event.problem) == (None, "no message has this number")


def test_person_handles_a_reply():
    lead = make_user(Role.LEAD, team=make_team())
    reply = reply_to(sent(), "你们的师傅没来")
    with pytest.raises(Refused):
        handle_reply(reply=reply, by=lead, now=LATER, note=" ")
    done = handle_reply(reply=reply, by=lead, now=LATER, note="已转派")
    assert (done.state, done.outcome, done.steps.get(to_state="handled").by) == ("handled", "person", lead)


def test_person_says_whose_it_is_and_withdraws():
    reply = receive_reply(channel="sms", sender="+8613500000000", body="别发了", key="in:1", now=NOW)
    with pytest.raises(Refused):
        handle_reply(reply=reply, by=None, now=LATER, note="x", withdraw=True)
    customer = make_customer()
    handle_reply(reply=reply, by=None, now=LATER, note="x", customer=customer, withdraw=True)
    assert len(withdrawn(customer)) == 4


def test_scope_of_replies():
    team = make_team()
    lead, stranger = make_user(Role.LEAD, team=team), make_user(Role.LEAD, team=make_team())
    handler = make_user(Role.COMPLAINT, team=team)
    mine = reply_to(sent(customer=make_reachable(team=team)), "好")
    nobodys = receive_reply(channel="sms", sender="+8613500000000", body="?", key="in:2", now=NOW)
    assert set(Reply.objects.visible_to(lead)) == {mine, nobodys}
    assert set(Reply.objects.visible_to(stranger)) == {nobodys}
    assert set(Reply.objects.visible_to(handler)) == {mine}


MAIL = """From: 王芳 <{sender}>
To: callcenter@example.com
Subject: =?utf-8?b?5Zue5aSNOiDor4Tku7c=?=
Message-ID: <abc@example.com>
In-Reply-To: {answers}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{body}

在 2026年3月4日,客服写道:
> 请评价 退订请回复
"""


def mail(body, *, sender="k@example.com", answers="<none>"):
    return MAIL.format(sender=sender, body=body, answers=answers).replace("\n", "\r\n").encode()


def test_mail_is_a_reply_without_what_it_quotes():
    message = sent(make_version("email"))
    Message.objects.filter(pk=message.pk).update(gateway_id="<m1@x>")
    assert receive_mail(raw=mail("很满意", sender=message.recipient.upper()), now=LATER) == "reply"
    assert receive_mail(raw=mail("很满意", sender=message.recipient), now=LATER) == "again"
    reply = Reply.objects.get()
    assert (reply.body, reply.message) == ("很满意", message)


def test_mail_from_another_address_is_matched_by_what_it_answers():
    message = sent(make_version("email"))
    Message.objects.filter(pk=message.pk).update(gateway_id="<m1@x>")
    receive_mail(raw=mail("好", sender="else@example.com", answers="<m1@x>"), now=LATER)
    assert Reply.objects.get().message == message


def test_automatic_answers_are_no_replies():
    raw = b"Auto-Submitted: auto-replied\r\n" + mail("我在休假")
    assert receive_mail(raw=raw, now=LATER) == "automatic"
    assert not Reply.objects.exists()


BOUNCE = """From: MAILER-DAEMON@example.com
Message-ID: <bounce@example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

failed
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.com

Final-Recipient: rfc822; k@example.com
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <m1@x>
Subject: hello

text
--b--
"""


def test_bounce_is_a_receipt():
    message = sent(make_version("email"))
    Message.objects.filter(pk=message.pk).update(gateway_id="<m1@x>", state="sent")
    assert receive_mail(raw=BOUNCE.replace("\n", "\r\n").encode(), now=LATER) == "bounce"
    message.refresh_from_db()
    assert (message.state, message.blocked_by) == ("dead", ["undelivered"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: \r\n\r\nx",
        b"Content-Type: text/plain; charset=nonsense\r\nFrom: a@b.c\r\n\r\n\xff",
    ],
)
def test_broken_mail_breaks_nothing(raw):
    with suppress(Refused):
        receive_mail(raw=raw, now=NOW)
    assert not Message.objects.exists()


def test_erased_customers_texts_are_cleared():
    message = sent()
    reply_to(message, "好")
    erase_customer(customer=message.customer, by=make_user("admin"), reason="request", now=NOW)
    message.refresh_from_db()
    assert (message.body, message.recipient, Reply.objects.get().body) == ("", "", "")
