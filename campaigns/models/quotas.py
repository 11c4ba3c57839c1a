"""Quota plans: so many customers per region and segment, proposed by a team, approved, then released into work (CAM-3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.models import Step
from campaigns.models.campaigns import Campaign
from campaigns.states import QUOTA_MOVES, QuotaState
from customers.models import Customer, Region, Segment

# Newly assigned customers are contacted within a week, or they come up to the lead (CAM-4); each plan may say otherwise.
CONTACTED_WITHIN_DAYS = 7


class QuotaPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The plans of the teams in scope; administrators see all."""
        return self.filter(user.scope().rows(team="team"))


class QuotaPlan(models.Model):
    """What a team wants to call beyond the policies. ``seed`` makes the draw of its customers reproducible."""

    MOVES = QUOTA_MOVES

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="quota_plans")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=QuotaState, default=QuotaState.DRAFT)
    seed = models.CharField(_("sampling seed"), max_length=32)
    # Who is not called within so many days comes up to the lead (CAM-4).
    contact_days = models.PositiveSmallIntegerField(
        _("days until the first call"), default=CONTACTED_WITHIN_DAYS
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    reclaimed_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = QuotaPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota plan")
        verbose_name_plural = _("quota plans")

    def __str__(self):
        return self.name


class QuotaPlanStep(Step):
    case = models.ForeignKey(QuotaPlan, models.CASCADE, related_name="steps")


QuotaPlan.STEP = QuotaPlanStep


class QuotaLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The quotas of the plans in scope."""
        return self.filter(plan__in=QuotaPlan.objects.visible_to(user)).select_related("plan")


class QuotaLine(models.Model):
    """``wanted`` customers of a region (with all below it; none: anywhere) and of a kind.

    ``released`` became tasks, ``reclaimed`` of them were given back untouched.
    """

    class Customers(models.TextChoices):
        ALL = "", _("all customers")
        KEY = "key", _("key customers")
        ORDINARY = "ordinary", _("without key customers")

    plan = models.ForeignKey(QuotaPlan, models.CASCADE, related_name="lines")
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    customers = models.CharField(_("customers"), max_length=10, choices=Customers, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Customer.Nature, blank=True)
    level = models.CharField(_("level"), max_length=30, blank=True)
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quota_lines",
        verbose_name=_("segment"),
    )
    wanted = models.PositiveIntegerField(_("wanted"))
    released = models.PositiveIntegerField(_("released"), default=0)
    reclaimed = models.PositiveIntegerField(_("given back"), default=0)

    objects = QuotaLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(
                name="quota_wanted", condition=Q(wanted__gte=1, released__lte=models.F("wanted"))
            )
        ]

    def __str__(self):
        return f"{self.plan}: {self.wanted}"
