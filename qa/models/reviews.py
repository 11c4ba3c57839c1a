"""Reviews: one call scored on one scorecard version (QA-2, QA-7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Call, Task
from callcenter.models import Step
from qa.models.samples import Sample
from qa.models.scorecards import Criterion, ScorecardVersion
from qa.states import REVIEW_MOVES, ReviewState


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Team roles see the reviews of their teams; an agent sees own results once they are published."""
        scope = user.scope()
        shown = Q(state__in=[ReviewState.DRAWN, ReviewState.IN_REVIEW])
        return self.filter(scope.rows(team="team") | (scope.rows(own="agent", only=["agent"]) & ~shown))


class Review(models.Model):
    """``score`` 0 … 100, None while undecided or when every item was not applicable."""

    MOVES = REVIEW_MOVES

    sample = models.ForeignKey(Sample, models.PROTECT, null=True, blank=True, related_name="reviews")
    call = models.ForeignKey(Call, models.PROTECT, related_name="reviews")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews_received")
    team = models.ForeignKey("people.Team", models.PROTECT, related_name="+", db_index=False)
    scorecard = models.ForeignKey(ScorecardVersion, models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=14, choices=ReviewState, default=ReviewState.DRAWN)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews_made",
        verbose_name=_("inspector"),
    )
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    fatal = models.BooleanField(_("fatal error"), default=False)
    passed = models.BooleanField(_("passed"), null=True)
    comment = models.TextField(_("comment"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    corrective_task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="review", verbose_name=_("corrective call")
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["sample", "call"], name="reviewed_once_per_sample"),
            models.CheckConstraint(
                name="no_self_review", condition=Q(reviewer=None) | ~Q(reviewer=models.F("agent"))
            ),
            models.CheckConstraint(name="fatal_scores_zero", condition=Q(fatal=False) | Q(score=0)),
        ]
        indexes = [
            models.Index(fields=["team", "state", "-id"], name="review_of_team"),
            models.Index(fields=["agent", "-id"], name="review_of_agent"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class ReviewStep(Step):
    case = models.ForeignKey(Review, models.CASCADE, related_name="steps")


Review.STEP = ReviewStep


class ReviewItem(models.Model):
    """One criterion's verdict: ``share`` of its weight earned (0 … 1), None for not applicable."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="items")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    share = models.DecimalField(_("share"), max_digits=4, decimal_places=3, null=True, blank=True)
    failed = models.BooleanField(_("failed"), default=False)
    second = models.PositiveIntegerField(_("at second"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("review item")
        verbose_name_plural = _("review items")
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="criterion_scored_once")]

    def __str__(self):
        return f"{self.review} {self.criterion_id}"
