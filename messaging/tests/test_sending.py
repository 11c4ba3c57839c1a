"""What is planned goes out once, when it is permitted, and the ledger knows (CB-9, CUS-7, CUS-8)."""

from datetime import timedelta

import pytest

from callcenter.errors import Refused
from callcenter.workflow import IllegalMove
from customers.actions import block, withdraw_consent
from customers.models import CallingWindow, Contact, ContactRule, Customer
from messaging.actions import (
    cancel_message,
    plan_message,
    post_letter,
    recover_expired,
    send_again,
    send_due,
)
from messaging.gateways import Accepted, NotSent, Uncertain
from messaging.gateways.outbox import OutboxGateway
from messaging.models import Message
from messaging.rules.retries import BACK_OFF
from messaging.tests.make import NOW, make_consent, make_customer, make_message, make_reachable, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(monkeypatch):
    """The local gateway, whose answer a test may change; remembers what it was given."""

    class Double:
        sent: list = []
        raises = None

    def send(self, envelope):
        Double.sent.append(envelope)
        if Double.raises:
            raise Double.raises
        return Accepted(gateway_id=envelope.key, delivered=False)

    Double.sent = []
    monkeypatch.setattr(OutboxGateway, "send", send)
    return Double


def fresh(message):
    return Message.objects.get(pk=message.pk)


def test_message_is_sent_once_and_booked_in_the_ledger():
    message = make_message()
    assert (message.state, message.body, message.segments) == ("queued", "王女士您好", 1)
    assert send_due(now=NOW) == 1
    assert send_due(now=NOW) == 0
    message = fresh(message)
    assert (message.state, message.gateway, message.attempts) == ("delivered", "outbox", 1)
    assert [step.to_state for step in message.steps.order_by("id")] == [
        "queued",
        "sending",
        "sent",
        "delivered",
    ]
    contact = Contact.objects.get()
    assert (contact.channel, contact.purpose, contact.number) == ("sms", "service", message.recipient)
    assert message.contact_id == contact.pk


def test_same_key_is_the_same_message():
    first = make_message(key="client:1")
    again, created = plan_message(
        customer=first.customer, version=first.version, key="client:1", by=None, now=NOW
    )
    assert (again.pk, created) == (first.pk, False)
    assert Message.objects.count() == 1


def test_without_consent_it_is_blocked_or_refused():
    version, customer = make_version(), make_customer()
    message = make_message(customer, version)
    assert (message.state, message.blocked_by) == ("blocked", ["no_consent"])
    with pytest.raises(Refused) as refused:
        make_message(customer, version, strict=True)
    assert refused.value.facts == {"reasons": ["no_consent"]}
    assert send_due(now=NOW) == 0


def test_without_address_it_is_blocked():
    landline = make_reachable(phones=[])
    assert make_message(landline).blocked_by == ["no_address"]
    with pytest.raises(Refused):
        make_message(landline, make_version(), strict=True)


def test_sms_goes_to_no_landline():
    customer = make_reachable(phones=["+8657188888888"])
    customer.phones.update(kind="landline")
    assert make_message(customer).blocked_by == ["no_address"]


def test_text_that_is_not_approved_is_refused():
    with pytest.raises(Refused) as refused:
        make_message(make_reachable(), make_version(approved=False))
    assert refused.value.code == "not_approved"


def test_consent_withdrawn_after_planning_stops_it_at_send_time():
    message = make_message()
    withdraw_consent(
        customer=message.customer, channel="sms", purpose="service", source="phone", by=None, now=NOW
    )
    assert send_due(now=NOW) == 0
    assert (fresh(message).state, fresh(message).blocked_by) == ("blocked", ["consent_withdrawn"])
    assert not Contact.objects.exists()


def test_do_not_call_entry_after_planning_stops_it_at_send_time():
    message = make_message()
    block(customer=message.customer, category="asked", reason="x", by=None, now=NOW)
    send_due(now=NOW)
    assert fresh(message).blocked_by == ["blacklisted"]


def test_erased_customer_gets_nothing():
    message = make_message()
    Customer.objects.filter(pk=message.customer_id).update(restriction="erased")
    send_due(now=NOW)
    assert fresh(message).blocked_by == ["customer_restricted"]


def test_quiet_hours_move_it_to_the_next_permitted_instant():
    CallingWindow.objects.create(ranges=[["09:00", "21:00"]])
    message = make_message(now=NOW)
    night = NOW + timedelta(hours=12)  # 22:00 in Shanghai
    assert send_due(now=night) == 0
    message = fresh(message)
    assert (message.state, message.blocked_by) == ("queued", ["outside_hours"])
    assert message.next_at == NOW + timedelta(hours=23)
    assert send_due(now=message.next_at) == 1


def test_planned_at_night_it_waits_for_the_morning():
    CallingWindow.objects.create(ranges=[["09:00", "21:00"]])
    message = make_message(now=NOW + timedelta(hours=12))
    assert message.next_at == NOW + timedelta(hours=23)


def test_email_keeps_no_hours():
    CallingWindow.objects.create(ranges=[["09:00", "21:00"]])
    message = make_message(version=make_version("email"), now=NOW + timedelta(hours=12))
    assert send_due(now=NOW + timedelta(hours=12)) == 1
    assert fresh(message).state == "delivered"


def test_cap_holds_within_one_sweep():
    ContactRule.objects.create(max_per_day=2, max_per_five_minutes=2)
    customer = make_reachable()
    for _number in range(3):
        make_message(customer)
    assert send_due(now=NOW) == 2
    waiting = Message.objects.get(state="queued")
    assert set(waiting.blocked_by) == {"day_cap", "burst_cap"}
    assert waiting.next_at >= NOW + timedelta(hours=24)


