"""What agents do all day, as intervals that never overlap, and their breaks (ORG-5).

On PostgreSQL an exclusion constraint refuses two intervals of one agent that share an instant; on SQLite every writer
is alone, and the actions end one interval at the instant at which the next begins.
"""

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from people.models.organisation import Team
from people.states import PENDING, ActivityKind, BreakState, Ending, Obstacle


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """An agent sees the own time, team roles that of their teams."""
        return self.filter(user.scope().rows(team="team", own="agent"))

    def running(self):
        """Intervals that have not ended: the people who are signed in, once each."""
        return self.filter(ended_at=None)


class Activity(models.Model):
    """One stretch of an agent's time. ``seen_at`` is when the page was last heard of while it ran."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities", verbose_name=_("agent")
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    seen_at = models.DateTimeField()
    ending = models.CharField(_("ending"), max_length=10, choices=Ending, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)
    # From here on the team's lead wants to know: the allowance is used up, the form is not sent, nobody is there.
    limit_at = models.DateTimeField(null=True, blank=True)
    flagged_at = models.DateTimeField(null=True, blank=True)
    # The lead has asked the agent to come back from a break.
    recalled_at = models.DateTimeField(null=True, blank=True)
    # What the agent had chosen, when a lead has corrected it.
    chosen_kind = models.CharField(max_length=12, choices=ActivityKind, blank=True)
    correction_reason = models.CharField(_("reason of the correction"), max_length=200, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["agent"], name="one_open_activity", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="activity_ends_after_it_starts",
                condition=Q(ended_at=None, ending="") | (Q(ended_at__gte=F("started_at")) & ~Q(ending="")),
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-started_at", "-id"], name="activity_of_agent"),
            models.Index(fields=["team", "started_at"], name="activity_of_team"),
            models.Index(fields=["seen_at"], name="activity_running", condition=Q(ended_at=None)),
            models.Index(
                fields=["limit_at"], name="activity_to_flag", condition=Q(ended_at=None, flagged_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.agent_id} {self.kind}"


class BreakRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(team="team", own="agent"))

    def pending(self):
        """Asked for and not begun yet, the first first."""
        return self.filter(state__in=PENDING).order_by("asked_at", "id")


class BreakRequest(models.Model):
    """An agent's wish for a break, from the key to its beginning; one at a time."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind)
    note = models.CharField(_("note"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=BreakState)
    obstacle = models.CharField(max_length=10, choices=Obstacle, blank=True)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    activity = models.OneToOneField(Activity, models.PROTECT, null=True, related_name="request")

    objects = BreakRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a break")
        verbose_name_plural = _("requests for breaks")
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], name="one_pending_break", condition=Q(state__in=list(PENDING))
            )
        ]
        indexes = [
            models.Index(
                fields=["team", "asked_at"], name="break_pending", condition=Q(state__in=list(PENDING))
            )
        ]

    def __str__(self):
        return f"{self.agent_id} {self.kind} {self.state}"


class FloorRule(models.Model):
    """How a team's day allows for rest, and when its lead is told; the row without a team is everybody's (ORG-4)."""

    team = models.OneToOneField(
        Team, models.CASCADE, null=True, blank=True, related_name="floor_rule", verbose_name=_("team")
    )
    morning_start = models.TimeField(_("morning calls from"), default=time(9, 30))
    morning_end = models.TimeField(_("morning calls until"), default=time(11, 30))
    morning_minutes = models.PositiveSmallIntegerField(_("minutes of rest in the morning"), default=30)
    afternoon_start = models.TimeField(_("afternoon calls from"), default=time(13, 30))
    afternoon_end = models.TimeField(_("afternoon calls until"), default=time(16, 30))
    afternoon_minutes = models.PositiveSmallIntegerField(_("minutes of rest in the afternoon"), default=45)
    share = models.DecimalField(
        _("share of the team that may rest at once"),
        max_digits=3,
        decimal_places=2,
        default="0.10",
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("0.10 is one in ten."),
    )
    at_least = models.PositiveSmallIntegerField(_("but always this many"), default=1)
    form_seconds = models.PositiveSmallIntegerField(
        _("seconds after hanging up until the lead is told"), default=180
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes without a key until somebody seems to be away"),
        default=10,
        validators=[MinValueValidator(2)],
    )

    class Meta:
        verbose_name = _("rule for breaks")
        verbose_name_plural = _("rules for breaks")
        constraints = [
            models.UniqueConstraint(
                Coalesce("team_id", 0),
                name="one_floor_rule",
                violation_error_message=_("There is such a rule already. Change that one."),
            ),
            models.CheckConstraint(
                name="halves_in_order",
                condition=Q(morning_start__lt=F("morning_end"), afternoon_start__lt=F("afternoon_end"))
                & Q(morning_end__lte=F("afternoon_start")),
                violation_error_message=_(
                    "The hours of the morning must end before those of the afternoon begin."
                ),
            ),
        ]

    def __str__(self):
        return str(self.team or _("everybody"))
