"""Taking back a result of the last seconds: the slip of a finger on one key (ux.md section 3.6)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions.accounts import recount_accounts
from callbacks.actions.hold import LEASE, move_held, save_draft
from callbacks.models import Attempt, Call, Task
from callbacks.queries.offers import EXHAUSTED
from callbacks.rules.undo import UNDO_SECONDS, can_take_back
from callbacks.states import HELD, TaskState
from callcenter.errors import Refused
from callcenter.workflow import advance
from campaigns.models import Account
from customers.actions import set_phone_state, take_back_contacts
from customers.models import Contact, Phone

# What the key press takes to arrive.
ON_ITS_WAY = timedelta(seconds=3)
EMPTY = {
    "attempts": 0,
    "first_called_on": None,
    "reached_on": None,
    "completed_on": None,
    "sold_on": None,
    "useless_on": None,
    "useless_code": "",
}


@transaction.atomic
def undo_call(*, client_uuid, agent, now) -> Task:
    """Take back the result saved with ``client_uuid``: the task rings in the agent's hands again, as before the key.

    The call row stays on record, superseded and counted nowhere; ledger, number, account and task are as they were, and the
    task that came with the save goes back to the front of its queue. Raises ``Refused`` for a result that is too old, that
    promised something, or whose next task has been dialled.
    """
    calls = Call.objects.filter(source=Call.Source.DESK, external_id=str(client_uuid), agent=agent)
    call = calls.filter(superseded=False).select_related("disposition", "campaign").first()
    too_late = call is None or now > call.created_at + timedelta(seconds=UNDO_SECONDS) + ON_ITS_WAY
    if too_late or not can_take_back(call.disposition):
        raise Refused(
            _("This result can no longer be taken back. Correct the call with a reason instead."),
            code="too_late",
        )
    _give_back_the_next(call, agent, now)
    task = Task.objects.select_related("campaign").get(pk=call.task_id)
    was = task.undo or {}
    if was.get("call") != call.external_id or (task.agent_id and task.agent_id != agent.pk):
        raise Refused(_("Somebody else has this task already."), code="too_late")
    if not calls.filter(superseded=False).update(
        superseded=True, correction_reason=_("taken back within seconds")
    ):
        raise Refused(_("This result has already been taken back."), code="too_late")
    _withdraw_offer(task)
    _restore(call)
    advance(
        task,
        TaskState.IN_CALL,
        by=agent,
        at=now,
        note=_("The result was taken back: %(result)s") % {"result": call.disposition.code},
        where={"token": task.token},
        token=task.token + 1,
        agent=agent,
        lease_until=now + LEASE,
        dialled_at=call.started_at,
        dialled_number=call.number,
        hung_up_at=None,
        attempts=was["attempts"],
        appointment=was["appointment"],
        agreed_at=datetime.fromisoformat(was["agreed_at"]) if was["agreed_at"] else None,
        disposition_id=was["disposition"],
        closed_at=None,
        reserved_for=None,
        reserved_until=None,
        undo=None,
    )
    save_draft(task_id=task.pk, agent=agent, token=task.token, content={"note": call.note}, now=now)
    return task


def _give_back_the_next(call, agent, now):
    """The task that came with the save returns to its place; it may be the same one, with its next number."""
    held = Task.objects.held().filter(agent=agent).first()
    if held is None:
        return
    if held.state != TaskState.CLAIMED:
        raise Refused(
            _("The next number has been dialled. Correct the call before with a reason instead."),
            code="too_late",
        )
    fields = {} if held.pk == call.task_id else {"agent": None}
    note = _("The result before was taken back.")
    move_held(
        held,
        TaskState.READY,
        token=held.token,
        by=agent,
        at=now,
        note=note,
        lease_until=None,
        claimed_at=None,
        **fields,
    )


def _withdraw_offer(task):
    """What was offered by message because this was the last attempt is taken back with it, unless it is on its way."""
    offers = Task.objects.filter(source=f"{EXHAUSTED}{task.pk}")
    if offers.filter(message__isnull=False).exists() or offers.filter(state__in=HELD).exists():
        raise Refused(
            _("The customer has been written to already. Correct the call with a reason instead."),
            code="too_late",
        )
    offers.delete()


def _restore(call):
    """Ledger, dial, number and account without the call."""
    take_back_contacts(
        Contact.objects.filter(
            customer_id=call.customer_id,
            channel="phone",
            campaign_code=call.campaign.code,
            at=call.started_at,
        )
    )
    Attempt.objects.filter(call=call).update(call=None)
    if call.disposition.phone_state and call.number:
        set_phone_state(customer_id=call.customer_id, number=call.number, state=Phone.State.VALID)
    if Call.objects.counted().filter(account_id=call.account_id).exists():
        recount_accounts([call.account_id])
    else:
        Account.objects.filter(pk=call.account_id).update(**EMPTY)
