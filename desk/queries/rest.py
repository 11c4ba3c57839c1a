"""The screen of an agent with nothing in hand: a call without result, why no task comes, what is ahead (CB-2)."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from callbacks.models import Call, Draft, Task
from callbacks.queries import queue_status
from callbacks.states import TaskState
from callcenter.workdays import local_day
from campaigns.queries import offered_dispositions
from desk.models import DayReport
from desk.queries.kept import focus_at_hand

# The disposition of a call that a crash has left without a result, and for how long its agent still codes it.
UNCODED = "ORPHAN"
CODED_WITHIN = timedelta(hours=24)
CLOSING_FROM = time(16, 30)
AHEAD = 5


def uncoded_calls(agent, *, now):
    """The agent's own calls that still wait for their result, the oldest first."""
    day = local_day(now, settings.TIME_ZONE)
    calls = Call.objects.counted().filter(
        agent=agent, disposition__code=UNCODED, created_at__gt=now - CODED_WITHIN
    )
    rows = calls.filter(local_day__gte=day - timedelta(days=1))
    return rows.select_related("customer", "campaign").order_by("started_at", "id")


def appointments_of(agent, *, since, until):
    """What customers have agreed with this agent in the span, by time."""
    tasks = Task.objects.filter(
        reserved_for=agent,
        appointment=True,
        state__in=[TaskState.PLANNED, TaskState.READY],
        agreed_at__gte=since,
        agreed_at__lt=until,
    )
    return tasks.select_related("customer", "campaign").order_by("agreed_at", "id")


def add_rest(screen, agent, now):
    """A call without result comes before new work; otherwise why nothing comes, and what to read before the first call."""
    screen.uncoded = uncoded_calls(agent, now=now).first()
    screen.closing_time = timezone.localtime(now).time() >= CLOSING_FROM
    if screen.uncoded and not screen.asked:
        _recover(screen)
        return
    if screen.closing_time and screen.today["calls"]:
        handed_in = DayReport.objects.filter(agent=agent, day=local_day(now, settings.TIME_ZONE))
        screen.closing_due = not handed_in.exists()
    screen.ahead = list(appointments_of(agent, since=now, until=now + timedelta(days=1))[:AHEAD])
    if screen.asked:
        screen.status = queue_status(agent=agent, now=now)
    else:
        screen.focus_issues = focus_at_hand()


def _recover(screen):
    """The call as far as it is known, with what had been typed, and the results that fit: nothing is invented."""
    call = screen.uncoded
    screen.state = "recover"
    screen.customer = call.customer
    screen.draft = draft_of(call)
    # A time to call again was agreed with nobody: the task has gone on by itself.
    offered = [row for row in offered_dispositions(call.campaign) if not row.appointment]
    answered = answered_in(screen.draft, call) is not None
    fitting = [row for row in offered if row.connected] if answered else offered
    keyed = sorted((row for row in fitting if key_of(row, answered)), key=lambda row: key_of(row, answered))
    screen.wrap_results = [(key_of(row, answered), row) for row in keyed]
    screen.more_results = [row for row in fitting if not key_of(row, answered)]
    screen.suggested = screen.draft.get("disposition", "")


def key_of(disposition, answered) -> str:
    return disposition.wrap_key if answered else disposition.ring_key


def draft_of(call) -> dict:
    """What had been typed in the call; {} once the customer is being called again."""
    token = call.external_id.rpartition(":")[2]
    kept = Draft.objects.filter(task_id=call.task_id, agent_id=call.agent_id, token=int(token or 0))
    return kept.values_list("content", flat=True).first() or {} if token.isdigit() else {}


def answered_in(draft, call) -> datetime | None:
    """When the customer answered that dial, as far as the draft knows."""
    at = datetime.fromisoformat(draft["answered_at"]) if draft.get("answered_at") else None
    return at if at and at >= call.started_at else None
