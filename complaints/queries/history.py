"""What this app adds to a customer's timeline: issues, second contacts and complaints (CUS-9)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.access import Role
from complaints.models import Complaint, Issue, SecondContact
from complaints.states import ComplaintState, IssueState, SecondContactState
from customers.queries.timeline import Entry, Source, register

ISSUE_READERS = (Role.AGENT, Role.LEAD, Role.MANAGER, Role.COMPLAINT, Role.DEPARTMENT)
COMPLAINT_READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT, Role.DEPARTMENT)
LONGEST = 300


def _issues(user, customer):
    rows = Issue.objects.visible_to(user).filter(customer=customer)
    return rows.select_related("problem_point", "raised_by")


def _show_issue(issue) -> Entry:
    solved = issue.state == IssueState.SOLVED
    urgent = issue.urgency == Issue.Urgency.URGENT
    return Entry(
        title=f"{_('Issue')} #{issue.pk} · {issue.problem_point}",
        badge=issue.get_state_display(),
        tone="good" if solved else "bad" if urgent else "warn",
        text=f"{issue.get_urgency_display()} · {issue.description[:LONGEST]}",
        by=issue.raised_by,
        url=reverse("complaints:issue", args=[issue.pk]),
    )


def _contacts(user, customer):
    """By way of the issues, whose index leads with the customer."""
    issues = Issue.objects.visible_to(user).filter(customer=customer)
    return SecondContact.objects.filter(issue__in=issues).select_related("issue__problem_point")


def _show_contact(contact) -> Entry:
    tones = {SecondContact.Outcome.SOLVED: "good", SecondContact.Outcome.UNSOLVED: "bad"}
    state = contact.get_outcome_display() if contact.outcome else contact.get_state_display()
    waiting = contact.state != SecondContactState.DONE
    return Entry(
        title=_("Second contact %(number)s · issue #%(issue)s")
        % {"number": contact.sequence, "issue": contact.issue_id},
        badge=state,
        tone=tones.get(contact.outcome, "info" if waiting else "quiet"),
        text=" · ".join(filter(None, [str(contact.issue.problem_point), contact.note])),
        url=reverse("complaints:issue", args=[contact.issue_id]),
    )


def _complaints(user, customer):
    return Complaint.objects.visible_to(user).filter(customer=customer).select_related("registered_by")


def _show_complaint(complaint) -> Entry:
    return Entry(
        title=_("Complaint #%(number)s") % {"number": complaint.pk},
        badge=complaint.get_state_display(),
        tone="good" if complaint.state == ComplaintState.ARCHIVED else "bad",
        text=complaint.content[:LONGEST],
        by=complaint.registered_by,
        url=reverse("complaints:detail", args=[complaint.pk]),
    )


register(
    Source("complaints.issue", "issue", _issues, "raised_at", _show_issue, roles=ISSUE_READERS),
    Source("complaints.second", "recontact", _contacts, "created_at", _show_contact, roles=ISSUE_READERS),
    Source(
        "complaints.complaint",
        "complaint",
        _complaints,
        "registered_at",
        _show_complaint,
        roles=COMPLAINT_READERS,
    ),
)
