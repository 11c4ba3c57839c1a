"""Letters and home visits: reporting what became of them, and ending those that stay without reply (CB-12)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.models import Delivery, DeliveryStep, Task
from callbacks.queries.permission import decisions_of
from callbacks.queries.texts import questionnaire_of
from callbacks.rules.deliveries import ENDS, wrong_result
from callbacks.states import ANSWERED, BY_HAND, WAITING, DeliveryState, TaskState
from callcenter.errors import Conflict, Refused
from callcenter.workflow import advance, advance_all
from campaigns.models import Disposition
from customers.actions import record_contact
from surveys.actions import save_response
from surveys.models import Response
from surveys.queries import form_of

# The numbers of responses that were written down from paper are made of the task's.
PAPER = uuid.UUID("6f0e4f6c-6d0b-4d53-9a3e-7c1f4f1f8a52")
RESULT_CODES = {"received": "DONE", "visited": "DONE", "refused": "REFUSE"}


@transaction.atomic
def report_deliveries(*, tasks, result, at, by, now, note="") -> tuple[int, list[Task]]:
    """Write one result on the letters or visits of ``tasks``; returns (how many, those that may not be written to).

    ``at`` is when it happened, not later than ``now``. A reply, a visit and a refusal end the task; a letter that came back
    and a door that stayed shut leave it open. Before a letter counts as sent the customer's permission is asked once more;
    those without it are left out and returned. Raises ``Refused`` when a task is not waiting, is worked by telephone, or
    the result does not belong to its channel, and ``IllegalMove`` when it does not follow from the last one.
    """
    if at > now:
        message = _("A result cannot lie in the future.")
        raise Refused(message, code="future", fields={"at": [message]})
    rows = Task.objects.filter(pk__in=[task.pk for task in tasks], channel__in=BY_HAND)
    rows = list(rows.select_for_update(of=("self",)).select_related("campaign", "customer").order_by("id"))
    if len(rows) < len(tasks):
        raise Refused(_("Only letters and visits are reported here."), code="not_by_hand")
    if wrong := next((task for task in rows if wrong_result(task.channel, result)), None):
        raise Refused(
            _("This result does not belong to task %(number)s: letters are sent, visits are made.")
            % {"number": wrong.pk},
            code="wrong_result",
        )
    barred = _barred(rows, now) if result == DeliveryState.SENT else set()
    Delivery.objects.bulk_create(
        [Delivery(task=task, created_at=now) for task in rows if task.pk not in barred], ignore_conflicts=True
    )
    codes = {row.code: row for row in Disposition.objects.filter(code__in=RESULT_CODES.values())}
    deliveries = {one.task_id: one for one in Delivery.objects.filter(task__in=rows)}
    for task in rows:
        if task.pk not in barred:
            _report(task, deliveries[task.pk], result, at, by, now, note, codes)
    return len(rows) - len(barred), [task for task in rows if task.pk in barred]


@transaction.atomic
def record_paper_answers(*, task, answers, blank: bool, by, now) -> Response:
    """Write down what a customer answered on paper, once (CB-12, CAM-7).

    ``answers`` maps item ids (as strings) to raw values. With ``blank`` the required questions without an answer count as
    declined: a letter cannot be asked again. Raises ``Refused`` when the letter has not come back or nobody was met, where the
    campaign asks nothing, and with messages by item id; ``Conflict`` when the answers have been written down already.
    """
    task = Task.objects.select_related("campaign", "customer").get(pk=task.pk)
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(task=task).first()
    version = questionnaire_of(task)
    if delivery is None or delivery.state not in ANSWERED or version is None:
        raise Refused(
            _("Report first that the letter was answered or the customer met; then write the answers down."),
            code="no_paper",
        )
    if delivery.response_id:
        raise Conflict(_("The answers of this paper have been written down already."), code="used")
    if blank:
        answers = {str(item.id): None for item in form_of(version) if item.required} | answers
    response = save_response(
        version=version,
        customer=task.customer,
        channel=task.channel,
        client_uuid=uuid.uuid5(PAPER, str(task.pk)),
        answers=answers,
        now=now,
        complete=True,
    )
    delivery.response = response
    delivery.save(update_fields=["response"])
    DeliveryStep.objects.create(
        case=delivery,
        from_state=delivery.state,
        to_state=delivery.state,
        at=now,
        by=by,
        note=_("Answers written down."),
    )
    return response


def _barred(tasks, now) -> set[int]:
    """The ids of those whose customers may not be written to now, in a few queries per campaign."""
    found: set[int] = set()
    for campaign in {task.campaign for task in tasks}:
        own = [task for task in tasks if task.campaign_id == campaign.pk]
        answers = decisions_of(own, campaign, now=now, channel="post")
        found |= {task.pk for task, answer in zip(own, answers, strict=True) if not answer.allowed}
    return found


def _report(task, delivery, result, at, by, now, note, codes):
    late = delivery.state == DeliveryState.SILENT
    if task.state not in WAITING and not late:
        raise Refused(_("Task %(number)s is not open any more.") % {"number": task.pk}, code="task_closed")
    fields = {"remark": note[:500] or delivery.remark}
    if result in (DeliveryState.SENT, DeliveryState.VISITED, DeliveryState.ABSENT):
        fields["attempts"] = delivery.attempts + 1
    if result == DeliveryState.SENT:
        fields["sent_at"] = at
    if result in ENDS:
        fields["closed_at"] = at
    advance(delivery, result, by=by, at=at, note=note, **fields)
    if result in (DeliveryState.SENT, DeliveryState.VISITED, DeliveryState.ABSENT, DeliveryState.REFUSED):
        _book(task, result, at)
    if result in ENDS and not late:
        _end(task, codes.get(RESULT_CODES[result]), by=by, now=now, note=delivery.get_state_display())


def _book(task, result, at):
    """A letter posted and a call at the door count for the caps and gaps of all campaigns."""
    record_contact(
        customer_id=task.customer_id,
        channel=task.channel,
        purpose=task.campaign.purpose,
        number="",
        campaign_code=task.campaign.code,
        at=at,
        completed=result == DeliveryState.VISITED,
        refused=result == DeliveryState.REFUSED,
    )


def _end(task, disposition, *, by, now, note):
    """A task on hold ends as well: the customer has answered, whatever it was waiting for."""
    rows = Task.objects.filter(pk=task.pk, state__in=WAITING)
    advance_all(rows.filter(state=TaskState.SUSPENDED), TaskState.PLANNED, by=by, at=now, note=note, hold="")
    advance_all(
        rows,
        TaskState.DONE,
        by=by,
        at=now,
        note=note,
        closed_at=now,
        disposition=disposition,
    )


@transaction.atomic
def close_silent(*, now) -> int:
    """End the tasks whose letter brought no reply until their deadline; returns how many. A late reply is still taken."""
    over = Task.objects.filter(
        state=TaskState.PLANNED, delivery__state=DeliveryState.SENT, deadline__lte=now
    ).order_by("id")
    ids = list(over.values_list("id", flat=True)[:1_000])
    if not ids:
        return 0
    advance_all(
        Delivery.objects.filter(task__in=ids), DeliveryState.SILENT, by=None, at=now, note=_("No reply.")
    )
    return advance_all(
        Task.objects.filter(pk__in=ids), TaskState.DONE, by=None, at=now, note=_("No reply."), closed_at=now
    )
