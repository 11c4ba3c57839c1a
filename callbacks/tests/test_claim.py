"""Handing out the next task: order, lease, fence, permission (CB-2, CB-3)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callbacks.actions import (
    claim_next,
    end_call,
    release_due,
    release_task,
    renew_lease,
    return_expired,
    save_draft,
)
from callbacks.actions.claim import TRIES
from callbacks.models import Draft, Queue, Task
from callbacks.queries.claimed import with_customer
from callbacks.queries.permission import permission_at_claim, permission_of, with_context
from callbacks.states import TaskState
from callbacks.tests.make import NOW, make_agent, make_campaign, make_customer, make_task, make_team
from callcenter.errors import Conflict
from campaigns.models import Campaign
from campaigns.states import CampaignState
from customers.actions import block
from customers.models import Contact
from customers.queries.reference import reference
from customers.tests.make import make_consent

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


def test_claim_hands_out_a_ready_task_with_lease_token_and_history(agent, campaign):
    task = make_task(campaign)
    claimed = claim_next(agent=agent, now=NOW)
    assert (claimed.pk, claimed.state, claimed.agent, claimed.token) == (task.pk, TaskState.CLAIMED, agent, 1)
    assert claimed.lease_until == NOW + timedelta(seconds=90)
    moves = list(claimed.steps.order_by("id").values_list("from_state", "to_state", "by"))
    assert moves == [("", "planned", None), ("planned", "ready", None), ("ready", "claimed", agent.pk)]


def test_claim_releases_what_is_due_when_the_queue_is_empty(agent, campaign):
    task = make_task(campaign, ready=False)
    assert claim_next(agent=agent, now=NOW).pk == task.pk


def test_claim_hands_out_nothing_before_it_is_due(agent, campaign):
    make_task(campaign, due_at=NOW + timedelta(seconds=1))
    assert claim_next(agent=agent, now=NOW) is None


def test_claim_returns_the_task_the_agent_already_holds(agent, campaign):
    make_task(campaign)
    make_task(campaign)
    first = claim_next(agent=agent, now=NOW)
    later = NOW + timedelta(seconds=30)
    again = claim_next(agent=agent, now=later)
    assert (again.pk, again.token, again.lease_until) == (first.pk, 1, later + timedelta(seconds=90))
    assert Task.objects.held().count() == 1


def test_claim_never_gives_one_task_to_two_agents(team, agent, campaign):
    make_task(campaign)
    assert claim_next(agent=agent, now=NOW) is not None
    assert claim_next(agent=make_agent(team), now=NOW) is None


def test_claim_keeps_the_order_of_work_across_queues(agent, team, campaign):
    other = make_campaign(team=team)
    plain = make_task(campaign, priority=5)
    urgent = make_task(other, priority=1)
    second = make_task(campaign, kind=Task.Kind.SECOND_CONTACT, priority=9)
    soon = make_task(other, deadline=NOW + timedelta(days=1), priority=9)
    agents = [agent, *(make_agent(team) for _more in range(3))]
    assert [claim_next(agent=one, now=NOW).pk for one in agents] == [second.pk, soon.pk, urgent.pk, plain.pk]


def test_claim_hands_out_nothing_of_another_team(agent):
    make_task(make_campaign())
    assert claim_next(agent=agent, now=NOW) is None


@pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.FINISHED, CampaignState.DRAFT])
def test_claim_hands_out_nothing_of_a_campaign_that_does_not_run(agent, campaign, state):
    make_task(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    assert claim_next(agent=agent, now=NOW) is None


def test_claim_hands_out_nothing_outside_the_dates_of_the_campaign(agent, campaign):
    make_task(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(ends_on=NOW.date() - timedelta(days=1))
    assert claim_next(agent=agent, now=NOW) is None


def test_claim_hands_out_nothing_of_a_closed_queue(agent, campaign):
    make_task(campaign)
    Queue.objects.update(open=False)
    assert claim_next(agent=agent, now=NOW) is None


def test_claim_leaves_reserved_tasks_to_their_agent_until_the_time_is_over(team, agent, campaign):
    other = make_agent(team)
    until = NOW + timedelta(minutes=15)
    task = make_task(campaign, reserved_for=other, reserved_until=until)
    assert claim_next(agent=agent, now=NOW) is None
    assert claim_next(agent=other, now=NOW).pk == task.pk


def test_reserved_task_becomes_anyones_after_its_time(team, agent, campaign):
    task = make_task(campaign, reserved_for=make_agent(team), reserved_until=NOW + timedelta(minutes=15))
    later = NOW + timedelta(minutes=15)
    release_due(now=later)
    assert claim_next(agent=agent, now=later).pk == task.pk


def test_refused_task_goes_back_to_the_plan_with_time_and_reasons(agent, campaign):
    resting = make_customer(client=campaign.client, rest_hours=[["09:30", "11:00"]])
    task = make_task(campaign, customer=resting, priority=1)
    free = make_task(campaign)
    assert claim_next(agent=agent, now=NOW).pk == free.pk
    task.refresh_from_db()
    assert (task.state, task.blocked_by) == (TaskState.PLANNED, ["rest_hours"])
    assert task.due_at == NOW + timedelta(hours=1)
    assert task.lease_until is None


def test_blacklisted_customer_is_never_handed_out_and_the_task_ends(agent, campaign):
    task = make_task(campaign)
    block(customer=task.customer, category="requested", reason="asked", by=None, now=NOW)
    assert claim_next(agent=agent, now=NOW) is None
    task.refresh_from_db()
    assert (task.state, task.blocked_by, task.disposition.code) == (
        TaskState.CANCELLED,
        ["blacklisted"],
        "CANCEL",
    )


def test_many_refused_heads_do_not_hide_the_task_behind_them(agent, campaign):
    for _more in range(TRIES * 3):
        resting = make_customer(client=campaign.client, rest_hours=[["09:30", "11:00"]])
        make_task(campaign, customer=resting, priority=1)
    free = make_task(campaign, priority=9)
    assert claim_next(agent=agent, now=NOW).pk == free.pk
    assert Task.objects.filter(state=TaskState.PLANNED, blocked_by=["rest_hours"]).count() == TRIES * 3


def test_two_tasks_of_one_customer_are_not_worked_at_once(team, agent, campaign):
    customer = make_customer(client=campaign.client)
    make_task(campaign, customer=customer)
    second = make_task(campaign, customer=customer)
    assert claim_next(agent=agent, now=NOW) is not None
    assert claim_next(agent=make_agent(team), now=NOW) is None
    second.refresh_from_db()
    assert second.blocked_by == ["other_agent"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_next_task_needs_at_most_twelve_queries(settings, agent, campaign):
    settings.REFERENCE_SECONDS = 60
    make_task(campaign)
    reference()
    with CaptureQueriesContext(connection) as queries:
        assert claim_next(agent=agent, now=NOW)
    assert len([query for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]) <= 12


def test_lease_is_renewed_by_the_holder_only(agent, campaign):
    make_task(campaign)
    task = claim_next(agent=agent, now=NOW)
    later = NOW + timedelta(seconds=60)
    assert renew_lease(task_id=task.pk, agent=agent, token=1, now=later) == later + timedelta(seconds=90)
    for stale in ({"token": 2}, {"task_id": 10**15}, {"agent": make_agent(make_team())}):
        with pytest.raises(Conflict) as lost:
            renew_lease(**{"task_id": task.pk, "agent": agent, "token": 1, "now": later} | stale)
        assert lost.value.code == "lease_lost"


def test_expired_claim_returns_with_its_draft_and_the_old_page_is_fenced_off(team, agent, campaign):
    make_task(campaign)
    task = claim_next(agent=agent, now=NOW)
    save_draft(task_id=task.pk, agent=agent, token=1, content={"note": "客户要求上午回电"}, now=NOW)
    later = NOW + timedelta(seconds=91)
    assert return_expired(now=later) == 1
    other = make_agent(team)
    assert claim_next(agent=other, now=later).token == 2
    assert Draft.objects.get(task=task).content == {"note": "客户要求上午回电"}
    with pytest.raises(Conflict):
        save_draft(task_id=task.pk, agent=agent, token=1, content={"note": "stale"}, now=later)
    with pytest.raises(Conflict):
        end_call(task_id=task.pk, agent=agent, token=1, now=later)
    assert Draft.objects.get(task=task).content == {"note": "客户要求上午回电"}


def test_lease_that_still_runs_is_left_alone(agent, campaign):
    make_task(campaign)
    claim_next(agent=agent, now=NOW)
    assert return_expired(now=NOW + timedelta(seconds=90)) == 0


def test_released_task_is_offered_to_others_first(team, agent, campaign):
    first, second = make_task(campaign, priority=1), make_task(campaign)
    task = claim_next(agent=agent, now=NOW)
    release_task(task_id=task.pk, agent=agent, token=task.token, now=NOW, note="熟人")
    assert claim_next(agent=agent, now=NOW).pk == second.pk
    assert claim_next(agent=make_agent(team), now=NOW).pk == first.pk


def test_released_task_comes_back_to_its_agent_when_nothing_else_waits(agent, campaign):
    make_task(campaign)
    task = claim_next(agent=agent, now=NOW)
    release_task(task_id=task.pk, agent=agent, token=task.token, now=NOW)
    assert claim_next(agent=agent, now=NOW).token == 2


@pytest.mark.parametrize(
    "record",
    [
        lambda customer: None,
        lambda customer: block(number="13912345678", category="requested", reason="x", by=None, now=NOW),
        lambda customer: make_consent(customer, purpose="service", state="withdrawn"),
        lambda customer: make_consent(customer, purpose="sales"),
        lambda customer: [record_contact_of(customer) for _more in range(3)],
        lambda customer: customer.phones.update(state="empty"),
        lambda customer: customer.phones.all().delete(),
    ],
)
def test_quick_decision_of_the_claim_is_the_whole_decision(campaign, record):
    customer = make_customer(client=campaign.client, phones=["+8613912345678"])
    task = make_task(campaign, customer=customer)
    record(customer)
    task = with_context(Task.objects.filter(pk=task.pk)).get()
    assert permission_at_claim(with_customer(task), now=NOW) == permission_of(task, now=NOW)


def record_contact_of(customer):
    return Contact.objects.create(
        customer=customer, channel="phone", purpose="service", at=NOW - timedelta(minutes=1)
    )


@pytest.mark.parametrize(
    ("fields", "open_queue"),
    [
        ({}, True),
        ({"state": "paused"}, True),
        ({"starts_on": NOW.date() + timedelta(days=1)}, True),
        ({"ends_on": NOW.date()}, True),
        ({"ends_on": NOW.date() - timedelta(days=1)}, True),
        ({}, False),
    ],
)
def test_the_claim_asks_the_rule_of_callable_queues(fields, open_queue):
    campaign = make_campaign()
    agent = make_agent(campaign.teams.get())
    make_task(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(**fields)
    Queue.objects.update(open=open_queue)
    allowed = Queue.objects.callable_by(agent, NOW.date()).exists()
    assert bool(claim_next(agent=agent, now=NOW)) == allowed
