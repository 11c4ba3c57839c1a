"""What the desk tells the timeline: preparing, on a call, after it, waiting, or on the break asked for (ORG-5)."""

from callbacks.actions import claim_next, release_task
from callbacks.models import Task
from callbacks.states import TaskState
from people.actions import ask_break, be_seen, begin_pending, turn_to
from people.models import Activity, BreakRequest
from people.states import ActivityKind

DOING = {
    TaskState.CLAIMED: ActivityKind.PREPARE,
    TaskState.IN_CALL: ActivityKind.TALK,
    TaskState.WRAP_UP: ActivityKind.AFTER_CALL,
}


def hand_out(*, agent, now) -> Activity | None:
    """Bring the next task, unless the break that the agent has asked for begins now; returns that break."""
    if _wants_break(agent) and (rest := begin_pending(agent=agent, now=now)):
        return rest
    task = claim_next(agent=agent, now=now)
    turn_to(DOING[task.state] if task else ActivityKind.WAIT, agent=agent, now=now)
    return None


def _wants_break(agent) -> bool:
    """Whether a break has been asked for and nothing is in hand: a second tab must not begin it in the middle of a call."""
    asked = BreakRequest.objects.pending().filter(agent=agent).exists()
    return asked and not Task.objects.held().filter(agent=agent).exists()


def put_down(*, agent, now) -> Activity | None:
    """No task in hand any more: waiting, or on the break asked for."""
    turn_to(ActivityKind.WAIT, agent=agent, now=now)
    return begin_pending(agent=agent, now=now)


def show_up(*, agent, now, idle_seconds) -> Activity | None:
    """The page is there: note it, begin the day or go on after a silence, and begin a break that has had to wait."""
    running = be_seen(agent=agent, now=now, idle_seconds=idle_seconds)
    if running is None:
        task = Task.objects.held().filter(agent=agent).first()
        running = turn_to(DOING[task.state] if task else ActivityKind.WAIT, agent=agent, now=now)
    if running is not None and running.kind == ActivityKind.WAIT:
        return begin_pending(agent=agent, now=now) or running
    return running


def take_break(*, agent, kind, note, now) -> bool:
    """Ask for a break: after the call that has been dialled; a task only looked at is put back. True when it was."""
    task = Task.objects.held().filter(agent=agent).first()
    looked_at = task is not None and task.state == TaskState.CLAIMED
    request = ask_break(
        agent=agent, kind=kind, note=note, now=now, after_call=task is not None and not looked_at
    )
    if looked_at and request.activity_id:
        release_task(task_id=task.pk, agent=agent, token=task.token, now=now)
    return bool(looked_at and request.activity_id)
