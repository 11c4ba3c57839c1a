"""Inviting customers to answer by themselves: by link, or by SMS reply (CAM-7, CB-9, ISS-6)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.sweeps import drain
from customers.actions import withdraw_consent
from customers.models import Purpose
from messaging.actions import close_reply, leave_to_person, link_maker, plan_message
from messaging.models import Message, Reply
from messaging.queries.rendering import language_of
from messaging.states import ReplyState
from surveys.actions.responses import freeze, save_response
from surveys.models import Invitation, QuestionnaireVersion, Response
from surveys.queries import form_of
from surveys.rules.sms_answers import read_scores
from surveys.rules.tokens import hash_of, new_token

VALID_FOR = timedelta(hours=72)
SCALES = ("scale5", "scale10")
SOURCE = "survey"


def invitation_link(token: str) -> str:
    """Where the customer answers."""
    return f"{settings.PUBLIC_URL}/s/{token}/"


def _new(version, customer, *, key, channel, token, by, now, campaign_code, valid_for):
    return Invitation(
        version=version,
        customer=customer,
        channel=channel,
        language=language_of(customer),
        campaign_code=campaign_code,
        token_hash=hash_of(token),
        message_key=key,
        created_at=now,
        created_by=by,
        expires_at=now + valid_for,
    )


@transaction.atomic
def invite(
    *,
    version: QuestionnaireVersion,
    customer,
    text,
    key: str,
    by,
    now: datetime,
    campaign_code: str = "",
    purpose: str = "",
    valid_for: timedelta = VALID_FOR,
    strict: bool = False,
) -> tuple[Message, bool]:
    """Send one customer the link to a questionnaire in the approved ``text``; returns (message, created).

    The same ``key`` again is the same message and link. The version is frozen by being asked. Raises ``Refused`` for a version
    that is not published, and what ``plan_message`` refuses.
    """
    if existing := Message.objects.filter(key=key).first():
        return existing, False
    must_be_published(version)
    token = new_token()
    values = {"by": by, "now": now, "campaign_code": campaign_code}
    message, created = plan_message(
        customer=customer,
        version=text,
        key=key,
        link=invitation_link(token),
        purpose=purpose,
        expires_at=now + valid_for,
        strict=strict,
        **values,
    )
    if created:
        freeze(version=version, now=now)
        _new(
            version,
            customer,
            key=key,
            channel=text.template.channel,
            token=token,
            valid_for=valid_for,
            **values,
        ).save(force_insert=True)
    return message, created


def must_be_published(version):
    """Raises ``Refused`` for a draft."""
    if not (version.published_at or version.frozen_at):
        raise Refused(_("This version is not published yet; publish it first."), code="not_published")


@link_maker(SOURCE)
def invite_many(batch, rows, *, now) -> dict[str, str]:
    """The links of a batch's messages, whose source is ``survey:<version>``; in the transaction of the messages."""
    version = QuestionnaireVersion.objects.get(pk=int(batch.source.partition(":")[2]))
    freeze(version=version, now=now)
    tokens = {key: new_token() for _customer, key in rows}
    Invitation.objects.bulk_create(
        _new(
            version,
            customer,
            key=key,
            channel=batch.version.template.channel,
            token=tokens[key],
            by=batch.created_by,
            now=now,
            campaign_code=batch.campaign_code,
            valid_for=max(batch.starts_at - now, timedelta()) + VALID_FOR,
        )
        for customer, key in rows
    )
    return {key: invitation_link(token) for key, token in tokens.items()}


def note_opening(*, invitation: Invitation, now: datetime) -> None:
    """Remember the first time the page was opened; opening never uses an invitation up."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)


@transaction.atomic
def answer_invitation(*, invitation: Invitation, answers: dict, channel: str, now: datetime) -> Response:
    """Save the answers of an invitation and use it up. Of two answers at the same moment one is saved.

    Raises ``Conflict`` (``used``, ``expired``) and the ``Refused`` of ``save_response`` with messages by item id; nothing is
    used up then.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("version", "customer")
        .get(pk=invitation.pk)
    )
    if invitation.used_at:
        raise Conflict(_("These questions have been answered already. Thank you."), code="used")
    if invitation.expires_at <= now or invitation.customer.restriction:
        raise Conflict(_("The time for these questions is over."), code="expired")
    response = save_response(
        version=invitation.version,
        customer=invitation.customer,
        channel=channel,
        client_uuid=invitation.client_uuid,
        answers=answers,
        now=now,
        complete=True,
    )
    Invitation.objects.filter(pk=invitation.pk).update(used_at=now, response=response)
    return response


@transaction.atomic
def stop_invitations(*, invitation: Invitation, now: datetime) -> None:
    """The customer wants no more messages of this kind: consent for channel and purpose is withdrawn at once (CUS-8)."""
    message = Message.objects.filter(key=invitation.message_key).first()
    withdraw_consent(
        customer=invitation.customer,
        channel=invitation.channel,
        purpose=message.purpose if message else Purpose.SURVEY,
        source=_("the page of the questions"),
        by=None,
        now=now,
    )


def read_replies(*, now: datetime) -> int:
    """Turn SMS replies that plainly answer an open invitation into answers; the others are left to a person.

    Returns how many replies were looked at. Safe to run twice or late.
    """
    fresh = Reply.objects.filter(state=ReplyState.NEW, screened=False).select_related("message", "customer")
    return drain("surveys.read_replies", fresh.order_by("received_at", "id"), _read_reply(now), now=now)


def _read_reply(now):
    def handle(reply):
        if not _answered_by(reply, now):
            leave_to_person(reply=reply)

    return handle


def _answered_by(reply, now) -> bool:
    if reply.message is None or reply.urgent or reply.channel != "sms":
        return False
    invitation = (
        Invitation.objects.filter(
            message_key=reply.message.key, used_at=None, expires_at__gt=reply.received_at
        )
        .select_related("version", "customer")
        .first()
    )
    answers = scores_as_answers(invitation.version, reply.body) if invitation else None
    if answers is None:
        return False
    try:
        with transaction.atomic():
            # The reply came in time even when it is read a little later.
            answer_invitation(invitation=invitation, answers=answers, channel="sms", now=reply.received_at)
            close_reply(reply=reply, outcome=Reply.Outcome.ANSWERED, by=None, now=now)
    except (Refused, Conflict):
        return False
    return True


def scores_as_answers(version, text) -> dict[str, str] | None:
    """Answers by item id when a text plainly gives all required scores of a version; None when a person must read it."""
    items = form_of(version)
    required = [item for item in items if item.required and item.depends_on is None]
    if not required or any(item.kind not in SCALES for item in required):
        return None
    place = next((item for item in items if item.kind == "text" and item.depends_on is None), None)
    scales = [[option.value for option in item.options] for item in required]
    scores = read_scores(text, scales, takes_words=place is not None)
    if scores is None:
        return None
    answers = {str(item.id): value for item, value in zip(required, scores.values, strict=True)}
    if scores.words and place is not None:
        answers[str(place.id)] = scores.words
    return answers
