"""Complaints (投诉): the formal procedure above an issue (CMP-1 … CMP-3)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callcenter.models import Step
from campaigns.models import Campaign
from complaints.models.issues import Issue
from complaints.states import COMPLAINT_MOVES, ComplaintState
from customers.models import Customer
from people.models import Department


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Team roles of its team, the responsible department, the client. Never the agent it is about."""
        reached = user.scope().rows(team="team", department="department", client="customer__client")
        return self.filter(reached)


class Complaint(models.Model):
    """``founded`` stays None until judged; the approver of a remedy is never its proposer.

    ``round`` grows with every reopening and is the suffix of the number.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")
        LETTER = "letter", _("letter")
        VISIT = "visit", _("visit")
        MEDIA = "media", _("media")

    class Term(models.TextChoices):
        """Presets of the time allowed (CMP-3); ``complaints.rules.procedure`` holds the hours."""

        URGENT = "urgent", _("urgent: 24 hours")
        FAULT_URBAN = "repair_urban", _("repair of a fault, urban: 48 hours")
        FAULT_RURAL = "repair_rural", _("repair of a fault, rural: 72 hours")
        REQUEST = "request", _("request raised in a callback: one day")
        SIMPLE = "simple", _("simple case: 15 days")
        COMPLEX = "complex", _("complex case: 30 days")
        EXTENDED = "extended", _("very complex case: 60 days")

    class Cause(models.TextChoices):
        NONE = "", _("not analysed")
        VALUE = "value", _("value")
        SYSTEM = "system", _("system")
        PEOPLE = "people", _("people")

    MOVES = COMPLAINT_MOVES

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="complaints")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="complaints")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="complaints")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+", db_index=False)
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
        db_index=False,
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
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("registered by")
    )
    registered_at = models.DateTimeField(_("registered"))
    term = models.CharField(_("time allowed"), max_length=12, choices=Term, default=Term.SIMPLE)
    deadline = models.DateTimeField(_("deadline"))
    breached_at = models.DateTimeField(_("deadline passed"), null=True, blank=True)
    # The clock stands while the customer owes an answer; the deadline moves by the pause when it runs again.
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    promised_at = models.DateTimeField(_("promised to the customer"), null=True, blank=True)
    founded = models.BooleanField(_("founded"), null=True)
    # Judged so serious that the customer is proposed for the do-not-call list (CMP-4).
    serious = models.BooleanField(_("serious"), default=False)
    judgement = models.TextField(_("reason of the judgement"), blank=True)
    finding = models.TextField(_("finding"), blank=True)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause, blank=True)
    prevention = models.TextField(_("preventive measures"), blank=True)
    callback_task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="complaint", verbose_name=_("callback")
    )
    callback_satisfied = models.BooleanField(_("satisfied with the outcome"), null=True)
    closed_at = models.DateTimeField(_("archived"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    version = models.PositiveIntegerField(default=1)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            models.CheckConstraint(
                name="archived_only_after_callback",
                condition=~Q(state=ComplaintState.ARCHIVED) | Q(callback_satisfied__isnull=False),
            ),
            models.CheckConstraint(
                name="handler_is_not_concerned",
                condition=Q(handler=None) | Q(concerned_agent=None) | ~Q(handler=F("concerned_agent")),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="complaint_of_team"),
            models.Index(fields=["department", "-id"], name="complaint_of_department"),
            # The sweep that stores passed deadlines.
            models.Index(
                fields=["deadline", "id"],
                name="complaint_to_breach",
                condition=Q(breached_at=None, paused_at=None, closed_at=None),
            ),
        ]

    def __str__(self):
        return f"C{self.pk}" if self.round == 1 else f"C{self.pk}-{self.round}"


class ComplaintStep(Step):
    case = models.ForeignKey(Complaint, models.CASCADE, related_name="steps")


Complaint.STEP = ComplaintStep


class ComplaintNote(models.Model):
    """An internal note, or a pause of the clock, beside the moves of the case."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        PAUSE = "pause", _("clock paused")
        RESUME = "resume", _("clock running again")
        BREACH = "breach", _("deadline passed")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NOTE)
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self):
        return self.text[:60]


class Remedy(models.Model):
    """A proposed remedy; a second person approves exactly one per complaint and round."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="remedies")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    text = models.TextField(_("remedy"))
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    benefit = models.CharField(_("benefit"), max_length=300, blank=True)
    risk = models.CharField(_("risk"), max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        constraints = [
            models.CheckConstraint(
                name="remedy_approved_by_another",
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="remedy_approved_or_rejected", condition=Q(approved_by=None) | Q(rejected_by=None)
            ),
            models.UniqueConstraint(
                fields=["complaint", "round"], name="one_approved_remedy", condition=~Q(approved_by=None)
            ),
        ]

    def __str__(self):
        return self.text[:60]
