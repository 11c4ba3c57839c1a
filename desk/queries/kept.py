"""What hardly ever changes and is shown with every customer, kept for some seconds (``callcenter.kept``)."""

from callcenter.kept import kept
from complaints.models import FocusIssue, ProblemPoint
from complaints.queries import published_focus
from surveys.models import QuestionnaireVersion
from surveys.queries import form_of

FOCUS = 5
POINTS = 20


@kept
def focus_at_hand() -> list[FocusIssue]:
    """The newest published focus issues with their answers for customers (ISS-5)."""
    return list(published_focus()[:FOCUS])


@kept
def points_at_hand() -> list[ProblemPoint]:
    """The problem points an issue may name, those with a key of their own first."""
    points = ProblemPoint.objects.filter(active=True).order_by("id")[:POINTS]
    return sorted(points, key=lambda point: (point.key or "~", point.pk))


@kept
def form_at_hand(version_id: int) -> list:
    """The questions of a version; they are frozen from its first use on (CAM-7)."""
    return form_of(QuestionnaireVersion(pk=version_id))
