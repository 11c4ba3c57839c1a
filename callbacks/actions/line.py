"""Calls that a telephone system places, and what it says of them (CB-6, CB-13).

Whatever is heard may come twice, late or out of order: ``hear`` keeps it once, under the lock of the task.
"""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from callbacks.actions.fetch_recordings import await_recording
from callbacks.actions.hold import held_task, lease_lost, move_held
from callbacks.models import Attempt, Call, Task
from callbacks.queries.line import attempt_of
from callbacks.rules.line import Heard, Line, told
from callbacks.states import TaskState
from callbacks.telephony import NotPlaced, telephony

logger = logging.getLogger(__name__)
LONGEST = timedelta(hours=4)


def place_call(*, task_id, agent, token, now) -> bool:
    """Have the telephone system dial the number of the task; whether it does. False: the agent dials by hand.

    Not to be called in a transaction: the exchange may ring before it is committed. Raises ``Conflict`` ``lease_lost``.
    """
    adapter = telephony()
    if not adapter.places_calls or not agent.extension:
        return False
    task = held_task(task_id=task_id, agent=agent, token=token)
    if task.state != TaskState.IN_CALL:
        raise lease_lost()
    key = uuid.uuid4()
    attempt = Attempt.objects.create(
        task=task,
        token=token,
        agent=agent,
        number=task.dialled_number,
        key=key,
        unique_id=str(key),
        line=settings.ASTERISK_CALLER_ID[:30],
        asked_at=now,
    )
    try:
        adapter.place(attempt, extension=agent.extension)
    except NotPlaced as why:
        logger.warning("attempt %s was not placed: %s", attempt.pk, why)
        Attempt.objects.filter(pk=attempt.pk).update(status="NO_SYSTEM", ended_at=now)
        return False
    return True


def let_go(*, task_id, agent) -> None:
    """End what the telephone system still has going for the task; a system that cannot be reached changes nothing else."""
    adapter = telephony()
    if not adapter.places_calls:
        return
    alive = Attempt.objects.filter(task=task_id, agent=agent, ended_at=None).exclude(status="LOST")
    for attempt in alive.order_by("-id")[:3]:
        try:
            adapter.release(attempt)
        except NotPlaced as why:
            logger.warning("attempt %s was not ended: %s", attempt.pk, why)


@transaction.atomic
def hear(*, word: Heard, now) -> bool:
    """Keep what was heard of a dial and move its task on; whether it told anything new."""
    try:
        key = uuid.UUID(word.key)
    except ValueError:
        return False
    task_id = Attempt.objects.filter(key=key).values_list("task_id", flat=True).first()
    if task_id is None:
        return False
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    attempt = Attempt.objects.select_for_update(of=("self",)).get(key=key)
    return _tell(task, attempt, word, now)


def _tell(task, attempt, word, now) -> bool:
    before = Line(
        attempt.ringing_at,
        attempt.answered_at,
        attempt.ended_at,
        attempt.hung_up_by,
        attempt.status,
        attempt.channel,
    )
    after = told(before, word)
    if after == before:
        return False
    columns = Line.__slots__
    for column in columns:
        setattr(attempt, column, getattr(after, column))
    attempt.channel = attempt.channel[:120]
    attempt.save(update_fields=columns)
    follow_line(task, attempt, now=now)
    return True


def follow_line(task, attempt, *, now) -> None:
    """Bring the task, or the call already saved, to where the line is. Call it with the task locked."""
    if attempt.call_id:
        _complete(attempt, now)
        return
    mine = task.state in (TaskState.IN_CALL, TaskState.WRAP_UP) and task.token == attempt.token
    if not mine or task.agent_id != attempt.agent_id or not attempt.answered_at:
        # What was not answered ends with the agent's word for it.
        return
    if task.answered_at != attempt.answered_at:
        Task.objects.filter(pk=task.pk).update(answered_at=attempt.answered_at)
    if attempt.ended_at is None:
        return
    if task.state == TaskState.IN_CALL:
        move_held(task, TaskState.WRAP_UP, token=task.token, by=None, at=now, hung_up_at=attempt.ended_at)
    else:
        Task.objects.filter(pk=task.pk).update(hung_up_at=min(task.hung_up_at or now, attempt.ended_at))


def _complete(attempt, now):
    """Add to a saved call what only the telephone system knows; what the call says already stays."""
    for column in ("hung_up_by", "line"):
        if value := getattr(attempt, column):
            Call.objects.filter(pk=attempt.call_id, **{column: ""}).update(**{column: value})


def facts_of(task) -> tuple[Attempt | None, dict]:
    """The dial a telephone system knows of, and what it adds to the call that is about to be saved."""
    attempt = attempt_of(task)
    if attempt is None:
        return None, {}
    return attempt, {"line": attempt.line, "hung_up_by": attempt.hung_up_by if attempt.answered_at else ""}


def adopt(attempt, call, *, now, recording="") -> None:
    """The dial has become this call; its recording is fetched."""
    if attempt is None:
        return
    Attempt.objects.filter(pk=attempt.pk).update(call=call)
    if attempt.answered_at or call.disposition.connected:
        await_recording(call=call, reference=recording or attempt.unique_id, now=now)


def lose_attempts(*, living, now) -> int:
    """Mark dials that are no longer among the ``living`` linked ids: their end was not heard. Returns how many.

    Nothing is made up about when they ended; the agents' keys count from here.
    """
    lost = Attempt.objects.filter(ended_at=None, status="", call=None, asked_at__gte=now - LONGEST)
    lost = lost.filter(asked_at__lt=now - timedelta(seconds=5)).exclude(unique_id__in=living)
    return lost.update(status="LOST")
