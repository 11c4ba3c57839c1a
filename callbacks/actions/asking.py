"""Promising to ask the customer of a trial, and taking the promise back (CAM-10).

Whoever changes an order locks its row first, then the open question, then its task: two answers at the same moment, or an
answer and a cancellation, follow one another.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Max

from callbacks.actions.plan import cancel_tasks
from callbacks.models import Confirmation, ConfirmationStep, Order, Task
from callbacks.queries.trials import open_question
from callbacks.rules import trial as rule
from callbacks.states import ConfirmationState
from callcenter.workflow import advance, advance_all
from messaging.models import Message
from messaging.states import WAITING as UNSENT
from messaging.states import MessageState


def locked(order) -> Order:
    """The order as it is now, its row locked until the end of the transaction."""
    rows = Order.objects.select_for_update(of=("self",)).select_related("campaign", "account__customer")
    return rows.get(pk=order.pk)


def place_of(order) -> int:
    """Which confirmation the order lacks."""
    return 1 if order.first_at is None else 2


def promise(order, ask: rule.Ask, *, now, by=None) -> Confirmation:
    """Write the next question; the sweep makes its task when it is due."""
    last = order.confirmations.aggregate(last=Max("sequence"))["last"] or 0
    question = Confirmation.objects.create(
        order=order,
        sequence=last + 1,
        place=place_of(order),
        due_at=ask.due_at,
        deadline=max(ask.deadline, ask.due_at + timedelta(minutes=1)),
        created_at=now,
    )
    ConfirmationStep.objects.create(case=question, from_state="", to_state=question.state, at=now, by=by)
    return question


def promise_next(order, *, now, by=None) -> Confirmation:
    """The question that the order lacks, at its time before the end of the trial."""
    ask = rule.first_ask if place_of(order) == 1 else rule.second_ask
    moment = ask(now=now, end=order.trial_ends_on, days=order.trial_days, zone=settings.TIME_ZONE)
    return promise(order, moment, now=now, by=by)


def take_back(order, *, by, now, note) -> None:
    """The open question is asked no more: with its task, and with its message if that has not gone out."""
    question = open_question(order)
    if question is None:
        return
    advance(question, ConfirmationState.CANCELLED, by=by, at=now, note=note)
    end_asking(question, by=by, now=now, note=note)


def end_asking(question, *, by, now, note) -> None:
    """What still asks is stopped; a call under way goes on, its result no longer changes anything."""
    if question.task_id:
        cancel_tasks(Task.objects.filter(pk=question.task_id), by=by, now=now, note=note)
    if question.message_id:
        unsent = Message.objects.filter(pk=question.message_id, state__in=UNSENT)
        advance_all(unsent, MessageState.CANCELLED, by=by, at=now, note=note)
