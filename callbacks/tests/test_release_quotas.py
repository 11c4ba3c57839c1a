from datetime import timedelta

import pytest
from django.urls import reverse

from callbacks.actions import claim_next, reclaim_quota, release_due, release_quota
from callbacks.models import Task
from callbacks.queries.assigned import untouched_tasks
from callbacks.tests.make import (
    NOW,
    make_agent,
    make_campaign,
    make_client,
    make_customer,
    make_team,
    make_user,
)
from callcenter.errors import Refused
from callcenter.workflow import IllegalMove
from campaigns import actions
from campaigns.models import Account, Campaign
from campaigns.queries import account_counts, quota_lines
from campaigns.states import CampaignState

pytestmark = pytest.mark.django_db


def make_plan(*wanted, customers=5):
    """An approved plan of a running campaign whose team has some customers."""
    team, client = make_team(), make_client()
    campaign = make_campaign(team=team, client=client)
    for number in range(customers):
        make_customer(client=client, team=team, key_customer=number == 0, phones=[f"+86137{number:08}"])
    plan = actions.create_quota_plan(campaign=campaign, team=team, name="Spring", by=make_user(), now=NOW)
    for count in wanted:
        actions.add_quota_line(plan=plan, wanted=count)
    actions.propose_quota(plan=plan, by=make_user(), now=NOW)
    return actions.approve_quota(plan=plan, by=make_user(), now=NOW)


def test_released_plan_becomes_tasks_of_its_team_due_within_a_week():
    plan = make_plan(3)
    assert release_quota(plan=plan, by=make_user(), now=NOW) == 3
    tasks = list(Task.objects.select_related("queue", "account"))
    assert len(tasks) == Account.objects.filter(campaign=plan.campaign).count() == 3
    assert (
        {task.queue.team_id for task in tasks} == {task.account.team_id for task in tasks} == {plan.team_id}
    )
    assert {task.deadline.date() - NOW.date() for task in tasks} == {timedelta(days=7)}
    plan.refresh_from_db()
    assert (plan.state, plan.released_at, plan.lines.get().released) == ("released", NOW, 3)
    release_due(now=NOW)
    assert claim_next(agent=make_agent(plan.team), now=NOW).campaign_id == plan.campaign_id


def test_customer_who_fits_two_lines_is_drawn_once():
    plan = make_plan(3, 9)
    assert release_quota(plan=plan, by=None, now=NOW) == 5
    assert list(plan.lines.order_by("id").values_list("released", flat=True)) == [3, 2]
    assert Task.objects.values("customer").distinct().count() == Task.objects.count() == 5


def test_release_costs_the_same_for_few_and_many(django_assert_max_num_queries):
    plan = make_plan(40, customers=40)
    with django_assert_max_num_queries(25):
        release_quota(plan=plan, by=None, now=NOW)
    assert Task.objects.count() == 40


def test_plan_is_released_once():
    plan = make_plan(2)
    release_quota(plan=plan, by=None, now=NOW)
    with pytest.raises(IllegalMove):
        release_quota(plan=plan, by=None, now=NOW)
    assert Task.objects.count() == 2


def test_plan_of_a_paused_campaign_waits():
    plan = make_plan(2)
    Campaign.objects.update(state=CampaignState.PAUSED)
    plan.campaign.refresh_from_db()
    with pytest.raises(Refused):
        release_quota(plan=plan, by=None, now=NOW)
    assert not Task.objects.exists()


def test_manager_releases_on_the_plans_page(client):
    plan = make_plan(2)
    address = reverse("callbacks:release_quota", args=[plan.pk])
    client.force_login(make_user("lead", team=plan.team))
    assert client.post(address).status_code == 403
    client.force_login(make_user("manager", team=make_team()))
    assert client.post(address).status_code == 404
    client.force_login(make_user("manager", team=plan.team))
    assert address in client.get(reverse("campaigns:quota", args=[plan.pk])).content.decode()
    assert client.post(address).status_code == 302
    assert Task.objects.count() == 2
    assert client.post(address).status_code == 409


def released(*wanted, customers=5):
    plan = make_plan(*wanted, customers=customers)
    release_quota(plan=plan, by=None, now=NOW)
    release_due(now=NOW)
    return plan


def test_taken_back_quota_ends_what_is_untouched_and_leaves_the_rest():
    plan = released(3, 2)
    agent = make_agent(plan.team)
    held = claim_next(agent=agent, now=NOW)
    dialled = Task.objects.filter(state="ready").order_by("id").first()
    Task.objects.filter(pk=dialled.pk).update(attempts=1)
    assert reclaim_quota(plan=plan, by=make_user(), now=NOW) == 3
    left = Task.objects.exclude(state="cancelled").order_by("id")
    assert {task.pk for task in left} == {held.pk, dialled.pk}
    plan.refresh_from_db()
    assert (plan.state, plan.reclaimed_at) == ("reclaimed", NOW)
    assert sum(plan.lines.values_list("reclaimed", flat=True)) == 3
    with pytest.raises(IllegalMove):
        reclaim_quota(plan=plan, by=None, now=NOW)


def test_customers_given_back_can_be_drawn_again_and_count_once():
    plan = released(5)
    claim_next(agent=make_agent(plan.team), now=NOW)
    reclaim_quota(plan=plan, by=None, now=NOW)
    assert Account.objects.filter(reclaimed_on__isnull=False).count() == 4
    assert account_counts(plan.campaign)["loaded"] == 1
    again = actions.create_quota_plan(
        campaign=plan.campaign, team=plan.team, name="Again", by=make_user(), now=NOW, contact_days=3
    )
    actions.add_quota_line(plan=again, wanted=9)
    assert quota_lines(again, now=NOW)[0].available == 4
    actions.propose_quota(plan=again, by=make_user(), now=NOW)
    release_quota(plan=actions.approve_quota(plan=again, by=make_user(), now=NOW), by=None, now=NOW)
    assert account_counts(plan.campaign)["loaded"] == Account.objects.count() == 5
    fresh = Task.objects.filter(state="planned")
    assert fresh.count() == 4
    assert {task.surfaces_at.date() - NOW.date() for task in fresh} == {timedelta(days=3)}


def test_taking_back_costs_the_same_for_few_and_many(django_assert_max_num_queries):
    plan = released(40, customers=40)
    with django_assert_max_num_queries(21):
        assert reclaim_quota(plan=plan, by=None, now=NOW) == 40


def test_manager_takes_back_on_the_plans_page(client):
    plan = released(2)
    address = reverse("callbacks:reclaim_quota", args=[plan.pk])
    client.force_login(make_user("lead", team=plan.team))
    assert client.post(address).status_code == 403
    client.force_login(make_user("manager", team=make_team()))
    assert client.post(address).status_code == 404
    client.force_login(make_user("manager", team=plan.team))
    page = reverse("campaigns:quota", args=[plan.pk])
    assert address in client.get(page).content.decode()
    assert client.post(address).status_code == 302
    assert address not in client.get(page).content.decode()
    assert client.post(address).status_code == 409


def test_released_and_untouched_customers_come_up_after_the_days_of_the_plan():
    plan = released(2)
    task = Task.objects.order_by("id").first()
    assert (task.assigned_at, task.surfaces_at) == (NOW, task.deadline)
    lead = make_user("lead", team=plan.team)
    assert not untouched_tasks(lead, now=NOW + timedelta(days=7))
    assert len(untouched_tasks(lead, now=NOW + timedelta(days=8))) == 2
