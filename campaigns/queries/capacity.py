"""The capacity plan of a campaign, what it needs, and how the work keeps to it (CAM-9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Count, Sum

from callcenter.workdays import WorkCalendar, is_working_day
from campaigns.models import Account, Campaign, CapacityPlan
from campaigns.rules import capacity
from people.queries import work_calendar

LONGEST_DAYS = 3_660


@dataclass(frozen=True)
class Capacity:
    """Plan, need and progress side by side; ``progress`` is None before the first working day is over."""

    plan: CapacityPlan
    need: capacity.Need
    dials_per_complete: Fraction
    days: int
    completed: int
    dials: int
    progress: capacity.Progress | None

    @property
    def planned_dials_per_complete(self) -> float:
        return float(self.dials_per_complete)

    @property
    def seen_dials_per_complete(self) -> float | None:
        """None (a dash) while nothing was completed."""
        seen = self.progress.dials_per_complete if self.progress else None
        return None if seen is None else float(seen)

    @property
    def late(self) -> bool:
        """Whether the pace so far ends after the planned days."""
        left = self.progress.days_left if self.progress else None
        return left is not None and self.days + left > self.plan.days

    @property
    def completes_per_agent_day(self) -> float:
        return float(self.need.completes_per_agent_day)


def plan_of(row: CapacityPlan) -> capacity.Plan:
    """The stored plan as the rule reads it."""
    return capacity.Plan(
        completes=row.completes,
        connect_rate=Fraction(row.connect_rate),
        agents=row.agents,
        days=row.days,
        dials_per_day=row.dials_per_day,
        connected_per_complete=Fraction(row.connected_per_complete),
    )


def capacity_of(campaign: Campaign, *, today: date) -> Capacity | None:
    """The campaign's plan against its accounts so far; None without a plan. Days are the calendar's working days."""
    row = CapacityPlan.objects.filter(campaign=campaign).select_related("changed_by").first()
    if row is None:
        return None
    plan = plan_of(row)
    days = _worked(campaign.starts_on, today, work_calendar(campaign.calendar))
    done = Account.objects.filter(campaign=campaign).aggregate(
        completed=Count("completed_on"), dials=Sum("attempts")
    )
    completed, dials = done["completed"], done["dials"] or 0
    return Capacity(
        plan=row,
        need=capacity.need(plan),
        dials_per_complete=plan.dials_per_complete,
        days=days,
        completed=completed,
        dials=dials,
        progress=capacity.progress(plan, completed=completed, dials=dials, days=days) if days else None,
    )


def _worked(since: date, today: date, calendar: WorkCalendar) -> int:
    """Whole working days from the start up to yesterday."""
    span = min(max(0, (today - since).days), LONGEST_DAYS)
    return sum(is_working_day(since + timedelta(days=offset), calendar) for offset in range(span))
