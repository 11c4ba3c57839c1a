"""The sweeps and commands of the queue: safe to run twice, late or in parallel (DESIGN section 2)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from callbacks import tasks
from callbacks.actions import (
    apply_policy,
    assign_tasks,
    cancel_tasks,
    claim_next,
    hold_tasks,
    lift_hold,
    move_tasks,
    plan_task,
    release_due,
    renew_lease,
    run_verb,
)
from callbacks.models import Task
from callbacks.queries import queue_status
from callbacks.states import TaskState
from callbacks.tests.make import NOW, make_agent, make_campaign, make_customer, make_task, make_team
from callbacks.tests.test_apply_policies import make_event, make_policy
from callcenter.errors import Conflict, Refused
from callcenter.models import Pulse
from callcenter.schedule import RINGS
from campaigns.models import Campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def test_planning_twice_plans_once(campaign):
    customer = make_customer(client=campaign.client)
    plan = {"campaign": campaign, "customer": customer, "kind": "callback", "source": "second:31"}
    first, created = plan_task(**plan, due_at=NOW, deadline=None, now=NOW)
    again, created_again = plan_task(**plan, due_at=NOW + timedelta(days=1), deadline=None, now=NOW)
    assert (created, created_again, again.pk, again.due_at) == (True, False, first.pk, NOW)


def test_planning_for_a_campaign_without_team_is_refused(campaign):
    campaign.teams.clear()
    with pytest.raises(Refused):
        plan_task(
            campaign=campaign,
            customer=make_customer(),
            kind="callback",
            source="x",
            due_at=NOW,
            deadline=None,
            now=NOW,
        )


def test_release_twice_releases_once(campaign):
    make_task(campaign, ready=False)
    assert (release_due(now=NOW), release_due(now=NOW)) == (1, 0)
    assert Task.objects.get().steps.filter(to_state="ready").count() == 1


def test_release_leaves_work_outside_the_calling_hours_in_the_plan(campaign):
    night = NOW.replace(hour=14)
    make_task(campaign, ready=False)
    assert release_due(now=night) == 0


def test_policy_task_whose_window_is_over_is_closed(campaign):
    make_event(campaign)
    policy = make_policy(campaign)
    apply_policy(policy=policy, now=NOW)
    release_due(now=NOW + timedelta(days=20))
    task = Task.objects.get()
    assert (task.state, task.blocked_by) == (TaskState.CANCELLED, ["window_over"])


def test_late_second_contact_is_still_made(campaign):
    make_task(campaign, ready=False, kind="second_contact", deadline=NOW - timedelta(days=1))
    assert release_due(now=NOW) == 1


def test_promise_by_message_without_reply_becomes_a_call(campaign):
    make_event(campaign)
    policy = make_policy(campaign, channel="email", fallback_channel="phone", fallback_days=3)
    apply_policy(policy=policy, now=NOW)
    assert release_due(now=NOW) == 0
    reasons = {reason.code: reason.count for reason in queue_status(campaign=campaign, now=NOW).reasons}
    assert reasons == {"message": 1}
    assert release_due(now=NOW + timedelta(days=2)) == 1
    task = Task.objects.get()
    assert (task.channel, task.state) == ("phone", TaskState.READY)


def test_lead_takes_a_claimed_task_back_and_its_page_is_fenced_off(team, campaign):
    agent = make_agent(team)
    make_task(campaign)
    claimed = claim_next(agent=agent, now=NOW)
    assert run_verb(Task.objects.all(), verb="reclaim", by=None, now=NOW) == 1
    assert (Task.objects.get().state, Task.objects.get().agent) == (TaskState.READY, None)
    with pytest.raises(Conflict):
        renew_lease(task_id=claimed.pk, agent=agent, token=claimed.token, now=NOW)


def test_hold_ends_by_itself_or_by_hand(campaign):
    first, second = make_task(campaign), make_task(campaign)
    tasks_of = Task.objects.filter(pk=first.pk)
    assert hold_tasks(tasks_of, hold="level3", until=NOW + timedelta(hours=1), by=None, now=NOW) == 1
    assert hold_tasks(Task.objects.filter(pk=second.pk), hold="focus", by=None, now=NOW) == 1
    assert release_due(now=NOW) == 0
    assert release_due(now=NOW + timedelta(hours=1)) == 1
    first.refresh_from_db()
    assert (first.state, first.hold, first.hold_until) == (TaskState.READY, "", None)
    assert lift_hold(Task.objects.all(), by=None, now=NOW) == 1


def test_claimed_task_can_be_cancelled_but_not_a_call_under_way(team, campaign):
    agent = make_agent(team)
    make_task(campaign)
    claimed = claim_next(agent=agent, now=NOW)
    Task.objects.filter(pk=claimed.pk).update(state="in_call")
    assert cancel_tasks(Task.objects.all(), by=None, now=NOW, note="x") == 0
    Task.objects.filter(pk=claimed.pk).update(state="claimed")
    assert cancel_tasks(Task.objects.all(), by=None, now=NOW, note="x") == 1
    assert Task.objects.get().closed_at == NOW


def test_tasks_are_reserved_only_for_agents_of_their_team(team, campaign):
    make_task(campaign)
    assert assign_tasks(Task.objects.all(), agent=make_agent(make_team()), by=None, now=NOW) == 0
    mine = make_agent(team)
    assert assign_tasks(Task.objects.all(), agent=mine, by=None, now=NOW) == 1
    assert Task.objects.get().reserved_for == mine


def test_tasks_move_to_another_team_of_their_campaign_only(campaign):
    make_task(campaign)
    other, stranger = make_team(), make_team()
    campaign.teams.add(other)
    assert move_tasks(Task.objects.all(), team=stranger, by=None, now=NOW) == 0
    assert move_tasks(Task.objects.all(), team=other, by=None, now=NOW) == 1
    assert Task.objects.get().queue.team == other


def test_sweeps_run_and_leave_their_pulse(campaign):
    make_event(campaign)
    make_policy(campaign)
    for sweep in (tasks.return_expired, tasks.release_due, tasks.apply_policies):
        sweep()
    assert {"callbacks.return_expired", "callbacks.release_due", "callbacks.apply_policies"} <= set(
        Pulse.objects.values_list("name", flat=True)
    )


def test_every_sweep_is_in_the_schedule():
    assert {"callbacks.return_expired", "callbacks.release_due", "callbacks.apply_policies"} <= {
        ring.task for ring in RINGS
    }


def test_command_applies_the_policies_and_says_how_many(capsys, campaign):
    from django.utils import timezone

    make_event(campaign, at=timezone.now() - timedelta(days=1))
    make_policy(campaign)
    call_command("apply_policies")
    assert "1 policies, 1 new tasks, 0 failed" in capsys.readouterr().out


def test_command_fails_when_a_policy_cannot_be_applied(campaign):
    make_policy(campaign)
    campaign.teams.clear()
    with pytest.raises(CommandError):
        call_command("apply_policies")


def test_command_knows_no_policy_of_a_campaign_that_does_not_run(campaign):
    make_policy(campaign)
    Campaign.objects.update(state="paused")
    with pytest.raises(CommandError):
        call_command("apply_policies", campaign=campaign.code)
