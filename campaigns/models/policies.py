"""Callback policies: which event leads to a callback, for how many, within which window (CAM-2)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized
from campaigns import catalogue
from campaigns.models.campaigns import Campaign
from customers.models import Channel, Customer, Segment
from messaging.models import Template


class PolicyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The policies of the campaigns in scope."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user))

    def in_force(self):
        """Active policies of running campaigns: those that turn events into tasks."""
        return self.filter(active=True, campaign__state="running")


class Policy(models.Model):
    """``preset`` names the shipped policy it was made from; ``seed`` makes the sample reproducible.

    With ``every_months`` no event is waited for: each customer is due once in so many months. ``fallback_channel`` is
    tried when nothing came back by ``channel`` within ``fallback_days`` (channel order, CB-8).
    """

    class WindowUnit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        MONTHS = "months", _("months")

    class Owner(models.TextChoices):
        """Whose the customer's contact is."""

        TEAM = "team", _("the customer's own team, else in turn")
        TURNS = "turns", _("the campaign's teams in turn")
        LAST_AGENT = "last_agent", _("who called the customer last, for a day; then the team")

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="policies", verbose_name=_("campaign")
    )
    name = models.CharField(_("name"), max_length=120)
    preset = models.CharField(_("preset"), max_length=40, blank=True)
    event_kind = models.CharField(_("event"), max_length=40, blank=True)
    every_months = models.PositiveSmallIntegerField(_("without an event: once in so many months"), default=0)
    key_customers_only = models.BooleanField(_("key customers only"), default=False)
    ordinary_only = models.BooleanField(_("without key customers"), default=False)
    without_phone = models.BooleanField(_("only with an address and no phone"), default=False)
    nature = models.CharField(
        _("only customers of nature"), max_length=12, choices=Customer.Nature, blank=True
    )
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="policies",
        verbose_name=_("only customers of the segment"),
    )
    fact_name = models.CharField(_("only events whose field"), max_length=40, blank=True)
    fact_value = models.CharField(_("has the value"), max_length=80, blank=True)
    coverage_percent = models.DecimalField(
        _("coverage in percent"), max_digits=5, decimal_places=2, default=100
    )
    minimum_per_stratum = models.PositiveIntegerField(_("at least, per region"), default=0)
    seed = models.CharField(_("sampling seed"), max_length=32)
    start_delay_days = models.PositiveSmallIntegerField(_("starts after days"), default=0)
    window = models.PositiveSmallIntegerField(_("window"), default=14)
    window_unit = models.CharField(
        _("window counted in"), max_length=12, choices=WindowUnit, default=WindowUnit.DAYS
    )
    due_time = models.TimeField(_("by this time of the last day"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority (1 first, 9 last)"), default=5)
    owner = models.CharField(_("goes to"), max_length=12, choices=Owner, default=Owner.TEAM)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    fallback_channel = models.CharField(_("then by"), max_length=10, choices=Channel, blank=True)
    fallback_days = models.PositiveSmallIntegerField(_("after days without a reply"), default=3)
    # Empty: the approved invitation to the campaign's questionnaire, or thanks where it asks nothing.
    text = models.ForeignKey(
        Template, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("text of messages")
    )
    active = models.BooleanField(_("active"), default=True)
    applied_through = models.DateTimeField(_("applied through"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback policy")
        verbose_name_plural = _("callback policies")
        constraints = [
            models.CheckConstraint(
                name="coverage_is_a_percentage",
                condition=models.Q(coverage_percent__gte=0) & models.Q(coverage_percent__lte=100),
            ),
            models.CheckConstraint(
                name="policy_has_a_trigger",
                condition=~models.Q(event_kind="", every_months=0)
                & (models.Q(event_kind="") | models.Q(every_months=0)),
            ),
            models.CheckConstraint(
                name="policy_customers_agree",
                condition=models.Q(key_customers_only=False) | models.Q(ordinary_only=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def event_name(self):
        """The event in the active language where it is a usual one, else as the client's system calls it."""
        return localized(catalogue.EVENT_KINDS.get(self.event_kind)) or self.event_kind
