"""States of issues, second contacts, focus issues and complaints, and their legal moves (ISS-1 … ISS-5, CMP-1)."""

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
# SENT to SENT is the hand-over from one department to another: it must be on record (ISS-3).
ISSUE_MOVES = {
    IssueState.OPEN: _ACTIVE,
    IssueState.SENT: _ACTIVE,
    IssueState.ANSWERED: _ACTIVE,
    IssueState.SECOND_CONTACT: _ACTIVE - {IssueState.SECOND_CONTACT},
    IssueState.FOCUS: {IssueState.SOLVED, IssueState.SENT},
    IssueState.SOLVED: {IssueState.REOPENED},
    IssueState.REOPENED: _ACTIVE,
}

# Somebody still has to do something about the issue itself.
ISSUE_OPEN = (
    IssueState.OPEN,
    IssueState.SENT,
    IssueState.ANSWERED,
    IssueState.SECOND_CONTACT,
    IssueState.REOPENED,
)


class SecondContactState(models.TextChoices):
    BLOCKED = "blocked", _("waiting for the level-3 result")
    WAITING = "waiting", _("waiting")
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


SECOND_CONTACT_MOVES = {
    SecondContactState.BLOCKED: {SecondContactState.WAITING, SecondContactState.CANCELLED},
    SecondContactState.WAITING: {SecondContactState.PLANNED, SecondContactState.CANCELLED},
    SecondContactState.PLANNED: {SecondContactState.DONE, SecondContactState.CANCELLED},
    SecondContactState.DONE: set(),
    SecondContactState.CANCELLED: set(),
}


class FocusState(models.TextChoices):
    PUBLISHED = "published", _("published")
    WITH_HEAD = "with_head", _("with the head")
    RESOLVED = "resolved", _("resolved")
    SAMPLING = "sampling", _("customers are being called back")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")


FOCUS_MOVES = {
    FocusState.PUBLISHED: {FocusState.WITH_HEAD},
    FocusState.WITH_HEAD: {FocusState.RESOLVED},
    FocusState.RESOLVED: {FocusState.SAMPLING},
    FocusState.SAMPLING: {FocusState.CLOSED, FocusState.REOPENED},
    FocusState.REOPENED: {FocusState.WITH_HEAD},
    FocusState.CLOSED: set(),
}
# Individual second contacts stop from the opening until the department's head has resolved the point (ISS-5).
FOCUS_UNRESOLVED = (FocusState.PUBLISHED, FocusState.WITH_HEAD, FocusState.REOPENED)


class WarningState(models.TextChoices):
    OPEN = "open", _("open")
    TASK_MADE = "task_made", _("task made")
    DISMISSED = "dismissed", _("dismissed")
    RETAINED = "retained", _("retained")
    LOST = "lost", _("lost")
    OVER = "over", _("passed by itself")


_ENDS = {WarningState.DISMISSED, WarningState.RETAINED, WarningState.LOST}
# A task that ended without a word of the customer gives the warning back to the list.
WARNING_MOVES = {
    WarningState.OPEN: {WarningState.TASK_MADE, WarningState.OVER, *_ENDS},
    WarningState.TASK_MADE: {WarningState.OPEN, *_ENDS},
    WarningState.DISMISSED: set(),
    WarningState.RETAINED: set(),
    WarningState.LOST: set(),
    WarningState.OVER: set(),
}
WARNING_OPEN = (WarningState.OPEN, WarningState.TASK_MADE)


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
