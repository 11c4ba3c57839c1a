"""What an agent hands in at the end of the day (CB-11, ux.md section 5.3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DayReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agent's own, and for team roles those of their teams."""
        return self.filter(user.scope().rows(team="team", own="agent"))


class DayReport(models.Model):
    """An agent has been through the closing list of a day and handed in its issues; handing in again brings it up to date."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="day_reports", verbose_name=_("agent")
    )
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, related_name="+")
    day = models.DateField(_("day"))
    urgent = models.PositiveIntegerField(_("urgent"))
    important = models.PositiveIntegerField(_("important"))
    routine = models.PositiveIntegerField(_("routine"))
    submitted_at = models.DateTimeField(_("handed in"))

    objects = DayReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily issue list")
        verbose_name_plural = _("daily issue lists")
        constraints = [models.UniqueConstraint(fields=["agent", "day"], name="day_handed_in_once")]
        indexes = [models.Index(fields=["day", "team"], name="day_report_of_team")]

    def __str__(self):
        return f"{self.day} {self.agent}"
