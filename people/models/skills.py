"""What people can do and when they are away: capability by skill, absences (ORG-7, CAM-4)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Skill(models.Model):
    """A language (its tag as on the customer's card) or the work of a campaign (its code)."""

    class Kind(models.TextChoices):
        LANGUAGE = "language", _("language")
        CAMPAIGN = "campaign", _("campaign")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(
        _("code"),
        max_length=40,
        help_text=_("The language as it stands on the customer's card, or the code of the campaign."),
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="skill_once")]

    def __str__(self):
        return self.name


class AgentSkill(models.Model):
    """How capable one person is in one skill: 1 (beginner) to 5 (expert)."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="holders", verbose_name=_("skill"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills", verbose_name=_("user")
    )
    level = models.PositiveSmallIntegerField(_("level"))

    class Meta:
        verbose_name = _("capability")
        verbose_name_plural = _("capabilities")
        constraints = [
            models.UniqueConstraint(fields=["skill", "user"], name="one_level_per_skill"),
            models.CheckConstraint(name="skill_level", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self):
        return f"{self.user} · {self.skill} · {self.level}"


class Absence(models.Model):
    """One local day on which a person does not work; nothing is assigned to them then."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("user")
    )
    day = models.DateField(_("day"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="absence_once")]

    def __str__(self):
        return f"{self.user} · {self.day}"
