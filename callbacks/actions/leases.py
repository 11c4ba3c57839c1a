"""Tasks whose page has not been heard of come back by themselves (CB-2, DESIGN section 4)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from callbacks.actions.finish import book_contact, follow_up, settle_task
from callbacks.actions.hold import move_held
from callbacks.actions.line import adopt, facts_of
from callbacks.models import Call, Task
from callbacks.queries.permission import with_context
from callbacks.states import TaskState
from callcenter.sweeps import drain
from callcenter.workdays import local_day
from campaigns.models import Disposition

# A call under way is left to its agent this long after the lease: she comes back to it, with her draft and her token.
RECOVERY = timedelta(minutes=10)


def return_expired(*, now, limit=500) -> int:
    """Take back tasks whose lease has run out; returns how many. Drafts are kept.

    A claimed task goes back to its queue at once. One that has been dialled stays its agent's for another ten minutes
    (``claim_next`` gives it back to her); then the dial is recorded as a call nobody has coded (ORPHAN: an attempt, to be
    corrected within 24 hours) and the task goes on as that disposition says.
    """
    due = (
        Task.objects.filter(
            Q(state=TaskState.CLAIMED, lease_until__lt=now)
            | Q(state__in=[TaskState.IN_CALL, TaskState.WRAP_UP], lease_until__lt=now - RECOVERY)
        )
        .filter(lease_until__lt=now)
        .order_by("lease_until", "id")
    )
    return drain("callbacks.return_expired", due, lambda task: _take_back(task, now), now=now, limit=limit)


def _take_back(task, now):
    if task.state == TaskState.CLAIMED:
        _to_queue(task, now, _("Nothing was heard of the page."))
        return
    orphan = Disposition.objects.filter(code="ORPHAN").first()
    if orphan is None or task.dialled_at is None:
        _to_queue(task, now, _("The call was never ended."))
        return
    task = with_context(Task.objects.filter(pk=task.pk)).get()
    ended = max(task.hung_up_at or task.lease_until, task.dialled_at)
    attempt, heard = facts_of(task)
    call = Call.objects.create(
        task=task,
        account_id=task.account_id,
        campaign_id=task.campaign_id,
        customer_id=task.customer_id,
        team_id=task.queue.team_id,
        agent_id=task.agent_id,
        number=task.dialled_number,
        disposition=orphan,
        source=Call.Source.DESK,
        external_id=f"orphan:{task.pk}:{task.token}",
        started_at=task.dialled_at,
        ended_at=ended,
        local_day=local_day(task.dialled_at, settings.TIME_ZONE),
        created_at=now,
        **heard,
    )
    adopt(attempt, call, now=now)
    book_contact(call, task.campaign)
    outcome = follow_up(call, task.campaign, amount=None, by=None, now=now, task=task)
    # What she had typed stays for the hour in which she codes the call.
    settle_task(task, call, outcome, by=None, now=now, keeps_draft=True)


def _to_queue(task, now, note):
    """Nobody holds it any more; who held it last is in the history. The sweep has the row locked."""
    move_held(
        task,
        TaskState.READY,
        token=task.token,
        by=None,
        at=now,
        note=note,
        agent=None,
        lease_until=None,
        dialled_at=None,
        dialled_number="",
        answered_at=None,
        hung_up_at=None,
    )
