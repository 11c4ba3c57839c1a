"""What waits where, and why nothing is callable (CB-2, DESIGN section 2)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from callbacks.models import Queue, Task
from callbacks.states import TaskState
from callcenter.workdays import local_day
from campaigns.states import CampaignState
from customers.queries.reference import reference
from customers.rules.contact import REASON_TEXTS

# Counts stop here: a page must not read a million waiting rows to say "many".
COUNTED = 10_000


def running_queues(day):
    """Open queues of campaigns that run on the local ``day``, with their campaign."""
    running = Q(campaign__state=CampaignState.RUNNING, campaign__starts_on__lte=day) & (
        Q(campaign__ends_on=None) | Q(campaign__ends_on__gte=day)
    )
    return Queue.objects.filter(running, open=True).select_related("campaign").order_by("id")


def open_for_calls(purpose, *, now) -> bool:
    """Whether ``now`` lies in the calling hours of at least one region for the purpose; rest hours are not looked at."""
    ref = reference()
    regions = {(), *ref.regions.values()}
    return any(
        ref.hours.next_open(now, purpose, path, settings.TIME_ZONE) == now for path in regions
    )
