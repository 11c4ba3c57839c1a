"""An approved quota plan becomes work: the drawn customers get an account and a task of the plan's team (CAM-3).

Taken back, the tasks nobody has touched end, and their customers may be drawn again.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from callbacks.actions.plan import cancel_tasks, rank_of
from callbacks.models import Queue, Task
from callbacks.states import OPEN, WAITING
from callcenter.errors import Refused
from callcenter.workdays import ONE_DAY, day_bounds, local_day
from callcenter.workflow import IllegalMove, can_move
from campaigns.actions import mark_quota_reclaimed, mark_quota_released
from campaigns.models import Account
from campaigns.queries import quota_customers
from campaigns.states import CampaignState, QuotaState

BATCH = 2_000


@transaction.atomic
def release_quota(*, plan, by, now) -> int:
    """Draw the customers of every line and plan their tasks, due at once; returns how many were planned.

    A customer who fits two lines is drawn once. Raises ``Refused`` unless the campaign runs, and ``IllegalMove`` unless
    the plan is approved.
    """
    if not can_move(plan, QuotaState.RELEASED):
        raise IllegalMove(plan, QuotaState.RELEASED)
    if plan.campaign.state != CampaignState.RUNNING:
        raise Refused(_("The campaign does not run. Start it, then release the plan."), code="campaign_idle")
    counts = {
        line.pk: _release_line(plan, line, now)
        for line in plan.lines.select_related("segment").order_by("id")
    }
    mark_quota_released(plan=plan, counts=counts, by=by, now=now)
    return sum(counts.values())


def _release_line(plan, line, now) -> int:
    line.plan = plan
    working = Task.objects.filter(campaign=plan.campaign, customer=OuterRef("pk"), state__in=OPEN)
    people = quota_customers(line, now=now).filter(~Exists(working))
    drawn = list(people.values_list("pk", "key_customer")[: line.wanted])
    queue, _made = Queue.objects.get_or_create(campaign=plan.campaign, team=plan.team)
    for start in range(0, len(drawn), BATCH):
        _plan(plan, line, queue, dict(drawn[start : start + BATCH]), now)
    return len(drawn)


def _plan(plan, line, queue, customers, now):
    """Accounts and tasks of some customers (id → whether a key customer), in a few statements."""
    today = local_day(now, settings.TIME_ZONE)
    deadline = day_bounds(today + plan.contact_days * ONE_DAY, settings.TIME_ZONE)[1]
    Account.objects.bulk_create(
        [
            Account(campaign=plan.campaign, customer_id=customer_id, team=plan.team, loaded_on=today)
            for customer_id in customers
        ],
        ignore_conflicts=True,
    )
    accounts = Account.objects.filter(campaign=plan.campaign, customer__in=customers)
    accounts.filter(reclaimed_on__isnull=False).update(reclaimed_on=None, team=plan.team, loaded_on=today)
    common = {"kind": Task.Kind.CALLBACK, "priority": plan.campaign.priority}
    ranks = {key: rank_of(deadline=deadline, key_customer=key, attempts=0, **common) for key in (True, False)}
    Task.objects.bulk_create(
        [
            Task(
                campaign=plan.campaign,
                queue=queue,
                customer_id=customer_id,
                account_id=account_id,
                source=f"quota:{line.pk}:customer:{customer_id}",
                reason=plan.name[:200],
                rank=ranks[customers[customer_id]],
                due_at=now,
                deadline=deadline,
                created_at=now,
                assigned_at=now,
                surfaces_at=deadline,
                **common,
            )
            for account_id, customer_id in accounts.order_by("id").values_list("pk", "customer_id")
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def reclaim_quota(*, plan, by, now) -> int:
    """Take back what nobody has touched of a released plan; returns how many tasks ended.

    Tasks that were called once or are in somebody's hands stay. Raises ``IllegalMove`` unless the plan is released.
    """
    if not can_move(plan, QuotaState.RECLAIMED):
        raise IllegalMove(plan, QuotaState.RECLAIMED)
    counts = {line.pk: _reclaim_line(plan, line, by, now) for line in plan.lines.order_by("id")}
    mark_quota_reclaimed(plan=plan, counts=counts, by=by, now=now)
    return sum(counts.values())


def _reclaim_line(plan, line, by, now) -> int:
    """Locked first: what is claimed meanwhile is either ended or untouched, never both."""
    made_here = Task.objects.filter(campaign=plan.campaign, source__startswith=f"quota:{line.pk}:")
    waiting = made_here.filter(state__in=WAITING, attempts=0, calls=None, appointment=False)
    locked = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    rows = list(locked.values_list("pk", "account_id"))
    today = local_day(now, settings.TIME_ZONE)
    count = 0
    for start in range(0, len(rows), BATCH):
        batch = dict(rows[start : start + BATCH])
        note = _("Taken back with the quota plan “%(plan)s”.") % {"plan": plan}
        count += cancel_tasks(Task.objects.filter(pk__in=batch), by=by, now=now, note=note)
        Account.objects.filter(pk__in=batch.values(), first_called_on=None).update(reclaimed_on=today)
    return count
