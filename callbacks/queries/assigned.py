"""What has been assigned: how much a team has with whom, what was left lying, which acts can be undone (CAM-4)."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef

from callbacks.models import Call, Distribution, Task
from callbacks.models.distributions import UNDO_FOR
from callbacks.states import AT_DESK, WAITING, TaskState
from callcenter.workdays import day_bounds, local_day
from people.models import Team

# One act moves at most this many; a page counts no further.
MOST = 10_000
# In nobody's hands and to be worked: what may be dealt. What is suspended waits for its own reason.
DEALT = (TaskState.PLANNED, TaskState.READY)


def counted(rows, column) -> dict[int, int]:
    """How many of the rows there are for each value of the column."""
    return dict(rows.order_by(column).values_list(column).annotate(count=Count("pk")))


def standing(team: Team, *, now: datetime) -> dict[str, int]:
    """The chips above the list: what is nobody's, kept and not called, in work, due today, left lying. Counted to 10,000."""
    day_ends = day_bounds(local_day(now, settings.TIME_ZONE), settings.TIME_ZONE)[1]
    free = Task.objects.filter(queue__team=team, state__in=DEALT, channel__in=AT_DESK, reserved_for=None)
    kept = Task.objects.filter(queue__team=team, state__in=WAITING, reserved_for__isnull=False)
    return {
        "unassigned": _up_to_most(free.filter(appointment=False)),
        "due": _up_to_most(free.filter(appointment=False, due_at__lt=day_ends)),
        "kept": _up_to_most(kept),
        "in_hand": Task.objects.held().filter(queue__team=team).count(),
        "untouched": _up_to_most(untouched(now).filter(queue__team=team)),
    }


def _up_to_most(rows) -> int:
    return rows.order_by()[:MOST].count()


def untouched(now):
    """Assigned, and not called until the time at which it comes up to the lead (CAM-4)."""
    called = Call.objects.filter(task=OuterRef("pk"), started_at__gte=OuterRef("assigned_at"))
    return Task.objects.filter(~Exists(called), state__in=WAITING, surfaces_at__lte=now)


def untouched_tasks(user, *, now, team=None):
    """Tasks in scope that were assigned and left lying, the longest first."""
    rows = untouched(now).filter(pk__in=Task.objects.visible_to(user).values("pk"))
    if team:
        rows = rows.filter(queue__team=team)
    return rows.select_related("campaign", "customer", "queue__team", "reserved_for").order_by(
        "surfaces_at", "id"
    )


def untouched_by_team(now) -> dict[int, int]:
    """Team id → how many of its tasks were left lying."""
    return counted(untouched(now), "queue__team")


def distributions(user, *, team=None):
    """The distributions in scope, newest first."""
    rows = Distribution.objects.visible_to(user)
    if team:
        rows = rows.filter(team=team)
    return rows.select_related("team", "by", "undone_by", "absence__user").order_by("-at", "-id")


def can_undo(distribution, now) -> bool:
    """Within ten minutes, once, and only if something was dealt."""
    return distribution.undone_at is None and distribution.count > 0 and now <= distribution.at + UNDO_FOR
