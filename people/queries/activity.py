"""Agents' time as it was spent, and what is left of their rest (ORG-5)."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from callcenter.access import Role
from callcenter.workdays import day_bounds, instant_of, local_day
from people.models import Activity, BreakRequest, FloorRule, Membership
from people.rules.activity import Half, Interval, half_at, rest_used
from people.states import NON_PRODUCTIVE, RESTS, BreakState


def home_team(agent) -> int | None:
    """The team on whose board an agent's time is shown; None for somebody who is no agent."""
    return min(agent.scope().team_ids(Role.AGENT), default=None)


def rule_for(team_id) -> FloorRule:
    """The team's rule for breaks, else everybody's, else the defaults of the trade (ORG-4)."""
    rules = FloorRule.objects.filter(Q(team=team_id) | Q(team=None))
    return max(rules, key=lambda rule: rule.team_id or 0, default=None) or FloorRule()


def halves_of(rule, day) -> tuple[Half, Half]:
    """The two half-days of a local day as instants, with their allowances in seconds."""

    def half(start, end, minutes):
        zone = settings.TIME_ZONE
        return Half(instant_of(day, start, zone), instant_of(day, end, zone), minutes * 60)

    return (
        half(rule.morning_start, rule.morning_end, rule.morning_minutes),
        half(rule.afternoon_start, rule.afternoon_end, rule.afternoon_minutes),
    )


def running_of(agent) -> Activity | None:
    """What the agent is doing now; None when signed out."""
    return Activity.objects.running().filter(agent=agent).order_by("id").first()


def team_size(team_id) -> int:
    """How many active agents the team has."""
    agents = Membership.objects.filter(team=team_id, role=Role.AGENT, user__is_active=True)
    return agents.values("user").distinct().count()


def rows_between(start, end):
    """Activities that share an instant with the span, the first first."""
    return (
        Activity.objects.filter(started_at__lt=end)
        .filter(Q(ended_at=None) | Q(ended_at__gt=start))
        .order_by("started_at", "id")
    )


def as_interval(activity, now) -> Interval:
    return Interval(activity.kind, activity.started_at, activity.ended_at or max(now, activity.started_at))


def day_intervals(agent, day, *, now) -> list[Interval]:
    """The agent's intervals that touch the local day, open ones up to ``now``; slice them by the day's bounds."""
    start, end = day_bounds(day, settings.TIME_ZONE)
    return [as_interval(row, now) for row in rows_between(start, end).filter(agent=agent)]


def rests_in(half, *, now, **whose) -> list[Activity]:
    """Rests that touch the half-day, of one ``agent`` or one ``team``."""
    return list(rows_between(half.start, half.end).filter(kind__in=RESTS, **whose))


@dataclass(frozen=True)
class BreakStatus:
    """What the break button of one agent shows."""

    activity: Activity | None
    request: BreakRequest | None = None
    position: int = 0
    half: Half | None = None
    used: float = 0.0
    idle_limit: int = 600

    @property
    def on_break(self) -> bool:
        return self.activity is not None and self.activity.kind in NON_PRODUCTIVE

    @property
    def left(self) -> int | None:
        """Seconds of rest left in this half-day; None outside its hours."""
        return None if self.half is None else max(0, round(self.half.allowance - self.used))

    @property
    def over(self) -> int:
        """Seconds of rest beyond the allowance."""
        return 0 if self.half is None else max(0, round(self.used - self.half.allowance))


def break_status(*, agent, now, activity=None) -> BreakStatus:
    """The agent's break, its request with its place in the queue, and the rest that is left this half-day."""
    activity = activity or running_of(agent)
    team_id = activity.team_id if activity else home_team(agent)
    request = BreakRequest.objects.pending().filter(agent=agent).first()
    rule = rule_for(team_id)
    half = half_at(halves_of(rule, local_day(now, settings.TIME_ZONE)), now)
    used = (
        rest_used([as_interval(row, now) for row in rests_in(half, now=now, agent=agent)], half)
        if half
        else 0
    )
    return BreakStatus(activity, request, _position(request), half, used, rule.idle_minutes * 60)


def _position(request) -> int:
    if request is None or request.state != BreakState.WAITING:
        return 0
    return earlier_requests(request).count() + 1


def earlier_requests(request):
    """Requests of the team that wait for a place and were made before this one."""
    before = Q(asked_at__lt=request.asked_at) | Q(asked_at=request.asked_at, pk__lt=request.pk)
    waiting = BreakRequest.objects.filter(
        team=request.team_id, state=BreakState.WAITING, obstacle=request.obstacle
    )
    return waiting.filter(before)
