"""One text to many: counted, planned in chunks, paused, resumed, cancelled (CB-9)."""

import uuid
from datetime import timedelta

import pytest

from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.jobs import run_now
from callcenter.workflow import IllegalMove
from customers.models import Customer
from messaging.actions import BATCH_VERBS, create_batch, send_due
from messaging.actions import batches as module
from messaging.models import Batch, Message
from messaging.tests.make import (
    NOW,
    make_customer,
    make_reachable,
    make_team,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
PLANNING = 41


@pytest.fixture
def lead():
    return make_user(Role.LEAD, team=make_team())


@pytest.fixture(autouse=True)
def _fixed_time(monkeypatch):
    monkeypatch.setattr(module.timezone, "now", lambda: NOW)


def make_batch(lead, version=None, **fields):
    values = {
        "name": "节日问候",
        "template": (version or make_version()).template,
        "filters": {},
        "starts_at": None,
        "client_uuid": uuid.uuid4(),
    }
    return create_batch(**values | fields, by=lead, now=NOW)


def planned(lead, **fields):
    batch = make_batch(lead, **fields)
    run_now(batch.job)
    batch.refresh_from_db()
    return batch


def team_of(lead):
    return lead.memberships.get().team


def test_batch_reaches_customers_in_scope_who_agree(lead):
    team = team_of(lead)
    good = [make_reachable(team=team) for _number in range(3)]
    make_customer(team=team)  # no consent
    make_reachable(team=team, phones=[])  # no number
    make_reachable(team=make_team())  # not ours
    batch = planned(lead)
    assert (batch.state, batch.skipped) == ("running", {"no_consent": 1, "no_address": 1})
    assert set(batch.messages.values_list("customer_id", flat=True)) == {one.pk for one in good}
    batch.job.refresh_from_db()
    assert (batch.job.total, batch.job.done, batch.job.ok, batch.job.skipped) == (5, 5, 3, 2)
    assert send_due(now=NOW) == 3
    batch.refresh_from_db()
    assert batch.state == "done"


def test_filters_choose(lead):
    team = team_of(lead)
    make_reachable(team=team, level="金")
    make_reachable(team=team, level="银")
    batch = planned(lead, filters={"level": "金", "team": team})
    assert batch.filters == {"level": "金", "team": team.pk}
    assert batch.messages.count() == 1


def test_filter_on_something_gone_reaches_nobody(lead):
    make_reachable(team=team_of(lead))
    batch = make_batch(lead)
    Batch.objects.filter(pk=batch.pk).update(filters={"team": 987_654_321})
    run_now(batch.job)
    assert not Message.objects.exists()


def test_job_taken_over_after_a_crash_plans_nobody_twice(lead, monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 2)
    for _number in range(5):
        make_reachable(team=team_of(lead))
    batch = make_batch(lead)
    real, calls = module.links_for, []

    def broken(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return real(*args, **kwargs)

    monkeypatch.setattr(module, "links_for", broken)
    job = run_now(batch.job)
    assert (job.state, Message.objects.count()) == ("failed", 2)
    type(job).objects.filter(pk=job.pk).update(state="queued")
    job.refresh_from_db()
    run_now(job)
    assert Message.objects.count() == 5


def test_same_form_sent_twice_is_one_batch(lead):
    number, version = uuid.uuid4(), make_version()
    first = make_batch(lead, version, client_uuid=number)
    assert make_batch(lead, version, client_uuid=number).pk == first.pk
    assert Batch.objects.count() == 1


def test_pause_resume_cancel(lead):
    for _number in range(2):
        make_reachable(team=team_of(lead))
    batch = planned(lead)
    BATCH_VERBS["pause"](batch=batch, by=lead, now=NOW)
    assert send_due(now=NOW) == 0
    BATCH_VERBS["resume"](batch=batch, by=lead, now=NOW)
    assert send_due(now=NOW, limit=1) == 1
    BATCH_VERBS["cancel"](batch=batch, by=lead, now=NOW)
    assert send_due(now=NOW) == 0
    assert sorted(Message.objects.values_list("state", flat=True)) == ["cancelled", "delivered"]
    with pytest.raises(IllegalMove):
        BATCH_VERBS["resume"](batch=batch, by=lead, now=NOW)


def test_batch_cancelled_while_it_is_prepared_writes_no_more(lead):
    make_reachable(team=team_of(lead))
    batch = make_batch(lead)
    BATCH_VERBS["cancel"](batch=batch, by=lead, now=NOW)
    run_now(batch.job)
    assert not Message.objects.exists()


def test_batch_paused_while_it_is_prepared_is_held(lead):
    make_reachable(team=team_of(lead))
    batch = make_batch(lead)
    BATCH_VERBS["pause"](batch=batch, by=lead, now=NOW)
    run_now(batch.job)
    assert send_due(now=NOW) == 0
    batch = Batch.objects.select_related("job").get()
    BATCH_VERBS["resume"](batch=batch, by=lead, now=NOW)
    assert (batch.state, send_due(now=NOW)) == ("running", 1)


def test_later_start_waits(lead):
    make_reachable(team=team_of(lead))
    planned(lead, starts_at=NOW + timedelta(hours=2))
    assert send_due(now=NOW) == 0
    assert send_due(now=NOW + timedelta(hours=2)) == 1


def test_refused_texts(lead):
    for version in (
        make_version(approved=False),
        make_version(kind="unsubscribed"),
        make_version(kind="survey", body="{link}"),
    ):
        with pytest.raises(Refused):
            make_batch(lead, version)


def test_erased_customers_are_left_out(lead):
    customer = make_reachable(team=team_of(lead))
    Customer.objects.filter(pk=customer.pk).update(restriction="erased")
    assert planned(lead).messages.count() == 0


@pytest.mark.parametrize("customers", [1, 20])
def test_planning_costs_no_query_per_customer(lead, customers, django_assert_num_queries):
    for _number in range(customers):
        make_reachable(team=team_of(lead))
    batch = make_batch(lead)
    with django_assert_num_queries(PLANNING):
        run_now(batch.job)
    assert Message.objects.count() == customers


def test_visible_to_author_and_leads_of_the_team(lead):
    batch = make_batch(lead)
    colleague = make_user(Role.LEAD, team=team_of(lead))
    stranger = make_user(Role.LEAD, team=make_team())
    assert list(Batch.objects.visible_to(colleague)) == [batch]
    assert list(Batch.objects.visible_to(stranger)) == []
