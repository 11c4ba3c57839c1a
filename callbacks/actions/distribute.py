"""Dealing the waiting tasks of a team to its agents, taking them back, undoing it (CAM-4; ux.md section 5.5).

A fixed number of statements whatever the number of tasks. The tasks are locked first, passing over those that are just
being claimed, so work in progress is never touched; the history names who got each and by whom.
"""

import json

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from callbacks.models import Assignment, Distribution, Task, TaskStep
from callbacks.queries.assigned import can_undo, untouched_by_team
from callbacks.queries.distribution import Selection, plan
from callbacks.rules.distribution import POOL
from callbacks.states import WAITING
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from callcenter.sweeps import beat
from callcenter.workdays import ONE_DAY, local_day
from people.actions import mark_absent
from people.models import Team, User
from people.queries import leads_of

TASKS, STEPS = Task._meta.db_table, TaskStep._meta.db_table
ASSIGNMENTS, USERS = Assignment._meta.db_table, User._meta.db_table
# Stands for the name in a line of history until the database puts it in; nobody types it.
NAME = "\x01"
# False, and the pairs of task and agent out of one value, as each database says it.
PAIRS = {
    "postgresql": (
        "false",
        "SELECT (p->>0)::bigint AS task, (p->>1)::bigint AS agent FROM json_array_elements(%s::json) p",
    ),
    "sqlite": (
        "0",
        "SELECT json_extract(value, '$[0]') AS task, json_extract(value, '$[1]') AS agent FROM json_each(%s)",
    ),
}


@transaction.atomic
def distribute(
    *, selection: Selection, way, agents, seed, key, surface_days=7, absent=None, by, now
) -> Distribution:
    """Deal the tasks of ``selection`` to ``agents`` (ids) and return the record of it; the same ``key`` again deals nothing.

    What nobody has called ``surface_days`` later comes up to the lead. ``absent`` is marked as away today. Raises ``Refused``
    when nobody is chosen or nothing can be dealt.
    """
    if way != POOL and not agents:
        raise Refused(_("Choose at least one agent who is to get the tasks."), code="nobody")
    made, fresh = Distribution.objects.get_or_create(
        key=key, defaults={"team": selection.team, "way": way, "seed": seed, "by": by, "at": now}
    )
    if not fresh:
        return made
    found = plan(selection, way=way, agents=agents, seed=seed, now=now, lock=True)
    if not found.dealt and absent is None:
        raise Refused(
            _("No task matches any more: they were called, taken or assigned meanwhile. Choose anew."),
            code="nothing_to_deal",
        )
    if absent is not None:
        made.absence = mark_absent(person=absent, day=local_day(now, settings.TIME_ZONE), by=by, now=now)
    _record(made, found.dealt)
    _note(made, by, now)
    mine = Assignment.objects.filter(distribution=made, task=OuterRef("pk"))
    Task.objects.filter(pk__in=Assignment.objects.filter(distribution=made).values("task")).update(
        reserved_for=Subquery(mine.values("agent")[:1]),
        reserved_until=None,
        assigned_at=now,
        surfaces_at=now + surface_days * ONE_DAY,
    )
    made.count, made.skipped = found.count, found.skipped
    made.save(update_fields=["count", "skipped", "absence"])
    return made


def _record(made, dealt):
    """The assignments, each with what the task was before; one statement."""
    no, pairs = PAIRS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {ASSIGNMENTS}
                (distribution_id, task_id, agent_id, was_for_id, was_until, was_assigned_at, was_surfaces_at, undone)
            SELECT %s, t.id, p.agent, t.reserved_for_id, t.reserved_until, t.assigned_at, t.surfaces_at, {no}
            FROM ({pairs}) p JOIN {TASKS} t ON t.id = p.task""",  # noqa: S608
            [made.pk, json.dumps(list(dealt.items()))],
        )


def _note(made, by, now):
    """One line in the history of each task, with its agent's name."""
    taken, given = _("Taken back: free for the whole team."), _("Assigned to %(name)s.") % {"name": NAME}
    _history("a.agent_id", "", made, taken if made.way == POOL else given, by, now)


def _history(person, condition, made, words, by, now):
    """A step for every assignment of a distribution; ``NAME`` in the words becomes the person's name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {STEPS} (case_id, from_state, to_state, at, by_id, note)
            SELECT t.id, t.state, t.state, %s, %s, REPLACE(%s, %s, COALESCE(u.full_name, ''))
            FROM {ASSIGNMENTS} a JOIN {TASKS} t ON t.id = a.task_id LEFT JOIN {USERS} u ON u.id = {person}
            WHERE a.distribution_id = %s{condition}""",  # noqa: S608
            [connection.ops.adapt_datetimefield_value(now), by.pk, words, NAME, made.pk],
        )


@transaction.atomic
def undo_distribution(*, distribution, by, now) -> int:
    """Give back what a distribution moved, as far as nobody has touched it since; returns how many tasks.

    Raises ``Conflict`` after ten minutes or when it is undone already.
    """
    made = Distribution.objects.select_for_update().get(pk=distribution.pk)
    if not can_undo(made, now):
        raise Conflict(
            _("This distribution can no longer be undone. Distribute the tasks anew instead."),
            code="undo_over",
        )
    count = _give_back(made, by, now)
    made.undone, made.undone_by, made.undone_at = count, by, now
    absence, made.absence = made.absence, None
    made.save(update_fields=["undone", "undone_by", "undone_at", "absence"])
    if absence:
        absence.delete()
    return count


def _give_back(made, by, now):
    """Put the tasks that still are as the distribution left them back to what they were; returns how many."""
    mine = Assignment.objects.filter(distribution=made, task=OuterRef("pk"))
    same = mine.filter(Q(agent=OuterRef("reserved_for")) | Q(agent=None))
    still = Task.objects.filter(
        Q(claimed_at=None) | Q(claimed_at__lt=made.at), Exists(same), state__in=WAITING, assigned_at=made.at
    )
    # Held first, so that what is claimed meanwhile is either given back or untouched, never both.
    list(still.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    back = Assignment.objects.filter(distribution=made)
    count = back.filter(task__in=still.values("pk")).update(undone=True)
    _history("a.was_for_id", " AND a.undone", made, _("The distribution was undone."), by, now)
    Task.objects.filter(pk__in=back.filter(undone=True).values("task")).update(
        reserved_for=Subquery(mine.values("was_for")[:1]),
        reserved_until=Subquery(mine.values("was_until")[:1]),
        assigned_at=Subquery(mine.values("was_assigned_at")[:1]),
        surfaces_at=Subquery(mine.values("was_surfaces_at")[:1]),
    )
    return count


def surface_untouched(*, now) -> int:
    """Tell the leads once a day how many assigned tasks of their team were left lying; returns how many there are (CAM-4)."""
    found = untouched_by_team(now)
    day = local_day(now, settings.TIME_ZONE)
    for team in Team.objects.filter(pk__in=found).select_related("unit").order_by("id"):
        notify(
            leads_of(team),
            gettext_noop("%(count)s assigned tasks of %(team)s have not been called in time."),
            key=f"untouched:{team.pk}:{day:%Y%m%d}",
            now=now,
            level=Notification.Level.WARNING,
            url=f"{reverse('callbacks:untouched')}?team={team.pk}",
            count=found[team.pk],
            team=team.name,
        )
    beat("callbacks.surface_untouched", now=now, handled=sum(found.values()))
    return sum(found.values())
