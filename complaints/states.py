"""States of issues and complaints and their legal moves (ISS-1 … ISS-5, CMP-1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IssueState(models.TextChoices):
    OPEN = "open", _("open")
    SENT = "sent", _("sent to the department")
    ANSWERED = "answered", _("answered")
    SECOND_CONTACT = "second_contact", _("second contact planned")
    FOCUS = "focus", _("under a focus issue")
    SOLVED = "solved", _("solved")
    REOPENED = "reopened", _("reopened")


_ACTIVE = {
    IssueState.SENT,
    IssueState.ANSWERED,
    IssueState.SECOND_CONTACT,
    IssueState.FOCUS,
    IssueState.SOLVED,
}
ISSUE_MOVES = {
    IssueState.OPEN: _ACTIVE,
    IssueState.SENT: _ACTIVE - {IssueState.SENT},
    IssueState.ANSWERED: _ACTIVE - {IssueState.ANSWERED},
    IssueState.SECOND_CONTACT: _ACTIVE - {IssueState.SECOND_CONTACT},
    IssueState.FOCUS: {IssueState.SOLVED, IssueState.SENT},
    IssueState.SOLVED: {IssueState.REOPENED},
    IssueState.REOPENED: _ACTIVE,
}


class ComplaintState(models.TextChoices):
    REGISTERED = "registered", _("registered")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    FOUNDED = "founded", _("judged founded")
    UNFOUNDED = "unfounded", _("judged unfounded")
    INVESTIGATING = "investigating", _("under investigation")
    PROPOSED = "proposed", _("remedy proposed")
    APPROVED = "approved", _("remedy approved")
    CARRIED_OUT = "carried_out", _("remedy carried out")
    CALLED_BACK = "called_back", _("customer called back")
    ARCHIVED = "archived", _("archived")
    REOPENED = "reopened", _("reopened")


# There is no way to ARCHIVED that does not pass CALLED_BACK (CMP-1).
COMPLAINT_MOVES = {
    ComplaintState.REGISTERED: {ComplaintState.ACKNOWLEDGED},
    ComplaintState.ACKNOWLEDGED: {ComplaintState.FOUNDED, ComplaintState.UNFOUNDED},
    ComplaintState.FOUNDED: {ComplaintState.INVESTIGATING},
    ComplaintState.UNFOUNDED: {ComplaintState.CALLED_BACK},
    ComplaintState.INVESTIGATING: {ComplaintState.PROPOSED},
    ComplaintState.PROPOSED: {ComplaintState.APPROVED, ComplaintState.INVESTIGATING},
    ComplaintState.APPROVED: {ComplaintState.CARRIED_OUT},
    ComplaintState.CARRIED_OUT: {ComplaintState.CALLED_BACK},
    ComplaintState.CALLED_BACK: {ComplaintState.ARCHIVED, ComplaintState.REOPENED},
    ComplaintState.ARCHIVED: {ComplaintState.REOPENED},
    ComplaintState.REOPENED: {ComplaintState.INVESTIGATING},
}
