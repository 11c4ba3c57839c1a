"""The promise board: the counts of each policy, unit, region or agent against what was promised (CAM-2, domain.md 5.2).

Those who were not drawn count as eligible: the promise is a share of them all.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Min, Q, Sum

from callbacks.queries.promises.contacts import OUTCOMES, Choice, frames, outcome_at, promised, touched
from campaigns.models import Policy
from campaigns.rules.coverage import Standing, standing

GROUPS = {
    "policy": ("policy_id", ("policy__name", "policy__campaign__name")),
    "unit": ("queue__team__unit_id", ("queue__team__unit__name",)),
    "region": ("customer__region_id", ("customer__region__name",)),
    "agent": ("agent_id", ("agent__full_name", "agent__username")),
}
FRAME_GROUPS = {
    "policy": ("policy_id", ("policy__name", "policy__campaign__name")),
    "unit": ("team__unit_id", ("team__unit__name",)),
    "region": ("region_id", ("region__name",)),
}


@dataclass
class Line:
    """One line of the board; counts of contacts. ``percent_sum`` adds up the promised percent of each that has ended."""

    key: int | None = None
    name: str = ""
    place: str = ""
    in_time: int = 0
    late: int = 0
    attempted: int = 0
    missed: int = 0
    open_done: int = 0
    open: int = 0
    touched: int = 0
    left_out: int = 0
    left_out_ended: int = 0
    percent_sum: Decimal = field(default_factory=Decimal)
    next_deadline: datetime | None = None
    policy: Policy | None = None

    @property
    def promised(self) -> int:
        return self.ended + self.open_done + self.open

    @property
    def ended(self) -> int:
        return self.in_time + self.late + self.attempted + self.missed

    @property
    def eligible(self) -> int:
        """Who could have been chosen in windows that have ended: the base of the rates C1 and C2."""
        return self.ended + self.left_out_ended

    @property
    def eligible_all(self) -> int:
        return self.promised + self.left_out

    @property
    def share(self) -> Decimal | None:
        """C1, completed inside the window; None while no window has ended."""
        return Decimal(self.in_time) / self.eligible if self.eligible else None

    @property
    def touched_share(self) -> Decimal | None:
        """C2, completed inside the window or tried as often as the rules allow."""
        return Decimal(self.touched) / self.eligible if self.eligible else None

    @property
    def promised_share(self) -> Decimal | None:
        """What was promised: the policy's share, or the mean of several weighted by their customers."""
        if self.policy is not None:
            return self.policy.coverage_percent / 100
        return self.percent_sum / self.eligible / 100 if self.eligible else None

    @property
    def standing(self) -> Standing:
        return standing(in_time=self.in_time, eligible=self.eligible, percent_sum=self.percent_sum)

    @property
    def lacking(self) -> int:
        """How many more had to be completed in time to keep the promise."""
        return max(0, math.ceil(self.percent_sum / 100) - self.in_time)


def board(user, choice: Choice, *, by: str, now: datetime) -> list[Line]:
    """One line per policy, unit, region or agent, broken promises first; then by name. An agent promises nothing."""
    key, names = GROUPS[by]
    rows = promised(user, choice).annotate(outcome=outcome_at(now)).order_by()
    lines = {}
    for row in rows.values(key, *names).annotate(**_counts(now)):
        line = lines[row[key]] = _named(row, row[key], names)
        for count in (*OUTCOMES, "touched", "next_deadline"):
            setattr(line, count, row[count])
        line.percent_sum = row["percent_sum"] or Decimal()
    if by in FRAME_GROUPS and not choice.agent:
        _add_frames(user, choice, by, lines, now)
    if by == "policy":
        policies = Policy.objects.in_bulk(list(lines))
        for pk, line in lines.items():
            line.policy = policies.get(pk)
    return sorted(
        lines.values(),
        key=lambda line: (by != "agent" and line.standing != "broken", line.name, line.key or 0),
    )


def total(lines: list[Line]) -> Line:
    """The sum of the lines of a board: a rate over all is the ratio of the sums, never the mean of rates."""
    whole = Line()
    for line in lines:
        for name in (*OUTCOMES, "touched", "left_out", "left_out_ended", "percent_sum"):
            setattr(whole, name, getattr(whole, name) + getattr(line, name))
    deadlines = [line.next_deadline for line in lines if line.next_deadline]
    whole.next_deadline = min(deadlines, default=None)
    return whole


def _counts(now):
    return {
        **{name: Count("id", filter=Q(outcome=name)) for name in OUTCOMES},
        "touched": Count("id", filter=touched(now)),
        "percent_sum": Sum("policy__coverage_percent", filter=Q(deadline__lte=now)),
        "next_deadline": Min("deadline", filter=Q(outcome="open")),
    }


def _named(row, key, names):
    """An empty line with its name; a policy's with its campaign beside it, for policies of the same name."""
    found = [row[name] for name in names if row[name]]
    place = found[1] if "policy__name" in names else ""
    return Line(key=key, name=found[0] if found else "", place=place)


def _add_frames(user, choice, by, lines, now):
    """Who was eligible but not drawn; of an agent that cannot be said, for nobody was chosen for them."""
    key, names = FRAME_GROUPS[by]
    ended = Q(deadline__lte=now)
    points = F("left_out") * F("policy__coverage_percent")
    found = (
        frames(user, choice)
        .order_by()
        .values(key, *names)
        .annotate(
            left_out_all=Sum("left_out"),
            left_out_ended=Sum("left_out", filter=ended),
            points=Sum(points, filter=ended, output_field=DecimalField(max_digits=20, decimal_places=2)),
        )
    )
    for row in found:
        line = lines.setdefault(row[key], _named(row, row[key], names))
        line.left_out = row["left_out_all"] or 0
        line.left_out_ended = row["left_out_ended"] or 0
        line.percent_sum += row["points"] or 0
