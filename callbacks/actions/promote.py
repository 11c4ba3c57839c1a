"""From the plan to the queue and back: only what is due and, as far as is cheaply known, permitted (DESIGN section 4)."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from callbacks.actions.by_message import fall_back, offer_message
from callbacks.actions.deliveries import close_silent
from callbacks.actions.obey import next_channel
from callbacks.actions.plan import cancel_tasks, lift_hold, mark_tasks, rank_of
from callbacks.models import Queue, Task, TaskStep
from callbacks.queries.permission import decisions_of
from callbacks.queries.queues import open_for_calls, running_queues
from callbacks.states import AT_DESK, BY_MESSAGE, WAITING, TaskState
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from callcenter.sweeps import beat, drain
from callcenter.workdays import local_day, zone_of
from callcenter.workflow import advance, advance_all
from campaigns.models import Disposition
from campaigns.states import CampaignState
from customers.rules.contact import ReasonCode

BATCH = 5_000
SCREENED = 400
# Waiting cures none of these: the task ends instead of coming back every day.
FINAL = frozenset(
    {
        ReasonCode.BLACKLISTED,
        ReasonCode.REFUSED,
        ReasonCode.CONSENT_WITHDRAWN,
        ReasonCode.CUSTOMER_RESTRICTED,
        ReasonCode.ATTEMPTS_USED,
        ReasonCode.WINDOW_OVER,
        ReasonCode.NO_TIME_LEFT,
        ReasonCode.TASK_CLOSED,
    }
)
ASK_AGAIN = timedelta(days=1)
REMIND = timedelta(minutes=5)
# An agreed time that could not be kept for so long (a paused campaign, a closed queue) no longer comes before other work.
EXPIRES = timedelta(days=3)
AT_ONCE = timedelta(seconds=15)

TASKS, STEPS = Task._meta.db_table, TaskStep._meta.db_table


def release_due(*, now, queue_ids=None) -> int:
    """Make planned tasks that are due ready, in the order of work; returns how many became ready.

    Only queues that are open, of running campaigns, at an hour at which somebody may be called for the campaign's
    purpose; agreed times are kept at any hour. With ``queue_ids`` (an empty claim) only those. The sweep also ends holds
    that are over, hands reserved tasks to everybody once ``reserved_until`` has passed, and closes what a policy promised
    for a window that is over. What was promised by message and brought no reply goes to its next channel.
    """
    whole = queue_ids is None
    queues = running_queues(local_day(now, settings.TIME_ZONE))
    if not whole:
        queues = queues.filter(pk__in=queue_ids)
    queues = list(queues)
    calling = {queue.pk for queue in queues if _calls_now(queue.campaign, now)}
    if whole:
        fall_back(now=now)
        lift_hold(Task.objects.filter(hold_until__lte=now), by=None, now=now, note=_("The hold is over."))
        _expire_appointments(now)
        _remind(queues, now)
    _free_reserved(now)
    released = 0
    for queue in queues:
        released += _release(queue.pk, now, agreed_only=queue.pk not in calling)
    if whole:
        close_silent(now=now)
        _close_missed_windows(queues, now)
        archived = Task.objects.filter(campaign__state=CampaignState.ARCHIVED, state__in=WAITING)
        cancel_tasks(archived, by=None, now=now, note=_("The campaign is archived."))
        beat("callbacks.release_due", now=now, handled=released)
    return released


def _calls_now(campaign, now):
    """Whether somebody may be called for the campaign at this hour; a customer's own clock is asked at the claim."""
    clock = now.astimezone(zone_of(settings.TIME_ZONE)).time()
    within = campaign.calls_from is None or campaign.calls_from <= clock < campaign.calls_until
    return within and open_for_calls(campaign.purpose, now=now)


def _free_reserved(now):
    """No move of a state: anyone of the team may now take what was kept for one person."""
    kept = Task.objects.filter(state=TaskState.READY, reserved_for__isnull=False, reserved_until__lte=now)
    mark_tasks(kept, _freed(), by=None, now=now, reserved_for=None, reserved_until=None)


