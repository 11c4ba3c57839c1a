"""Policies become tasks (CAM-2, CAM-4)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from callbacks.actions import apply_policy
from callbacks.models import Task
from callbacks.queries.policies import period_of
from callbacks.tests.make import NOW, make_campaign, make_customer, make_team
from callcenter.errors import Refused
from callcenter.workdays import day_bounds
from campaigns.models import Account, Campaign, Policy
from campaigns.rules.coverage import draw
from customers.actions import block
from customers.models import ServiceEvent
from customers.tests.make import make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def make_policy(campaign, **fields):
    values = {"name": "理赔回访", "event_kind": "claim_settled", "seed": "2026", "window": 14} | fields
    return Policy.objects.create(campaign=campaign, **values)


def make_event(campaign, *, customer=None, at=NOW - timedelta(days=1), kind="claim_settled", **fields):
    customer = customer or make_customer(client=campaign.client)
    number = ServiceEvent.objects.count() + 1
    values = {"external_id": f"E{number}", "occurred_at": at, "created_at": NOW} | fields
    return ServiceEvent.objects.create(client=customer.client, customer=customer, kind=kind, **values)


def test_event_becomes_a_task_with_account_window_and_rank(team, campaign):
    event = make_event(campaign, customer=make_customer(client=campaign.client, team=team))
    policy = make_policy(campaign, priority=3)
    assert apply_policy(policy=policy, now=NOW).created == 1
    task = Task.objects.get()
    assert (task.source, task.policy, task.customer) == (
        f"policy:{policy.pk}:event:{event.pk}",
        policy,
        event.customer,
    )
    assert (task.state, task.due_at, task.priority, task.queue.team) == (
        "planned",
        event.occurred_at,
        3,
        team,
    )
    last_day = (NOW + timedelta(days=13)).date()
    assert task.deadline == day_bounds(last_day, "Asia/Shanghai")[1]
    assert (task.account.loaded_on, task.account.team) == (NOW.date(), team)
    assert task.rank > 0


def test_applying_again_adds_nothing_and_new_events_are_added(campaign):
    make_event(campaign)
    policy = make_policy(campaign)
    apply_policy(policy=policy, now=NOW)
    assert apply_policy(policy=policy, now=NOW).created == 0
    assert apply_policy(policy=policy, now=NOW, full=True).created == 0
    later = NOW + timedelta(hours=1)
    make_event(campaign, at=NOW, created_at=later)
    assert apply_policy(policy=policy, now=later).created == 1


def test_watermark_leaves_old_events_alone_unless_all_are_asked_for(campaign):
    make_event(campaign, created_at=NOW - timedelta(days=3))
    policy = make_policy(campaign, applied_through=NOW - timedelta(days=1))
    assert apply_policy(policy=policy, now=NOW).created == 0
    assert apply_policy(policy=policy, now=NOW, full=True).created == 1


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "repair"},
        {"at": NOW + timedelta(minutes=1)},
        {"at": NOW - timedelta(days=16)},
    ],
)
def test_event_of_another_kind_or_outside_the_window_plans_nothing(campaign, event):
    make_event(campaign, **event)
    assert apply_policy(policy=make_policy(campaign), now=NOW).created == 0


def test_event_of_another_client_plans_nothing(campaign):
    make_event(campaign, customer=make_customer())
    assert apply_policy(policy=make_policy(campaign), now=NOW).created == 0


def test_start_delay_plans_from_the_beginning_of_that_day(campaign):
    make_event(campaign)
    apply_policy(policy=make_policy(campaign, start_delay_days=3), now=NOW)
    assert Task.objects.get().due_at == day_bounds((NOW + timedelta(days=2)).date(), "Asia/Shanghai")[0]


def test_blacklisted_customers_and_numbers_are_left_out(campaign):
    person = make_event(campaign).customer
    block(customer=person, category="requested", reason="x", by=None, now=NOW)
    number = make_customer(client=campaign.client, phones=["+8613911110001"])
    make_event(campaign, customer=number)
    block(number="13911110001", category="requested", reason="x", by=None, now=NOW)
    two = make_customer(client=campaign.client, phones=["+8613911110002", "+8613911110003"])
    make_event(campaign, customer=two)
    block(number="13911110002", category="requested", reason="x", by=None, now=NOW)
    elsewhere = make_event(campaign).customer
    block(customer=elsewhere, purpose="sales", category="requested", reason="x", by=None, now=NOW)
    apply_policy(policy=make_policy(campaign), now=NOW)
    assert set(Task.objects.values_list("customer_id", flat=True)) == {two.pk, elsewhere.pk}


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"key_customers_only": True}, "key"),
        ({"ordinary_only": True, "nature": "company"}, "company"),
        ({"fact_name": "amount_class", "fact_value": "big"}, "big"),
        ({"without_phone": True, "channel": "post"}, "post"),
    ],
)
def test_filters_of_the_policy_choose_the_customers(campaign, filters, kept):
    chosen = {
        "key": make_customer(client=campaign.client, key_customer=True),
        "company": make_customer(client=campaign.client, nature="company"),
        "big": make_customer(client=campaign.client),
        "post": make_customer(client=campaign.client, phones=(), address="杭州市文一路1号"),
    }
    for name, customer in chosen.items():
        make_event(campaign, customer=customer, facts={"amount_class": name})
    apply_policy(policy=make_policy(campaign, **filters), now=NOW)
    assert Task.objects.get().customer == chosen[kept]


@pytest.mark.parametrize(("percent", "minimum"), [("10", 0), ("33.33", 0), ("0", 2), ("50", 3)])
def test_coverage_draws_what_the_rule_draws(campaign, percent, minimum):
    north, south = make_region(), make_region()
    customers = [
        make_customer(client=campaign.client, region=region)
        for region, count in ((north, 11), (south, 4), (None, 2))
        for _n in range(count)
    ]
    for customer in customers:
        make_event(campaign, customer=customer)
    policy = make_policy(campaign, coverage_percent=Decimal(percent), minimum_per_stratum=minimum)
    apply_policy(policy=policy, now=NOW)
    members = [(customer.pk, customer.region_id) for customer in customers]
    wanted = draw(members, percent=percent, minimum=minimum, seed=policy.seed)
    assert set(Task.objects.values_list("customer_id", flat=True)) == wanted
    assert apply_policy(policy=policy, now=NOW).created == 0


def test_growing_population_keeps_who_was_drawn(campaign):
    policy = make_policy(campaign, coverage_percent=Decimal(50))
    first = {make_event(campaign).customer_id for _n in range(4)}
    apply_policy(policy=policy, now=NOW)
    drawn = set(Task.objects.values_list("customer_id", flat=True))
    more = {make_event(campaign).customer_id for _n in range(4)}
    apply_policy(policy=policy, now=NOW)
    members = [(pk, None) for pk in first | more]
    assert set(Task.objects.values_list("customer_id", flat=True)) == draw(
        members, percent=50, seed=policy.seed, already=drawn
    )


def test_each_event_of_a_drawn_customer_is_promised(campaign):
    customer = make_customer(client=campaign.client)
    make_event(campaign, customer=customer)
    make_event(campaign, customer=customer)
    assert apply_policy(policy=make_policy(campaign), now=NOW).created == 2
    assert Account.objects.count() == 1


def test_customers_of_other_teams_are_spread_over_the_teams_of_the_campaign(campaign):
    campaign.teams.add(make_team())
    for _more in range(4):
        make_event(campaign)
    apply_policy(policy=make_policy(campaign), now=NOW)
    by_team = list(Account.objects.order_by("customer_id").values_list("team_id", flat=True))
    assert sorted(set(by_team)) == sorted(campaign.teams.values_list("id", flat=True))
    assert {
        task.queue.team_id == task.account.team_id for task in Task.objects.select_related("queue", "account")
    } == {True}


def test_periodic_policy_plans_everybody_once_in_the_period(campaign):
    make_customer(client=campaign.client)
    make_customer(client=campaign.client, key_customer=True)
    make_customer()
    policy = make_policy(
        campaign, event_kind="", every_months=3, ordinary_only=True, window=3, window_unit="months"
    )
    assert apply_policy(policy=policy, now=NOW).created == 1
    assert apply_policy(policy=policy, now=NOW + timedelta(days=20)).created == 0
    assert Task.objects.get().source.startswith(f"policy:{policy.pk}:2026-01:customer:")


@pytest.mark.parametrize(
    ("day", "start"),
    [("2026-03-04", "2026-01-01"), ("2026-12-31", "2026-10-01"), ("2026-04-01", "2026-04-01")],
)
def test_quarter_begins_with_its_first_month(day, start):
    from datetime import date

    assert period_of(date.fromisoformat(day), 3) == date.fromisoformat(start)


def test_policy_of_a_campaign_that_does_not_run_is_refused(campaign):
    Campaign.objects.update(state="paused")
    with pytest.raises(Refused) as refused:
        apply_policy(policy=make_policy(campaign), now=NOW)
    assert refused.value.code == "policy_idle"


def test_policy_without_a_team_is_refused(campaign):
    campaign.teams.clear()
    with pytest.raises(Refused) as refused:
        apply_policy(policy=make_policy(campaign), now=NOW)
    assert refused.value.code == "no_team"


@pytest.mark.parametrize("events", [1, 30])
def test_number_of_statements_does_not_grow_with_the_customers(
    campaign, events, django_assert_max_num_queries
):
    for _more in range(events):
        make_event(campaign)
    policy = make_policy(campaign, coverage_percent=Decimal(50))
    with django_assert_max_num_queries(17):
        apply_policy(policy=policy, now=NOW)
