"""What is left of a campaign: what still waits, and how the last contact of each customer ended (CAM-1)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from callbacks.models import Task
from callbacks.states import OPEN, TaskState
from campaigns.models import Disposition
from messaging.models import Message
from messaging.states import WAITING

TASKS = Task._meta.db_table
ENDED = (TaskState.DONE, TaskState.CANCELLED)


@dataclass(frozen=True)
class Left:
    """``waiting`` are (state, count) of open tasks; ``results`` (result, customers) of those whose last task has ended."""

    waiting: list[tuple[str, int]]
    messages: int
    results: list[tuple[Disposition, int]]

    @property
    def open_tasks(self) -> int:
        return sum(count for _state, count in self.waiting)


def left_of(campaign) -> Left:
    """What is left of the campaign, in four queries."""
    tasks = Task.objects.filter(campaign=campaign).order_by()
    counted = tasks.filter(state__in=OPEN).values_list("state").annotate(count=Count("id"))
    found = dict(counted)
    later = Task.objects.filter(account_id=OuterRef("account_id"), pk__gt=OuterRef("pk"))
    ended = tasks.filter(~Exists(later), state__in=ENDED, disposition__isnull=False)
    by_result = dict(ended.values_list("disposition").annotate(count=Count("id")))
    results = Disposition.objects.filter(pk__in=by_result).order_by("position", "id")
    return Left(
        waiting=[(TaskState(state).label, found[state]) for state in OPEN if state in found],
        messages=Message.objects.filter(campaign_code=campaign.code, state__in=WAITING).count(),
        results=[(result, by_result[result.pk]) for result in results],
    )


def ended_sql(campaign, results):
    """SQL and values of the condition on a task ``t``: the account's last one, ended in one of ``results``."""
    listed = ", ".join(["%s"] * len(results))
    return (
        f"""t.campaign_id = %s AND t.state IN ('{TaskState.DONE}', '{TaskState.CANCELLED}')
            AND t.disposition_id IN ({listed})
            AND NOT EXISTS (SELECT 1 FROM {TASKS} n WHERE n.account_id = t.account_id AND n.id > t.id)""",  # noqa: S608
        [campaign.pk, *results],
    )
