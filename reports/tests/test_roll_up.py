"""Rolling days up: rerunnable, late data, local days (KPI-8)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from callbacks.models import Call
from customers.actions import merge_customers, undo_merge
from reports.actions import roll_dirty, roll_provisional, roll_up
from reports.models import DailyCount, RolledDay
from reports.tests.make import NOW, make_agent, make_call, make_campaign, make_customer, make_team

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def floor():
    team = make_team()
    return make_campaign(team=team), make_agent(team)


def rows():
    return list(DailyCount.objects.order_by("day", "campaign_id", "agent_id").values())


def without_id(found):
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def test_roll_up_counts_by_flags_and_sums_seconds(floor):
    campaign, agent = floor
    make_call(campaign, agent, code="DONE", talk=60, prep_seconds=5, wrap_seconds=10)
    make_call(campaign, agent, code="DONE", talk=90.4, wrap_seconds=4)
    make_call(campaign, agent, code="NA", talk=0, prep_seconds=3)
    make_call(campaign, agent, code="REFUSE", talk=20)
    assert roll_up(days=[DAY], now=NOW) == 1
    row = DailyCount.objects.get()
    assert (row.calls, row.dials, row.connected, row.reached, row.completed, row.refused) == (
        4,
        4,
        3,
        3,
        2,
        1,
    )
    assert (row.prep_seconds, row.wrap_seconds) == (8, 14)
    assert float(row.talk_seconds) == pytest.approx(170.4)
    assert float(row.connected_handle_seconds) == pytest.approx(184.4)
    assert row.completed_long == 1


def test_roll_up_again_gives_the_same_rows(floor):
    campaign, agent = floor
    for minute in range(5):
        make_call(campaign, agent, at=NOW + timedelta(minutes=minute))
    roll_up(days=[DAY], now=NOW)
    first = without_id(rows())
    roll_up(days=[DAY], now=NOW + timedelta(days=1))
    assert without_id(rows()) == first


def test_a_day_is_the_sites_local_day(floor):
    """Golden vector 3: a call from 23:58 to 00:05 in Shanghai belongs to the day it started, with its whole length."""
    campaign, agent = floor
    make_call(campaign, agent, at=datetime(2026, 11, 21, 15, 58, tzinfo=UTC), talk=420)
    roll_up(days=[date(2026, 11, 21), date(2026, 11, 22)], now=NOW)
    assert [(row["day"], row["talk_seconds"]) for row in rows()] == [(date(2026, 11, 21), 420)]


def test_late_calls_mark_their_day_and_the_next_sweep_rolls_it(floor):
    campaign, agent = floor
    make_call(campaign, agent)
    roll_dirty(now=NOW)
    make_call(campaign, agent, at=NOW - timedelta(days=9))
    roll_dirty(now=NOW)
    assert {row["day"]: row["calls"] for row in rows()} == {DAY: 1, DAY - timedelta(days=9): 1}


def test_a_correction_counts_once_in_its_latest_version(floor):
    campaign, agent = floor
    wrong = make_call(campaign, agent, code="NA", talk=0)
    roll_dirty(now=NOW)
    Call.objects.filter(pk=wrong.pk).update(superseded=True)
    make_call(campaign, agent, code="DONE", corrects=wrong, correction_reason="miscoded")
    roll_dirty(now=NOW)
    row = DailyCount.objects.get()
    assert (row.calls, row.completed) == (1, 1)


def test_test_calls_do_not_count(floor):
    campaign, agent = floor
    make_call(campaign, agent, test=True)
    roll_up(days=[DAY], now=NOW)
    assert rows() == []


def test_a_day_whose_calls_are_gone_is_emptied(floor):
    campaign, agent = floor
    call = make_call(campaign, agent)
    roll_up(days=[DAY], now=NOW)
    call.delete()
    roll_up(days=[DAY], now=NOW)
    assert rows() == []


def test_provisional_days_are_rolled_again_though_nothing_seems_new(floor):
    campaign, agent = floor
    call = make_call(campaign, agent)
    roll_dirty(now=NOW)
    Call.objects.filter(pk=call.pk).update(talk_seconds=77)
    roll_provisional(now=NOW)
    assert DailyCount.objects.get().talk_seconds == 77
    assert RolledDay.objects.filter(dirty=True).count() == 0


def test_customers_of_a_day_are_distinct(floor):
    campaign, agent = floor
    customer = make_customer(client=campaign.client)
    for minute in range(3):
        make_call(campaign, agent, at=NOW + timedelta(minutes=minute), customer=customer, code="NA")
    roll_up(days=[DAY], now=NOW)
    assert (DailyCount.objects.get().calls, DailyCount.objects.get().customers) == (3, 1)


def test_a_merge_and_its_undoing_count_their_days_anew(floor):
    campaign, agent = floor
    one, two = (make_customer(client=campaign.client) for _number in range(2))
    earlier = NOW - timedelta(days=9)
    for customer in (one, two):
        make_call(campaign, agent, at=earlier, customer=customer)
    roll_dirty(now=NOW)
    # The watermark of calls lies far ahead: only the merge can mark the day.
    RolledDay.objects.update(calls_seen=10**6)
    assert DailyCount.objects.get().customers == 2
    versions = {one.pk: one.version, two.pk: two.version}
    later = NOW + timedelta(hours=1)
    merge = merge_customers(survivor=one, loser=two, versions=versions, by=agent, now=later)
    roll_dirty(now=later + timedelta(minutes=1))
    assert DailyCount.objects.get().customers == 1
    undo_merge(merge=merge, by=agent, now=later + timedelta(hours=1))
    roll_dirty(now=later + timedelta(hours=1, minutes=1))
    assert DailyCount.objects.get().customers == 2
