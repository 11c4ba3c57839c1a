"""Second contacts (二次回馈): the promise to call again (CB-10)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callcenter.models import Step
from complaints.models.issues import Issue
from complaints.states import SECOND_CONTACT_MOVES, SecondContactState


class SecondContact(models.Model):
    """The promise to call again, written with the issue. The sweep turns it into a task exactly once.

    From the second one on the row is born ``blocked``: the level-3 internal result sets it free and dates it.
    """

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("solved")
        UNSOLVED = "unsolved", _("not solved")
        NOT_REACHED = "not_reached", _("customer not reached")

    State = SecondContactState
    MOVES = SECOND_CONTACT_MOVES

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="second_contacts")
    sequence = models.PositiveSmallIntegerField(_("number"))
    # The sweep makes the task once due_at has come; it may be dialled from then on.
    due_at = models.DateTimeField(_("due"))
    deadline = models.DateTimeField(_("deadline"))
    state = models.CharField(
        _("state"), max_length=10, choices=SecondContactState, default=SecondContactState.WAITING
    )
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="second_contact", verbose_name=_("task")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    rating = models.PositiveSmallIntegerField(_("customer's rating of the department"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # A lead's leave to record an outcome that contradicts the level-3 result.
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(_("why another outcome is allowed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("second contact")
        verbose_name_plural = _("second contacts")
        constraints = [
            models.UniqueConstraint(fields=["issue", "sequence"], name="second_contact_once"),
            models.UniqueConstraint(
                fields=["issue"],
                name="one_second_contact_at_a_time",
                condition=Q(state__in=["blocked", "waiting", "planned"]),
            ),
            models.CheckConstraint(
                name="override_has_its_reason", condition=Q(override_by=None) | ~Q(override_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="second_contact_due", condition=Q(state="waiting")),
            # The sweep that closes the promises whose task ended without a word of the customer.
            models.Index(fields=["id"], name="second_contact_planned", condition=Q(state="planned")),
        ]

    def __str__(self):
        return f"{self.issue} · {self.sequence}"


class SecondContactStep(Step):
    case = models.ForeignKey(SecondContact, models.CASCADE, related_name="steps")


SecondContact.STEP = SecondContactStep
