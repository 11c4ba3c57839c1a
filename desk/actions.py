"""What the desk writes: the clock of a call, its draft, and the one transaction that ends it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions import end_call, finish_call, hear_confirmation, record_statements, save_draft
from callbacks.models import Call, Draft, Task
from callbacks.queries import question_of, questionnaire_of, script_of
from callcenter.errors import Refused
from complaints.actions import close_second_contact, hear_callback, raise_issue
from complaints.queries import complaint_of_task
from desk.queries import answered_at
from surveys.actions import save_response


def answer(*, task_id, agent, token, now):
    """The customer answered at ``now``; kept with the draft, and with what it held, until the call is saved."""
    keep_draft(task_id=task_id, agent=agent, token=token, content=_kept(task_id), answered=now, now=now)


@transaction.atomic
def hang_up(*, task_id, agent, token, content, now):
    """The call ended at ``now``: keep what was typed, move the task to wrap-up."""
    keep_draft(task_id=task_id, agent=agent, token=token, content=content, now=now)
    end_call(task_id=task_id, agent=agent, token=token, now=now)


def keep_draft(*, task_id, agent, token, content, now, answered=None):
    """Autosave what was typed. The instants of the answer and of each tick stay as the server has them; ``answered`` sets one."""
    kept = _kept(task_id)
    answered = answered.isoformat() if answered else kept.get("answered_at")
    instants = {"answered_at": answered, "said_at": _ticked(content.get("statements", ()), kept, now)}
    save_draft(task_id=task_id, agent=agent, token=token, content={**content, **instants}, now=now)


@transaction.atomic
def wrap_up(*, task_id, agent, token, data, answers, statements, now) -> Call:
    """End a call in one transaction: answers, call with its result, issue, second contact (DESIGN section 1).

    ``data`` is a valid ``WrapUpForm``'s; sending the same ``client_uuid`` again returns the same call. Raises
    ``Conflict`` when the task is no longer this page's, ``Refused`` when answers or statements are missing.
    """
    saved = Call.objects.filter(
        source=Call.Source.DESK, external_id=str(data["client_uuid"]), agent=agent
    ).first()
    if saved:
        return saved
    task = Task.objects.select_related(
        "campaign__questionnaire", "campaign__script", "script", "questionnaire", "customer", "queue__team"
    ).get(pk=task_id)
    disposition = data["disposition"]
    if _must_be_told(task, data):
        _every_statement_was_said(task, disposition, statements)
    kept = _kept(task_id)
    answered = answered_at(task, kept)
    response = None
    version = questionnaire_of(task)
    if version and disposition.reached and (answers or disposition.completed):
        response = save_response(
            version=version,
            customer=task.customer,
            channel=task.channel,
            client_uuid=data["client_uuid"],
            answers=answers,
            now=now,
            complete=disposition.completed,
        )
    call = finish_call(
        task_id=task_id,
        agent=agent,
        token=token,
        client_uuid=data["client_uuid"],
        disposition=disposition,
        answered_at=answered if disposition.connected else None,
        now=now,
        note=data["note"],
        appointment_at=data["call_again_at"],
        response=response,
    )
    ticked = _ticked(statements, kept, now) if disposition.connected else {}
    said = {int(place): datetime.fromisoformat(at) for place, at in ticked.items()}
    record_statements(call=call, version=script_of(task), said=said)
    if data["wants_issue"]:
        point = data["issue_point"]
        raise_issue(
            customer=task.customer,
            campaign=task.campaign,
            call=call,
            team=task.queue.team,
            problem_point=point,
            urgency=data["issue_urgency"],
            major=data["issue_major"],
            department=point.department,
            description=data["issue_text"],
            suggestion=data["issue_suggestion"],
            competitor=data["issue_competitor"],
            by=agent,
            now=now,
            client_uuid=data["issue_uuid"],
        )
    if disposition.completed:
        _hear_outcome(task, call, data, by=agent, now=now)
    return call


def _hear_outcome(task, call, data, *, by, now):
    """A promised call is over only with what the customer said about the matter itself (CB-10, CMP-1, CAM-10)."""
    if task.kind == Task.Kind.SECOND_CONTACT:
        if not data["outcome"]:
            raise Refused(
                _("Say whether the issue is solved for the customer before you save."), code="outcome_missing"
            )
        close_second_contact(
            task=task, outcome=data["outcome"], rating=data["rating"], by=by, now=now, note=data["note"]
        )
    elif task.kind == Task.Kind.COMPLAINT and complaint_of_task(task):
        if not data["outcome"]:
            raise Refused(
                _("Say whether the customer is satisfied with the outcome before you save."),
                code="outcome_missing",
            )
        hear_callback(task=task, satisfied=data["outcome"] == "solved", by=by, now=now, note=data["note"])
    elif task.kind == Task.Kind.CONFIRMATION and question_of(task):
        if not data["trial_answer"]:
            raise Refused(
                _("Say what the customer wants to do after the trial before you save."),
                code="outcome_missing",
            )
        hear_confirmation(
            task=task,
            answer=data["trial_answer"],
            criteria=data["criteria"],
            call=call,
            by=by,
            now=now,
            note=data["note"],
        )


def _must_be_told(task, data):
    """Who ends a trial, or says yes without the script, need not hear every statement first: that "yes" does not count."""
    if task.kind != Task.Kind.CONFIRMATION:
        return True
    return data["trial_answer"] == "continue" and "script" in data["criteria"]


def _every_statement_was_said(task, disposition, statements):
    script = script_of(task)
    needed = {str(place) for place, _one in enumerate(script.statements, start=1)} if script else set()
    if disposition.completed and needed - set(statements):
        raise Refused(
            _(
                "Some mandatory statements are not ticked. Read them out and tick them, or choose another result."
            ),
            code="statements_missing",
        )


def _kept(task_id) -> dict:
    return Draft.objects.filter(task_id=task_id).values_list("content", flat=True).first() or {}


def _ticked(places, kept, now) -> dict:
    """When each ticked statement was first seen ticked, as ISO text by its place; a tick taken back is forgotten."""
    known = kept.get("said_at") or {}
    return {
        place: known.get(place) or now.isoformat()
        for place in places
        if place.isascii() and place.isdigit() and len(place) < 4
    }
