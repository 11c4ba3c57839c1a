"""Reads about second contacts."""

from django.db.models import QuerySet

from complaints.models import DepartmentAnswer, Issue, SecondContact
from complaints.rules.escalation import LEVEL_3
from complaints.states import IssueState, SecondContactState

OPEN_STATES = (SecondContactState.BLOCKED, SecondContactState.WAITING, SecondContactState.PLANNED)


def open_contact(issue) -> SecondContact | None:
    """The issue's second contact that is still to be made; there is at most one."""
    return issue.second_contacts.filter(state__in=OPEN_STATES).first()


def level3_result(contact) -> DepartmentAnswer | None:
    """The internal result a second or later contact must not contradict: the newest answer of level 3 or the head
    since the customer last said the problem is not solved (CB-10). None for the first second contact."""
    if contact.sequence < 2:
        return None
    answers = DepartmentAnswer.objects.filter(
        issue_id=contact.issue_id, level__gte=LEVEL_3, at__gte=contact.created_at
    )
    return answers.select_related("by").order_by("-at", "-id").first()


def contact_of_task(task) -> SecondContact | None:
    """The second contact a task was made for, with its issue, point and department; None for other tasks."""
    rows = SecondContact.objects.select_related(
        "issue__problem_point", "issue__department", "issue__customer"
    )
    return rows.filter(task=task).first()


def open_issues_of(customer_id, *, limit=20) -> QuerySet[Issue]:
    """The customer's unsolved issues, newest first, for the desk and the archive."""
    rows = Issue.objects.filter(customer_id=customer_id).exclude(state=IssueState.SOLVED)
    return rows.select_related("problem_point", "department").order_by("-id")[:limit]
