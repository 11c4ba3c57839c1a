"""Makers for the tests of this app and of those above it."""

import itertools
from datetime import timedelta

from callbacks.actions import claim_next, plan_task, release_due
from callbacks.models import Task
from callcenter.access import Role
from campaigns.catalogue import load_dispositions
from campaigns.models import Campaign, Disposition
from campaigns.states import CampaignState
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from people.models import Calendar

_count = itertools.count(1)


def disposition(code) -> Disposition:
    """A shipped disposition; they come with the migrations of campaigns, but a transactional test empties every table."""
    if not Disposition.objects.exists():
        load_dispositions(Disposition)
    return Disposition.objects.get(code=code)


def make_calendar():
    return Calendar.objects.filter(is_default=True).first() or Calendar.objects.create(
        name="默认", is_default=True
    )


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
    campaign = Campaign.objects.create(
        client=client or make_client(), calendar=make_calendar(), **values | fields
    )
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
