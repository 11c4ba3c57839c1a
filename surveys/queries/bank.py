"""How the questions of the bank have done lately: what a trainer looks at before one is put away (CAM-6, CAM-8; ux.md 5.13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count

from surveys.models import Answer, Question, Response, RotationProposal
from surveys.rules.scores import SMALL_SAMPLE
from surveys.states import ProposalState

DAYS = 90
SCALES = (Question.Kind.SCALE5, Question.Kind.SCALE10)


@dataclass(frozen=True)
class Recent:
    """Answers of the last days: how many, their mean (None without any), and whether a replacement is proposed."""

    n: int = 0
    mean: float | None = None
    proposed: bool = False

    @property
    def small(self) -> bool:
        return self.n < SMALL_SAMPLE


def recent_of(questions: Iterable[Question], user, *, now: datetime) -> dict[int, Recent]:
    """Per scale of ``questions`` what customers in scope answered lately, in all versions that ask it; two queries."""
    ids = [question.pk for question in questions if question.kind in SCALES]
    responses = (
        Response.objects.visible_to(user)
        .counted()
        .filter(submitted_at__gte=now - timedelta(days=DAYS), submitted_at__lte=now)
    )
    rows = Answer.objects.filter(
        item__question__in=ids, asked=True, refused=False, number__isnull=False, response__in=responses
    )
    found = rows.order_by().values("item__question").annotate(n=Count("id"), mean=Avg("number"))
    means = {row["item__question"]: (row["n"], float(row["mean"])) for row in found}
    proposals = RotationProposal.objects.filter(question__in=ids, state=ProposalState.OPEN)
    proposed = set(proposals.order_by().values_list("question_id", flat=True))
    return {pk: Recent(*means.get(pk, (0, None)), pk in proposed) for pk in ids}
