"""Makers for the tests of this app and of those above it."""

import itertools
from datetime import timedelta

from callbacks.actions import claim_next, plan_task, release_due
from callbacks.models import Task
from callcenter.access import Role
from campaigns.models import Campaign, Disposition
from campaigns.states import CampaignState
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from people.models import Calendar

_count = itertools.count(1)

# The codes of domain.md section 3 with the flags the tests lean on.
DISPOSITIONS = {
    "NA": {"retry": "delay", "retry_seconds": 7200},
    "BUSY": {"retry": "delay", "retry_seconds": 900},
    "APPT": {"connected": True, "appointment": True, "retry": "agreed"},
    "REFUSE": {"connected": True, "reached": True, "refused": True, "closes": True},
    "DNC": {"connected": True, "reached": True, "refused": True, "closes": True, "do_not_call": True},
    "DONE": {"connected": True, "reached": True, "completed": True, "closes": True},
    "SALE": {"connected": True, "reached": True, "completed": True, "sold": True, "closes": True},
    "NOSALE": {"connected": True, "reached": True, "completed": True, "closes": True},
    "EMPTY": {"useless": True, "closes": True, "phone_state": "empty"},
    "NOTTGT": {"connected": True, "useless": True, "closes": True},
    "INCOMPL": {"attempt": False, "useless": True, "closes": True},
    "EXH": {"attempt": False, "closes": True, "system": True},
    "CANCEL": {"attempt": False, "closes": True, "system": True},
    "ORPHAN": {"retry": "delay", "retry_seconds": 7200, "system": True},
}


def make_disposition(code, **flags):
    """The disposition of that code, with the flags of the table above unless told otherwise."""
    values = {"name": {"en": code}} | DISPOSITIONS.get(code, {}) | flags
    return Disposition.objects.update_or_create(code=code, defaults=values)[0]


def make_dispositions():
    return {code: make_disposition(code) for code in DISPOSITIONS}


def make_calendar():
    return Calendar.objects.filter(is_default=True).first() or Calendar.objects.create(name="默认", is_default=True)


def make_campaign(*, team=None, client=None, **fields):
    number = next(_count)
    values = {
        "name": f"项目{number}",
        "code": f"P{number}",
        "kind": Campaign.Kind.SATISFACTION,
        "state": CampaignState.RUNNING,
        "starts_on": NOW.date() - timedelta(days=60),
        "created_at": NOW,
    }
    campaign = Campaign.objects.create(client=client or make_client(), calendar=make_calendar(), **values | fields)
    campaign.teams.set([team or make_team()])
    return campaign


def make_agent(team, **fields):
    return make_user(Role.AGENT, team=team, **fields)


def make_task(campaign, *, customer=None, due_at=NOW, ready=True, now=NOW, **fields):
    """A planned task of the campaign; with ``ready`` it has been released."""
    number = next(_count)
    team = campaign.teams.order_by("id").first()
    customer = customer or make_customer(client=campaign.client, team=team, phones=[f"+86139{number:08}"])
    values = {"kind": Task.Kind.CALLBACK, "source": f"test:{number}", "deadline": None} | fields
    task, _created = plan_task(campaign=campaign, customer=customer, due_at=due_at, now=now, **values)
    if ready:
        release_due(now=now)
        task.refresh_from_db()
    return task


def make_claimed(agent, campaign=None, *, now=NOW, **fields):
    """A task in the hands of the agent."""
    campaign = campaign or make_campaign(team=agent.memberships.get().team)
    make_task(campaign, now=now, **fields)
    return claim_next(agent=agent, now=now)
