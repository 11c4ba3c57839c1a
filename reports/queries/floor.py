"""One moment of a team's floor: what its board and its wallboard show (KPI-10, CB-11, ux.md section 5.4).

The figures come from today's calls themselves, not from the rollups, which are some minutes behind. A fixed number of
queries whatever the size of the team; no phone number and no customer's name is read.
"""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import ExtractHour
from django.utils import timezone

from callbacks.models import Call, Queue, Task
from callbacks.queries import queue_status
from callbacks.queries.queues import COUNTED
from callbacks.states import TaskState
from callcenter.access import Role
from callcenter.workdays import day_bounds, instant_of, local_day, zone_of
from campaigns.models import Campaign
from campaigns.states import CampaignState
from complaints.models import Issue
from complaints.states import ISSUE_OPEN
from people.models import Activity, BreakRequest, User
from people.queries import halves_of, rule_for
from people.queries.activity import as_interval, rests_in
from people.rules.activity import half_at, rest_used
from people.states import NON_PRODUCTIVE, RESTS, BreakState, Ending
from qa.models import Review
from qa.states import ReviewState
from reports.queries.counts import Selection
from reports.queries.floor_rows import DEFAULT_TARGET, AgentRow, Snapshot, Tile
from reports.queries.kpi import targets_for
from reports.rules.floor import attention, direction, planned_by_hour, tone_of
from reports.rules.metrics import BY_CODE

SILENT_AFTER = timedelta(seconds=45)
URGENT_SHOWN = 5
NOT_PUBLISHED = (ReviewState.DRAWN, ReviewState.IN_REVIEW)
TILES = (
    "completed_accounts",
    "connect_rate",
    "reachable_accounts",
    "completed_rate",
    "talk_time",
    "long_share",
)


def snapshot(team_id, *, now) -> Snapshot:
    """Build the team's board anew."""
    zone = settings.TIME_ZONE
    day = local_day(now, zone)
    start, end = day_bounds(day, zone)
    rule = rule_for(team_id)
    halves = halves_of(rule, day)
    campaigns = Campaign.objects.filter(teams=team_id, state=CampaignState.RUNNING)
    target = campaigns.aggregate(most=Max("daily_target"))["most"] or DEFAULT_TARGET
    agents = _agents(team_id, day, halves, target, now)
    whole_target = target * len(agents)
    queues = list(Queue.objects.filter(team=team_id).order_by("id").values_list("pk", flat=True))
    found = Snapshot(
        team_id,
        now,
        day,
        agents=sorted(agents, key=lambda row: (row.place, row.since or now, row.name, row.pk)),
        tiles=_tiles(team_id, day, whole_target, now),
        target=whole_target,
        status=queue_status(team=team_id, now=now),
        due_today=_due_today(queues, end),
        hours=_hours(team_id, day, halves, whole_target),
    )
    return replace(found, **_issues(team_id, now))


def _agents(team_id, day, halves, target, now):
    people = list(
        User.objects.filter(is_active=True, memberships__role=Role.AGENT, memberships__team=team_id)
        .distinct()
        .order_by("full_name", "id")
        .values_list("pk", "full_name")
    )
    numbers = [pk for pk, _name in people]
    start, _end = day_bounds(day, settings.TIME_ZONE)
    latest = {}
    rows = Activity.objects.filter(agent__in=numbers).filter(Q(ended_at=None) | Q(started_at__gte=start))
    for row in rows.order_by("started_at", "id"):
        latest[row.agent_id] = row
    half = half_at(halves, now)
    rests = {}
    for row in rests_in(half, now=now, team=team_id) if half else []:
        rests.setdefault(row.agent_id, []).append(row)
    asked = {row.agent_id: row for row in BreakRequest.objects.pending().filter(agent__in=numbers)}
    work = dict(Task.objects.held().filter(agent__in=numbers).values_list("agent", "kind"))
    calls = {
        row["agent_id"]: row
        for row in _todays(team_id, day).values("agent_id").annotate(**_sums()).order_by("agent_id")
    }
    reviews = {}
    published = Review.objects.filter(
        team=team_id, agent__in=numbers, published_at__gte=start - timedelta(days=7)
    )
    for row in published.exclude(state__in=NOT_PUBLISHED).order_by("published_at", "id"):
        reviews[row.agent_id] = (row.score, row.passed)
    return [
        _agent(
            pk,
            name,
            latest.get(pk),
            half,
            rests.get(pk, []),
            now,
            target=target,
            work=work.get(pk, ""),
            review=reviews.get(pk),
            **_request(asked.get(pk)),
            **_own(calls.get(pk)),
        )
        for pk, name in people
    ]


def _agent(pk, name, activity, half, rests, now, **more):
    """The row of one agent: a rest under way has an end of its allowance, the others what is left."""
    used = rest_used([as_interval(row, now) for row in rests], half) if half else 0
    left = max(0, round(half.allowance - used)) if half else None
    asks = bool(more["request_id"]) and more["request_state"] == BreakState.WAITING
    if activity is None or activity.ended_at is not None:
        lost = activity is not None and activity.ending == Ending.LOST
        state = "lost" if lost else "out"
        return AgentRow(
            pk,
            name,
            state,
            activity.ended_at if activity else None,
            tone="over" if lost else "",
            rest_left=left,
            place=attention("over" if lost else "", asks=asks, signed_out=not lost),
            **more,
        )
    over_limit = activity.limit_at is not None and activity.limit_at <= now and activity.kind in RESTS
    tone = tone_of(activity.kind, (now - activity.started_at).total_seconds(), over_limit=over_limit)
    return AgentRow(
        pk,
        name,
        activity.kind,
        activity.started_at,
        tone=tone,
        silent=activity.seen_at < now - SILENT_AFTER,
        activity_id=activity.pk,
        on_break=activity.kind in NON_PRODUCTIVE,
        recalled=activity.recalled_at is not None,
        limit_at=activity.limit_at if activity.kind in RESTS else None,
        rest_left=None if activity.kind in RESTS else left,
        place=attention(tone, asks=asks, signed_out=False),
        **more,
    )


