"""Records of a telephone system that are about a dial the desk knows already: one call stays one call (CB-6).

A record is the desk's own dial when it carries its number, or when customer and campaign are the same, number and agent are as
far as they are given, and it began within a minute of it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions.fetch_recordings import await_recording
from callbacks.actions.line import adopt, follow_line
from callbacks.actions.record import check_times, record_call
from callbacks.models import Attempt, Call, Task
from callbacks.queries.line import attempt_of
from callbacks.states import TaskState
from callcenter.errors import Conflict
from customers.actions import read_number

NEAR = timedelta(seconds=60)


@transaction.atomic
def take_record(
    *, external_id, campaign, customer, started_at, now, recording="", number="", agent=None, **record
) -> tuple[Call | None, Task | None, bool]:
    """Take a record of a telephone system; returns (call, task, created). The same ``external_id`` again changes nothing.

    A record of a dial whose result is not saved yet gives the task: its call will carry what the record says. Raises
    ``Refused`` for times that cannot be.
    """
    check_times(started_at, record.get("answered_at"), record.get("ended_at"), now)
    customer = customer.merged_into or customer
    number = read_number(number) if number.strip() else ""
    attempt = _known(external_id, campaign, customer)
    recorded = Call.objects.filter(source=Call.Source.PBX, external_id=external_id)
    if attempt is None and not record.get("test") and not recorded.exists():
        attempt = _matched(external_id, campaign, customer, number, agent, started_at, now)
    if attempt is None:
        call, created = record_call(
            source=Call.Source.PBX,
            external_id=external_id,
            campaign=campaign,
            customer=customer,
            started_at=started_at,
            number=number,
            agent=agent,
            now=now,
            **record,
        )
        if created:
            await_recording(call=call, reference=recording or external_id, now=now)
        return call, None, created
    _complete(attempt, record, recording, now)
    return attempt.call, None if attempt.call_id else attempt.task, False


def _known(external_id, campaign, customer):
    """The dial that is known under this number already. Raises ``Conflict`` when it is about somebody else."""
    found = Attempt.objects.filter(unique_id=external_id).select_related("task", "call").first()
    if found and (found.task.campaign_id, found.task.customer_id) != (campaign.pk, customer.pk):
        raise Conflict(
            _("This call number belongs to another call. Give each call a number of its own."),
            code="external_id_used",
        )
    return found


def _matched(external_id, campaign, customer, number, agent, started_at, now):
    """The desk's dial that this record is about, made known under its number; None when there is none."""
    dials = {"campaign": campaign, "customer": customer} | ({"agent": agent} if agent else {})
    near = (started_at - NEAR, started_at + NEAR)
    open_ones = Task.objects.filter(
        **dials, state__in=[TaskState.IN_CALL, TaskState.WRAP_UP], dialled_at__range=near
    )
    if number:
        open_ones = open_ones.filter(dialled_number=number)
    task = open_ones.select_for_update(of=("self",)).order_by("-dialled_at", "id").first()
    if task is not None:
        # Whoever sent the same record at the same moment has waited for, or held, this lock.
        return (
            _known(external_id, campaign, customer)
            or attempt_of(task)
            or _attempt(task, task.agent, external_id, task.dialled_number, started_at)
        )
    saved = Call.objects.filter(
        **dials, source=Call.Source.DESK, superseded=False, started_at__range=near
    ).exclude(task=None)
    if number:
        saved = saved.filter(number=number)
    call = saved.select_for_update(of=("self",)).order_by("-started_at", "id").first()
    if call is None or call.agent_id is None:
        return None
    if known := Attempt.objects.filter(call=call).first():
        return known
    attempt = _attempt(call.task, call.agent, external_id, call.number, started_at)
    adopt(attempt, call, now=now)
    attempt.call = call
    return attempt


def _attempt(task, agent, external_id, number, started_at):
    asked = max(started_at, task.dialled_at) if task.dialled_at else started_at
    return Attempt.objects.create(
        task=task, token=task.token, agent=agent, number=number, unique_id=external_id, asked_at=asked
    )


def _complete(attempt, record, recording, now):
    """Keep what the record says and nobody has said before; then the task or the call follows."""
    values = {
        "answered_at": record.get("answered_at"),
        "ended_at": record.get("ended_at"),
        "hung_up_by": record.get("hung_up_by", ""),
        "line": record.get("line", "")[:30],
    }
    changed = [name for name, value in values.items() if value and not getattr(attempt, name)]
    for name in changed:
        setattr(attempt, name, values[name])
    if changed:
        attempt.save(update_fields=changed)
    task = Task.objects.select_for_update(of=("self",)).get(pk=attempt.task_id)
    follow_line(task, attempt, now=now)
    if attempt.call_id and recording:
        await_recording(call=attempt.call, reference=recording, now=now)
