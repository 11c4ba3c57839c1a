"""The demo's messages: approved texts, customers who agreed to SMS and e-mail, a few messages sent and answered."""

from datetime import timedelta

from callcenter.access import Role
from customers.models import Channel, Consent, Customer, Purpose
from messaging.actions import approve_version, plan_message, receive_reply, send_due
from messaging.gateways import gateway_name
from messaging.models import Message, Template, TemplateVersion
from messaging.states import OUT, VersionState
from people.models import User

ANSWERS = ("谢谢，师傅服务很好", "你们的保单还没寄到，请联系我", "我要退订，怎么操作？")


def load(*, now, rng) -> str:
    """Make what is missing; returns one line about what there is."""
    manager = User.objects.filter(memberships__role=Role.MANAGER).order_by("id").first()
    for version in TemplateVersion.objects.filter(state=VersionState.DRAFT).order_by("id"):
        approve_version(version=version, by=manager, now=now)
    if not Consent.objects.filter(channel=Channel.SMS).exists():
        _consents(now)
    if not Message.objects.exists() and gateway_name("sms") == "outbox":
        _talk(now)
    return f"{Template.objects.count()} texts, {Message.objects.count()} messages"


def _consents(now):
    """Two of three agreed to messages when they signed."""
    rows = []
    for number, customer in enumerate(Customer.objects.order_by("id").iterator(), start=1):
        if number % 3 == 0:
            continue
        channels = [Channel.SMS, *([Channel.EMAIL] if customer.email else [])]
        rows += [
            Consent(
                customer=customer,
                channel=channel,
                purpose=purpose,
                state=Consent.State.GRANTED,
                source="服务协议",
                at=customer.created_at,
            )
            for channel in channels
            for purpose in (Purpose.SERVICE, Purpose.SURVEY)
        ]
    Consent.objects.bulk_create(rows, batch_size=2_000)


def _talk(now):
    """Some customers were thanked by SMS; a few of them have answered."""
    text = TemplateVersion.objects.usable().select_related("template").get(template__code="SMS-THANKS")
    agreed = Consent.objects.filter(channel=Channel.SMS, purpose=Purpose.SERVICE).values("customer_id")
    people = Customer.objects.filter(pk__in=agreed, restriction="").select_related("client")
    for customer in people.order_by("id")[:12]:
        plan_message(customer=customer, version=text, key=f"demo:thanks:{customer.pk}", by=None, now=now)
    send_due(now=now)
    for number, message in enumerate(Message.objects.filter(state__in=OUT).order_by("id")[: len(ANSWERS)]):
        receive_reply(
            channel="sms",
            sender=message.recipient,
            body=ANSWERS[number],
            key=f"demo:reply:{message.pk}",
            now=now + timedelta(seconds=number + 1),
        )
