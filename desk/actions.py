"""What the desk writes: the clock of a call, its draft, and the one transaction that ends it."""

from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions import (
    ask_by_message,
    correct_call,
    end_call,
    finish_call,
    hear_confirmation,
    record_statements,
    save_draft,
    undo_call,
)
from callbacks.models import Call, Draft, Task
from callbacks.queries import question_of, questionnaire_of, script_of
from callbacks.queries.at_hand import with_texts
from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.notify import gettext_noop, notify
from callcenter.workdays import day_bounds, local_day
from campaigns.queries import questionnaire_for
from complaints.actions import close_second_contact, hear_callback, raise_issue
from complaints.models import Issue
from complaints.queries import complaint_of_task
from desk.models import DayReport
from desk.queries import answered_at
from desk.queries.day import issue_counts
from desk.queries.rest import answered_in, draft_of, uncoded_calls
from desk.states import OnTheLine
from people.models import User
from people.queries import teams_of_agent
from surveys.actions import save_response


def answer(*, task_id, agent, token, now, answered=None):
    """The customer answered at ``answered``, or now; kept with the draft, and with what it held, until the call is saved.

    Saying it again, after a cut of the line, changes nothing.
    """
    kept, task = _kept(task_id), Task.objects.filter(pk=task_id).first()
    if task and answered_at(task, kept):
        answered = answered_at(task, kept)
    elif task and task.dialled_at:
        answered = min(max(answered or now, task.dialled_at), now)
    keep_draft(task_id=task_id, agent=agent, token=token, content=kept, answered=answered or now, now=now)


@transaction.atomic
def hang_up(*, task_id, agent, token, content, now, ended=None):
    """The call ended at ``ended``, or now: keep what was typed, move the task to wrap-up."""
    keep_draft(task_id=task_id, agent=agent, token=token, content=content, now=now)
    end_call(task_id=task_id, agent=agent, token=token, now=now, ended_at=ended)


def keep_draft(*, task_id, agent, token, content, now, answered=None):
    """Autosave what was typed. The instants of the answer and of each tick stay as the server has them; ``answered`` sets one."""
    kept = _kept(task_id)
    answered = answered.isoformat() if answered else kept.get("answered_at")
    instants = {"answered_at": answered, "said_at": _ticked(content.get("statements", ()), kept, now)}
    save_draft(task_id=task_id, agent=agent, token=token, content={**content, **instants}, now=now)


@transaction.atomic
def wrap_up(*, task_id, agent, token, data, answers, statements, now, finished=None) -> Call:
    """End a call in one transaction: answers, call with its result, issue, second contact (DESIGN section 1).

    ``data`` is a valid ``WrapUpForm``'s; sending the same ``client_uuid`` again returns the same call. Raises
    ``Conflict`` when the task is no longer this page's, ``Refused`` when answers or statements are missing.
    """
    saved = Call.objects.filter(
        source=Call.Source.DESK, external_id=str(data["client_uuid"]), agent=agent
    ).first()
    if saved:
        return saved
    task = with_texts(Task.objects.select_related("customer").get(pk=task_id))
    disposition = data["disposition"]
    if _must_be_told(task, data):
        _every_statement_was_said(task, disposition, statements)
    _the_right_person(disposition, data["spoke_to"])
    _may_be_written_to(disposition, data["send_by"])
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
        spoke_to=data["spoke_to"] if data["spoke_to"] in Call.SpokeTo.values else "",
        finished_at=finished,
    )
    ticked = _ticked(statements, kept, now) if disposition.connected else {}
    said = {int(place): datetime.fromisoformat(at) for place, at in ticked.items()}
    record_statements(call=call, version=script_of(task), said=said)
    if data["send_by"] and not disposition.completed:
        ask_by_message(task=task, channel=data["send_by"], by=agent, now=now)
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


