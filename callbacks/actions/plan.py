"""Planning work and taking it off the plan: made exactly once, held, lifted, reserved, moved, cancelled (CB-1, CAM-4)."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from callbacks.models import Queue, Task, TaskStep
from callbacks.rules.rank import rank
from callbacks.states import OPEN, WAITING, TaskState
from callcenter.errors import Refused
from callcenter.workdays import ONE_DAY, local_day
from callcenter.workflow import advance_all
from campaigns.models import Account, Disposition, RequiredSkill
from campaigns.models.quotas import CONTACTED_WITHIN_DAYS
from messaging.models import Message
from messaging.states import WAITING as UNSENT
from messaging.states import MessageState
from people.models import Team

# What is given to an agent or a team by hand and not called for so long comes up to the lead.
SURFACES = CONTACTED_WITHIN_DAYS * ONE_DAY


def rank_of(*, kind, deadline, priority, key_customer, attempts) -> int:
    """The stored rank of work that is not a due appointment; ``deadline`` is an instant or None."""
    return rank(
        appointment_due=False,
        second_contact=kind == Task.Kind.SECOND_CONTACT,
        deadline=local_day(deadline, settings.TIME_ZONE) if deadline else None,
        priority=priority,
        key_customer=key_customer,
        attempts=attempts,
    )


@transaction.atomic
def plan_task(
    *,
    campaign,
    customer,
    kind,
    source,
    due_at,
    deadline,
    reason="",
    priority=5,
    channel="phone",
    team=None,
    reserved_for=None,
    reserved_until=None,
    now,
    by=None,
) -> tuple[Task, bool]:
    """Plan one contact; ``source`` names what asks for it and makes it exactly once. Returns (task, created).

    ``due_at`` is when it may first be handed out, ``deadline`` when the promise is broken (or None). Without ``team`` it
    is the customer's team if that works for the campaign, else the campaign's teams take turns. ``reserved_for`` alone
    may take it, until ``reserved_until``. A customer has one open retention task at most: it is returned instead of a second
    one. Raises ``Refused`` when nobody works for the campaign.
    """
    same = Q(source=source)
    if kind == Task.Kind.RETENTION:
        same |= Q(kind=kind, customer=customer, state__in=OPEN)
    if existing := Task.objects.filter(same).order_by("id").first():
        return existing, False
    queue = queue_for(campaign, customer, team)
    account, _created = Account.objects.get_or_create(
        campaign=campaign,
        customer=customer,
        defaults={"team_id": queue.team_id, "loaded_on": local_day(now, settings.TIME_ZONE)},
    )
    if account.reclaimed_on:
        Account.objects.filter(pk=account.pk).update(reclaimed_on=None)
    task = Task(
        campaign=campaign,
        queue=queue,
        customer=customer,
        account=account,
        kind=kind,
        source=source,
        reason=reason[:200],
        priority=priority,
        channel=channel,
        rank=rank_of(
            kind=kind, deadline=deadline, priority=priority, key_customer=customer.key_customer, attempts=0
        ),
        due_at=due_at,
        deadline=deadline,
        reserved_for=reserved_for,
        reserved_until=reserved_until if reserved_for else None,
        created_at=now,
    )
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError:
        return Task.objects.filter(same).order_by("id")[0], False
    TaskStep.objects.create(case=task, from_state="", to_state=task.state, at=now, by=by, note=task.reason)
    return task, True


def queue_for(campaign, customer, team=None) -> Queue:
    """The queue a customer's task waits in; made when it is the first of its team. Raises ``Refused`` without any team."""
    if team is None:
        teams = list(campaign.teams.order_by("id"))
        if not teams:
            raise Refused(
                _("No team works for the campaign “%(campaign)s”. Give it a team first.")
                % {"campaign": campaign},
                code="no_team",
            )
        team = next((one for one in teams if one.pk == customer.team_id), teams[customer.pk % len(teams)])
    return Queue.objects.get_or_create(campaign=campaign, team=team)[0]


@transaction.atomic
def cancel_tasks(tasks, *, by, now, note) -> int:
    """Cancel the tasks of a queryset that wait or are claimed but not dialled; returns how many.

    A message that waits for one of them is taken back with it. A call under way is left to its result: cutting it off
    would lose what the customer said.
    """
    chosen = tasks.filter(state__in=[*WAITING, TaskState.CLAIMED])
    unsent = list(chosen.filter(message__state__in=UNSENT).order_by().values_list("message_id", flat=True))
    cancelled = _cancel(chosen, by, now, note)
    for start in range(0, len(unsent), 5_000):
        ended = Message.objects.filter(pk__in=unsent[start : start + 5_000], task__state=TaskState.CANCELLED)
        advance_all(ended, MessageState.CANCELLED, by=by, at=now, note=_("The task has ended."))
    return cancelled


