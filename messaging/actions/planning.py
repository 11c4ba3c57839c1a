"""Planning a message: exactly once per key, rendered now, sent when it is permitted (CB-9, CUS-7, CUS-8)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from customers.models import Channel, Customer
from customers.queries import may_contact
from customers.rules.contact import Decision
from messaging.actions.holds import is_held
from messaging.models import Message, MessageStep, TemplateVersion
from messaging.queries.addresses import address_of
from messaging.queries.rendering import render
from messaging.queries.sentences import reason_sentence
from messaging.states import MessageState, VersionState

__all__ = ["decision_about", "filled_message", "plan_message", "usable_version"]


def usable_version(template) -> TemplateVersion:
    """The approved text of a template. Raises ``Refused`` when there is none."""
    version = (
        template.versions.filter(state=VersionState.APPROVED).select_related("template").first()
        if template
        else None
    )
    if version is None:
        raise Refused(_("The text is not approved yet. A second person approves it."), code="not_approved")
    return version


def decision_about(customer, channel, purpose, recipient, campaign_code, now) -> Decision:
    """The shared decision for one message (CUS-7); numbers matter for SMS only."""
    return may_contact(
        customer,
        number=recipient if channel == Channel.SMS else "",
        channel=channel,
        purpose=purpose,
        campaign_code=campaign_code,
        now=now,
    )


@transaction.atomic
def plan_message(
    *,
    customer: Customer,
    version: TemplateVersion,
    key: str,
    by,
    now: datetime,
    link: str = "",
    campaign_code: str = "",
    purpose: str = "",
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    answers=None,
    strict: bool = False,
) -> tuple[Message, bool]:
    """Put one message into the outbox; returns (message, created). The same ``key`` again is the same message.

    ``purpose`` overrides the template's. What only time forbids waits for the next permitted instant. What is forbidden for good
    is recorded as blocked, or with ``strict`` refused; so is a customer without an address. ``answers`` is the reply this
    confirms: then no rule is asked. Raises ``Refused`` also for a text that is not approved, or an invitation without a link.
    """
    if existing := Message.objects.filter(key=key).first():
        return existing, False
    template = version.template
    if version.state != VersionState.APPROVED:
        raise Refused(_("The text is not approved yet. A second person approves it."), code="not_approved")
    if template.invites and not link:
        raise Refused(
            _(
                "This text carries a link of its own. Send an invitation from the page of the questionnaire, a question "
                "about a trial from the page of the trial."
            ),
            code="no_link",
        )
    recipient = address_of(customer, template.channel)
    purpose, begin = purpose or template.purpose, max(not_before or now, now)
    decision = None
    if answers is None:
        decision = decision_about(customer, template.channel, purpose, recipient, campaign_code, begin)
    if strict:
        _must_be_possible(recipient, decision)
    message = filled_message(
        customer=customer, version=version, key=key, recipient=recipient, link=link, now=now
    )
    message.purpose, message.campaign_code, message.created_by = purpose, campaign_code, by
    message.expires_at, message.answers = expires_at, answers
    message.held = answers is None and is_held(campaign_code)
    settle(message, decision, begin)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key), False
    MessageStep.objects.create(case=message, from_state="", to_state=message.state, at=now, by=by)
    return message, True


def _must_be_possible(recipient, decision):
    if not recipient:
        raise Refused(Message.Problem.NO_ADDRESS.label, code="no_address")
    if decision is not None and not decision.allowed and decision.next_at is None:
        codes = [reason.code for reason in decision.reasons if reason.until is None]
        sentences = " ".join(reason_sentence(code) for code in codes)
        raise Refused(sentences, code="not_permitted", facts={"reasons": codes})


def filled_message(*, customer, version, key, recipient, link, now) -> Message:
    """An unsaved message: the version as this customer receives it."""
    rendered = render(version, customer=customer, now=now, link=link)
    sms = version.template.channel == Channel.SMS
    return Message(
        key=key,
        customer=customer,
        version=version,
        channel=version.template.channel,
        purpose=version.template.purpose,
        language=rendered.language,
        recipient=recipient[:320],
        subject=rendered.subject,
        body=rendered.body,
        encoding=rendered.cost.encoding if sms else "",
        segments=rendered.cost.segments if sms else 0,
        created_at=now,
    )


def settle(message, decision, begin):
    """State and time of a message that is about to be saved, by the decision (None: nothing to ask)."""
    if not message.recipient:
        message.state, message.blocked_by = MessageState.BLOCKED, [Message.Problem.NO_ADDRESS]
    elif decision is None or decision.allowed:
        message.state, message.next_at = MessageState.QUEUED, begin
    else:
        message.blocked_by = list(decision.codes)
        message.next_at = decision.next_at
        message.state = MessageState.QUEUED if decision.next_at else MessageState.BLOCKED
