"""What an agent must be able to do to work a campaign (CAM-1, ORG-7)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from people.models import AgentSkill, Skill


class RequiredSkillQuerySet(models.QuerySet):
    def lacking(self, agent):
        """The requirements that the agent does not meet."""
        able = AgentSkill.objects.filter(skill=OuterRef("skill"), user=agent, level__gte=OuterRef("level"))
        return self.exclude(Exists(able))


class RequiredSkill(models.Model):
    """A skill without which nobody is handed the campaign's tasks: ``level`` 1 to 5 at least."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="required_skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", verbose_name=_("skill"))
    level = models.PositiveSmallIntegerField(_("level at least"), default=1)

    objects = RequiredSkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("required skill")
        verbose_name_plural = _("required skills")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "skill"], name="required_skill_once"),
            models.CheckConstraint(name="required_level", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self):
        return f"{self.skill} ≥ {self.level}"
