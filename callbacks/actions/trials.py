"""The sweep of trials: questions that fall due, those nobody could be asked, and trials that end (CAM-10, domain.md 8.2)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from callbacks.actions.asking import take_back
from callbacks.actions.confirmations import extend, record_answer
from callbacks.actions.orders import cancel_order
from callbacks.actions.plan import plan_task
from callbacks.models import Confirmation, Order, Task
from callbacks.queries.trials import open_question
from callbacks.rules import trial as rule
from callbacks.rules.trial import Answer, Effect
from callbacks.states import HELD, TRIAL_RUNS, UNCONFIRMED, ConfirmationState, OrderState, TaskState
from callcenter.notify import gettext_noop, notify
from callcenter.sweeps import beat, drain
from callcenter.workdays import local_day
from callcenter.workflow import advance
from people.queries import leads_of

PRIORITY = 2
# The agent who sold asks first; after so long anyone of the team.
RESERVED = timedelta(hours=3)
LIMIT = 2_000


def follow_trials(*, now) -> int:
    """Do what is due: make tasks, take in those that ended without an answer, end trials; returns how many orders moved.

    Each order is locked first and looked at again, so running twice or side by side does everything once.
    """
    orders = Order.objects.select_related("campaign", "account__customer", "agent", "call__team")
    asked = drain(
        "callbacks.trials.ask", _to_ask(orders, now), lambda order: _ask(order, now), now=now, limit=LIMIT
    )
    unheard = drain(
        "callbacks.trials.unheard", _unheard(orders), lambda order: _hear(order, now), now=now, limit=LIMIT
    )
    ended = drain(
        "callbacks.trials.end", _ending(orders, now), lambda order: _end(order, now), now=now, limit=LIMIT
    )
    beat("callbacks.follow_trials", now=now, handled=asked + unheard + ended)
    return asked + unheard + ended


def _to_ask(orders, now):
    """Due questions, as long as the trial still runs."""
    due = Confirmation.objects.filter(state=ConfirmationState.WAITING, due_at__lte=now, deadline__gt=now)
    return orders.filter(pk__in=due.values("order"), state__in=UNCONFIRMED).order_by("id")


def _ask(order, now):
    question = open_question(order)
    if question is None or question.state != ConfirmationState.WAITING:
        return
    task, _created = plan_task(
        campaign=order.campaign,
        customer=order.account.customer,
        kind=Task.Kind.CONFIRMATION,
        source=f"confirm:{question.pk}",
        due_at=question.due_at,
        deadline=question.deadline,
        reason=_("Confirmation %(place)d of 2 for order %(order)s; the trial ends on %(day)s")
        % {"place": question.place, "order": order, "day": order.trial_ends_on.isoformat()},
        priority=PRIORITY,
        team=order.call.team,
        reserved_for=order.agent,
        reserved_until=max(now, question.due_at) + RESERVED if order.agent_id else None,
        now=now,
    )
    advance(question, ConfirmationState.PLANNED, by=None, at=now, task=task)


def _unheard(orders):
    ended = Confirmation.objects.filter(
        state=ConfirmationState.PLANNED, task__state__in=[TaskState.DONE, TaskState.CANCELLED]
    )
    return orders.filter(pk__in=ended.values("order")).order_by("id")


def _hear(order, now):
    """The task ended and nobody wrote an answer down: attempts used up, number dead, refusal, or taken off the plan."""
    question = open_question(order)
    if (
        question is None
        or question.task is None
        or question.task.state not in (TaskState.DONE, TaskState.CANCELLED)
    ):
        return
    result = question.task.disposition
    if question.task.state == TaskState.CANCELLED or order.state not in UNCONFIRMED:
        # Nobody was asked. A lead asks anew, or the end of the trial decides.
        take_back(order, by=None, now=now, note=_("Its task was cancelled."))
        return
    refused = result is not None and (result.refused or result.do_not_call)
    record_answer(
        question=question,
        answer=Answer.REFUSED if refused else Answer.UNREACHABLE,
        way="",
        by=None,
        now=now,
        note=result.code if result else "",
    )


def _ending(orders, now):
    """Trials whose last day is over; not while somebody is on the phone with the customer."""
    today = local_day(now, settings.TIME_ZONE)
    speaking = Confirmation.objects.filter(state=ConfirmationState.PLANNED, task__state__in=HELD)
    due = orders.filter(Q(trial_ends_on__lte=today), state__in=TRIAL_RUNS)
    return due.exclude(pk__in=speaking.values("order")).order_by("trial_ends_on", "id")


def _end(order, now):
    if order.state == OrderState.CONFIRMED_TWICE:
        start_billing(order, now=now)
        return
    take_back(order, by=None, now=now, note=_("The trial is over."))
    answered = order.confirmations.filter(state=ConfirmationState.DONE).order_by("-sequence").first()
    last = Answer(answered.answer) if answered else None
    if rule.at_the_end(last=last, extensions=order.extensions) == Effect.EXTEND:
        extend(order, by=None, now=now, note=_("Not confirmed before the end of the trial."))
    else:
        cancel_order(order=order, by=None, now=now, note=_("Never confirmed: the trial ends without a bill."))
        notify(
            leads_of(order.call.team),
            gettext_noop("The trial of order #%(number)s was never confirmed and has ended without a bill."),
            key=f"trial-lapsed:{order.pk}",
            now=now,
            url=reverse("callbacks:trial", args=[order.pk]),
            number=order.pk,
        )


def start_billing(order, *, now):
    """Billing from the first day after the trial. The table of moves and the database let only confirmed orders through."""
    advance(order, OrderState.BILLING, by=None, at=now, billed_on=order.trial_ends_on)
