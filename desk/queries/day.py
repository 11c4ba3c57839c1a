"""The agent's day and what is left to do before it ends (CB-11, ux.md sections 5.2 and 5.3)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Avg, Count, F, Min, Q

from callbacks.models import Call, Task
from callcenter.errors import Refused
from callcenter.workdays import day_bounds, local_day, next_working_day, working_ranges
from complaints.models import Issue
from desk.models import DayReport
from desk.queries.rest import appointments_of, uncoded_calls
from desk.queries.screen import DEFAULT_TARGET
from desk.rules.pace import reached_at
from people.queries import teams_of_agent, work_calendar
from qa.models import Review
from qa.states import ReviewState

LISTED = 50


def calls_of_day(agent, *, now):
    """The agent's calls of today that count, newest first."""
    day = local_day(now, settings.TIME_ZONE)
    rows = Call.objects.counted().filter(agent=agent, local_day=day)
    return rows.select_related("customer", "campaign", "disposition").order_by("-id")


def my_day(agent, *, now) -> dict:
    """Progress against the target with its pace, the day's hours, results of quality to read, what is agreed for later."""
    counts = _counts(agent, now)
    hours = _hours(agent, now)
    target = _target(agent, now)
    start, end = (hours[0][0], hours[-1][1]) if hours else (None, None)
    return {
        "counts": counts,
        "target": target,
        "reached_at": reached_at(
            done=counts["completed"], target=target, since=counts["first"], now=now, hours=hours
        )
        if counts["first"]
        else None,
        "hours": [_on_strip(span, start, end) for span in hours],
        "now_at": _share(now, start, end) if hours and start <= now <= end else None,
        "reviews": _reviews(agent),
        "appointments": list(appointments_of(agent, since=now, until=now + timedelta(days=1))[:LISTED]),
        "uncoded": list(uncoded_calls(agent, now=now)[:LISTED]),
        "report": DayReport.objects.filter(agent=agent, day=local_day(now, settings.TIME_ZONE)).first(),
    }


def _counts(agent, now):
    rows = Call.objects.counted().filter(agent=agent, local_day=local_day(now, settings.TIME_ZONE))
    talked = Q(disposition__completed=True)
    return rows.aggregate(
        calls=Count("id", filter=Q(disposition__attempt=True)),
        connected=Count("id", filter=Q(disposition__connected=True)),
        completed=Count("id", filter=talked),
        refused=Count("id", filter=Q(disposition__refused=True)),
        agreed=Count("id", filter=Q(disposition__appointment=True)),
        talk=Avg("talk_seconds", filter=talked),
        over=Count("id", filter=talked & Q(talk_seconds__gt=F("campaign__guide_seconds"))),
        first=Min("started_at"),
    )


def _target(agent, now):
    """The target of the campaign the agent called last today, as on the desk."""
    last = calls_of_day(agent, now=now).first()
    return (last.campaign.daily_target if last else DEFAULT_TARGET) or DEFAULT_TARGET


def _hours(agent, now):
    """The working hours of today by the calendar of the agent's first team."""
    team = next(iter(teams_of_agent(agent)), None)
    try:
        calendar = work_calendar(team.calendar if team else None)
    except Refused:
        return []
    return working_ranges(local_day(now, calendar.zone), calendar)


def _share(at, start, end):
    return round(100 * (at - start) / (end - start), 1)


def _on_strip(span, start, end):
    left, right = (_share(at, start, end) for at in span)
    return {"start": span[0], "end": span[1], "x": left, "width": right - left}


def _reviews(agent):
    rows = Review.objects.filter(agent=agent, state=ReviewState.PUBLISHED)
    return list(rows.select_related("call").order_by("published_at", "id")[:LISTED])


def closing_list(agent, *, now) -> dict:
    """What must not wait until tomorrow: calls without result, issues nobody answers for, results not read; and what is next."""
    today = local_day(now, settings.TIME_ZONE)
    start, end = day_bounds(today, settings.TIME_ZONE)
    issues = Issue.objects.filter(raised_by=agent, raised_at__gte=start, raised_at__lt=end)
    rows = issues.select_related("customer", "problem_point", "department").order_by("deadline", "id")
    try:
        tomorrow = next_working_day(today, work_calendar())
    except Refused:
        tomorrow = today + timedelta(days=1)
    ahead = day_bounds(tomorrow, settings.TIME_ZONE)
    return {
        "held": Task.objects.held().filter(agent=agent).select_related("customer", "campaign").first(),
        "uncoded": list(uncoded_calls(agent, now=now)[:LISTED]),
        "issues": list(rows[:LISTED]),
        "orphans": issues.filter(department=None).count(),
        "counts": issue_counts(issues),
        "tomorrow": tomorrow,
        "appointments": list(appointments_of(agent, since=max(end, ahead[0]), until=ahead[1])[:LISTED]),
        "reviews": _reviews(agent),
        "report": DayReport.objects.filter(agent=agent, day=today).first(),
    }


def issue_counts(issues) -> dict:
    """How many issues of each urgency."""
    return issues.aggregate(**{value: Count("id", filter=Q(urgency=value)) for value in Issue.Urgency.values})
