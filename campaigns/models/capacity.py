"""What a campaign is planned to take (CAM-9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign


class CapacityPlan(models.Model):
    """The one plan of a campaign. ``connect_rate`` is a share above 0 up to 1; days are working days."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="capacity_plan")
    completes = models.PositiveIntegerField(_("completed questionnaires wanted"))
    connect_rate = models.DecimalField(_("expected connect rate"), max_digits=5, decimal_places=4)
    connected_per_complete = models.DecimalField(
        _("connected calls per valid questionnaire"), max_digits=6, decimal_places=2, default=10
    )
    dials_per_day = models.PositiveIntegerField(_("dials per agent and day"), default=200)
    agents = models.PositiveIntegerField(_("agents"))
    days = models.PositiveIntegerField(_("working days available"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("capacity plan")
        verbose_name_plural = _("capacity plans")
        constraints = [
            models.CheckConstraint(
                name="capacity_plan_counts",
                condition=Q(completes__gte=1, dials_per_day__gte=1, agents__gte=1, days__gte=1)
                & Q(connect_rate__gt=0, connect_rate__lte=1, connected_per_complete__gte=1),
            )
        ]

    def __str__(self):
        return f"{self.campaign_id}: {self.completes}"
