"""Scorecards (评分表): versioned criteria with weights and fatal items (QA-2, QA-3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized


class Scorecard(models.Model):
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")

    def __str__(self):
        return self.name


class ScorecardVersion(models.Model):
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    pass_mark = models.DecimalField(_("pass mark"), max_digits=5, decimal_places=2, default=85)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("scorecard version")
        verbose_name_plural = _("scorecard versions")
        constraints = [models.UniqueConstraint(fields=["scorecard", "number"], name="scorecard_version_once")]

    def __str__(self):
        return f"{self.scorecard} v{self.number}"


class Criterion(models.Model):
    """One item. A failed fatal item makes the whole call 0; ``validity`` marks the four criteria of a valid sale."""

    class Validity(models.TextChoices):
        NONE = "", _("none")
        OWNER = "owner", _("owner or entitled adult, verified and willing")
        UNDERSTOOD = "understood", _("understood")
        SCRIPT = "script", _("approved script with all statements")
        CONSENT = "consent", _("explicit consent")

    version = models.ForeignKey(ScorecardVersion, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    section = models.JSONField(_("section"))
    text = models.JSONField(_("text"))
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=0)
    fatal = models.BooleanField(_("fatal"), default=False)
    validity = models.CharField(_("criterion of a valid sale"), max_length=12, choices=Validity, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="criterion_position_once")
        ]

    def __str__(self):
        return localized(self.text)
