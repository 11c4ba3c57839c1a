"""Complaints (投诉): the formal procedure above an issue (CMP-1 … CMP-3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callcenter.models import Step
from complaints.models.issues import Issue
from complaints.states import COMPLAINT_MOVES, ComplaintState
from customers.models import Customer
from people.models import Department


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(
            user.scope().rows(team="team", department="department", client="customer__client")
        )


class Complaint(models.Model):
    """``founded`` stays None until judged; the approver of a remedy is never its proposer."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        LETTER = "letter", _("letter")
        VISIT = "visit", _("visit")
        MEDIA = "media", _("media")

    MOVES = COMPLAINT_MOVES

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="complaints")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="complaints")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=16, choices=ComplaintState, default=ComplaintState.REGISTERED
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    media = models.BooleanField(_("media involved"), default=False)
    content = models.TextField(_("content"))
    demand = models.TextField(_("what the customer asks for"), blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("department"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("handler")
    )
    concerned_agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent complained about"),
    )
    registered_at = models.DateTimeField(_("registered"))
    deadline = models.DateTimeField(_("deadline"))
    founded = models.BooleanField(_("founded"), null=True)
    judgement = models.TextField(_("reason of the judgement"), blank=True)
    finding = models.TextField(_("finding"), blank=True)
    callback_task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="complaint", verbose_name=_("callback")
    )
    callback_satisfied = models.BooleanField(_("satisfied with the outcome"), null=True)
    closed_at = models.DateTimeField(_("archived"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            models.CheckConstraint(
                name="archived_only_after_callback",
                condition=~Q(state=ComplaintState.ARCHIVED) | Q(callback_satisfied__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["team", "-id"], name="complaint_of_team")]

    def __str__(self):
        return f"C{self.pk}"


class ComplaintStep(Step):
    case = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")


Complaint.STEP = ComplaintStep


class Remedy(models.Model):
    """A proposed remedy; a second person approves exactly one per complaint."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="remedies")
    text = models.TextField(_("remedy"))
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        constraints = [
            models.CheckConstraint(
                name="remedy_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["complaint"], name="one_approved_remedy", condition=~Q(approved_by=None)
            ),
        ]

    def __str__(self):
        return self.text[:60]