def _freed():
    return _("No longer kept for one agent: anyone of the team may take it.")


def _expire_appointments(now):
    """A time agreed days ago that nobody could keep is no appointment any more; the task takes its place in the order (CB-7)."""
    old = Task.objects.filter(
        state__in=[TaskState.PLANNED, TaskState.READY], appointment=True, agreed_at__lte=now - EXPIRES
    )
    rows = old.select_related("customer").order_by("agreed_at", "id")
    drain("callbacks.expire_appointments", rows, lambda task: _expire(task, now), now=now, limit=500)


def _expire(task, now):
    """Its place among the other work, with the attempts it has had; the sweep has the row locked."""
    mark_tasks(
        Task.objects.filter(pk=task.pk),
        _("The agreed time passed days ago without a call; the task is ordinary work again."),
        by=None,
        now=now,
        appointment=False,
        agreed_at=None,
        reserved_for=None,
        reserved_until=None,
        rank=rank_of(
            kind=task.kind,
            deadline=task.deadline,
            priority=task.priority,
            key_customer=task.customer.key_customer,
            attempts=task.attempts,
        ),
    )


def _remind(queues, now):
    """Tell agents of their appointments a few minutes before (CB-7), once for each agreed time."""
    soon = Task.objects.filter(
        queue__in=queues,
        state=TaskState.PLANNED,
        due_at__gt=now,
        due_at__lte=now + REMIND,
        appointment=True,
        reserved_for__isnull=False,
        agreed_at__isnull=False,
    )
    for task in soon.select_related("reserved_for", "customer").order_by("id"):
        notify(
            [task.reserved_for],
            gettext_noop("Appointment with %(customer)s at %(time)s."),
            key=f"appointment:{task.pk}:{task.agreed_at:%Y%m%d%H%M}:soon",
            now=now,
            url="/desk/",
            customer=task.customer.name,
            time=f"{timezone.localtime(task.agreed_at):%H:%M}",
        )


def _release(queue_id, now, *, agreed_only):
    released = 0
    while True:
        count = _release_batch(queue_id, now, agreed_only)
        released += count
        if count < BATCH:
            return released


@transaction.atomic
def _release_batch(queue_id, now, agreed_only):
    due = Task.objects.filter(
        Q(deadline=None) | Q(deadline__gt=now) | Q(policy=None) | Q(appointment=True),
        queue_id=queue_id,
        state=TaskState.PLANNED,
        due_at__lte=now,
        channel__in=AT_DESK,
    )
    if agreed_only:
        due = due.filter(appointment=True)
    due = due.order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",))
    rows = list(due.values_list("id", "reserved_until")[:BATCH])
    if not rows:
        return 0
    ids = [pk for pk, _until in rows]
    freed = [pk for pk, until in rows if until and until <= now]
    listed, moment = ", ".join(map(str, ids)), connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {TASKS} SET state = '{TaskState.READY}', blocked_by = '[]',
                rank = CASE WHEN appointment THEN 0 ELSE rank END,
                reserved_for_id = CASE WHEN reserved_until <= %s THEN NULL ELSE reserved_for_id END
                WHERE id IN ({listed})""",  # noqa: S608
            [moment],
        )
        cursor.execute(
            f"""INSERT INTO {STEPS} (case_id, from_state, to_state, at, by_id, note)
                SELECT id, '{TaskState.PLANNED}', '{TaskState.READY}', %s, NULL,
                CASE WHEN id IN ({", ".join(map(str, freed)) or "0"}) THEN %s ELSE '' END
                FROM {TASKS} WHERE id IN ({listed})""",  # noqa: S608
            [moment, _freed()],
        )
    _alert(ids, now)
    return len(ids)


def _alert(ids, now):
    """Tell the agents whose appointments have just become due (CB-7), once for each agreed time."""
    due = Task.objects.filter(pk__in=ids, appointment=True, reserved_for__isnull=False)
    for task in due.select_related("reserved_for", "customer").order_by("id"):
        notify(
            [task.reserved_for],
            gettext_noop("The appointment with %(customer)s is due."),
            key=f"appointment:{task.pk}:{task.agreed_at:%Y%m%d%H%M}"
            if task.agreed_at
            else f"appointment:{task.pk}",
            now=now,
            level=Notification.Level.URGENT,
            url="/desk/",
            customer=task.customer.name,
        )


def _close_missed_windows(queues, now):
    missed = Task.objects.filter(
        queue__in=queues,
        state=TaskState.PLANNED,
        due_at__lte=now,
        deadline__lte=now,
        policy__isnull=False,
        appointment=False,
    )
    advance_all(
        missed,
        TaskState.CANCELLED,
        by=None,
        at=now,
        note=_("The time for this contact is over."),
        closed_at=now,
        blocked_by=[ReasonCode.WINDOW_OVER],
        disposition=Disposition.objects.filter(code="CANCEL").first(),
    )


def put_back(task, decision, *, by, now) -> Task:
    """Take a refused task out of the agent's hands: to the plan with its next permitted time, or to its end."""
    fields = _refused(task, decision, now)
    to = fields.pop("state")
    moved = advance(
        task,
        to,
        by=by,
        at=now,
        note=", ".join(decision.codes),
        where={"token": task.token},
        lease_until=None,
        **fields,
    )
    if ReasonCode.ATTEMPTS_USED in decision.codes:
        offer_message(task=moved, now=now)
    return moved


