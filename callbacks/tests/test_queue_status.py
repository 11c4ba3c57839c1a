"""Why nothing is callable (CB-2, DESIGN section 2)."""

from datetime import timedelta

import pytest

from callbacks.actions import claim_next, hold_tasks
from callbacks.models import Task
from callbacks.queries import queue_status
from callbacks.tests.make import NOW, make_agent, make_campaign, make_customer, make_task, make_team
from campaigns.models import Campaign
from customers.actions import block

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def agent(team):
    return make_agent(team)


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def reasons(agent, now=NOW):
    return {
        reason.code: (reason.count, reason.until) for reason in queue_status(agent=agent, now=now).reasons
    }


def test_agent_without_any_queue_is_told_so(agent):
    assert reasons(agent) == {"no_queue": (0, None)}


def test_waiting_tasks_are_counted_by_reason(agent, team, campaign):
    resting = make_customer(client=campaign.client, rest_hours=[["09:30", "11:00"]])
    make_task(campaign, customer=resting)
    assert claim_next(agent=agent, now=NOW) is None
    make_task(campaign, due_at=NOW + timedelta(minutes=5))
    make_task(campaign, reserved_for=make_agent(team), reserved_until=NOW + timedelta(hours=1))
    held = make_task(campaign)
    hold_tasks(Task.objects.filter(pk=held.pk), hold="focus", by=None, now=NOW)
    status = queue_status(agent=agent, now=NOW)
    assert {reason.code: reason.count for reason in status.reasons} == {
        "rest_hours": 1,
        "not_due": 1,
        "reserved": 1,
        "focus": 1,
    }
    assert (status.ready, status.planned, status.suspended) == (0, 2, 1)
    assert status.next_at == NOW + timedelta(minutes=5)


def test_due_tasks_outside_the_calling_hours_say_when_these_begin(agent, campaign):
    night = NOW.replace(hour=14)  # 22:00 in Shanghai
    make_task(campaign, due_at=night - timedelta(minutes=1), now=night)
    assert reasons(agent, now=night) == {"outside_hours": (1, NOW.replace(day=5, hour=0))}


def test_paused_campaign_is_the_reason(agent, campaign):
    make_task(campaign)
    Campaign.objects.update(state="paused")
    assert reasons(agent) == {"campaign_closed": (1, None)}


@pytest.mark.parametrize("rows", [1, 3])
def test_status_needs_a_fixed_number_of_queries(agent, campaign, rows, django_assert_num_queries):
    for _more in range(rows):
        make_task(campaign)
    agent.scope()
    with django_assert_num_queries(7):
        assert queue_status(agent=agent, now=NOW).ready == rows


def test_tasks_ended_by_the_do_not_call_list_are_counted_for_a_day(agent, campaign):
    task = make_task(campaign)
    block(customer=task.customer, category="requested", reason="x", by=None, now=NOW)
    assert claim_next(agent=agent, now=NOW) is None
    assert reasons(agent) == {"blacklisted": (1, None)}
    assert reasons(agent, now=NOW + timedelta(days=2)) == {}