def take_back(*, client_uuid, agent, now) -> Task:
    """Take a result of the last seconds back (ux.md section 3.6), unless an issue was saved with it."""
    if Issue.objects.filter(
        call__source=Call.Source.DESK, call__external_id=str(client_uuid), call__agent=agent
    ).exists():
        raise Refused(
            _("An issue was saved with this result. Correct the call with a reason instead."), code="too_late"
        )
    return undo_call(client_uuid=client_uuid, agent=agent, now=now)


def _may_be_written_to(disposition, send_by):
    if send_by and disposition.refused:
        raise Refused(
            _("A customer who has refused is not written to. Choose another result, or no message."),
            code="refused_and_message",
        )


def _the_right_person(disposition, spoke_to):
    """Somebody who may not decide is not the right party, whatever was answered."""
    if disposition.reached and spoke_to == OnTheLine.OTHER:
        raise Refused(
            _("You noted that somebody who may not decide was on the line. Choose a result that fits."),
            code="wrong_person",
        )


@transaction.atomic
def recover(*, call, agent, disposition, note, now) -> Call:
    """Code a call that a crash has left without a result, from what had been typed; nothing is added to it.

    The answers kept are saved with it. Raises ``Refused`` when they do not make a completed call, ``Conflict`` when it is coded.
    """
    if disposition.appointment:
        raise Refused(
            _("The call goes on by itself after this one; choose how this one ended."), code="no_appointment"
        )
    draft, response = draft_of(call), None
    if call.task:
        _every_statement_was_said(call.task, disposition, draft.get("statements") or [])
    version = questionnaire_of(call.task) if call.task else questionnaire_for(call.campaign, call.customer_id)
    given = draft.get("answers") or {}
    if version and disposition.reached and (given or disposition.completed):
        response = save_response(
            version=version,
            customer=call.customer,
            channel="phone",
            client_uuid=uuid5(NAMESPACE_OID, call.external_id),
            answers=given,
            now=now,
            complete=disposition.completed,
        )
    coded = correct_call(
        call=call,
        disposition=disposition,
        reason=_("Coded after the page had closed unexpectedly."),
        by=agent,
        now=now,
        note=note,
        response=response,
        answered_at=answered_in(draft, call),
    )
    if call.task and disposition.connected:
        said = {int(place): datetime.fromisoformat(at) for place, at in (draft.get("said_at") or {}).items()}
        record_statements(call=coded, version=script_of(call.task), said=said)
    Draft.objects.filter(task_id=call.task_id, agent=agent).delete()
    return coded


@transaction.atomic
def hand_in_day(*, agent, now) -> DayReport:
    """Hand in the issues of today (CB-11): the leads of the agent's team get the day's counts. Doing it again updates them.

    Raises ``Refused`` while a call of the agent has no result yet.
    """
    day = local_day(now, settings.TIME_ZONE)
    if Task.objects.held().filter(agent=agent).exists() or uncoded_calls(agent, now=now).exists():
        raise Refused(
            _("A call still has no result. Save it first; then hand in the day."), code="call_without_result"
        )
    start, end = day_bounds(day, settings.TIME_ZONE)
    counts = issue_counts(Issue.objects.filter(raised_by=agent, raised_at__gte=start, raised_at__lt=end))
    team = next(iter(teams_of_agent(agent)), None)
    report, _created = DayReport.objects.update_or_create(
        agent=agent, day=day, defaults={**counts, "team": team, "submitted_at": now}
    )
    leads = User.objects.holding(Role.LEAD).filter(memberships__team=team, memberships__role=Role.LEAD)
    notify(
        leads.exclude(pk=agent.pk) if team else [],
        gettext_noop(
            "%(agent)s has handed in the day: %(urgent)s urgent, %(important)s important, %(routine)s routine."
        ),
        key=f"day:{agent.pk}:{day:%Y%m%d}",
        now=now,
        url="/issues/",
        agent=str(agent),
        **counts,
    )
    return report


def save_keys(*, user, keys) -> None:
    """Keep the person's own keys of the desk (WCAG 2.1.4); {} for the usual ones."""
    User.objects.filter(pk=user.pk).update(desk_keys=keys)


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
