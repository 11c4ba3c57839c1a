"""Reads about issues: the lists, one issue's file, and the department's efficiency."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks.models import Task
from complaints.models import Issue, SecondContact, SecondContactStep
from complaints.queries.people import levels_of
from complaints.rules.escalation import may_answer
from complaints.states import ISSUE_OPEN, IssueState, SecondContactState
from customers.models import Customer

OPEN = Q(state__in=ISSUE_OPEN)
TABS = {
    "urgent": gettext_lazy("Urgent"),
    "important": gettext_lazy("Important"),
    "routine": gettext_lazy("Routine"),
    "overdue": gettext_lazy("Overdue"),
    "second": gettext_lazy("Waiting for second contact"),
    "level3": gettext_lazy("Waiting for level 3"),
    "focus": gettext_lazy("Focus"),
    "solved": gettext_lazy("Solved"),
}


def issue_list(*, user, tab, now, text="", department=None, point=None) -> QuerySet[Issue]:
    """Issues in the person's scope: open ones by their next deadline, solved ones newest first.

    ``tab`` is a key of ``TABS`` (anything else: urgent); ``text`` is an issue's number or the beginning of a
    customer's name.
    """
    rows = Issue.objects.visible_to(user).filter(_of_tab(tab, now))
    if text:
        number = text.lstrip("#")
        by_number = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else Q()
        rows = rows.filter(by_number | Q(customer__name__startswith=text))
    if department:
        rows = rows.filter(department=department)
    if point:
        rows = rows.filter(problem_point=point)
    rows = rows.select_related("customer", "problem_point", "department", "team", "raised_by")
    return rows.order_by("-id") if tab in ("solved", "focus") else rows.order_by("deadline", "id")


def _of_tab(tab, now):
    contacts = SecondContact.objects.order_by().values("issue_id")
    conditions = {
        "important": OPEN & Q(urgency=Issue.Urgency.IMPORTANT),
        "routine": OPEN & Q(urgency=Issue.Urgency.ROUTINE),
        "overdue": OPEN & (Q(deadline__lte=now, settled_at=None) | Q(level_due_at__lte=now)),
        "second": Q(
            pk__in=contacts.filter(state__in=[SecondContactState.WAITING, SecondContactState.PLANNED])
        ),
        "level3": Q(pk__in=contacts.filter(state=SecondContactState.BLOCKED)),
        "focus": Q(state=IssueState.FOCUS),
        "solved": Q(state=IssueState.SOLVED),
    }
    return conditions.get(tab, OPEN & Q(urgency=Issue.Urgency.URGENT))


def customer_issues(*, user, customer_id) -> QuerySet[Issue]:
    """Open issues of a customer, for somebody who reaches the customer or holds a task of theirs."""
    holds = Task.objects.held().filter(agent=user, customer_id=customer_id).exists()
    rows = Issue.objects.filter(customer_id=customer_id).exclude(state=IssueState.SOLVED)
    if not (holds or Customer.objects.visible_to(user).filter(pk=customer_id).exists()):
        rows = rows.filter(pk__in=Issue.objects.visible_to(user).filter(customer_id=customer_id).values("pk"))
    return rows.select_related("problem_point", "department").order_by("deadline", "id")[:20]


@dataclass(frozen=True)
class Entry:
    """One line of a file's history. ``tone`` is quiet, info, good, warn or bad."""

    at: datetime
    title: str
    text: str = ""
    by: object = None
    tone: str = "quiet"


NOTES = {
    "focus_issue": gettext_lazy("Stopped: the problem point has become a focus issue."),
    "focus_resolved": gettext_lazy("The focus issue was resolved."),
    "focus_unsatisfied": gettext_lazy("The customer is not satisfied with the solution of the focus issue."),
    "level3_result": gettext_lazy("The level-3 result is there."),
    "not_reached": gettext_lazy("The customer was not reached."),
    "solved": gettext_lazy("The issue was solved before."),
    "focus": gettext_lazy("The problem point is a focus issue."),
}


CONTACT_TONES = {SecondContact.Outcome.SOLVED: "good", SecondContact.Outcome.UNSOLVED: "warn"}


def _words(note):
    """What a note of the system means; a person's own words stay as they are."""
    return NOTES.get(note) or ("" if note.partition(":")[0] in ("focus", "second") else note)


