"""What happens to an issue after it was raised: sent, answered, solved, reopened (ISS-1 … ISS-3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from callcenter.workflow import advance
from complaints.actions.escalation import STOPPED, clock_fields
from complaints.actions.notices import leads, tell
from complaints.actions.second_contacts import release_blocked
from complaints.models import DepartmentAnswer, Issue
from complaints.queries.contacts import open_contact
from complaints.queries.people import levels_of
from complaints.rules.escalation import LEVEL_3, may_answer
from complaints.states import IssueState
from people.queries import department_contact, work_calendar


def locked(issue) -> Issue:
    """The issue as it is now, locked until the end of the transaction."""
    rows = Issue.objects.select_related("problem_point", "team__unit", "department", "campaign__calendar")
    return rows.select_for_update(of=("self",)).get(pk=issue.pk)


@transaction.atomic
def send_to_department(*, issue, department, by, now, note="") -> Issue:
    """Send the issue to ``department``, or hand it over from another one; level 1 is told and its clock starts.

    A hand-over begins a new round of levels; the deadline of the whole stays (ISS-3).
    """
    issue = locked(issue)
    return _send(issue, department, by=by, now=now, note=note)


def _send(issue, department, *, by, now, note):
    handed_over = issue.sent_at is not None
    was = issue.department
    issue.department, issue.department_id = department, department.pk
    advance(
        issue,
        IssueState.SENT,
        by=by,
        at=now,
        note=note or (f"{was} → {department}" if handed_over and was != department else str(department)),
        department=department,
        level=1,
        round=issue.round + (1 if handed_over else 0),
        sent_at=now,
        settled_at=None,
        **clock_fields(issue, level=1, now=now, calendar=work_calendar()),
    )
    tell(
        [department_contact(department, 1)],
        issue,
        gettext_noop("Issue %(number)s (%(point)s) waits for your department's answer."),
        key=f"sent:{issue.round}",
        now=now,
        level=Notification.Level.URGENT
        if issue.urgency == Issue.Urgency.URGENT
        else Notification.Level.WARNING,
    )
    return issue


@transaction.atomic
def answer_issue(*, issue, by, text, solved, now) -> DepartmentAnswer:
    """Record the department's answer. ``solved`` stops its clock; otherwise the same level owes the next answer.

    Only somebody who answers for the issue's own department at the level it stands on, or above. Raises ``Refused``
    with code ``other_department`` or ``gone_up``. An answer of level 3 or the head sets a blocked second contact free.
    """
    issue = locked(issue)
    level = _answering_level(issue, by)
    if not text.strip():
        raise Refused(_("The answer is empty."), fields={"text": [_("Say what was found or done.")]})
    answer = DepartmentAnswer.objects.create(
        issue=issue, level=level, by=by, text=text.strip(), solved=solved, at=now
    )
    clock = STOPPED if solved else clock_fields(issue, level=issue.level, now=now, calendar=work_calendar())
    advance(
        issue,
        IssueState.ANSWERED,
        by=by,
        at=now,
        answered_at=issue.answered_at or now,
        settled_at=now if solved else None,
        **clock,
    )
    if level >= LEVEL_3:
        release_blocked(issue, now=now)
    tell(
        leads(issue),
        issue,
        gettext_noop("Issue %(number)s (%(point)s): the department has answered."),
        key=f"answer:{answer.pk}",
        now=now,
    )
    return answer


def _answering_level(issue, by) -> int:
    if by.scope().everything:
        return issue.level
    own = levels_of(by, issue.department_id)
    if not own:
        raise Refused(
            _(
                "Only the responsible department answers this issue. Forward it if another department is responsible."
            ),
            code="other_department",
        )
    if not may_answer(own, issue.level):
        raise Refused(
            _("This issue has gone up to level %(level)s, which answers it now. Give them what you know.")
            % {"level": issue.level},
            code="gone_up",
        )
    return min(level for level in own if level >= issue.level)


@transaction.atomic
def solve_issue(*, issue, by, now, note) -> Issue:
    """Close an issue nobody has promised to call about; ``note`` says how it was solved.

    A promised second contact closes the issue by its result, so it is refused while one is open (CB-10).
    """
    issue = locked(issue)
    if not note.strip():
        raise Refused(_("Say how the problem was solved."), fields={"note": [_("Say how it was solved.")]})
    if open_contact(issue):
        raise Conflict(
            _("The customer was promised another call. Its result closes the issue."),
            code="second_contact_open",
        )
    return advance(issue, IssueState.SOLVED, by=by, at=now, note=note.strip(), solved_at=now, **STOPPED)


@transaction.atomic
def reopen_issue(*, issue, by, now, note) -> Issue:
    """Open a solved issue again: a new round of levels begins, the deadline goes on from where it was (8.4)."""
    issue = locked(issue)
    if not note.strip():
        raise Refused(_("Say why the issue is opened again."), fields={"note": [_("Say why.")]})
    advance(
        issue,
        IssueState.REOPENED,
        by=by,
        at=now,
        note=note.strip(),
        solved_at=None,
        settled_at=None,
        level=1,
        round=issue.round + 1,
        **clock_fields(issue, level=1, now=now, calendar=work_calendar()),
    )
    contact = department_contact(issue.department, 1) if issue.department_id else None
    tell(
        [contact, *leads(issue)],
        issue,
        gettext_noop("Issue %(number)s (%(point)s) has been opened again."),
        key=f"reopened:{issue.round}",
        now=now,
        level=Notification.Level.WARNING,
    )
    return issue
