"""The customer is called back with the outcome; only then is the file closed, and unhappy ones open it again (CMP-1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions import cancel_tasks
from callbacks.models import Task
from callcenter.errors import Refused
from callcenter.notify import gettext_noop
from complaints.actions.procedure.case import locked, move, tell, wanted
from complaints.models import Complaint
from complaints.states import COMPLAINT_MOVES, ComplaintState


@transaction.atomic
def call_back(*, complaint, satisfied, by, now, note="") -> Complaint:
    """Record what the customer said when called back with the outcome. A task still waiting for it is taken back."""
    complaint = locked(complaint)
    complaint = move(
        complaint, ComplaintState.CALLED_BACK, by=by, now=now, note=note, callback_satisfied=bool(satisfied)
    )
    if complaint.callback_task_id:
        cancel_tasks(Task.objects.filter(pk=complaint.callback_task_id), by=by, now=now, note="called_back")
    return complaint


@transaction.atomic
def hear_callback(*, task, satisfied, by, now, note="") -> Complaint | None:
    """What the customer said in the call of ``task``; None when the task belongs to no complaint any more.

    The agent who just spoke to the customer must be able to save: an outcome somebody wrote down meanwhile stays as it is.
    """
    complaint = Complaint.objects.select_for_update().filter(callback_task=task).first()
    if complaint is None or ComplaintState.CALLED_BACK not in COMPLAINT_MOVES[complaint.state]:
        return complaint
    return call_back(complaint=complaint, satisfied=satisfied, by=by, now=now, note=note)


@transaction.atomic
def archive(*, complaint, by, now, note="") -> Complaint:
    """Close the file, after the callback. A founded complaint whose customer is unhappy is reopened instead."""
    complaint = locked(complaint)
    if (
        complaint.state == ComplaintState.CALLED_BACK
        and complaint.founded
        and not complaint.callback_satisfied
    ):
        raise Refused(
            _(
                "The customer is not satisfied with the outcome. Reopen the complaint instead of archiving it."
            ),
            code="unsatisfied",
        )
    return move(complaint, ComplaintState.ARCHIVED, by=by, now=now, note=note, closed_at=now)


@transaction.atomic
def reopen(*, complaint, reason, by, now) -> Complaint:
    """Take the complaint up again under the same number with a new suffix; the deadline goes on (8.4)."""
    reason = wanted(reason, "reason", _("Say why the complaint is opened again."))
    complaint = locked(complaint)
    complaint = move(
        complaint,
        ComplaintState.REOPENED,
        by=by,
        now=now,
        note=reason,
        round=complaint.round + 1,
        callback_task=None,
        callback_satisfied=None,
        closed_at=None,
    )
    tell(
        complaint,
        [complaint.handler],
        gettext_noop("Complaint %(number)s has been opened again."),
        "reopened",
        now,
    )
    return complaint