def timeline(issue) -> list[Entry]:
    """Everything that happened to the issue, newest first, in a constant number of queries."""
    # In this order, because what happens at one instant is written with one time: the call, the move, the answer.
    entries = [
        *_contact_entries(issue),
        *_moves(issue),
        *(_answered(row) for row in issue.answers.select_related("by").order_by("at", "id")),
        *(_escalated(row) for row in issue.escalations.select_related("contact").order_by("at", "id")),
    ]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _moves(issue):
    labels = dict(IssueState.choices)
    told_otherwise = (IssueState.ANSWERED, IssueState.SECOND_CONTACT)
    steps = issue.steps.exclude(to_state__in=told_otherwise).select_related("by").order_by("at", "id")
    for step in steps:
        title = (
            _("Handed over") if step.from_state == step.to_state else labels.get(step.to_state, step.to_state)
        )
        tone = "good" if step.to_state == IssueState.SOLVED else "info"
        yield Entry(step.at, title, _words(step.note), step.by, tone)


def _answered(answer):
    title = _("%(level)s answered: solved") if answer.solved else _("%(level)s answered: not solved yet")
    tone = "good" if answer.solved else "warn"
    return Entry(answer.at, title % {"level": answer.get_level_display()}, answer.text, answer.by, tone)


def _escalated(row):
    contact = (
        _("Now with %(name)s.") % {"name": row.contact}
        if row.contact
        else _("Nobody is named at this level.")
    )
    title = _("Gone up to %(level)s: %(reason)s") % {
        "level": row.get_level_display(),
        "reason": row.get_reason_display(),
    }
    return Entry(row.at, title, contact, None, "bad")


def _contact_entries(issue):
    labels = dict(SecondContactState.choices)
    steps = (
        SecondContactStep.objects.filter(case__issue=issue).select_related("by", "case").order_by("at", "id")
    )
    for step in steps:
        contact = step.case
        result = contact.get_outcome_display() if step.to_state == SecondContactState.DONE else ""
        title = _("Second contact %(number)s: %(state)s") % {
            "number": contact.sequence,
            "state": result or labels.get(step.to_state, step.to_state),
        }
        yield Entry(
            step.at,
            title,
            _words(step.note),
            step.by,
            CONTACT_TONES.get(contact.outcome, "info") if result else "info",
        )


@dataclass(frozen=True)
class MayDo:
    """Which forms the page of an issue offers this person."""

    answer: bool
    answers_from: int
    send: bool
    solve: bool
    reopen: bool
    contact: bool
    allow: bool


def may_do(issue, user, contact) -> MayDo:
    """What the person may do with the issue now; ``contact`` is its open second contact or None."""
    scope = user.scope()
    runs = scope.has("lead", "manager", "complaint")
    levels = levels_of(user, issue.department_id)
    active = issue.state not in (IssueState.SOLVED, IssueState.FOCUS)
    return MayDo(
        answer=active and (scope.everything and bool(issue.department_id) or may_answer(levels, issue.level)),
        answers_from=issue.level if levels and not may_answer(levels, issue.level) else 0,
        send=runs and active,
        solve=runs and active and contact is None,
        reopen=runs and issue.state == IssueState.SOLVED,
        contact=runs and active and contact is None and bool(issue.campaign_id),
        allow=scope.has("lead", "manager") and contact is not None and contact.sequence > 1,
    )


def department_efficiency(*, user, start, end) -> QuerySet:
    """Per department over issues raised in [start, end): count, mean response and resolution, breaches, rating (ISS-4).

    Rows are dicts; the means are timedeltas, None where nothing counts. Shares are left to whoever shows them.
    """
    took = {"output_field": DurationField()}
    return (
        Issue.objects.visible_to(user)
        .filter(raised_at__gte=start, raised_at__lt=end, department__isnull=False)
        .order_by()
        .values("department_id", "department__name")
        .annotate(
            issues=Count("id"),
            answered=Count("answered_at"),
            solved=Count("solved_at"),
            breached=Count("breached_at"),
            rated=Count("rating"),
            response=Avg(ExpressionWrapper(F("answered_at") - F("sent_at"), **took)),
            resolution=Avg(ExpressionWrapper(F("solved_at") - F("raised_at"), **took)),
            rating=Avg("rating"),
        )
        .order_by("department__name", "department_id")
    )
