"""Dialling and hanging up; the server's clock times both (CB-6)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions.hold import LEASE, held_task, move_held, renew_lease
from callbacks.queries.permission import permission_of, reason_text, used_up_numbers
from callbacks.queries.texts import pinned
from callbacks.states import TaskState
from callcenter.errors import Refused
from customers.models import Phone


@transaction.atomic
def begin_call(*, task_id, agent, token, phone_id, now) -> str:
    """Dial one of the customer's numbers: the task is in call from ``now``; returns the number (E.164).

    Asks ``may_contact`` once more with this number. Raises ``Conflict`` ``lease_lost``, and ``Refused``
    ``may_not_contact`` with every reason; the task stays in the agent's hands then.
    """
    task = held_task(task_id=task_id, agent=agent, token=token)
    phone = Phone.objects.usable().filter(pk=phone_id, customer_id=task.customer_id).first()
    if phone is None:
        raise Refused(
            _("This number is closed or does not belong to the customer. Choose another one."),
            code="no_such_number",
        )
    if phone.number in used_up_numbers(task):
        raise Refused(
            _(
                "This number was dialled %(maximum)s times, as often as the campaign allows. Choose another one."
            )
            % {"maximum": task.campaign.max_per_number},
            code="number_used_up",
        )
    decision = permission_of(task, number=phone.number, now=now)
    if not decision.allowed:
        raise may_not_contact(decision)
    move_held(
        task,
        TaskState.IN_CALL,
        token=token,
        by=agent,
        at=now,
        lease_until=now + LEASE,
        dialled_number=phone.number,
        dialled_at=now,
        answered_at=None,
        hung_up_at=None,
        **pinned(task),
    )
    return phone.number


def may_not_contact(decision) -> Refused:
    """The refused dial, with every reason in the reader's language and the next permitted instant."""
    return Refused(
        _("This customer may not be called now: %(reasons)s")
        % {"reasons": " ".join(reason_text(reason) for reason in decision.reasons)},
        code="may_not_contact",
        facts={
            "reasons": list(decision.codes),
            "next_at": decision.next_at.isoformat() if decision.next_at else None,
        },
    )


@transaction.atomic
def end_call(*, task_id, agent, token, now, ended_at=None):
    """The line is closed; the task is in wrap-up until its result is saved. Saying it twice changes nothing.

    ``ended_at`` is earlier than ``now`` when the page had no connection at that moment.
    """
    task = held_task(task_id=task_id, agent=agent, token=token)
    if task.state == TaskState.WRAP_UP:
        return renew_lease(task_id=task_id, agent=agent, token=token, now=now)
    ended = min(max(ended_at or now, task.dialled_at or now), now)
    move_held(
        task,
        TaskState.WRAP_UP,
        token=token,
        by=agent,
        at=now,
        lease_until=now + LEASE,
        # A telephone system knows when the line was closed; the page only hears of it later.
        hung_up_at=task.hung_up_at or ended,
    )
    return task.lease_until
