"""What the customer said in a second contact (CB-10), or in a call of a focus issue's sample (ISS-5)."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from callcenter.workflow import advance
from complaints.actions.escalation import STOPPED, go_up
from complaints.actions.focus import record_focus_call
from complaints.actions.notices import leads, tell
from complaints.actions.second_contacts import promise
from complaints.models import Escalation, FocusCall, Issue, SecondContact
from complaints.queries.contacts import level3_result
from complaints.rules import second_contact as rule
from complaints.rules.escalation import level_after_unsolved
from complaints.states import IssueState, SecondContactState
from people.queries import department_contact, work_calendar

Outcome = SecondContact.Outcome


@transaction.atomic
def close_second_contact(*, task, outcome, rating=None, by, now, note="") -> Issue:
    """Record what the customer said: ``solved`` closes the issue, ``unsolved`` sends it up and promises another call.

    ``rating`` (1 to 5) is the customer's opinion of the department. The same outcome again changes nothing. Raises
    ``Refused`` with code ``contradicts_level3`` when the outcome contradicts the level-3 result and no lead has allowed
    it (CB-10), and ``Conflict`` when the contact was closed otherwise.
    """
    contact = SecondContact.objects.select_for_update().filter(task=task).first()
    if contact is None and (call := FocusCall.objects.select_related("issue").filter(task=task).first()):
        return record_focus_call(call=call, satisfied=outcome == Outcome.SOLVED, by=by, now=now, note=note)
    if contact is None:
        raise Refused(_("This task is not a second contact."), code="no_second_contact")
    issue = Issue.objects.select_for_update(of=("self",)).select_related(
        "problem_point", "team__unit", "campaign"
    )
    issue = issue.get(pk=contact.issue_id)
    if contact.state == SecondContactState.DONE and contact.outcome == outcome:
        return issue
    _check_result(contact, outcome, rating)
    advance(
        contact,
        SecondContactState.DONE,
        by=by,
        at=now,
        note=note,
        outcome=outcome,
        rating=rating,
        closed_at=now,
    )
    heard = {"contacts": F("contacts") + 1, **({"rating": rating} if rating else {})}
    if outcome == Outcome.SOLVED:
        advance(issue, IssueState.SOLVED, by=by, at=now, note=note, solved_at=now, **STOPPED, **heard)
    elif issue.state == IssueState.FOCUS:
        Issue.objects.filter(pk=issue.pk).update(**heard)
    else:
        _still_unsolved(issue, heard, by=by, now=now, note=note)
    issue.refresh_from_db()
    return issue


def _check_result(contact, outcome, rating):
    if outcome not in (Outcome.SOLVED, Outcome.UNSOLVED):
        raise Refused(
            _("Say whether the problem is solved."),
            fields={"outcome": [_("Choose “solved” or “not solved”.")]},
        )
    if rating is not None and rating not in range(1, 6):
        raise Refused(_("The rating is a number from 1 to 5."), fields={"rating": [_("Choose 1 to 5.")]})
    result = level3_result(contact)
    if result and contact.override_by_id is None and not _agrees(result, contact, outcome):
        raise Refused(
            _(
                "The level-3 result says “%(result)s”. Yours contradicts it: ask your team lead to allow it on the issue’s page."
            )
            % {"result": _("solved") if result.solved else _("not solved")},
            code="contradicts_level3",
            facts={"answer": result.text, "solved": result.solved},
        )


def _agrees(result, contact, outcome):
    held = rule.Position.ACCEPTED if result.solved else rule.Position.REJECTED
    told = rule.Position.ACCEPTED if outcome == Outcome.SOLVED else rule.Position.REJECTED
    return rule.may_tell(told, level_3=held, contacts=contact.sequence)


def _still_unsolved(issue, heard, *, by, now, note):
    calendar = work_calendar()
    advance(issue, IssueState.SENT, by=by, at=now, note=note, settled_at=None, **heard)
    if issue.department_id:
        go_up(
            issue,
            level=level_after_unsolved(issue.level),
            reason=Escalation.Reason.UNSOLVED,
            now=now,
            calendar=calendar,
        )
    tell(
        [department_contact(issue.department, issue.level) if issue.department_id else None, *leads(issue)],
        issue,
        gettext_noop(
            "Issue %(number)s (%(point)s): the customer says it is not solved. The next call needs the level-3 result."
        ),
        key=f"unsolved:{issue.round}:{now:%Y%m%d%H%M%S}",
        now=now,
        level=Notification.Level.URGENT,
    )
    promise(issue, now=now, calendar=work_calendar(issue.campaign.calendar))
