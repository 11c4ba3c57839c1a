from qa.models.reviews import Review, ReviewItem, ReviewStep
from qa.models.samples import Sample, SamplingPlan
from qa.models.scorecards import Criterion, Scorecard, ScorecardVersion

__all__ = [
    "Criterion",
    "Review",
    "ReviewItem",
    "ReviewStep",
    "Sample",
    "SamplingPlan",
    "Scorecard",
    "ScorecardVersion",
]