def _request(request):
    if request is None:
        return {"request_id": None, "request_state": ""}
    return {
        "request_id": request.pk,
        "request_kind": request.kind,
        "request_state": request.state,
        "request_obstacle": request.obstacle,
        "asked_at": request.asked_at,
    }


def _own(row):
    if row is None:
        return {}
    handled = row["prep"] + row["talk"] + row["hold"] + row["wrap"]
    return {
        "completed": row["completed"],
        "dials": row["dials"],
        "connected": row["connected"],
        "handle_seconds": float(handled),
    }


def _todays(team_id, day):
    return Call.objects.counted().filter(local_day=day, team=team_id).order_by()


def _sums():
    flag = {
        name: Q(**{f"disposition__{name}": True}) for name in ("attempt", "connected", "reached", "completed")
    }
    return {
        "dials": Sum("attempts", filter=flag["attempt"], default=0),
        "connected": Count("pk", filter=flag["connected"]),
        "completed": Count("pk", filter=flag["completed"]),
        "accounts_reached": Count("account_id", filter=flag["reached"], distinct=True),
        "accounts_completed": Count("account_id", filter=flag["completed"], distinct=True),
        "prep": Sum("prep_seconds", default=0),
        "talk": Sum("talk_seconds", default=0),
        "hold": Sum("hold_seconds", default=0),
        "wrap": Sum("wrap_seconds", default=0),
        "completed_long": Count(
            "pk", filter=flag["completed"] & Q(talk_seconds__gt=F("campaign__guide_seconds"))
        ),
    }


def _counts(calls):
    row = calls.aggregate(**_sums())
    return row | {f"{part}_seconds": row.pop(part) for part in ("prep", "talk", "hold", "wrap")}


def _tiles(team_id, day, whole_target, now):
    yesterday = day - timedelta(days=1)
    clock = timezone.localtime(now, zone_of(settings.TIME_ZONE)).time()
    then = instant_of(yesterday, clock, settings.TIME_ZONE)
    today, before = (
        _counts(_todays(team_id, day)),
        _counts(_todays(team_id, yesterday).filter(started_at__lt=then)),
    )
    targets = {code: row.value for code, row in targets_for(Selection(day, day, team_id=team_id)).items()}
    targets.setdefault("completed_accounts", whole_target)
    tiles = []
    for code in TILES:
        metric = BY_CODE[code]
        value, was = metric.value(today), metric.value(before)
        compared = direction(
            None if value is None else float(value),
            None if was is None else float(was),
            metric.better or "up",
        )
        tiles.append(Tile(code, value, targets.get(code), compared, was))
    return tiles


def _due_today(queues, end):
    due = Task.objects.filter(
        queue__in=queues, state__in=[TaskState.READY, TaskState.PLANNED], due_at__lt=end
    ).order_by()
    return due[:COUNTED].count()


def _issues(team_id, now):
    unsolved = Issue.objects.filter(team=team_id, state__in=ISSUE_OPEN)
    urgent = unsolved.filter(urgency=Issue.Urgency.URGENT)
    late = Q(deadline__lte=now, settled_at=None) | Q(level_due_at__lte=now)
    counts = unsolved.aggregate(
        urgent_count=Count("pk", filter=Q(urgency=Issue.Urgency.URGENT)),
        overdue_issues=Count("pk", filter=late),
    )
    shown = urgent.select_related("problem_point").order_by("raised_at", "id")[:URGENT_SHOWN]
    last = Issue.objects.filter(team=team_id, urgency=Issue.Urgency.URGENT).aggregate(at=Max("raised_at"))[
        "at"
    ]
    return counts | {
        "urgent": [(row.pk, row.problem_point.name, row.raised_at) for row in shown],
        "last_urgent_at": last,
    }


def _hours(team_id, day, halves, whole_target):
    """(hour, planned, done) for the hours in which calls are planned or were made."""
    zone = settings.TIME_ZONE
    done = dict(
        _todays(team_id, day)
        .filter(disposition__completed=True)
        .annotate(hour=ExtractHour("started_at", tzinfo=zone_of(zone)))
        .values_list("hour")
        .annotate(count=Count("pk"))
        .order_by("hour")
    )
    planned = planned_by_hour(whole_target, _calling_time(day, halves))
    hours = sorted({*planned, *done})
    return [(hour, round(planned.get(hour, 0)), done.get(hour, 0)) for hour in hours]


def _calling_time(day, halves):
    """Seconds of calling time in each hour of the day."""
    start, end = day_bounds(day, settings.TIME_ZONE)
    found = {}
    for hour in range(int((end - start).total_seconds() // 3600)):
        begins = start + timedelta(hours=hour)
        ends = begins + timedelta(hours=1)
        seconds = sum(
            max(0.0, (min(half.end, ends) - max(half.start, begins)).total_seconds()) for half in halves
        )
        if seconds:
            found[hour] = seconds
    return found
