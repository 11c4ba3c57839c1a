"""How complete the records are that an agent works with, or that a campaign's list holds (CUS-4)."""

from datetime import datetime, timedelta

from django.conf import settings

from callbacks.models import Call
from callcenter.workdays import local_day
from campaigns.models import Account
from customers.queries.completeness import completeness_by

DAYS = 30
CLIENT = ("customer__client__name", "customer__client_id")


def completeness_by_agent(user, *, now: datetime) -> list[dict]:
    """One line per agent and client: the customers the agent has called on the last ``DAYS`` local days."""
    since = local_day(now, settings.TIME_ZONE) - timedelta(days=DAYS)
    calls = Call.objects.counted().visible_to(user).filter(agent__isnull=False, local_day__gt=since)
    return completeness_by(calls, ("agent__full_name", "agent_id", *CLIENT), user=user, prefix="customer__")


def completeness_by_list(user) -> list[dict]:
    """One line per campaign: the customers on its list."""
    accounts = Account.objects.filter(user.scope().rows(team="team", client="campaign__client"))
    return completeness_by(
        accounts, ("campaign__name", "campaign_id", *CLIENT), user=user, prefix="customer__"
    )
