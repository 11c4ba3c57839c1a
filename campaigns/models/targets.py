"""Targets: what a metric should be, by campaign, team, agent and dates (KPI-1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized
from campaigns import catalogue
from campaigns.models.campaigns import Campaign


class Target(models.Model):
    """``metric`` is a code of the metric registry; ``value`` and ``amber`` are in the metric's unit (rates 0 … 1)."""

    metric = models.CharField(_("metric"), max_length=40)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="targets")
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, blank=True, related_name="+")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    value = models.DecimalField(_("target"), max_digits=14, decimal_places=4)
    amber = models.DecimalField(_("near from"), max_digits=14, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        indexes = [models.Index(fields=["metric", "valid_from"], name="target_of_metric")]

    def __str__(self):
        return f"{self.metric} {self.value}"

    @property
    def name(self):
        """The metric's name in the active language, its code where it has none here."""
        return localized(catalogue.METRICS.get(self.metric)) or self.metric

    @property
    def is_share(self):
        """Whether the figures are shares 0 … 1."""
        return self.metric.endswith(("_rate", "_share"))
