"""The course of a campaign day by day: planned, done, and what the pace so far leads to (SPEC CAM-9)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from campaigns.rules.capacity import Plan, need

# Beyond as many working days past the plan a forecast is no longer drawn.
FORECAST_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class Point:
    """Completed questionnaires in all at the end of a working day; None where a line does not reach."""

    day: date
    planned: int
    done: int | None
    forecast: int | None


def days_drawn(plan: Plan, *, worked: int, completed: int) -> int:
    """How many working days the picture spans: to the end of the plan, of the need, or of the forecast."""
    pace = completed / worked if worked and completed else 0
    rest = math.ceil((plan.completes - completed) / pace) if pace and completed < plan.completes else 0
    longest = max(plan.days, min(need(plan).days, plan.days + FORECAST_DAYS))
    return max(longest, worked, min(worked + rest, plan.days + FORECAST_DAYS))


def course(plan: Plan, days: Sequence[date], done_on: Mapping[date, int], *, worked: int) -> list[Point]:
    """The points of ``days`` (working days from the first on), of which ``worked`` are over.

    What was completed on a day off counts with the next working day. The forecast goes on at the mean pace of the days over.
    """
    per_day = plan.agents * need(plan).completes_per_agent_day
    waiting, sums, total = sorted(done_on.items()), [], 0
    for day in days[:worked]:
        while waiting and waiting[0][0] <= day:
            total += waiting.pop(0)[1]
        sums.append(total)
    points = []
    for place, day in enumerate(days, start=1):
        forecast = None
        if worked and 0 < total < plan.completes and place >= worked:
            forecast = min(plan.completes, math.floor(total * place / worked)) if place > worked else total
        points.append(
            Point(
                day=day,
                planned=min(plan.completes, math.floor(place * per_day)),
                done=sums[place - 1] if place <= worked else None,
                forecast=forecast,
            )
        )
    return points
