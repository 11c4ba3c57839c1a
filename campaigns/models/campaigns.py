"""The campaign (外呼项目): for whom, when, by which teams, with which questions and rules (CAM-1)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.access import TEAM_ROLES, Role
from callcenter.models import Step
from campaigns.states import CAMPAIGN_MOVES, CampaignState
from customers.models import Client, Purpose


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Campaigns worked by the person's teams; an observer's are those of the client."""
        scope = user.scope()
        if scope.everything:
            return self
        teams = scope.team_ids(Role.AGENT, *TEAM_ROLES)
        clients = [grant.client_id for grant in scope.grants if grant.client_id]
        worked = Campaign.teams.through.objects.filter(team_id__in=teams).values("campaign_id")
        return self.filter(models.Q(pk__in=worked) | models.Q(client_id__in=clients))


class Campaign(models.Model):
    class Kind(models.TextChoices):
        SATISFACTION = "satisfaction", _("satisfaction callback")
        TELEMARKETING = "telemarketing", _("telemarketing")
        SURVEY = "survey", _("market survey")
        RETENTION = "retention", _("retention")
        CARE = "care", _("after-sales care")
        DUNNING = "dunning", _("dunning")
        COLLECTION = "collection", _("data collection")

    class WrapUp(models.TextChoices):
        OPTIONAL = "optional", _("optional")
        FORCED = "forced", _("forced")
        TIMED = "timed", _("timed")

    MOVES = CAMPAIGN_MOVES

    client = models.ForeignKey(Client, models.PROTECT, related_name="campaigns", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("type"), max_length=16, choices=Kind)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.SERVICE)
    state = models.CharField(_("state"), max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    calendar = models.ForeignKey(
        "people.Calendar", models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    teams = models.ManyToManyField("people.Team", related_name="campaigns", verbose_name=_("teams"))
    questionnaire = models.ForeignKey(
        "surveys.QuestionnaireVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("questionnaire"),
    )
    script = models.ForeignKey(
        "campaigns.ScriptVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("script"),
    )
    priority = models.PositiveSmallIntegerField(_("priority (1 first, 9 last)"), default=5)
    max_attempts = models.PositiveSmallIntegerField(_("attempts at most"), default=3)
    # Above the results' own rules (AttemptRule); empty means no further limit.
    max_per_number = models.PositiveSmallIntegerField(_("attempts at most per number"), null=True, blank=True)
    other_part = models.BooleanField(_("retry in another part of the day"), default=False)
    reset_when_reached = models.BooleanField(
        _("count attempts anew once somebody was reached"), default=False
    )
    # Narrower than the hours of the customer's region; empty means those alone.
    calls_from = models.TimeField(_("calls from"), null=True, blank=True)
    calls_until = models.TimeField(_("calls until"), null=True, blank=True)
    wrap_up_mode = models.CharField(_("wrap-up"), max_length=10, choices=WrapUp, default=WrapUp.FORCED)
    wrap_up_seconds = models.PositiveSmallIntegerField(_("timed wrap-up: seconds"), default=60)
    daily_target = models.PositiveSmallIntegerField(_("successes per agent and day"), default=80)
    guide_seconds = models.PositiveSmallIntegerField(_("length guide in seconds"), default=90)
    identity_check = models.BooleanField(_("the call begins by asking who is on the line"), default=False)
    trial_days = models.PositiveSmallIntegerField(_("trial period in days (0: no trial)"), default=0)
    # How often chosen results were opened anew; 1 is the first time round.
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                name="campaign_period",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="campaign_priority", condition=models.Q(priority__gte=1) & models.Q(priority__lte=9)
            ),
            models.CheckConstraint(name="campaign_attempts", condition=models.Q(max_attempts__gte=1)),
            models.CheckConstraint(
                name="campaign_hours",
                condition=models.Q(calls_from=None, calls_until=None)
                | models.Q(calls_from__lt=models.F("calls_until")),
            ),
        ]

    def __str__(self):
        return self.name


class CampaignStep(Step):
    case = models.ForeignKey(Campaign, models.CASCADE, related_name="steps")


Campaign.STEP = CampaignStep


class Variant(models.Model):
    """One of several questionnaires asked side by side in a campaign, by weight (CAM-7)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="variants")
    version = models.ForeignKey(
        "surveys.QuestionnaireVersion", models.PROTECT, related_name="+", verbose_name=_("questionnaire")
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("questionnaire variant")
        verbose_name_plural = _("questionnaire variants")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="variant_once"),
            models.CheckConstraint(name="variant_weight", condition=models.Q(weight__gte=1)),
        ]

    def __str__(self):
        return f"{self.version} × {self.weight}"
