"""What customers answered, per question: numbers, means with intervals, top-2-box, shares (KPI-7, domain.md 6)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Count, F, FloatField, Q, Sum
from django.db.models.functions import Cast

from callcenter.workdays import day_bounds
from surveys.models import Answer, QuestionnaireVersion, Response
from surveys.queries.forms import FormItem, form_of
from surveys.rules import scores

SCORED = frozenset({"single", "scale5", "scale10", "yesno", "number"})


@dataclass(frozen=True)
class Bar:
    """One value of a question: how often, and its share of the answers (0 … 1, None without answers)."""

    value: str
    label: str
    count: int
    share: float | None


@dataclass(frozen=True)
class ItemResult:
    """One question's results. ``asked`` = shown to the customer, ``refused`` and ``missing`` are item non-response."""

    item: FormItem
    asked: int
    refused: int
    missing: int
    n: int
    mean: scores.Mean | None
    top_two: float | None
    nps: float | None
    bars: list[Bar] = field(default_factory=list)

    @property
    def small(self) -> bool:
        return self.n < scores.SMALL_SAMPLE


def responses_in(version, user, *, since: date | None = None, until: date | None = None, channel: str = ""):
    """Responses to a version in the user's scope; ``since`` and ``until`` are local days, both included."""
    rows = Response.objects.visible_to(user).filter(version=version)
    if since:
        rows = rows.filter(submitted_at__gte=day_bounds(since, settings.TIME_ZONE)[0])
    if until:
        rows = rows.filter(submitted_at__lt=day_bounds(until, settings.TIME_ZONE)[1])
    return rows.filter(channel=channel) if channel else rows


def response_counts(responses) -> dict:
    """How many responses are complete and how many are partial; one query."""
    return responses.aggregate(
        whole=Count("id", filter=Q(complete=True)), partial=Count("id", filter=Q(complete=False))
    )


def item_results(version: QuestionnaireVersion, responses) -> list[ItemResult]:
    """Results of every question over the complete ones of ``responses``; three queries whatever their number.

    ``missing`` are complete responses in which the question was asked without an answer or a refusal.
    """
    asked = Answer.objects.filter(item__version=version, response__in=responses.counted(), asked=True)
    totals = {row["item_id"]: row for row in _totals(asked)}
    chosen = _chosen(asked)
    found = []
    for item in form_of(version):
        row = totals.get(item.id, {})
        n = row.get("n", 0)
        counts = chosen.get(item.id, Counter())
        found.append(
            ItemResult(
                item=item,
                asked=row.get("shown", 0),
                refused=row.get("declined", 0),
                missing=row.get("shown", 0) - row.get("declined", 0) - n,
                n=n,
                mean=_mean(row) if item.kind in SCORED else None,
                top_two=scores.top_two(counts) if item.kind == "scale5" else None,
                nps=_points(scores.promoter_score(counts)) if item.kind == "scale10" else None,
                bars=_bars(item, counts, n),
            )
        )
    return found


def _points(share):
    """A score −1 … +1 as points −100 … +100."""
    return None if share is None else share * 100


def _totals(asked):
    number = Cast("number", FloatField())
    answered = Q(refused=False) & (~Q(values=[]) | Q(number__isnull=False) | ~Q(text=""))
    return (
        asked.values("item_id")
        .annotate(
            shown=Count("id"),
            declined=Count("id", filter=Q(refused=True)),
            n=Count("id", filter=answered),
            scored=Count("number"),
            total=Sum(number),
            squares=Sum(number * number),
        )
        .order_by("item_id")
    )


def _mean(row):
    return (
        scores.mean(row["scored"], row["total"] or 0.0, row["squares"] or 0.0) if row.get("scored") else None
    )


def _chosen(asked) -> dict[int, Counter]:
    """How often each value was chosen, by item. Rows come per set of values, so their number does not grow."""
    counts: dict[int, Counter] = {}
    rows = (
        asked.exclude(values=[])
        .values("item_id", "values")
        .annotate(n=Count("id"))
        .order_by("item_id", "values")
    )
    for row in rows:
        counter = counts.setdefault(row["item_id"], Counter())
        for value in row["values"]:
            counter[value] += row["n"]
    return counts


def _bars(item: FormItem, counts: Counter, n: int) -> list[Bar]:
    return [
        Bar(one.value, item.label(one.value), counts[one.value], counts[one.value] / n if n else None)
        for one in item.options
    ]


def texts_of(item, user):
    """The free texts, numbers and dates answered to one item in scope, newest first, with the day they came."""
    responses = Response.objects.visible_to(user).counted()
    return (
        Answer.objects.filter(item=item, asked=True, refused=False, response__in=responses)
        .exclude(Q(text="") & Q(number=None) & Q(values=[]))
        .annotate(at=F("response__submitted_at"))
        .only("id", "text", "number", "values")
        .order_by("-response__submitted_at", "-id")
    )


def question_scores(questionnaire, *, since: date, until: date) -> dict[int, tuple[int, float, float]]:
    """By question id: (n, sum, sum of squares) of its 1-5 scores over all versions and the local days given (CAM-8)."""
    start = day_bounds(since, settings.TIME_ZONE)[0]
    end = day_bounds(until, settings.TIME_ZONE)[1]
    number = Cast("number", FloatField())
    rows = (
        Answer.objects.filter(
            item__version__questionnaire=questionnaire,
            item__question__kind="scale5",
            asked=True,
            refused=False,
            number__isnull=False,
            response__complete=True,
            response__submitted_at__gte=start,
            response__submitted_at__lt=end,
        )
        .values("item__question_id")
        .annotate(n=Count("id"), total=Sum(number), squares=Sum(number * number))
        .order_by("item__question_id")
    )
    return {row["item__question_id"]: (row["n"], row["total"], row["squares"]) for row in rows}
