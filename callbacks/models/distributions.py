"""Who was given which tasks, by whom and how, so that it can be read and taken back (CAM-4)."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbacks.models.tasks import Task
from callbacks.rules import distribution as rules

# As long as this a distribution can be undone.
UNDO_FOR = timedelta(minutes=10)


class DistributionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The distributions of the teams in scope."""
        return self.filter(user.scope().rows(team="team"))


class Distribution(models.Model):
    """One act of a lead: so many tasks of a team given to agents, or taken back. ``seed`` makes the draw reproducible.

    ``key`` is made with the preview: sending it twice is one distribution. ``skipped`` counts by reason what was left alone.
    """

    class Way(models.TextChoices):
        EQUAL = rules.EQUAL, _("equal shares, at random")
        CAPACITY = rules.CAPACITY, _("by remaining capacity")
        CAPABILITY = rules.CAPABILITY, _("by capability level")
        LANGUAGE = rules.LANGUAGE, _("by language skill")
        OWNER = rules.OWNER, _("to who spoke with the customer last")
        REGION = rules.REGION, _("by region")
        POOL = rules.POOL, _("back to the whole team")

    key = models.UUIDField(unique=True)
    team = models.ForeignKey("people.Team", models.CASCADE, related_name="+", verbose_name=_("team"))
    way = models.CharField(_("way"), max_length=12, choices=Way)
    seed = models.CharField(_("sampling seed"), max_length=32)
    count = models.PositiveIntegerField(_("tasks"), default=0)
    skipped = models.JSONField(default=dict)
    absence = models.ForeignKey("people.Absence", models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    undone = models.PositiveIntegerField(_("taken back"), default=0)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = DistributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution")
        verbose_name_plural = _("distributions")
        indexes = [models.Index(fields=["team", "-at", "-id"], name="distribution_of_team")]

    def __str__(self):
        return f"#{self.pk}"

    @property
    def undo_until(self):
        """The last moment at which it can be undone."""
        return self.at + UNDO_FOR


class Assignment(models.Model):
    """One task of a distribution: whose it became (nobody's: the team's), and everything an undo needs."""

    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="assignments")
    task = models.ForeignKey(Task, models.CASCADE, related_name="assignments")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    was_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    was_until = models.DateTimeField(null=True)
    was_assigned_at = models.DateTimeField(null=True)
    was_surfaces_at = models.DateTimeField(null=True)
    undone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["distribution", "task"], name="assigned_once")]

    def __str__(self):
        return f"{self.distribution_id}: {self.task_id}"
