"""An issue goes up when its department is silent or the customer says it is not solved (ISS-3)."""

from functools import cache

from django.db import transaction
from django.db.models import F

from callcenter import sweeps
from callcenter.models import Notification
from callcenter.notify import gettext_noop
from complaints.actions.notices import leads, leads_and_managers, tell
from complaints.models import Escalation, Issue
from complaints.rules.escalation import MANAGERS, level_clock, next_level
from complaints.states import IssueState
from people.queries import department_contact, work_calendar

GONE_UP = {
    2: gettext_noop("Issue %(number)s (%(point)s) has gone up to level 2."),
    3: gettext_noop("Issue %(number)s (%(point)s) has gone up to level 3."),
    4: gettext_noop("Issue %(number)s (%(point)s) has gone up to the head of the department."),
    5: gettext_noop("Issue %(number)s (%(point)s): the head of the department has not answered."),
}
STOPPED = {"level_due_at": None, "warn_at": None}


def clock_fields(issue, *, level, now, calendar) -> dict:
    """The columns that start the clock of ``level`` now; both empty when no department owes an answer."""
    if issue.department_id is None:
        return dict(STOPPED)
    clock = level_clock(issue.urgency, level, now, calendar)
    return {"level_due_at": clock.due_at, "warn_at": clock.warn_at}


def escalate_overdue(*, now) -> int:
    """Sweep: silent departments one level up, warnings at 75 % of the time, deadlines passed put on record.

    Returns how many issues went up. Safe to run twice, late or in parallel: each step clears the column that made
    it due, in the transaction that records it.
    """
    calendar = cache(work_calendar)
    silent = Issue.objects.filter(level_due_at__lte=now).order_by("level_due_at", "id")
    raised = sweeps.drain(
        "escalations", _about(silent), lambda issue: _silent(issue, now, calendar()), now=now
    )
    warned = Issue.objects.filter(warn_at__lte=now).order_by("warn_at", "id")
    sweeps.drain("escalation_warnings", _about(warned), lambda issue: _warn(issue, now), now=now)
    late = Issue.objects.filter(deadline__lte=now, breached_at=None, settled_at=None)
    late = late.exclude(state__in=[IssueState.SOLVED, IssueState.FOCUS]).order_by("deadline", "id")
    sweeps.drain("issue_deadlines", _about(late), lambda issue: _breach(issue, now), now=now)
    return raised


def _about(issues):
    return issues.select_related("problem_point", "team__unit", "department")


def _silent(issue, now, calendar):
    level = next_level(issue.level)
    go_up(issue, level=level, reason=Escalation.Reason.SILENT, now=now, calendar=calendar)


def _warn(issue, now):
    Issue.objects.filter(pk=issue.pk).update(warn_at=None)
    tell(
        [department_contact(issue.department, issue.level), *leads(issue)],
        issue,
        gettext_noop("Issue %(number)s (%(point)s): three quarters of the time to answer have passed."),
        key=f"warn:{issue.round}:{issue.level}:{issue.level_due_at:%Y%m%d%H%M}",
        now=now,
        level=Notification.Level.WARNING,
    )


def _breach(issue, now):
    # The breach belongs to the instant at which it happened, not to that of the sweep (domain.md section 8.4).
    Issue.objects.filter(pk=issue.pk, breached_at=None).update(breached_at=F("deadline"))
    tell(
        leads_and_managers(issue),
        issue,
        gettext_noop("Issue %(number)s (%(point)s): the deadline has passed."),
        key="breach",
        now=now,
        level=Notification.Level.URGENT,
    )


@transaction.atomic
def go_up(issue, *, level, reason, now, calendar):
    """Put ``issue`` on ``level`` (5: the managers are told, the head still owes the answer) and start its clock.

    Writes the escalation once per issue, round and level, and tells the new contact and the leads.
    """
    was, due_at = issue.level, issue.level_due_at
    contact = (
        department_contact(issue.department, level) if level < MANAGERS and issue.department_id else None
    )
    if level >= MANAGERS:
        fields = dict(STOPPED)
    else:
        fields = {"level": level, **clock_fields(issue, level=level, now=now, calendar=calendar)}
    Issue.objects.filter(pk=issue.pk).update(**fields)
    for name, value in fields.items():
        setattr(issue, name, value)
    if level == was:
        return
    _escalation, created = Escalation.objects.get_or_create(
        issue=issue,
        round=issue.round,
        level=level,
        defaults={"from_level": was, "reason": reason, "contact": contact, "due_at": due_at, "at": now},
    )
    if created:
        told = leads_and_managers(issue) if level >= MANAGERS else [contact, *leads(issue)]
        tell(
            told,
            issue,
            GONE_UP[level],
            key=f"up:{issue.round}:{level}",
            now=now,
            level=Notification.Level.URGENT,
        )
