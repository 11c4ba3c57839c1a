"""The demo's settlement: two schemes, every campaign settled by one of them, last month signed, this one a draft."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from callcenter.workdays import local_day
from campaigns.models import Campaign
from customers.models import Client
from people.models import User
from reports.actions import choose_scheme, make_statement, sign_statement
from reports.models import SettlementScheme
from reports.queries.settlement import next_month

SALES = {"telemarketing", "retention"}
MONTHS_BACK = 12


def load(*, now: datetime) -> int:
    """Schemes, choices and statements; returns how many statements there are."""
    manager = User.objects.get(username="manager1")
    second = User.objects.get(username="admin1")
    survey = SettlementScheme.objects.create(name="问卷计价", fee_percents=[], per_questionnaire=Decimal(2))
    sales = SettlementScheme.objects.create(
        name="套餐分成 125%", monthly_fee=Decimal("19.00"), per_questionnaire=Decimal()
    )
    today = local_day(now, settings.TIME_ZONE)
    month = today.replace(day=1)
    for campaign in Campaign.objects.order_by("id"):
        scheme = sales if campaign.kind in SALES else survey
        since = next_month(month, -MONTHS_BACK)
        choose_scheme(campaign=campaign, scheme=scheme, since=since, by=manager, now=now)
    before, count = next_month(month, -1), 0
    for client in Client.objects.filter(campaigns__isnull=False).distinct().order_by("id"):
        made = make_statement(client=client, month=before, by=manager, now=now)
        sign_statement(statement=made, by=second, now=now)
        make_statement(client=client, month=month, by=manager, now=now)
        count += 2
    return count
