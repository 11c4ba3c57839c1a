"""Policies and quotas for the customers of a segment (CAM-2, CAM-3, CUS-5)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callbacks.actions import apply_policy, release_quota
from callbacks.models import Task
from callbacks.tests.make import NOW, make_campaign, make_customer, make_team
from callbacks.tests.test_apply_policies import make_event, make_policy
from callbacks.tests.test_release_quotas import make_plan
from callcenter.errors import Refused
from customers.models import Contact, Segment
from customers.tests.segments import KEY, make_segment

pytestmark = pytest.mark.django_db
RECENT = {"kind": "contact", "op": "not_within", "days": 7}


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def planned():
    return set(Task.objects.values_list("customer", flat=True))


def contact(customer):
    Contact.objects.create(customer=customer, channel="phone", purpose="service", at=NOW)
    return customer


def key(campaign, **fields):
    return make_customer(client=campaign.client, key_customer=True, **fields)


def test_policy_with_an_event_plans_the_segments_customers_only(campaign):
    wanted = make_event(campaign, customer=key(campaign)).customer
    make_event(campaign)
    make_event(campaign, customer=contact(key(campaign)))
    policy = make_policy(campaign, segment=make_segment(KEY, RECENT))
    assert apply_policy(policy=policy, now=NOW).created == 1
    assert planned() == {wanted.pk}


def test_policy_without_events_plans_the_segments_customers_only(campaign):
    wanted = key(campaign)
    make_customer(client=campaign.client)
    key(make_campaign())
    policy = make_policy(campaign, event_kind="", every_months=3, segment=make_segment(KEY, RECENT))
    assert apply_policy(policy=policy, now=NOW).created == 1
    assert planned() == {wanted.pk}


def test_customer_who_enters_the_segment_after_the_event_is_planned_then(campaign):
    late = make_event(campaign, created_at=NOW - timedelta(days=3)).customer
    policy = make_policy(campaign, segment=make_segment(), applied_through=NOW - timedelta(days=1))
    assert apply_policy(policy=policy, now=NOW).created == 0
    type(late).objects.filter(pk=late.pk).update(key_customer=True)
    assert apply_policy(policy=policy, now=NOW).created == 1


def test_coverage_is_drawn_of_the_segment(campaign):
    for _ in range(10):
        make_event(campaign, customer=key(campaign))
        make_event(campaign)
    policy = make_policy(campaign, segment=make_segment(), coverage_percent=50)
    assert apply_policy(policy=policy, now=NOW).created == 5
    assert set(Task.objects.values_list("customer__key_customer", flat=True)) == {True}


def test_segment_stays_inside_the_one_statement_of_the_policy(campaign):
    for _ in range(3):
        make_event(campaign, customer=key(campaign))
    policies = [make_policy(campaign), make_policy(campaign, segment=make_segment(KEY, RECENT))]
    queries = []
    for policy in policies:
        with CaptureQueriesContext(connection) as seen:
            assert apply_policy(policy=policy, now=NOW).created == 3
        queries.append(len(seen))
    assert queries[0] == queries[1]


def test_policy_whose_segment_cannot_be_read_is_refused_and_plans_nothing(campaign):
    make_event(campaign, customer=key(campaign))
    segment = make_segment()
    Segment.objects.filter(pk=segment.pk).update(definition={"groups": "x"})
    policy = make_policy(campaign, segment=segment)
    with pytest.raises(Refused):
        apply_policy(policy=policy, now=NOW)
    policy.refresh_from_db()
    assert (planned(), policy.applied_through) == (set(), None)


def test_quota_releases_the_segments_customers_of_its_team_only():
    plan = make_plan(4)
    plan.lines.update(segment=make_segment())
    make_customer(client=plan.campaign.client, team=make_team(), key_customer=True)
    assert release_quota(plan=plan, by=None, now=NOW) == 1
    assert list(Task.objects.values_list("customer__key_customer", flat=True)) == [True]