def test_expired_message_is_not_sent():
    message = make_message(expires_at=NOW + timedelta(hours=1))
    send_due(now=NOW + timedelta(hours=1))
    assert (fresh(message).state, fresh(message).blocked_by) == ("blocked", ["expired"])


def test_number_changed_after_planning_is_used():
    message = make_message()
    message.customer.phones.update(number="+8613600000001")
    send_due(now=NOW)
    assert fresh(message).recipient == "+8613600000001"


def test_temporary_failure_is_tried_again_and_leaves_the_ledger_alone(gateway):
    message = make_message()
    gateway.raises = NotSent("busy", again=True)
    send_due(now=NOW)
    message = fresh(message)
    assert (message.state, message.error, message.attempts) == ("failed", "busy", 1)
    assert message.next_at - NOW >= BACK_OFF[0]
    assert not Contact.objects.exists()
    gateway.raises = None
    assert send_due(now=NOW + timedelta(minutes=2)) == 1
    assert fresh(message).state == "sent"
    assert [one.key for one in gateway.sent] == [message.key] * 2


def test_after_all_attempts_it_is_given_up(gateway):
    message = make_message()
    gateway.raises = NotSent("busy", again=True)
    now = NOW
    for _attempt in range(len(BACK_OFF) + 1):
        send_due(now=now)
        now += timedelta(days=1)
    assert (fresh(message).state, fresh(message).blocked_by) == ("dead", ["given_up"])
    assert len(gateway.sent) == len(BACK_OFF) + 1


def test_refused_by_the_gateway_it_is_not_tried_again(gateway):
    message = make_message()
    gateway.raises = NotSent("bad number", again=False)
    send_due(now=NOW)
    assert (fresh(message).state, fresh(message).blocked_by) == ("dead", ["rejected"])


def test_uncertain_message_goes_to_a_person_and_stays_in_the_ledger(gateway):
    message = make_message()
    gateway.raises = Uncertain("broken")
    send_due(now=NOW)
    assert (fresh(message).state, fresh(message).blocked_by) == ("dead", ["uncertain"])
    assert Contact.objects.count() == 1
    gateway.raises = None
    send_again(message=fresh(message), by=None, now=NOW)
    send_due(now=NOW)
    assert fresh(message).state == "sent"
    assert gateway.sent[-1].key == f"{message.key}:1"


def test_dead_sender_of_a_repeatable_gateway_is_followed_by_the_same_key(gateway):
    message = make_message()
    gateway.raises = RuntimeError("killed")
    send_due(now=NOW)
    assert fresh(message).state == "sending"
    assert send_due(now=NOW + timedelta(minutes=4)) == 0
    gateway.raises = None
    assert send_due(now=NOW + timedelta(minutes=6)) == 1
    assert fresh(message).state == "sent"
    assert [one.key for one in gateway.sent] == [message.key] * 2
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("name", ["smtp", "smpp"])
def test_dead_sender_of_another_gateway_leaves_it_to_a_person(gateway, name):
    message = make_message()
    gateway.raises = RuntimeError("killed")
    send_due(now=NOW)
    Message.objects.update(gateway=name)
    assert recover_expired(now=NOW + timedelta(minutes=6)) == 1
    assert (fresh(message).state, fresh(message).blocked_by) == ("dead", ["uncertain"])
    assert len(gateway.sent) == 1


def test_sender_that_comes_back_late_changes_nothing(monkeypatch):
    message = make_message()

    def slow(self, envelope):
        recover_expired(now=NOW + timedelta(minutes=10))
        return Accepted(gateway_id="late")

    monkeypatch.setattr(OutboxGateway, "send", slow)
    send_due(now=NOW)
    assert (fresh(message).state, fresh(message).gateway_id) == ("failed", "")


def test_what_is_left_when_the_time_is_up_goes_back_untouched(gateway):
    message = make_message()
    assert send_due(now=NOW, seconds=0) == 0
    assert fresh(message).state == "queued"
    taken = []
    from messaging.actions import sending

    sending._take(fresh(message), NOW, taken)
    sending._hand_over(taken, lambda: NOW, NOW)
    message = fresh(message)
    assert (message.state, message.attempts, gateway.sent) == ("failed", 0, [])
    assert not Contact.objects.exists()
    assert send_due(now=NOW) == 1


def test_cancelled_message_is_not_sent():
    message = cancel_message(message=make_message(), by=None, now=NOW)
    assert send_due(now=NOW) == 0
    with pytest.raises(IllegalMove):
        cancel_message(message=message, by=None, now=NOW)


def test_letters_wait_for_a_person():
    message = make_message(version=make_version("post"))
    assert (message.subject, send_due(now=NOW)) == ("主题", 0)
    assert post_letter(message=message, by=None, now=NOW).state == "sent"
    assert Contact.objects.get().channel == "post"


def test_letter_to_somebody_who_withdrew_is_not_posted():
    message = make_message(version=make_version("post"))
    withdraw_consent(
        customer=message.customer, channel="post", purpose="service", source="phone", by=None, now=NOW
    )
    assert post_letter(message=message, by=None, now=NOW).state == "blocked"


def test_consent_for_another_purpose_is_no_consent():
    customer = make_reachable(channel=None)
    make_consent(customer, channel="sms", purpose="sales")
    assert make_message(customer).blocked_by == ["no_consent"]
