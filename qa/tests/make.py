"""Makers for the tests of quality and of the apps above."""

import itertools
from datetime import timedelta

from callbacks.models import Call, Order
from callbacks.tests.make import (
    NOW,
    disposition,
    make_agent,
    make_campaign,
    make_client,
    make_customer,
    make_team,
)
from callcenter.access import Role
from callcenter.workdays import local_day
from campaigns.models import Account
from customers.tests.make import make_unit, make_user
from qa.models import Criterion, SamplingPlan, Scorecard, ScorecardVersion

_count = itertools.count(1)
ZONE = "Asia/Shanghai"

__all__ = [
    "NOW",
    "make_agent",
    "make_campaign",
    "make_client",
    "make_customer",
    "make_team",
    "make_unit",
    "make_user",
]


def make_call(campaign, agent, *, code="DONE", at=NOW, talk=60, customer=None, team=None, **fields):
    """One counted call; the agent's only team unless given."""
    number = next(_count)
    team = team or agent.memberships.get(role=Role.AGENT).team
    customer = customer or make_customer(client=campaign.client, team=team, phones=[f"+86137{number:08}"])
    account, _created = Account.objects.get_or_create(
        campaign=campaign, customer=customer, defaults={"team": team, "loaded_on": local_day(at, ZONE)}
    )
    values = {
        "account": account,
        "campaign": campaign,
        "customer": customer,
        "team": team,
        "agent": agent,
        "started_at": at,
        "ended_at": at + timedelta(seconds=float(talk)),
        "local_day": local_day(at, ZONE),
        "talk_seconds": talk,
        "disposition": disposition(code),
        "source": Call.Source.DESK,
        "external_id": f"test-{number}",
        "created_at": at,
    }
    return Call.objects.create(**values | fields)


def make_order(call):
    return Order.objects.create(
        call=call,
        account=call.account,
        campaign=call.campaign,
        agent=call.agent,
        sold_on=call.local_day,
        created_at=call.created_at,
    )


def make_scorecard(*, pass_mark=85):
    """Four fatal criteria of a valid sale, then items of 30 and 70."""
    number = next(_count)
    card = Scorecard.objects.create(name=f"评分表{number}", code=f"S{number}")
    version = ScorecardVersion.objects.create(scorecard=card, number=1, pass_mark=pass_mark, created_at=NOW)
    for place, validity in enumerate(("owner", "understood", "script", "consent"), 1):
        Criterion.objects.create(
            version=version,
            position=place,
            section={"en": "Sale"},
            text={"en": validity},
            fatal=True,
            validity=validity,
        )
    for place, weight in ((5, 30), (6, 70)):
        Criterion.objects.create(
            version=version,
            position=place,
            section={"en": "Process"},
            text={"en": str(weight)},
            weight=weight,
        )
    return card


def make_plan(unit, **fields):
    number = next(_count)
    values = {"name": f"计划{number}", "unit": unit, "scorecard": make_scorecard()} | fields
    return SamplingPlan.objects.create(**values)


def make_inspector(unit, role=Role.QA):
    return make_user(role, unit=unit)
