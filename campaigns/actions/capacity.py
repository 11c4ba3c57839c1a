"""Planning what a campaign takes (CAM-9)."""

from django.db import transaction

from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.models import CapacityPlan


@transaction.atomic
def save_capacity_plan(*, campaign, by, now, **fields) -> CapacityPlan:
    """Store the campaign's one capacity plan, replacing the former; ``connect_rate`` is a share above 0 up to 1."""
    values = fields | {"changed_by": by, "changed_at": now}
    plan, _made = CapacityPlan.objects.update_or_create(campaign=campaign, defaults=values)
    log_access(by, AccessLog.Action.CHANGE, "capacity_plan", plan.pk, now=now, campaign=campaign.code)
    return plan