def _refused(task, decision, now):
    """The new values of a refused task."""
    final = [reason for reason in decision.reasons if reason.code in FINAL and reason.until is None]
    if {reason.code for reason in final} == {ReasonCode.CONSENT_WITHDRAWN} and (
        channel := next_channel(task, now=now)
    ):
        return {
            "state": TaskState.PLANNED,
            "channel": channel,
            **({"message": None} if channel in BY_MESSAGE else {}),
            "due_at": now + AT_ONCE,
            "blocked_by": [ReasonCode.CONSENT_WITHDRAWN],
        }
    if final:
        exhausted = any(reason.code == ReasonCode.ATTEMPTS_USED for reason in final)
        return {
            "state": TaskState.CANCELLED,
            "closed_at": now,
            "blocked_by": list(decision.codes),
            "disposition": Disposition.objects.filter(code="EXH" if exhausted else "CANCEL").first(),
        }
    # A moment at least: the same refusal must not come back within the same request.
    due_at = max(decision.next_at, now + AT_ONCE) if decision.next_at else now + ASK_AGAIN
    return {"state": TaskState.PLANNED, "due_at": due_at, "blocked_by": list(decision.codes)}


def screen_heads(queue_ids, *, now) -> int:
    """Ask for permission for the first few hundred ready tasks of each queue at once; returns how many went back.

    Asked for when one claim has met several refusals in a row, so that thousands of blocked tasks at the front (a
    region's hours end, a holiday) cost one request a moment instead of every request its tries.
    """
    returned = 0
    for queue in Queue.objects.filter(pk__in=queue_ids).select_related("campaign__client").order_by("id"):
        returned += _screen(queue, now)
    return returned


@transaction.atomic
def _screen(queue, now):
    heads = Task.objects.filter(queue=queue, state=TaskState.READY, reserved_for=None)
    heads = heads.order_by("rank", "due_at", "id").select_for_update(skip_locked=True, of=("self",))
    tasks = list(heads.select_related("customer__region", "campaign__client", "policy")[:SCREENED])
    steps = []
    for task, decision in zip(tasks, decisions_of(tasks, queue.campaign, now=now), strict=True):
        if decision.allowed:
            continue
        for name, value in _refused(task, decision, now).items():
            setattr(task, name, value)
        steps.append(
            TaskStep(
                case=task,
                from_state=TaskState.READY,
                to_state=task.state,
                at=now,
                note=", ".join(decision.codes)[:500],
            )
        )
    changed = [step.case for step in steps]
    Task.objects.bulk_update(
        changed, ["state", "channel", "due_at", "blocked_by", "closed_at", "disposition"], batch_size=SCREENED
    )
    TaskStep.objects.bulk_create(steps)
    return len(changed)
