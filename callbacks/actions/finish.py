"""The result of a call and everything that follows from it, in one transaction (CB-4 … CB-7)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from callbacks.actions.accounts import recount_accounts
from callbacks.actions.by_message import offer_message
from callbacks.actions.hold import AROUND, LEASE, lease_lost, move_held
from callbacks.actions.line import adopt, facts_of
from callbacks.actions.orders import open_order
from callbacks.actions.plan import cancel_tasks, rank_of
from callbacks.models import Call, Draft, Task
from callbacks.rules.retry import Flags, History, NoAgreedTime, Number, Outcome, Verdict, after_attempt
from callbacks.rules.undo import can_take_back
from callbacks.states import TaskState
from callcenter.errors import Conflict, Refused
from callcenter.workdays import local_day
from campaigns.models import Account, Disposition
from customers.actions import block, record_contact, set_phone_state
from customers.models import Contact, Phone

# A time agreed with the customer is kept for the agent who agreed on it this long, then it is anyone's of the team.
RESERVED = timedelta(minutes=15)
AGREED_AT_MOST = timedelta(days=366)


@transaction.atomic
def finish_call(
    *,
    task_id,
    agent,
    token,
    client_uuid,
    disposition,
    number="",
    started_at=None,
    answered_at=None,
    ended_at=None,
    prep_seconds=None,
    now,
    note="",
    appointment_at=None,
    response=None,
    amount=None,
    spoke_to="",
    finished_at=None,
) -> Call:
    """Save the result of the call an agent has made for the task she holds; the same ``client_uuid`` is the same call.

    Writes the call, the account, the contact ledger, the state of the number, an order for a sale and a do-not-call entry,
    and moves the task to its next attempt or its end. Dial and hang-up count by the server's clock where ``begin_call`` and
    ``end_call`` were used; the instants given here fill what is missing. ``finished_at`` is when the agent pressed the key,
    if the page had no connection then. Durations are seconds.

    Raises ``Conflict`` ``lease_lost`` when somebody else has the task by now, ``Refused`` for a result that lacks something.
    """
    # Renewing first locks the row: whoever sends the same result twice waits here and finds the call below.
    holds = Task.objects.held().filter(pk=task_id, agent=agent, token=token).update(lease_until=now + LEASE)
    if saved := _saved(client_uuid, agent, task_id):
        return saved
    if not holds:
        raise lease_lost()
    task = Task.objects.select_related(*AROUND).get(pk=task_id)
    _check(task, disposition, appointment_at, amount, now)
    attempt, heard = facts_of(task)
    if attempt and not attempt.answered_at and not disposition.connected:
        ended_at = ended_at or attempt.ended_at
    call = Call(
        task=task,
        account_id=task.account_id,
        campaign_id=task.campaign_id,
        customer_id=task.customer_id,
        team_id=task.queue.team_id,
        agent=agent,
        number=task.dialled_number or number,
        disposition=disposition,
        response=response,
        note=note[:500],
        spoke_to=spoke_to if disposition.connected else "",
        source=Call.Source.DESK,
        external_id=str(client_uuid),
        created_at=now,
        **heard,
        **timings(
            task, disposition, started_at, answered_at, ended_at, prep_seconds, min(finished_at or now, now)
        ),
    )
    call.save(force_insert=True)
    adopt(attempt, call, now=now)
    book_contact(call, task.campaign)
    outcome = follow_up(
        call, task.campaign, amount=amount, by=agent, now=now, task=task, agreed_at=appointment_at
    )
    settle_task(task, call, outcome, by=agent, now=now, agreed_at=appointment_at)
    return call


def _saved(client_uuid, agent, task_id):
    call = Call.objects.filter(source=Call.Source.DESK, external_id=str(client_uuid)).first()
    if call and (call.agent_id != agent.pk or call.task_id != int(task_id)):
        raise Conflict(
            _("This number of a call is already used by another one. Reload the page."), code="uuid_used"
        )
    return call


def _check(task, disposition, appointment_at, amount, now):
    """What a result needs before it can be saved. Raises ``Refused`` or ``IllegalMove``."""
    if disposition.system or not disposition.active:
        raise Refused(
            _("This result cannot be chosen by hand. Choose another one."), code="disposition_not_offered"
        )
    if task.state == TaskState.CLAIMED and disposition.attempt:
        raise Refused(_("Dial a number before you save a result of a call."), code="not_dialled")
    if disposition.sold and task.kind == Task.Kind.CONFIRMATION:
        raise Refused(
            _("A call that asks for a confirmation sells nothing. Choose another result."),
            code="no_sale_here",
        )
    asked = disposition.appointment or (appointment_at and disposition.retry == Disposition.Retry.AGREED)
    if asked and not (appointment_at and now < appointment_at <= now + AGREED_AT_MOST):
        message = _("Give the time the customer agreed to: later than now and within a year.")
        raise Refused(message, code="appointment_missing", fields={"appointment_at": [message]})
    if amount is not None and not (disposition.sold and 0 <= amount < 10**10):
        message = _("An amount belongs to a sale and is not negative.")
        raise Refused(message, code="amount_wrong", fields={"amount": [message]})


def timings(task, disposition, started_at, answered_at, ended_at, prep_seconds, now) -> dict:
    """The instants and seconds of a desk call, in order: prepared ≤ started ≤ answered ≤ ended ≤ now."""
    started = min(task.dialled_at or started_at or now, now)
    ended = min(max(task.hung_up_at or ended_at or now, started), now)
    answered_at = task.answered_at or answered_at
    answered = min(max(answered_at or started, started), ended) if disposition.connected else None
    if prep_seconds is None or task.dialled_at:
        prep_seconds = (started - task.claimed_at).total_seconds() if task.claimed_at else 0
    dialled = disposition.attempt
    return {
        "started_at": started,
        "answered_at": answered,
        "ended_at": ended,
        "local_day": local_day(started, settings.TIME_ZONE),
        "prep_seconds": max(0, prep_seconds),
        "ring_seconds": ((answered or ended) - started).total_seconds() if dialled else 0,
        "talk_seconds": (ended - answered).total_seconds() if answered else 0,
        "wrap_seconds": (now - ended).total_seconds(),
        "attempts": 1 if dialled else 0,
    }


def book_contact(call, campaign) -> None:
    """Write a dial to the contact ledger, from which caps and refusals are counted across campaigns."""
    if call.disposition.attempt:
        record_contact(
            customer_id=call.customer_id,
            channel="phone",
            purpose=campaign.purpose,
            number=call.number,
            campaign_code=campaign.code,
            at=call.started_at,
            completed=call.disposition.completed,
            refused=call.disposition.refused,
        )


def follow_up(call, campaign, *, amount, by, now, task=None, agreed_at=None, opens_order=True) -> Outcome:
    """What a call in the ledger does to number, account and order; returns what the retry rule says follows for the task.

    When the customer must not be called again, the do-not-call entry is written and the other waiting tasks for the same
    purpose are cancelled.
    """
    disposition = call.disposition
    if disposition.phone_state and call.number:
        set_phone_state(customer_id=call.customer_id, number=call.number, state=disposition.phone_state)
    Account.objects.select_for_update().get(pk=call.account_id)
    recount_accounts([call.account_id])
    if disposition.sold and opens_order:
        open_order(call=call, amount=amount, by=by, now=now)
    outcome = _outcome(call, campaign, task, agreed_at, now)
    if outcome.never_again:
        _never_again(call, campaign, by=by, now=now)
    return outcome


def _outcome(call, campaign, task, agreed_at, now):
    rule = campaign.attempt_rules.filter(disposition=call.disposition).first()
    flags = flags_of(call.disposition, agreed_at, rule=rule, other_part=campaign.other_part)
    history = _history(call, campaign, task)
    try:
        return after_attempt(flags=flags, history=history, now=now, agreed_at=agreed_at)
    except NoAgreedTime:
        # A record from outside may name an appointment whose time nobody wrote down.
        return Outcome(Verdict.CLOSED)


def flags_of(disposition: Disposition, agreed_at=None, *, rule=None, other_part=False) -> Flags:
    """A disposition as the retry rule reads it; "as told" without a time told is a retry after its delay.

    ``rule`` is what the campaign does instead; with ``other_part`` a mere delay leads to another part of the day (CAM-1).
    """
    retry, seconds = disposition.retry, disposition.retry_seconds
    if retry == Disposition.Retry.AGREED and not disposition.appointment and agreed_at is None:
        retry = Disposition.Retry.DELAY
    if rule is not None and retry != Disposition.Retry.AGREED:
        retry, seconds = rule.retry, rule.retry_seconds
    if other_part and retry == Disposition.Retry.DELAY:
        retry = Disposition.Retry.OTHER_PART
    return Flags(
        completed=disposition.completed,
        refused=disposition.refused,
        useless=disposition.useless,
        closes=disposition.closes,
        do_not_call=disposition.do_not_call,
        closes_number=bool(disposition.phone_state),
        retry=retry,
        retry_seconds=seconds,
        maximum=rule.maximum if rule is not None else None,
    )


def _history(call, campaign, task):
    calls = Call.objects.counted().filter(task=task) if task else Call.objects.counted().filter(pk=call.pk)
    columns = ("started_at", "number", "disposition_id", "disposition__reached", "disposition__appointment")
    made = list(
        calls.filter(disposition__attempt=True).order_by("started_at", "id").values_list(*columns, named=True)
    )
    if campaign.reset_when_reached:
        reached = [place for place, one in enumerate(made, start=1) if starts_anew(one)]
        counted = made[reached[-1] :] if reached else made
    else:
        counted = made
    dialled = [one.number for one in counted]
    phones = list(Phone.objects.filter(customer_id=call.customer_id).order_by("id"))
    refusals = Contact.objects.filter(customer_id=call.customer_id, purpose=campaign.purpose).aggregate(
        refused=Count("id", filter=Q(refused=True))
    )
    numbers = [
        Number(phone.pk, phone.state == Phone.State.VALID, dialled.count(phone.number), phone.preferred)
        for phone in phones
    ]
    return History(
        attempts=len(counted),
        attempts_max=campaign.max_attempts,
        attempted_at=[one.started_at for one in made],
        zone=settings.TIME_ZONE,
        number_id=next((phone.pk for phone in phones if phone.number == call.number), None),
        numbers=numbers,
        refusals=refusals["refused"],
        appointments=sum(one.disposition__appointment for one in made),
        deadline=task.deadline if task and task.policy_id else None,
        same_result=sum(one.disposition_id == call.disposition_id for one in counted),
        number_max=campaign.max_per_number,
    )


def starts_anew(row) -> bool:
    """Whether somebody was spoken to, so that a campaign that resets when reached counts attempts from here."""
    return row.disposition__reached or row.disposition__appointment


def _never_again(call, campaign, *, by, now):
    """The customer's clear word, or the third refusal: not for this purpose again (CB-4)."""
    asked = call.disposition.do_not_call
    block(
        customer=call.customer,
        purpose=campaign.purpose,
        category="requested" if asked else "refusals",
        reason=_("The customer asked not to be called again.")
        if asked
        else _("The customer has refused three times."),
        evidence=_("call %(id)s") % {"id": call.pk},
        by=by,
        now=now,
    )
    others = Task.objects.filter(customer_id=call.customer_id, campaign__purpose=campaign.purpose)
    cancel_tasks(
        others.exclude(pk=call.task_id), by=by, now=now, note=_("The customer must not be called again.")
    )


