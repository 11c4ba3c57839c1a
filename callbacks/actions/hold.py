"""What the holder of a task may do with it: keep it, give it back, keep what was typed (CB-2, DESIGN section 4).

A claim is a lease, fenced by a token that grows with every claim. Each write here is one conditional UPDATE that names
holder and token; a page whose task has meanwhile gone to somebody else is answered with the conflict ``lease_lost``.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.models import Draft, Task
from callbacks.states import TaskState
from callcenter.errors import Conflict, Refused
from callcenter.workflow import LostRace, advance

LEASE = timedelta(seconds=90)
DRAFT_LIMIT = 200_000
# What every write about a task reads with it; each table more costs the planner more than the read.
AROUND = ("campaign", "customer", "account", "queue")


def lease_lost() -> Conflict:
    """The answer to a page that no longer holds its task; the page keeps what was typed."""
    return Conflict(
        _(
            "You no longer hold this task: it was not heard of for too long, or it was taken back. "
            "What you typed is still on this page. Fetch the next task."
        ),
        code="lease_lost",
    )


def held_task(*, task_id, agent, token) -> Task:
    """The task this agent holds with this token. Raises ``Conflict`` ``lease_lost``."""
    task = _mine(task_id, agent, token).select_related(*AROUND).first()
    if task is None:
        raise lease_lost()
    return task


def _mine(task_id, agent, token):
    return Task.objects.held().filter(pk=task_id, agent=agent, token=token)


def renew_lease(*, task_id, agent, token, now):
    """The page's heartbeat: the task stays hers for another 90 s; returns until when. Raises ``lease_lost``."""
    until = now + LEASE
    if not _mine(task_id, agent, token).update(lease_until=until):
        raise lease_lost()
    return until


def move_held(task, to, *, token, by, at, note="", **fields) -> Task:
    """Move a task out of, or on in, its holder's hands; the UPDATE names the token. Raises ``lease_lost``."""
    try:
        return advance(
            task, to, by=by, at=at, note=note, where={"agent": task.agent_id, "token": token}, **fields
        )
    except LostRace:
        raise lease_lost() from None


def release_task(*, task_id, agent, token, now, note=""):
    """Give a task back to its queue. For this agent it comes last among what waits, for the others in its order.

    Raises ``lease_lost``, and ``Refused`` once a number has been dialled: a dial needs its result.
    """
    task = held_task(task_id=task_id, agent=agent, token=token)
    if task.dialled_at:
        raise Refused(
            _(
                "A number has been dialled for this task. Choose the result of the call, then it goes on by itself."
            ),
            code="result_missing",
        )
    return move_held(task, TaskState.READY, token=token, by=agent, at=now, note=note, lease_until=None)


@transaction.atomic
def save_draft(*, task_id, agent, token, content, now):
    """Keep what was typed so far and renew the lease. Raises ``lease_lost``; nothing is kept then."""
    renew_lease(task_id=task_id, agent=agent, token=token, now=now)
    if len(repr(content)) > DRAFT_LIMIT:
        raise Refused(_("That is too much text for a draft. Shorten it."), code="draft_too_long")
    Draft.objects.update_or_create(
        task_id=task_id, defaults={"agent": agent, "token": token, "content": content, "saved_at": now}
    )
