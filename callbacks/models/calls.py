"""Calls: immutable facts (CB-6). A correction is a new row with a reason that supersedes the old one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.tasks import Task
from campaigns.models import Account, Campaign, Disposition
from customers.models import Customer


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An agent sees own calls, team roles those of their teams, a client those of its campaigns."""
        return self.filter(user.scope().rows(team="team", own="agent", client="campaign__client"))

    def counted(self):
        """Calls that count: not superseded by a correction, not a test (domain.md section 4, rules 13 and 14)."""
        return self.filter(superseded=False, test=False)


class Call(models.Model):
    """One dial. Durations are seconds; ``local_day`` is the site's local day on which it started (KPI-8)."""

    class Source(models.TextChoices):
        DESK = "desk", _("agent desk")
        PBX = "pbx", _("telephone system")
        IMPORT = "import", _("imported file")

    class SpokeTo(models.TextChoices):
        """Who was on the line, as the identity step of the script found out."""

        UNKNOWN = "", _("not asked")
        SELF = "self", _("the customer")
        DECIDES = "decides", _("family who may decide")
        OTHER = "other", _("somebody who may not decide")

    class HungUp(models.TextChoices):
        UNKNOWN = "", _("not known")
        AGENT = "agent", _("agent")
        CUSTOMER = "customer", _("customer")

    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="calls")
    account = models.ForeignKey(Account, models.PROTECT, related_name="calls")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="calls", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="calls")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="calls", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="calls",
        verbose_name=_("agent"),
        db_index=False,
    )
    number = models.CharField(_("number dialled"), max_length=20, blank=True)
    line = models.CharField(_("line"), max_length=30, blank=True)
    started_at = models.DateTimeField(_("started"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    local_day = models.DateField(_("day"))
    prep_seconds = models.DecimalField(_("preparation"), max_digits=9, decimal_places=3, default=0)
    ring_seconds = models.DecimalField(_("ringing"), max_digits=9, decimal_places=3, default=0)
    talk_seconds = models.DecimalField(_("talk"), max_digits=9, decimal_places=3, default=0)
    hold_seconds = models.DecimalField(_("hold"), max_digits=9, decimal_places=3, default=0)
    wrap_seconds = models.DecimalField(_("after-call work"), max_digits=9, decimal_places=3, default=0)
    # How many dials this row stands for: 1, or the number a past campaign's file reports per customer.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="calls", db_index=False)
    response = models.ForeignKey(
        "surveys.Response", models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    spoke_to = models.CharField(_("spoke to"), max_length=8, choices=SpokeTo, blank=True)
    hung_up_by = models.CharField(_("hung up first"), max_length=10, choices=HungUp, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    # The client-made UUID of the desk, or the id of the telephone system or file: saving twice is one call.
    external_id = models.CharField(_("call number"), max_length=80)
    superseded = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    correction_reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    test = models.BooleanField(_("test call"), default=False)
    created_at = models.DateTimeField(_("created"))

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="call_once"),
            models.CheckConstraint(
                name="call_durations",
                condition=Q(prep_seconds__gte=0, ring_seconds__gte=0, talk_seconds__gte=0)
                & Q(hold_seconds__gte=0, wrap_seconds__gte=0),
            ),
        ]
        indexes = [
            # The rollup of a day reads one range of this index.
            models.Index(fields=["local_day", "campaign", "team", "agent"], name="call_of_day"),
            models.Index(fields=["campaign", "-id"], name="call_of_campaign"),
            models.Index(fields=["team", "-id"], name="call_of_team"),
            models.Index(fields=["agent", "-id"], name="call_of_agent"),
        ]

    def __str__(self):
        return f"#{self.pk}"
