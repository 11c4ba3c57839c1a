"""Draining due rows: once each, and one bad row never blocks the others (reliability R1, R2)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from callcenter.models import Notification, Pulse, StuckRow
from callcenter.notify import notify
from callcenter.sweeps import MAX_ATTEMPTS, drain
from people.tests.make import make_user

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def due():
    return Notification.objects.unread().order_by("created_at", "id")


def read(row):
    if row.text == "poison":
        raise ValueError("cannot be handled")
    Notification.objects.filter(pk=row.pk).update(read_at=NOW)


def make_due(*texts):
    user = make_user()
    for number, text in enumerate(texts):
        notify([user], text, key=f"{text}{number}", now=NOW + timedelta(seconds=number))


@pytest.mark.django_db
def test_a_sweep_handles_what_is_due_and_says_so():
    make_due("a", "b", "c")
    assert drain("test", due(), read, now=NOW) == 3
    assert drain("test", due(), read, now=NOW) == 0
    pulse = Pulse.objects.get(name="test")
    assert (pulse.ran_at, pulse.handled, pulse.failed) == (NOW, 0, 0)


@pytest.mark.django_db
def test_a_sweep_stops_at_its_limit():
    make_due("a", "b", "c")
    assert drain("test", due(), read, now=NOW, limit=2) == 2
    assert due().count() == 1


@pytest.mark.django_db
def test_a_bad_row_does_not_block_the_ones_behind_it():
    make_due("poison", "b", "c")
    assert drain("test", due(), read, now=NOW) == 2
    assert [row.text for row in due()] == ["poison"]
    assert Pulse.objects.get(name="test").failed == 1


@pytest.mark.django_db
def test_what_a_bad_row_had_written_is_undone():
    make_due("poison")

    def half(row):
        Notification.objects.filter(pk=row.pk).update(level="urgent")
        raise ValueError

    drain("test", due(), half, now=NOW)
    assert Notification.objects.get().level == "info"


@pytest.mark.django_db
def test_a_bad_row_is_tried_again_later_and_parked_after_five_attempts():
    make_due("poison")
    tries, now = [], NOW

    def fail(row):
        tries.append(now)
        raise ValueError("again")

    for _day in range(10):
        drain("test", due(), fail, now=now)
        drain("test", due(), fail, now=now)
        now += timedelta(days=1)
    assert len(tries) == MAX_ATTEMPTS
    assert len(set(tries)) == MAX_ATTEMPTS
    stuck = StuckRow.objects.get()
    assert (stuck.attempts, stuck.retry_at) == (MAX_ATTEMPTS, None)


@pytest.mark.django_db
def test_a_row_that_recovers_is_handled():
    make_due("poison")
    drain("test", due(), read, now=NOW)
    Notification.objects.update(text="fine")
    assert drain("test", due(), read, now=NOW) == 0
    assert drain("test", due(), read, now=NOW + timedelta(minutes=1)) == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_sweeps_at_once_handle_each_row_once():
    if connection.vendor != "postgresql":
        pytest.skip("real threads need PostgreSQL")
    make_due(*"abcdefghijklmnopqrst")
    handled, counts, barrier = [], [], threading.Barrier(3)

    def handle(row):
        handled.append(row.pk)
        read(row)

    def sweep():
        barrier.wait()
        try:
            counts.append(drain("test", due(), handle, now=NOW))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sweep) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(handled) == sorted(set(handled))
    assert sum(counts) == len(handled) == 20
