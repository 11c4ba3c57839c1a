"""What the customer of a trial answers, and what follows: on to billing, another question, an extension, the end (CAM-10).

One verb, ``record_answer``, is behind the desk, the reply to a message, the link in it, a lead's hand and the sweep.
"""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions.asking import end_asking, locked, promise, promise_next, take_back
from callbacks.actions.orders import cancel_order
from callbacks.models import Confirmation, Order
from callbacks.queries.trials import open_question, usable_calls
from callbacks.rules import trial as rule
from callbacks.rules.trial import Answer, Effect
from callbacks.states import TRIAL_RUNS, UNCONFIRMED, ConfirmationState, OrderState
from callcenter.errors import Conflict, Refused
from callcenter.workdays import local_day
from callcenter.workflow import IllegalMove, advance, can_move

Way = Confirmation.Way


@transaction.atomic
def record_answer(
    *, question, answer, way, by, now, criteria=(), call=None, reply=None, note=""
) -> Confirmation:
    """Write the answer to an open question and do what it leads to; ``now`` is when the customer gave it.

    A "yes" needs its evidence: the ``call``, or the message of the question. Raises ``Conflict`` ``question_closed`` when it
    was answered or taken back before, ``Refused`` for an answer without evidence.
    """
    order = locked(question.order)
    question = open_question(order)
    if question is None or order.state not in UNCONFIRMED:
        raise Conflict(
            _("This question is closed: it was answered, or the order has ended. Reload the page."),
            code="question_closed",
        )
    answer = Answer(answer)
    effect = rule.effect_of(answer, criteria=criteria, extensions=order.extensions)
    evidence = {"call": call, "message": question.message if way in (Way.REPLY, Way.LINK) else None}
    if answer in rule.HEARD and not any(evidence.values()):
        raise Refused(_("Name the call or the message in which the customer said so."), code="no_evidence")
    advance(
        question,
        ConfirmationState.DONE,
        by=by,
        at=now,
        note=note,
        answer=answer,
        way=way,
        accepted=effect == Effect.CONFIRM,
        call=call,
        reply=reply,
        answered_at=now,
        answered_by=by,
        **{name: name in criteria for name in rule.CRITERIA},
    )
    end_asking(question, by=by, now=now, note=_("The customer has answered."))
    _follow(order, question, effect, evidence, by=by, now=now)
    return question


def _follow(order, question, effect, evidence, *, by, now):
    if effect == Effect.CONFIRM:
        _confirm(order, question.place, evidence, by=by, now=now)
    elif effect == Effect.EXTEND:
        extend(order, by=by, now=now, note=question.get_answer_display())
    elif effect == Effect.CANCEL:
        cancel_order(order=order, by=by, now=now, note=question.get_answer_display())
    else:
        if effect in (Effect.TELL, Effect.TELL_AND_ASK):
            Order.objects.filter(pk=order.pk).update(told_at=now)
        if effect in (Effect.REPEAT, Effect.TELL_AND_ASK):
            _ask_again(order, now, last_day=effect == Effect.TELL_AND_ASK)


def _confirm(order, place, evidence, *, by, now):
    name = "first" if place == 1 else "second"
    to = OrderState.CONFIRMED_ONCE if place == 1 else OrderState.CONFIRMED_TWICE
    proof = {f"{name}_at": now} | {f"{name}_{kind}": value for kind, value in evidence.items()}
    advance(order, to, by=by, at=now, **proof)
    if place == 1:
        promise_next(order, now=now, by=by)


def _ask_again(order, now, *, last_day):
    """Another question while the trial still runs; on its last day who thinks about it is not pressed any further."""
    if last_day and order.trial_ends_on - local_day(now, settings.TIME_ZONE) <= rule.ONE_DAY:
        return
    ask = rule.ask_again(now=now, end=order.trial_ends_on, zone=settings.TIME_ZONE, last_day=last_day)
    if ask.due_at < ask.deadline:
        promise(order, ask, now=now)


def extend(order, *, by, now, note):
    """Another trial period for free, and the missing confirmation is asked before its end."""
    today = local_day(now, settings.TIME_ZONE)
    end = rule.ends_on(max(order.trial_ends_on, today), order.trial_days)
    advance(
        order,
        OrderState.EXTENDED,
        by=by,
        at=now,
        note=note,
        extensions=order.extensions + 1,
        trial_ends_on=end,
    )
    promise_next(order, now=now, by=by)


