"""Calls recorded elsewhere, and corrections of recorded calls; a call itself is never changed (CB-6, DESIGN section 3)."""

from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callbacks.actions.confirmations import correct_evidence
from callbacks.actions.finish import book_contact, follow_up
from callbacks.actions.orders import cancel_order
from callbacks.actions.plan import cancel_tasks, plan_task
from callbacks.actions.statements import carry_statements
from callbacks.models import Call, Order, Recording, Task
from callbacks.rules.retry import Verdict
from callbacks.states import ORDER_MOVES, WAITING, OrderState, TaskState
from callcenter.errors import Conflict, Refused
from callcenter.workdays import local_day
from campaigns.models import Account
from customers.actions import read_number, set_phone_state
from customers.models import Contact, Phone

# Longer than this is a mistake of a clock or a file (domain.md section 4, rule 15).
LONGEST_SECONDS = 4 * 3600


@transaction.atomic
def record_call(
    *,
    source,
    external_id,
    campaign,
    customer,
    disposition,
    started_at,
    now,
    answered_at=None,
    ended_at=None,
    agent=None,
    team=None,
    number="",
    line="",
    prep_seconds=0,
    hold_seconds=0,
    wrap_seconds=0,
    hung_up_by="",
    note="",
    amount=None,
    attempts=1,
    test=False,
    by=None,
) -> tuple[Call, bool]:
    """Record a call made outside the desk (telephone system, API); (source, external_id) makes it exactly once.

    Returns (call, created). The account, the contact ledger, the number's state, an order for a sale and a do-not-call
    entry follow as from the desk; no task is moved. Raises ``Refused`` for times that cannot be.
    """
    if existing := Call.objects.filter(source=source, external_id=external_id).first():
        return existing, False
    seconds = _seconds(started_at, answered_at, ended_at, now)
    customer = customer.merged_into or customer
    account, _created = Account.objects.get_or_create(
        campaign=campaign,
        customer=customer,
        defaults={"team": team or customer.team, "loaded_on": local_day(now, settings.TIME_ZONE)},
    )
    call = Call(
        account=account,
        campaign=campaign,
        customer=customer,
        team=team or account.team,
        agent=agent,
        number=read_number(number) if number.strip() else "",
        line=line[:30],
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        local_day=local_day(started_at, settings.TIME_ZONE),
        prep_seconds=prep_seconds,
        hold_seconds=hold_seconds,
        wrap_seconds=wrap_seconds,
        attempts=attempts,
        disposition=disposition,
        note=note[:500],
        hung_up_by=hung_up_by,
        source=source,
        external_id=external_id,
        test=test,
        created_at=now,
        **seconds,
    )
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return Call.objects.get(source=source, external_id=external_id), False
    if not test:
        book_contact(call, campaign)
        follow_up(call, campaign, amount=amount, by=by, now=now)
    return call, True


def check_times(started_at, answered_at, ended_at, now) -> None:
    """Raises ``Refused`` for instants out of order, in the future or more than 4 hours apart."""
    ended = ended_at or answered_at or started_at
    in_order = started_at <= (answered_at or started_at) <= ended and started_at <= now
    if not in_order or (ended - started_at).total_seconds() > LONGEST_SECONDS:
        message = _(
            "A call starts, is answered and ends in this order, not in the future, and within 4 hours."
        )
        raise Refused(message, code="times_wrong", fields={"ended_at": [message]})


def _seconds(started_at, answered_at, ended_at, now):
    """Ringing and talking seconds. Raises ``Refused`` for times that cannot be."""
    check_times(started_at, answered_at, ended_at, now)
    ended = ended_at or answered_at or started_at
    return {
        "ring_seconds": Decimal(str(((answered_at or ended) - started_at).total_seconds())),
        "talk_seconds": Decimal(str((ended - answered_at).total_seconds())) if answered_at else Decimal(0),
    }


