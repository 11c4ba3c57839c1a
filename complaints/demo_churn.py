"""The demo's churn warnings: the usual rules, a retention campaign, and warnings in every state."""

from datetime import timedelta

from django.conf import settings

from callcenter.workdays import local_day
from campaigns.models import Campaign, CampaignStep
from campaigns.states import CampaignState
from complaints.actions import churn
from complaints.models import ChurnWarning
from complaints.states import WarningState
from customers.models import Client
from people.models import Team
from people.queries import default_calendar


def warn_of_churn(*, now, people) -> None:
    """Look once with the usual rules; two of the telecom's warnings become tasks, one is dismissed."""
    churn.add_usual_rules()
    churn.warn_of_churn(now=now)
    client, manager = Client.objects.filter(code="XHDX").first(), people.get("manager1")
    if client is None or manager is None:
        return
    campaign = _campaign(client, manager, now)
    own = ChurnWarning.objects.filter(customer__client=client, state=WarningState.OPEN).order_by("id")
    chosen = list(own.values_list("pk", flat=True)[:3])
    if len(chosen) < 3:
        return
    churn.make_retention_tasks(
        ChurnWarning.objects.filter(pk__in=chosen[:2]), campaign=campaign, by=manager, now=now
    )
    churn.settle_warning(
        warning=ChurnWarning.objects.get(pk=chosen[2]),
        to=WarningState.DISMISSED,
        by=manager,
        now=now,
        reason="客户改用家庭套餐,账单由家人支付。",
    )


def _campaign(client, manager, now):
    values = {
        "name": "到期客户挽留",
        "client": client,
        "kind": Campaign.Kind.RETENTION,
        "purpose": "service",
        "state": CampaignState.RUNNING,
        "calendar": default_calendar(),
        "starts_on": local_day(now, settings.TIME_ZONE) - timedelta(days=7),
        "priority": 4,
        "created_by": manager,
        "created_at": now,
    }
    campaign, made = Campaign.objects.get_or_create(code="RET", defaults=values)
    if made:
        campaign.teams.set(Team.objects.filter(code__in=["T1", "T2"]))
        for was, to in (("", "draft"), ("draft", "approved"), ("approved", "running")):
            CampaignStep.objects.create(case=campaign, from_state=was, to_state=to, at=now, by=manager)
    return campaign
