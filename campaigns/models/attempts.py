"""What a campaign does after a result, where that differs from the result's own rule (CAM-1, CB-5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.dispositions import Disposition


class AttemptRule(models.Model):
    """After ``disposition`` the next attempt comes ``retry`` and ``retry_seconds`` later, at most ``maximum`` times.

    An empty ``maximum`` means as often as the campaign allows.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="attempt_rules")
    disposition = models.ForeignKey(Disposition, models.CASCADE, related_name="+", verbose_name=_("result"))
    retry = models.CharField(_("retry"), max_length=12, choices=Disposition.Retry)
    retry_seconds = models.PositiveIntegerField(_("retry after seconds"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most so many times"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt rule")
        verbose_name_plural = _("attempt rules")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "disposition"], name="attempt_rule_once"),
            models.CheckConstraint(
                name="attempt_rule_maximum", condition=models.Q(maximum=None) | models.Q(maximum__gte=1)
            ),
        ]

    def __str__(self):
        return f"{self.campaign_id}: {self.disposition}"
