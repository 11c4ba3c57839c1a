"""The capacity plan of a campaign, what it needs, and how the work keeps to it (CAM-9)."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from callcenter.workdays import WorkCalendar, is_working_day
from campaigns.models import Account, Campaign, CapacityPlan
from campaigns.rules import capacity, course
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
    first_day: date
    points: list[course.Point]
    last_day: date | None
    done_by: date | None
    forecast_by: date | None

    @property
    def feasible(self) -> bool:
        """Whether the agents of the plan can do it in its working days, and before the campaign ends."""
        ends_on = self.plan.campaign.ends_on
        in_days = self.need.days <= self.plan.days
        return in_days and (ends_on is None or (self.done_by is not None and self.done_by <= ends_on))

    @property
    def chart(self) -> dict:
        """The course as the page's chart reads it."""
        return {
            "days": [point.day.isoformat() for point in self.points],
            "planned": [point.planned for point in self.points],
            "done": [point.done for point in self.points],
            "forecast": [point.forecast for point in self.points],
            "wanted": self.plan.completes,
            "labels": {
                "planned": _("Plan"),
                "done": _("Completed"),
                "forecast": _("At the pace so far"),
                "wanted": _("Wanted"),
            },
        }

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
    row = CapacityPlan.objects.filter(campaign=campaign).select_related("changed_by", "campaign").first()
    if row is None:
        return None
    plan = plan_of(row)
    calendar = work_calendar(campaign.calendar)
    days = _worked(campaign.starts_on, today, calendar)
    done = Account.objects.filter(campaign=campaign).aggregate(
        completed=Count("completed_on"), dials=Sum("attempts")
    )
    completed, dials = done["completed"], done["dials"] or 0
    wanted = capacity.need(plan)
    progress = capacity.progress(plan, completed=completed, dials=dials, days=days) if days else None
    left = progress.days_left if progress else None
    drawn = course.days_drawn(plan, worked=days, completed=completed)
    working = _working_days(campaign.starts_on, max(drawn, wanted.days, days + (left or 0)), calendar)
    by_day = Account.objects.filter(campaign=campaign, completed_on__isnull=False).order_by("completed_on")
    done_on = dict(by_day.values_list("completed_on").annotate(count=Count("pk")))
    return Capacity(
        plan=row,
        need=wanted,
        dials_per_complete=plan.dials_per_complete,
        days=days,
        completed=completed,
        dials=dials,
        progress=progress,
        first_day=campaign.starts_on,
        points=course.course(plan, working[:drawn], done_on, worked=days),
        last_day=_nth(working, plan.days),
        done_by=_nth(working, wanted.days),
        forecast_by=_nth(working, days + left) if left is not None else None,
    )


def _working_days(since: date, count: int, calendar: WorkCalendar) -> list[date]:
    """The first ``count`` working days from ``since`` on; fewer when the calendar has no more within ten years."""
    days = (since + timedelta(days=offset) for offset in range(min(LONGEST_DAYS, (date.max - since).days)))
    return list(islice((day for day in days if is_working_day(day, calendar)), count))


def _nth(days: list[date], number: int) -> date | None:
    """The ``number``-th of the days, from 1; None beyond their end."""
    return days[number - 1] if 1 <= number <= len(days) else None


def _worked(since: date, today: date, calendar: WorkCalendar) -> int:
    """Whole working days from the start up to yesterday."""
    span = min(max(0, (today - since).days), LONGEST_DAYS)
    return sum(is_working_day(since + timedelta(days=offset), calendar) for offset in range(span))
