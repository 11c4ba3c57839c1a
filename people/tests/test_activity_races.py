"""Racing requests on PostgreSQL: one open interval per agent, and never more on a break than there are places."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from callcenter.access import Role
from people import actions
from people.models import Activity, BreakRequest, FloorRule
from people.queries.activity import as_interval
from people.rules.activity import overlapping
from people.states import ActivityKind, BreakState
from people.tests.make import make_team, make_user

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CROWD = 16


@pytest.fixture(autouse=True)
def postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def together(work, things):
    barrier = threading.Barrier(len(things))

    def one(thing):
        barrier.wait()
        try:
            return work(thing)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(one, things))


def test_requests_of_one_agent_that_arrive_together_leave_one_open_interval():
    agent = make_user(Role.AGENT, team=make_team())
    agent.scope()
    kinds = [ActivityKind.TALK, ActivityKind.WAIT, ActivityKind.PREPARE, ActivityKind.AFTER_CALL] * 2

    def work(turn):
        number, kind = turn
        for step in range(10):
            actions.turn_to(kind, agent=agent, now=NOW + timedelta(seconds=step * 10 + number))

    together(work, list(enumerate(kinds)))
    rows = Activity.objects.filter(agent=agent)
    assert rows.filter(ended_at=None).count() == 1
    assert overlapping([as_interval(row, NOW + timedelta(hours=1)) for row in rows]) == []


@pytest.mark.parametrize("at_least", [1, 3])
def test_a_crowd_that_asks_at_once_gets_the_places_and_no_more(at_least):
    team = make_team()
    FloorRule.objects.create(team=team, share="0.10", at_least=at_least)
    people = [make_user(Role.AGENT, team=team) for _number in range(CROWD)]
    for person in people:
        actions.turn_to(ActivityKind.WAIT, agent=person, now=NOW)
    together(lambda person: actions.ask_break(agent=person, kind=ActivityKind.BREAK, now=NOW), people)
    assert Activity.objects.running().filter(kind=ActivityKind.BREAK).count() == at_least
    assert BreakRequest.objects.filter(state=BreakState.WAITING).count() == CROWD - at_least


def test_approving_beginning_and_losing_at_once_never_deadlocks():
    team = make_team()
    lead = make_user(Role.LEAD, team=team)
    people = [make_user(Role.AGENT, team=team) for _number in range(6)]
    for person in people:
        actions.turn_to(ActivityKind.WAIT, agent=person, now=NOW)
        actions.ask_break(agent=person, kind=ActivityKind.BREAK, now=NOW)
    waiting = list(BreakRequest.objects.pending())

    def work(job):
        kind, number = job
        request = waiting[number % len(waiting)]
        now = NOW + timedelta(seconds=60)
        if kind == "approve":
            try:
                actions.approve_break(request=request, by=lead, now=now)
            except actions.breaks.Conflict:
                return
        elif kind == "begin":
            actions.begin_pending(agent=request.agent, now=now)
        else:
            actions.close_lost(now=NOW + timedelta(seconds=80))

    together(work, [(kind, number) for number in range(5) for kind in ("approve", "begin", "lose")])
    running = Activity.objects.running()
    assert running.values("agent").distinct().count() == running.count() == 6
    assert running.filter(kind=ActivityKind.BREAK).count() == 6
