"""Asking for a confirmation by SMS or e-mail: the question, the reply to it, the link in it (CAM-10, domain.md 8.2)."""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from callbacks.actions.asking import locked
from callbacks.actions.confirmations import Way, record_answer
from callbacks.models import Confirmation
from callbacks.queries.trials import open_question
from callbacks.rules.replies import meaning_of
from callbacks.rules.trial import CRITERIA, Answer
from callbacks.states import CONFIRMATION_OPEN, UNCONFIRMED
from callcenter.errors import Conflict, Refused
from callcenter.sweeps import drain
from messaging.actions import close_reply, plan_message
from messaging.models import Message, Reply, Template
from messaging.states import OUT, ReplyState
from surveys.rules.tokens import hash_of, new_token


def confirmation_link(token: str) -> str:
    """Where the customer answers."""
    return f"{settings.PUBLIC_URL}/t/{token}/"


@transaction.atomic
def confirm_by_message(*, order, text, by, now) -> Message:
    """Send the open question of an order in an approved ``text``, with a link of its own; once per question.

    The page behind the link shows the mandatory statements, so the campaign's script must have them: without them no "yes"
    would count. Raises ``Conflict`` when nothing is open or it was sent before, ``Refused`` for what may not be sent.
    """
    order = locked(order)
    question = open_question(order)
    if question is None or order.state not in UNCONFIRMED:
        raise Conflict(_("Nothing is to be confirmed in this state of the order."), code="nothing_to_ask")
    if question.message_id:
        raise Conflict(_("This question has been sent already."), code="sent_already")
    if text.template.kind != Template.Kind.CONFIRMATION:
        raise Refused(_("This text does not ask for a confirmation. Choose another one."), code="wrong_text")
    script = order.campaign.script
    if script is None or not script.statements:
        raise Refused(
            _(
                "The script of the campaign has no mandatory statements (price, end of the trial, how to cancel). "
                "Without them no answer by message counts."
            ),
            code="no_statements",
        )
    token = new_token()
    message, _created = plan_message(
        customer=order.account.customer,
        version=text,
        key=f"confirm:{question.pk}",
        link=confirmation_link(token),
        purpose=order.campaign.purpose,
        campaign_code=order.campaign.code,
        expires_at=question.deadline,
        strict=True,
        by=by,
        now=now,
    )
    Confirmation.objects.filter(pk=question.pk).update(message=message, token_hash=hash_of(token))
    return message


def read_confirmations(*, now) -> int:
    """Take the plain words that answer an open question as the answer; returns how many. The others a person reads.

    Whoever replies with a stop word has said no as clearly: the order ends with the messages.
    """
    plain = Q(state=ReplyState.NEW, urgent=False)
    stopped = Q(state=ReplyState.HANDLED, outcome=Reply.Outcome.STOPPED)
    asked = Confirmation.objects.filter(message=OuterRef("message"), state__in=CONFIRMATION_OPEN)
    found = Reply.objects.filter(plain | stopped, Exists(asked), confirmation=None)
    words = list(found.order_by("received_at", "id").values_list("pk", "outcome", "body")[:2_000])
    clear = [pk for pk, outcome, body in words if outcome or meaning_of(body)]
    rows = Reply.objects.filter(plain | stopped, Exists(asked), confirmation=None, pk__in=clear)
    rows = rows.select_related("message", "customer").order_by("received_at", "id")
    return drain("callbacks.read_confirmations", rows, lambda reply: _read(reply, now), now=now)


def _read(reply, now):
    question = Confirmation.objects.select_related("order").get(message=reply.message_id)
    stopped = reply.outcome == Reply.Outcome.STOPPED
    yes = not stopped and meaning_of(reply.body) == "yes"
    try:
        with transaction.atomic():
            record_answer(
                question=_still_open(question),
                answer=Answer.CONTINUE if yes else Answer.UNWANTED,
                # Asked at the customer's own number, in a text with all statements, answered with the word asked for.
                criteria=CRITERIA if yes and _own(reply, question) else (),
                way=Way.REPLY,
                reply=reply,
                by=None,
                # It came in time even when it is read a little later.
                now=reply.received_at,
            )
            if not stopped:
                close_reply(reply=reply, outcome=Reply.Outcome.ANSWERED, by=None, now=now)
    except Conflict:
        # Closed a moment ago by another answer; the reply stays for a person.
        return


def _own(reply, question):
    return reply.customer_id == question.order.account.customer_id and reply.message.state in OUT


def _still_open(question):
    """The question, if it is the one that is open; another one's answer is not its answer."""
    locked(question.order)
    question.refresh_from_db()
    if question.state not in CONFIRMATION_OPEN:
        raise Conflict(
            _("This question is closed: it was answered, or the order has ended."), code="question_closed"
        )
    return question


@transaction.atomic
def answer_by_link(*, question, wants, ticked, now) -> Confirmation:
    """The answer on the page behind the link. ``ticked`` are the criteria the customer has declared.

    Raises ``Refused`` when a "yes" lacks a tick, so that the customer can set it, ``Conflict`` when the question is closed.
    """
    question = _still_open(question)
    if question.deadline <= now:
        raise Conflict(_("The time for this answer is over."), code="question_closed")
    if wants and not {"owner", "understood"} <= set(ticked):
        raise Refused(_("Tick both lines, then confirm."), code="not_ticked")
    return record_answer(
        question=question,
        answer=Answer.CONTINUE if wants else Answer.UNWANTED,
        criteria=CRITERIA if wants else (),
        way=Way.LINK,
        by=None,
        now=now,
    )
