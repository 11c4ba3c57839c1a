"""What the policies promised against what was done, and the contacts behind each number (CAM-2, domain.md 5.2).

One expression, ``OUTCOME``, says how each promised contact stands; the counts and the lists read the same one. A window that
is still open is pending, never a miss. Those who were not drawn count as eligible: the promise is a share of them all.
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, CharField, Count, DecimalField, F, Min, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callbacks.states import BY_MESSAGE, TaskState
from callcenter.workdays import day_bounds
from campaigns.models import Frame, Policy
from campaigns.rules.coverage import Standing, standing
from messaging.states import OUT

NOBODY = "none"
"""In an address: those without a region or an agent."""

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

OUTCOMES = {
    "in_time": _("completed in time"),
    "late": _("completed late"),
    "attempted": _("tried, not completed"),
    "missed": _("missed"),
    "open_done": _("completed, window open"),
    "open": _("still open"),
}
"""How a promised contact may stand; each is in exactly one."""

ENDED = ("in_time", "late", "attempted", "missed")


@dataclass(frozen=True)
class Choice:
    """Which promises: of windows that end from ``start`` to ``end`` (local days), narrowed by what is given."""

    start: date
    end: date | None = None
    campaign: int | None = None
    policy: int | None = None
    unit: int | None = None
    region: int | str | None = None
    agent: int | str | None = None


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


def _sent():
    """A message that went out keeps a promise that asks for no more than sending it."""
    return Q(channel__in=BY_MESSAGE, policy__fallback_channel="", message__state__in=OUT)


def _done():
    completed = Q(disposition__completed=True) | Q(disposition=None, channel__in=BY_MESSAGE)
    return Q(completed, state=TaskState.DONE)


def _in_time():
    return Q(_done(), closed_at__lt=F("deadline")) | Q(_sent(), message__sent_at__lt=F("deadline"))


def _tried():
    return Q(attempts__gt=0) | Q(disposition__attempt=True) | Q(message__state__in=OUT)


def outcome_at(now: datetime) -> Case:
    """How a promised contact stands at ``now``: one of ``OUTCOMES``."""
    done = _done() | _sent()
    return Case(
        When(Q(done, deadline__gt=now), then=Value("open_done")),
        When(deadline__gt=now, then=Value("open")),
        When(_in_time(), then=Value("in_time")),
        When(done, then=Value("late")),
        When(_tried(), then=Value("attempted")),
        default=Value("missed"),
        output_field=CharField(max_length=10),
    )


def _touched(now):
    """Completed inside a window that has ended, or tried as often as the rules allow."""
    used_up = Q(disposition__code="EXH") | Q(attempts__gte=F("campaign__max_attempts"))
    return Q(deadline__lte=now) & (_in_time() | used_up)


def promised(user, choice: Choice):
    """The promised contacts in the person's scope that the choice means."""
    rows = Task.objects.visible_to(user).filter(policy__isnull=False, deadline__isnull=False)
    rows = _ending(rows, choice)
    lookups = {"policy_id": choice.policy, "policy__campaign_id": choice.campaign}
    lookups |= {"queue__team__unit_id": choice.unit}
    lookups |= {"customer__region_id": choice.region, "agent_id": choice.agent}
    return _narrowed(rows, lookups)


def _frames(user, choice):
    rows = _ending(Frame.objects.visible_to(user), choice)
    lookups = {"policy_id": choice.policy, "policy__campaign_id": choice.campaign}
    return _narrowed(rows, lookups | {"team__unit_id": choice.unit, "region_id": choice.region})


def _ending(rows, choice):
    rows = rows.filter(deadline__gt=day_bounds(choice.start, settings.TIME_ZONE)[0])
    if choice.end is not None:
        rows = rows.filter(deadline__lte=day_bounds(choice.end, settings.TIME_ZONE)[1])
    return rows


def _narrowed(rows, lookups):
    wanted = {name: value for name, value in lookups.items() if value}
    nobody = {f"{name}__isnull": True for name, value in wanted.items() if value == NOBODY}
    return rows.filter(**nobody, **{name: value for name, value in wanted.items() if value != NOBODY})


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
        "touched": Count("id", filter=_touched(now)),
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
        _frames(user, choice)
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


def behind(user, choice: Choice, *, what: str, now: datetime):
    """The contacts behind a number of the board, the earliest deadline first."""
    rows = promised(user, choice).annotate(outcome=outcome_at(now))
    if what == "touched":
        rows = rows.filter(_touched(now))
    elif what in OUTCOMES:
        rows = rows.filter(outcome=what)
    elif what == "ended":
        rows = rows.filter(outcome__in=ENDED)
    return rows.select_related(
        "customer__region", "policy__campaign", "queue__team__unit", "agent", "disposition"
    ).order_by("deadline", "id")


def about(user, choice: Choice) -> str:
    """The names of the policy, unit, region and agent a choice means, of those in the person's scope."""
    first = (
        promised(user, choice)
        .select_related("policy", "queue__team__unit", "customer__region", "agent")
        .order_by("deadline", "id")
        .first()
    )
    if first is None:
        return ""
    named = {
        "policy": first.policy.name,
        "unit": first.queue.team.unit.name,
        "region": first.customer.region.name if first.customer.region else _("no region"),
        "agent": str(first.agent or _("nobody yet")),
    }
    return " · ".join(str(name) for key, name in named.items() if getattr(choice, key))
