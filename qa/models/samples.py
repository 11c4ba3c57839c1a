"""Sampling plans and the samples drawn by them, with the seed that reproduces each (QA-1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qa.models.scorecards import Scorecard


class SamplingPlan(models.Model):
    class Level(models.TextChoices):
        LOCAL = "local", _("local, daily")
        UPPER = "upper", _("upper level, weekly")

    name = models.CharField(_("name"), max_length=120)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
    )
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="+", verbose_name=_("scorecard"))
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.LOCAL)
    percent = models.DecimalField(_("share in percent"), max_digits=5, decimal_places=2, default=10)
    minimum_talk_seconds = models.PositiveSmallIntegerField(_("shortest call in seconds"), default=10)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("sampling plan")
        verbose_name_plural = _("sampling plans")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "level"],
                name="one_plan_of_a_campaign",
                condition=models.Q(active=True, campaign__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_share", condition=models.Q(percent__gt=0) & models.Q(percent__lte=100)
            ),
        ]

    def __str__(self):
        return self.name


class Sample(models.Model):
    """What one plan drew of one agent's day: population, size and seed say how."""

    plan = models.ForeignKey(SamplingPlan, models.PROTECT, related_name="samples")
    day = models.DateField(_("day"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="qa_samples")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+")
    population = models.PositiveIntegerField(_("valid calls"))
    size = models.PositiveIntegerField(_("drawn"))
    seed = models.CharField(_("seed"), max_length=32)
    drawn_at = models.DateTimeField(_("drawn"))

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        constraints = [models.UniqueConstraint(fields=["plan", "day", "agent"], name="sample_once")]

    def __str__(self):
        return f"{self.day} {self.agent}"
