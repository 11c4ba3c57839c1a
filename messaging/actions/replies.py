"""Replies of customers: whose they are, what they answer, and the words that end messages at once (CB-9, CUS-8)."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callcenter.errors import Refused
from callcenter.workflow import advance
from customers.actions import withdraw_consent
from customers.models import Channel, Consent, Customer, Phone, Purpose
from customers.rules.phones import PhoneRejected, normalise
from messaging.actions.planning import plan_message
from messaging.models import Message, Reply, ReplyStep, StopWord, Template, TemplateVersion
from messaging.rules.stop_words import CLEAR, UNCLEAR, stop_in
from messaging.states import OUT, ReplyState

# An answer is an answer to the last message of so many days.
ANSWERED_WITHIN = timedelta(days=90)
LONGEST = 5_000
SOURCE = gettext_noop("the customer's reply")


@transaction.atomic
def receive_reply(
    *, channel: str, sender: str, body: str, key: str, now: datetime, answers_id: str = ""
) -> Reply:
    """Keep one inbound text and do what it clearly asks for; the same ``key`` again is the same reply.

    It answers the message with the gateway's number ``answers_id``, else the last one to its sender. A stop word withdraws
    consent for channel and purpose before this returns (for every purpose when nothing was sent to the sender) and is
    confirmed once. Everything else waits for the apps above or a person. Raises ``Refused`` without a sender.
    """
    sender = _address(sender, channel)
    if not sender:
        raise Refused(_("A reply needs a sender."), code="no_sender")
    if existing := Reply.objects.filter(key=key).first():
        return existing
    message = _answered(sender, channel, answers_id, now)
    people = _people_at(sender, channel)
    customer = message.customer if message else people[0] if len(people) == 1 else None
    verdict = stop_in(body, StopWord.objects.filter(active=True).values_list("word", flat=True))
    reply = Reply(
        key=key,
        channel=channel,
        sender=sender,
        body=_clean(body),
        customer=customer,
        message=message,
        urgent=verdict == UNCLEAR,
        received_at=now,
    )
    try:
        with transaction.atomic():
            reply.save(force_insert=True)
    except IntegrityError:
        return Reply.objects.get(key=key)
    ReplyStep.objects.create(case=reply, from_state="", to_state=reply.state, at=now)
    if verdict == CLEAR:
        everybody = people if customer is None or customer in people else [customer, *people]
        _stop(reply, everybody, [message.purpose] if message else Purpose.values, now)
    return reply


def _clean(body):
    return "".join(one for one in body if one.isprintable() or one in "\n\t").strip()[:LONGEST]


def _address(sender, channel):
    sender = sender.strip()[:320]
    if channel == Channel.EMAIL:
        return sender.lower()
    try:
        return normalise(sender).e164
    except PhoneRejected:
        pass
    try:
        return normalise("+" + sender.lstrip("+0")).e164
    except PhoneRejected:
        return sender


def _answered(sender, channel, answers_id, now) -> Message | None:
    """The message a reply speaks of."""
    out = Message.objects.filter(channel=channel, state__in=OUT).select_related("customer__client")
    if answers_id:
        found = out.filter(gateway_id=answers_id[:120]).order_by("-id").first()
        if found is not None:
            return found
    recent = out.filter(recipient=sender, sent_at__gt=now - ANSWERED_WITHIN, sent_at__lte=now, answers=None)
    return recent.order_by("-sent_at", "-id").first()


def _people_at(sender, channel) -> list[Customer]:
    """Everybody who has this number or e-mail address."""
    if channel == Channel.EMAIL:
        people = Customer.objects.records().filter(email__iexact=sender)
    else:
        owners = Phone.objects.filter(number=sender).values("customer_id")
        people = Customer.objects.records().filter(pk__in=owners)
    return list(people.select_related("client").order_by("id")[:50])


def _stop(reply, people, purposes, now):
    """Withdraw for all who share the address: whoever holds the phone has said it."""
    changed = set()
    for customer in people:
        for purpose in purposes:
            if _withdraw(customer, reply.channel, purpose, reply, now):
                changed.add(customer)
    if reply.customer in changed:
        _confirm(reply, now)
    if people:
        close_reply(reply=reply, outcome=Reply.Outcome.STOPPED, by=None, now=now)
    else:
        Reply.objects.filter(pk=reply.pk).update(urgent=True)


def _withdraw(customer, channel, purpose, reply, now) -> bool:
    """Record the withdrawal unless the latest word already is one."""
    latest = (
        Consent.objects.filter(customer=customer, channel=channel, purpose=purpose)
        .order_by("-at", "-state", "-id")
        .first()
    )
    if latest is not None and latest.state == Consent.State.WITHDRAWN:
        return False
    withdraw_consent(
        customer=customer,
        channel=channel,
        purpose=purpose,
        source=_(SOURCE),
        evidence=reply.body[:300],
        by=None,
        now=now,
    )
    return True


def _confirm(reply, now):
    version = (
        TemplateVersion.objects.usable()
        .filter(template__kind=Template.Kind.UNSUBSCRIBED, template__channel=reply.channel)
        .select_related("template")
        .order_by("-id")
        .first()
    )
    if version is not None:
        plan_message(
            customer=reply.customer,
            version=version,
            key=f"reply:{reply.pk}:stopped",
            by=None,
            now=now,
            answers=reply,
            expires_at=now + timedelta(days=1),
        )


def close_reply(*, reply: Reply, outcome: str, by, now: datetime, note: str = "") -> Reply:
    """End a reply with what became of it. Raises ``IllegalMove`` when somebody else has."""
    return advance(
        reply,
        ReplyState.HANDLED,
        by=by,
        at=now,
        note=note,
        outcome=outcome,
        handled_at=now,
        screened=True,
    )


@transaction.atomic
def handle_reply(
    *, reply: Reply, by, now: datetime, note: str, customer: Customer | None = None, withdraw: bool = False
) -> Reply:
    """A person has read a reply: whose it is, whether it means "no more", and what was done.

    Raises ``Refused`` without a note or, for a withdrawal, without a customer; ``IllegalMove`` when it is done already.
    """
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if not note.strip():
        raise Refused(
            _("Write down what was done about it."), code="no_note", fields={"note": [_("missing")]}
        )
    customer = reply.customer or customer
    if withdraw and customer is None:
        raise Refused(
            _("Say whose reply it is, so that the customer's consent can be withdrawn."), code="no_customer"
        )
    if customer is not None and reply.customer_id is None:
        Reply.objects.filter(pk=reply.pk).update(customer=customer)
        reply.customer = customer
    if withdraw:
        for purpose in [reply.message.purpose] if reply.message else Purpose.values:
            _withdraw(customer, reply.channel, purpose, reply, now)
    outcome = Reply.Outcome.STOPPED if withdraw else Reply.Outcome.PERSON
    return close_reply(reply=reply, outcome=outcome, by=by, now=now, note=note.strip())


def leave_to_person(*, reply: Reply) -> None:
    """The apps above can make nothing of it."""
    Reply.objects.filter(pk=reply.pk).update(screened=True)