@transaction.atomic
def correct_call(
    *, call, disposition, reason, by, now, note=None, amount=None, response=None, answered_at=None
) -> Call:
    """Replace the result of a call by a new row that supersedes it, with the reason; returns the new row.

    ``response`` and ``answered_at`` are answers and the instant of the answer where they became known only later; without
    them the call keeps what it has.

    The account is recounted, an order follows (cancelled when it was no sale, opened when it was one), and a task closed
    by a result that was wrong gets a new contact. Raises ``Conflict`` when the call has been corrected before.
    """
    if not reason.strip():
        message = _("Say why the result is corrected.")
        raise Refused(message, code="reason_missing", fields={"reason": [message]})
    if disposition.system:
        raise Refused(
            _("This result cannot be chosen by hand. Choose another one."), code="disposition_not_offered"
        )
    if not Call.objects.filter(pk=call.pk, superseded=False).update(superseded=True):
        raise Conflict(
            _("This call has already been corrected. Open its latest version."), code="already_corrected"
        )
    old = Call.objects.select_related("campaign", "customer", "task", "disposition").get(pk=call.pk)
    new = Call.objects.get(pk=old.pk)
    new.pk, new._state.adding = None, True
    new.superseded, new.corrects, new.correction_reason = False, old, reason.strip()[:300]
    new.disposition, new.created_at = disposition, now
    new.external_id = f"{old.external_id[:60]}~{old.pk}"
    new.note = old.note if note is None else note[:500]
    new.response = response or old.response
    if answered_at and disposition.connected and not old.answered_at and old.ended_at:
        new.answered_at = min(max(answered_at, old.started_at), old.ended_at)
        seconds = _seconds(old.started_at, new.answered_at, old.ended_at, now)
        new.ring_seconds, new.talk_seconds = seconds["ring_seconds"], seconds["talk_seconds"]
    new.attempts = max(old.attempts, 1) if disposition.attempt else 0
    new.save(force_insert=True)
    carry_statements(old=old, new=new)
    Recording.objects.filter(call=old).update(call=new)
    kept = _carry_order(old, new, by=by, now=now)
    correct_evidence(old=old, new=new, by=by, now=now)
    _amend_ledger(old, new)
    if old.disposition.phone_state and not disposition.phone_state and old.number:
        set_phone_state(customer_id=old.customer_id, number=old.number, state=Phone.State.VALID)
    outcome = follow_up(new, old.campaign, amount=amount, by=by, now=now, task=old.task, opens_order=not kept)
    _correct_task(old.task, new, outcome, by=by, now=now)
    return new


def _correct_task(task, call, outcome, *, by, now):
    """A task that still waits ends with the right result; one that ended wrongly gets a new contact.

    Not one that asked for a confirmation: its order says whether anybody is asked again (CAM-10).
    """
    if task is None:
        return
    note = _("The result of a call was corrected.")
    if outcome.verdict != Verdict.RETRY:
        cancel_tasks(Task.objects.filter(pk=task.pk, state__in=WAITING), by=by, now=now, note=note)
    elif task.state == TaskState.DONE and task.kind != Task.Kind.CONFIRMATION:
        plan_task(
            campaign=call.campaign,
            customer=call.customer,
            kind=task.kind,
            source=f"correction:{call.pk}",
            due_at=outcome.at,
            deadline=task.deadline,
            reason=note,
            priority=task.priority,
            now=now,
            by=by,
        )


def _amend_ledger(old, new):
    """The ledger row of the first version takes the flags of the new one; caps count a dial once."""
    was = Contact.objects.filter(
        customer_id=old.customer_id, channel="phone", campaign_code=old.campaign.code, at=old.started_at
    )
    flags = {"completed": new.disposition.completed, "refused": new.disposition.refused}
    if not was.update(**flags) and new.disposition.attempt:
        book_contact(new, old.campaign)


def _carry_order(old, new, *, by, now):
    """Move the old call's order to the new one, or cancel it when there was no sale. Whether a live order is kept."""
    order = Order.objects.filter(call=old).first()
    if order is None:
        return False
    if new.disposition.sold:
        Order.objects.filter(pk=order.pk).update(call=new)
        return True
    if OrderState.CANCELLED in ORDER_MOVES[order.state]:
        cancel_order(order=order, by=by, now=now, note=_("The call was corrected: no sale."))
    return False
