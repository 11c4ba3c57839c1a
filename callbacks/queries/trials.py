"""Trials as a list, and one with everything that happened in it and what may be done now (CAM-10)."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from callbacks.models import Call, Confirmation, Order
from callbacks.queries.lists import history
from callbacks.rules import trial as rule
from callbacks.states import (
    CONFIRMATION_OPEN,
    ORDER_MOVES,
    TRIAL_RUNS,
    UNCONFIRMED,
    ConfirmationState,
    OrderState,
)
from callcenter.access import Role
from messaging.models import Reply, Template, TemplateVersion

KEEPERS = (Role.LEAD, Role.MANAGER)
CHECKERS = (Role.QA, Role.QA_SUPERVISOR)
OFFERED = 20
# Who may do what; the state of the order decides the rest.
VERB_ROLES = {
    "answer": KEEPERS,
    "ask": KEEPERS,
    "message": KEEPERS,
    "extend": KEEPERS,
    "cancel": KEEPERS,
    "void": (*CHECKERS, Role.MANAGER),
}


def trials(user, *, campaign=None, state="", agent=None, ends_before=None):
    """Trials in scope that match the filters, newest first, each with its open question as ``asked``."""
    rows = Order.objects.visible_to(user).trials()
    wanted = {"campaign": campaign, "state": state, "agent": agent, "trial_ends_on__lte": ends_before}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if ends_before:
        rows = rows.filter(state__in=TRIAL_RUNS)
    asked = Confirmation.objects.filter(state__in=CONFIRMATION_OPEN).order_by("id")
    return (
        rows.select_related("campaign", "account__customer", "agent")
        .prefetch_related(Prefetch("confirmations", asked, to_attr="asked"))
        .order_by("-id")
    )


def open_question(order) -> Confirmation | None:
    """The one question that waits or is being asked."""
    return order.confirmations.filter(state__in=CONFIRMATION_OPEN).select_related("task", "message").first()


def usable_calls(order, question):
    """Calls that may prove an answer: the customer was spoken to after the question was promised, and nothing hangs on them."""
    rows = Call.objects.counted().filter(
        campaign=order.campaign_id,
        customer=order.account.customer_id,
        disposition__completed=True,
        started_at__gte=question.created_at,
        confirmation=None,
    )
    return rows.exclude(pk=order.call_id)


def question_of(task) -> Confirmation | None:
    """The question a task asks, as long as it is open."""
    rows = Confirmation.objects.filter(task=task, state=ConfirmationState.PLANNED)
    return rows.select_related("order").first()


@dataclass
class Trial:
    """One trial for its page and for the API."""

    order: Order
    questions: list
    question: Confirmation | None
    verbs: list
    steps: list
    calls: list = field(default_factory=list)
    replies: list = field(default_factory=list)
    texts: list = field(default_factory=list)


def trial_of(user, order) -> Trial:
    """Everything the page of a trial shows; evidence to choose from only for those who may record an answer."""
    rows = order.confirmations.select_related("task", "call__agent", "message", "reply", "answered_by")
    questions = list(rows.order_by("sequence"))
    question = next((one for one in questions if one.state in CONFIRMATION_OPEN), None)
    found = Trial(order, questions, question, verbs_of(user, order, question), history(order))
    if "answer" in found.verbs:
        found.calls = evidence_calls(user, order, question)
        found.replies = evidence_replies(question)
    if "message" in found.verbs:
        found.texts = list(confirming_texts())
    return found


def verbs_of(user, order, question) -> list[str]:
    """What this person may do with the order in its state, by role; the actions ask the state again."""
    scope, verbs = user.scope(), []
    moves = ORDER_MOVES[order.state]
    if order.state in UNCONFIRMED:
        if question is not None:
            verbs.append("answer")
        if question is None or question.state == ConfirmationState.WAITING:
            verbs.append("ask")
        if question is not None and question.message_id is None and can_be_written(order):
            verbs.append("message")
        if OrderState.EXTENDED in moves and order.extensions < rule.EXTENSIONS:
            verbs.append("extend")
    verbs += [
        verb for verb, to in (("cancel", OrderState.CANCELLED), ("void", OrderState.VOID)) if to in moves
    ]
    return [verb for verb in verbs if scope.has(*VERB_ROLES[verb])]


def can_be_written(order) -> bool:
    """Whether the question may go out by message: the script must hold the statements its page shows."""
    script = order.campaign.script
    return script is not None and bool(script.statements)


def evidence_calls(user, order, question) -> list:
    """Calls a lead may name as evidence, newest first."""
    rows = usable_calls(order, question).visible_to(user).select_related("agent", "disposition")
    return list(rows.order_by("-id")[:OFFERED])


def evidence_replies(question) -> list:
    """What the customer replied to the question's message."""
    if question.message_id is None:
        return []
    rows = Reply.objects.filter(message=question.message_id, confirmation=None)
    return list(rows.order_by("-id")[:OFFERED])


def confirming_texts():
    """Approved texts that ask for a confirmation."""
    usable = TemplateVersion.objects.usable().filter(template__kind=Template.Kind.CONFIRMATION)
    return usable.select_related("template").order_by("template__channel", "id")