def _cancel(tasks, by, now, note):
    return advance_all(
        tasks,
        TaskState.CANCELLED,
        by=by,
        at=now,
        note=note,
        closed_at=now,
        lease_until=None,
        hold="",
        hold_until=None,
        disposition=Disposition.objects.filter(code="CANCEL").first(),
    )


def hold_tasks(tasks, *, hold, by, now, until=None, note="") -> int:
    """Suspend the planned and ready tasks of a queryset for the reason ``hold`` (``Task.Hold``); returns how many.

    With ``until`` the hold ends by itself then; without, ``lift_hold`` ends it.
    """
    return advance_all(tasks, TaskState.SUSPENDED, by=by, at=now, note=note, hold=hold, hold_until=until)


def lift_hold(tasks, *, by, now, note="", **fields) -> int:
    """Put the suspended tasks of a queryset back into the plan; returns how many. ``fields`` may give a new ``due_at``."""
    return advance_all(
        tasks.filter(state=TaskState.SUSPENDED),
        TaskState.PLANNED,
        by=by,
        at=now,
        note=note,
        hold="",
        hold_until=None,
        **fields,
    )


def reclaim_tasks(tasks, *, by, now, note="") -> int:
    """Take claimed tasks that have not been dialled back to their queue (CAM-4); returns how many.

    The page that held one is answered with ``lease_lost`` from now on.
    """
    claimed = tasks.filter(state=TaskState.CLAIMED)
    return advance_all(claimed, TaskState.READY, by=by, at=now, note=note, agent=None, lease_until=None)


@transaction.atomic
def assign_tasks(tasks, *, agent, by, now, until=None) -> int:
    """Reserve waiting tasks for one agent (None: for anyone again); returns how many. With ``until`` only that long.

    The agent must work in the team of each task's queue and have the skills of its campaign; other tasks are left alone.
    """
    waiting = tasks.filter(state__in=WAITING)
    if agent is not None:
        waiting = waiting.filter(queue__team__memberships__user=agent, queue__team__memberships__role="agent")
        waiting = waiting.exclude(campaign__in=RequiredSkill.objects.lacking(agent).values("campaign"))
    return mark_tasks(
        waiting,
        _("Reserved for %(name)s.") % {"name": agent} if agent else _("Free for the whole team."),
        by=by,
        now=now,
        reserved_for=agent,
        reserved_until=until if agent else None,
        assigned_at=now if agent else None,
        surfaces_at=now + SURFACES if agent else None,
    )


@transaction.atomic
def move_tasks(tasks, *, team: Team, by, now) -> int:
    """Give waiting tasks to another team of their campaign (CAM-4); returns how many. Reservations end."""
    moved = 0
    campaigns = (
        tasks.filter(state__in=WAITING, campaign__teams=team).order_by().values_list("campaign_id", flat=True)
    )
    for campaign_id in set(campaigns):
        queue, _created = Queue.objects.get_or_create(campaign_id=campaign_id, team=team)
        moved += mark_tasks(
            tasks.filter(state__in=WAITING, campaign_id=campaign_id).exclude(queue=queue),
            _("Moved to the team %(team)s.") % {"team": team},
            by=by,
            now=now,
            queue=queue,
            reserved_for=None,
            reserved_until=None,
            assigned_at=now,
            surfaces_at=now + SURFACES,
        )
    return moved


@transaction.atomic
def mark_tasks(tasks, note, *, by, now, **fields):
    """Change columns of waiting tasks without moving their state, and say so in their history; returns how many."""
    rows = list(
        Task.objects.filter(pk__in=tasks.values("pk"))
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", "state")
    )
    TaskStep.objects.bulk_create(
        [
            TaskStep(case_id=pk, from_state=state, to_state=state, at=now, by=by, note=note[:500])
            for pk, state in rows
        ],
        batch_size=1_000,
    )
    ids = [pk for pk, _state in rows]
    for start in range(0, len(ids), 5_000):
        Task.objects.filter(pk__in=ids[start : start + 5_000], state__in=WAITING).update(**fields)
    return len(ids)


def run_verb(tasks, *, verb, by, now, agent=None, team=None, note="") -> int:
    """One action of the list (assign, free, move, reclaim, lift, cancel) on ``tasks``; returns how many."""
    if verb == "assign":
        return assign_tasks(tasks, agent=agent, by=by, now=now)
    if verb == "free":
        return assign_tasks(tasks, agent=None, by=by, now=now)
    if verb == "move":
        return move_tasks(tasks, team=team, by=by, now=now)
    if verb == "reclaim":
        return reclaim_tasks(tasks, by=by, now=now, note=note)
    if verb == "lift":
        return lift_hold(tasks, by=by, now=now, note=note)
    return cancel_tasks(tasks, by=by, now=now, note=note)