def before(task, call) -> dict | None:
    """What a task is set back to when its result is taken back within seconds; None when that cannot be."""
    if not can_take_back(call.disposition):
        return None
    return {
        "call": call.external_id,
        "attempts": task.attempts,
        "appointment": task.appointment,
        "agreed_at": task.agreed_at.isoformat() if task.agreed_at else None,
        "disposition": task.disposition_id,
    }


def settle_task(task, call, outcome, *, by, now, agreed_at=None, keeps_draft=False):
    """Move the task on: to its next attempt, or to its end with the disposition that ended it. Clears draft and dial."""
    attempts = task.attempts + (1 if call.disposition.attempt else 0)
    disposition = call.disposition
    if task.campaign.reset_when_reached and (disposition.reached or disposition.appointment):
        attempts = 0
    common = {
        "lease_until": None,
        "attempts": attempts,
        "disposition": call.disposition,
        "dialled_at": None,
        "dialled_number": "",
        "answered_at": None,
        "hung_up_at": None,
        "undo": before(task, call),
    }
    note = call.disposition.code
    if outcome.verdict == Verdict.RETRY:
        agreed = outcome.at == agreed_at
        fields = common | {
            "due_at": outcome.at,
            "appointment": agreed,
            "agreed_at": outcome.at if agreed else None,
            # What a lead has given to an agent stays hers until it is done or taken back (CAM-4).
            "reserved_for_id": call.agent_id
            if agreed
            else task.reserved_for_id
            if task.assigned_at
            else None,
            "reserved_until": outcome.at + RESERVED if agreed and call.agent_id else None,
            "rank": rank_of(
                kind=task.kind,
                deadline=task.deadline,
                priority=task.priority,
                key_customer=task.customer.key_customer,
                attempts=attempts,
            ),
        }
        to = TaskState.PLANNED
    else:
        if outcome.verdict == Verdict.EXHAUSTED:
            common["disposition"] = Disposition.objects.filter(code="EXH").first() or call.disposition
        fields, to = common | {"closed_at": now}, TaskState.DONE
    move_held(task, to, token=task.token, by=by, at=now, note=note, **fields)
    if not keeps_draft:
        Draft.objects.filter(task=task).delete()
    if outcome.verdict == Verdict.EXHAUSTED:
        offer_message(task=task, now=now)
