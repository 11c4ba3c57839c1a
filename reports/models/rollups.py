"""Rollups: counts and seconds per day × campaign × team × agent, never ratios (KPI-8, DESIGN section 6)."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class DailyCountQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(team="team", own="agent", client="campaign__client"))


class DailyCount(models.Model):
    """One agent's day in one campaign. Replaced as a whole when the day is rolled up again."""

    day = models.DateField(_("day"))
    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey("people.Team", models.CASCADE, null=True, related_name="+", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    calls = models.PositiveIntegerField(default=0)
    dials = models.PositiveIntegerField(default=0)
    connected = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    useless = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    prep_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    ring_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    talk_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    hold_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    wrap_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    connected_handle_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    completed_talk_seconds = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    completed_long = models.PositiveIntegerField(default=0)

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        constraints = [
            models.UniqueConstraint(
                "day", "campaign", Coalesce("team_id", 0), Coalesce("agent_id", 0), name="daily_count_once"
            )
        ]
        indexes = [models.Index(fields=["campaign", "day"], name="daily_of_campaign")]

    def __str__(self):
        return f"{self.day} {self.campaign_id}"


class RolledDay(models.Model):
    """State of a day's rollup: dirty days are rolled again by the next sweep."""

    day = models.DateField(primary_key=True)
    rolled_at = models.DateTimeField(null=True)
    dirty = models.BooleanField(default=True)
    # The newest call seen, so that later changes are found by a watermark.
    calls_seen = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.day)
