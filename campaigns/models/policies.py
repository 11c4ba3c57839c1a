"""Callback policies: which event leads to a callback, for how many, within which window (CAM-2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign


class Policy(models.Model):
    class WindowUnit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        MONTHS = "months", _("months")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="policies", verbose_name=_("campaign"))
    name = models.CharField(_("name"), max_length=120)
    event_kind = models.CharField(_("event"), max_length=40)
    key_customers_only = models.BooleanField(_("key customers only"), default=False)
    coverage_percent = models.DecimalField(_("coverage in percent"), max_digits=5, decimal_places=2, default=100)
    minimum_per_stratum = models.PositiveIntegerField(_("at least, per region"), default=0)
    seed = models.CharField(_("sampling seed"), max_length=32)
    start_delay_days = models.PositiveSmallIntegerField(_("starts after days"), default=0)
    window = models.PositiveSmallIntegerField(_("window"), default=14)
    window_unit = models.CharField(
        _("window counted in"), max_length=12, choices=WindowUnit, default=WindowUnit.DAYS
    )
    priority = models.PositiveSmallIntegerField(_("priority (1 first, 9 last)"), default=5)
    channel = models.CharField(_("channel"), max_length=10, default="phone")
    active = models.BooleanField(_("active"), default=True)
    applied_through = models.DateTimeField(_("applied through"), null=True, blank=True)

    class Meta:
        verbose_name = _("callback policy")
        verbose_name_plural = _("callback policies")
        constraints = [
            models.CheckConstraint(
                name="coverage_is_a_percentage",
                condition=models.Q(coverage_percent__gte=0) & models.Q(coverage_percent__lte=100),
            )
        ]

    def __str__(self):
        return self.name