@transaction.atomic
def extend_trial(*, order, by, now, note) -> Order:
    """A lead gives another trial period, once. Raises ``IllegalMove``, ``LostRace``, or ``Conflict`` for a second one."""
    order = locked(order)
    if not can_move(order, OrderState.EXTENDED):
        raise IllegalMove(order, OrderState.EXTENDED)
    if order.extensions >= rule.EXTENSIONS:
        raise Conflict(
            _("The trial has been extended before. It is confirmed twice or ends without a bill."),
            code="extended_before",
        )
    take_back(order, by=by, now=now, note=_("The trial was extended."))
    extend(order, by=by, now=now, note=note)
    return order


@transaction.atomic
def ask_now(*, order, by, now) -> Confirmation:
    """Bring the open question forward to this moment, or ask anew where none is open."""
    order = locked(order)
    if order.state not in UNCONFIRMED:
        raise Conflict(_("Nothing is to be confirmed in this state of the order."), code="nothing_to_ask")
    question = open_question(order)
    if question is None:
        ask = rule.ask_again(now=now, end=order.trial_ends_on, zone=settings.TIME_ZONE)
        return promise(order, rule.Ask(now, ask.deadline), now=now, by=by)
    if question.state == ConfirmationState.PLANNED:
        raise Conflict(_("The customer is being asked already."), code="asked_already")
    Confirmation.objects.filter(pk=question.pk).update(due_at=min(question.due_at, now))
    question.refresh_from_db()
    return question


@transaction.atomic
def hear_confirmation(*, task, answer, criteria, call, by, now, note="") -> Confirmation | None:
    """What the customer said in the call of ``task``; None when its question is closed by now.

    The agent who has just spoken to the customer must be able to save; what somebody recorded meanwhile stays as it is.
    """
    question = Confirmation.objects.filter(task=task).select_related("order").first()
    if question is None:
        return None
    locked(question.order)
    question.refresh_from_db()
    if question.state != ConfirmationState.PLANNED:
        return None
    return record_answer(
        question=question,
        answer=answer,
        criteria=criteria,
        way=Way.PHONE,
        call=call,
        by=by,
        now=now,
        note=note,
    )


@transaction.atomic
def record_by_hand(*, order, answer, criteria, by, now, call=None, reply=None, note="") -> Confirmation:
    """A lead records what was said in a call made elsewhere, or in a reply that only a person understands.

    The call must have reached this customer, be none that proves something already and no older than the question. Raises
    ``Refused`` for other evidence, ``Conflict`` when nothing is open.
    """
    order = locked(order)
    question = open_question(order)
    if question is None or order.state not in UNCONFIRMED:
        raise Conflict(
            _("This question is closed: it was answered, or the order has ended. Reload the page."),
            code="question_closed",
        )
    if Answer(answer) not in rule.HEARD:
        raise Refused(
            _("Choose what the customer said."), code="not_heard", fields={"answer": [_("Choose one.")]}
        )
    if reply is not None:
        fits = question.message_id is not None and reply.message_id == question.message_id
    else:
        fits = call is not None and usable_calls(order, question).filter(pk=call.pk).exists()
    if not fits:
        message = _("This is no evidence for this question. Choose one of the calls or replies offered.")
        raise Refused(message, code="wrong_evidence", fields={"evidence": [message]})
    return record_answer(
        question=question,
        answer=answer,
        criteria=criteria,
        way=Way.REPLY if reply else Way.PHONE,
        call=None if reply else call,
        reply=reply,
        by=by,
        now=now,
        note=note,
    )


@transaction.atomic
def correct_evidence(*, old, new, by, now) -> None:
    """A call that proves a confirmation was corrected: the proof moves to the new version, or the order ends unbilled.

    With the chain of evidence broken nothing may be billed; a customer who still wants the service is sold it anew.
    """
    question = Confirmation.objects.filter(call=old).select_related("order").first()
    if question is None:
        return
    order = locked(question.order)
    if new.disposition.completed:
        Confirmation.objects.filter(pk=question.pk).update(call=new)
        for name in ("first_call", "second_call"):
            Order.objects.filter(pk=order.pk, **{name: old}).update(**{name: new})
    elif question.accepted and order.state in (*TRIAL_RUNS, OrderState.BILLING):
        note = _("The call that proved a confirmation was corrected.")
        cancel_order(order=order, by=by, now=now, note=note)
