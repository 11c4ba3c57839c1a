"""Metrics with their numbers, targets and verdicts: what the page, the workbook and the API all show (KPI-1)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Target
from reports.queries.counts import Selection, breakdown, counts, daily
from reports.rules.formulas import Interval, wilson
from reports.rules.metrics import BY_CODE, METRICS, Metric
from reports.rules.targets import Standing, judge

UNJUDGED = Standing("undefined", coloured=False)
VERDICTS = {
    "on_target": (_("▲ on target"), "badge-good"),
    "near": (_("◆ near"), "badge-warn"),
    "below": (_("▼ below target"), "badge-bad"),
    "undefined": ("—", "badge-quiet"),
}


@dataclass(frozen=True)
class Figure:
    """One metric of one selection: value, its parts, the target and whether it is met, the period before."""

    metric: Metric
    value: Decimal | None
    numerator: Decimal | int | None
    denominator: Decimal | int | None
    target: Decimal | None = None
    amber: Decimal | None = None
    standing: Standing = UNJUDGED
    previous: Decimal | None = None
    interval: Interval | None = None

    @property
    def change(self) -> Decimal | None:
        return None if self.value is None or self.previous is None else self.value - self.previous

    @property
    def verdict(self) -> str:
        """The standing in words, with a sign: colour is never alone."""
        return str(VERDICTS[self.standing.status][0])

    @property
    def badge(self) -> str:
        """The badge's class; grey where a small sample may not be coloured."""
        return VERDICTS[self.standing.status if self.standing.coloured else "undefined"][1]

    @property
    def gap(self) -> Decimal | None:
        return None if self.value is None or self.target is None else self.value - self.target


@dataclass(frozen=True)
class Board:
    """Everything of one selection: all figures, the days, and the breakdowns as (id, counts)."""

    selection: Selection
    counts: dict
    figures: list[Figure]
    days: dict[date, dict]
    campaigns: dict[int | None, dict]
    teams: dict[int | None, dict]
    agents: dict[int | None, dict]


def figures(user, selection, *, codes=None) -> list[Figure]:
    """The figures of the selection within the user's scope, in the order of the registry."""
    return _figures(selection, counts(user, selection), counts(user, selection.previous()), codes)


def board(user, selection) -> Board:
    """All figures and breakdowns of the selection; a fixed number of queries."""
    now_counts = counts(user, selection)
    return Board(
        selection,
        now_counts,
        _figures(selection, now_counts, counts(user, selection.previous())),
        daily(user, selection),
        breakdown(user, selection, "campaign"),
        breakdown(user, selection, "team"),
        breakdown(user, selection, "agent"),
    )


def _figures(selection, found, before, codes=None):
    targets = targets_for(selection)
    wanted = METRICS if codes is None else [BY_CODE[code] for code in codes]
    return [_figure(metric, found, before, targets.get(metric.code)) for metric in wanted]


def _figure(metric, found, before, target):
    value = metric.value(found)
    numerator, denominator = metric.parts(found)
    n = metric.sample_size(found)
    interval = wilson(int(numerator), n) if n and numerator is not None and 0 <= numerator <= n else None
    return Figure(
        metric,
        value,
        numerator,
        denominator,
        target.value if target else None,
        target.amber if target else None,
        _standing(metric, value, n, target),
        metric.value(before),
        interval,
    )


def _standing(metric, value, n, target):
    if target is None or not metric.better:
        return UNJUDGED
    return judge(value, target.value, near=target.amber, better=metric.better, n=n)


def targets_for(selection) -> dict[str, Target]:
    """The most specific target per metric that is valid at the end of the period; one query."""
    mine = Q()
    for column, value in (
        ("campaign_id", selection.campaign_id),
        ("team_id", selection.team_id),
        ("agent_id", selection.agent_id),
    ):
        mine &= Q(**{column: value}) | Q(**{column: None}) if value else Q(**{column: None})
    rows = Target.objects.filter(
        mine, Q(valid_to=None) | Q(valid_to__gte=selection.end), valid_from__lte=selection.end
    )

    def specific(row):
        return bool(row.agent_id), bool(row.team_id), bool(row.campaign_id), row.valid_from, row.pk

    return {row.metric: row for row in sorted(rows.order_by("id"), key=specific)}
