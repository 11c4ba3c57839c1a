"""Review states and their legal moves (QA-1 … QA-7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    DRAWN = "drawn", _("drawn")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    APPEALED = "appealed", _("appealed")
    RE_REVIEWED = "re_reviewed", _("re-reviewed")
    FINAL = "final", _("final")


REVIEW_MOVES = {
    ReviewState.DRAWN: {ReviewState.IN_REVIEW},
    ReviewState.IN_REVIEW: {ReviewState.PUBLISHED, ReviewState.DRAWN},
    ReviewState.PUBLISHED: {ReviewState.ACKNOWLEDGED, ReviewState.APPEALED, ReviewState.FINAL},
    ReviewState.ACKNOWLEDGED: {ReviewState.FINAL},
    ReviewState.APPEALED: {ReviewState.RE_REVIEWED},
    ReviewState.RE_REVIEWED: {ReviewState.FINAL},
    ReviewState.FINAL: set(),
}
