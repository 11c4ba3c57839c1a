import random
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog, Notification
from callcenter.workdays import day_bounds, local_day
from people import actions
from people.models import Activity, BreakRequest, FloorRule
from people.queries import break_status, day_intervals, running_of
from people.rules.activity import overlapping, seconds_by_kind, time_shares
from people.states import NON_PRODUCTIVE, ActivityKind, BreakState, Ending, Obstacle
from people.tests.make import make_team, make_user

pytestmark = pytest.mark.django_db
K = ActivityKind
# Ten o'clock in Shanghai on a Monday: within the morning's calling hours.
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def later(**span):
    return NOW + timedelta(**span)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def agent(team):
    return make_user(Role.AGENT, team=team)


def spans(agent):
    rows = Activity.objects.filter(agent=agent).order_by("started_at", "id")
    return [(row.kind, row.started_at, row.ended_at) for row in rows]


def test_one_activity_ends_where_the_next_begins(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    actions.turn_to(K.PREPARE, agent=agent, now=later(seconds=10))
    actions.turn_to(K.TALK, agent=agent, now=later(seconds=20))
    assert spans(agent) == [
        (K.WAIT, NOW, later(seconds=10)),
        (K.PREPARE, later(seconds=10), later(seconds=20)),
        (K.TALK, later(seconds=20), None),
    ]


def test_the_same_kind_goes_on(agent):
    first = actions.turn_to(K.WAIT, agent=agent, now=NOW)
    assert actions.turn_to(K.WAIT, agent=agent, now=later(seconds=30)) == first
    assert Activity.objects.get().seen_at == later(seconds=30)


def test_a_clock_that_is_behind_ends_nothing_before_it_began(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    actions.turn_to(K.TALK, agent=agent, now=later(seconds=-5))
    assert spans(agent) == [(K.WAIT, NOW, NOW), (K.TALK, NOW, None)]


def test_somebody_without_a_team_has_no_timeline():
    assert actions.turn_to(K.WAIT, agent=make_user(), now=NOW) is None


def test_two_open_intervals_of_one_agent_are_refused(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    row = Activity.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs exclusion constraints")
def test_overlapping_intervals_are_refused_by_postgresql(agent, team):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    with pytest.raises(IntegrityError, match="activities_do_not_overlap"), transaction.atomic():
        Activity.objects.create(
            agent=agent,
            team=team,
            kind=K.TALK,
            started_at=later(minutes=-5),
            ended_at=later(minutes=5),
            seen_at=NOW,
            ending=Ending.CHANGED,
        )


def test_a_silent_page_ends_the_interval_when_it_was_last_heard_of(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    actions.be_seen(agent=agent, now=later(seconds=40))
    assert actions.close_lost(now=later(seconds=120)) == 0
    assert actions.close_lost(now=later(seconds=131)) == 1
    row = Activity.objects.get()
    assert (row.ended_at, row.ending) == (later(seconds=40), Ending.LOST)
    assert actions.be_seen(agent=agent, now=later(seconds=140)) is None
    actions.turn_to(K.WAIT, agent=agent, now=later(seconds=140))
    assert [start for _kind, start, _end in spans(agent)] == [NOW, later(seconds=140)]


def test_signing_out_ends_the_day_and_the_request(agent):
    actions.turn_to(K.TALK, agent=agent, now=NOW)
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW, after_call=True)
    assert actions.sign_out(agent=agent, now=later(minutes=1))
    assert not actions.sign_out(agent=agent, now=later(minutes=2))
    assert Activity.objects.get().ending == Ending.SIGNED_OUT
    assert BreakRequest.objects.get().state == BreakState.WITHDRAWN


def test_ten_minutes_without_a_key_are_not_waiting(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    actions.be_seen(agent=agent, now=later(minutes=9), idle_seconds=540)
    assert running_of(agent).kind == K.WAIT
    actions.be_seen(agent=agent, now=later(minutes=10), idle_seconds=600)
    assert running_of(agent).kind == K.AWAY
    actions.be_seen(agent=agent, now=later(minutes=11), idle_seconds=5)
    assert running_of(agent).kind == K.WAIT


def test_nobody_is_away_in_the_middle_of_a_call(agent):
    actions.turn_to(K.TALK, agent=agent, now=NOW)
    actions.be_seen(agent=agent, now=later(minutes=20), idle_seconds=1200)
    assert running_of(agent).kind == K.TALK


def test_the_lead_is_told_once_of_a_form_not_sent(agent, team):
    lead = make_user(Role.LEAD, team=team)
    make_user(Role.LEAD, team=make_team())
    actions.turn_to(K.AFTER_CALL, agent=agent, now=NOW)
    assert actions.flag_late(now=later(seconds=179)) == 0
    assert actions.flag_late(now=later(seconds=180)) == 1
    assert actions.flag_late(now=later(seconds=240)) == 0
    told = Notification.objects.get()
    assert (told.recipient, told.params) == (lead, {"agent": agent.full_name})


def test_nobody_is_told_when_the_form_was_sent_in_time(agent, team):
    make_user(Role.LEAD, team=team)
    actions.turn_to(K.AFTER_CALL, agent=agent, now=NOW)
    actions.turn_to(K.WAIT, agent=agent, now=later(seconds=20))
    assert actions.flag_late(now=later(hours=1)) == 0


def test_a_random_day_adds_up_whatever_happened(agent):
    """The five shares of any day are the time signed in, and nothing overlaps."""
    rng = random.Random(20_260_302)
    start, _end = day_bounds(local_day(NOW, settings.TIME_ZONE), settings.TIME_ZONE)
    clock = start - timedelta(hours=1)
    while clock < start + timedelta(hours=26):
        event = rng.random()
        if event < 0.07:
            actions.sign_out(agent=agent, now=clock)
        else:
            actions.turn_to(
                rng.choice(list(K)), agent=agent, now=clock + timedelta(seconds=rng.randint(-20, 0))
            )
        clock += timedelta(seconds=rng.randint(1, 900))
    for day in (start, start + timedelta(days=1)):
        intervals = day_intervals(agent, local_day(day, settings.TIME_ZONE), now=clock)
        ends = day + timedelta(days=1)
        assert overlapping(intervals) == []
        shares = time_shares(seconds_by_kind(intervals, day, ends), NON_PRODUCTIVE)
        signed_in = sum(
            (min(ends, row.ended_at or clock) - max(day, row.started_at)).total_seconds()
            for row in Activity.objects.filter(agent=agent)
            if row.started_at < ends and (row.ended_at or clock) > day
        )
        parts = [shares[name] for name in ("wait", "prepare", "talk", "after_call", "non_productive")]
        assert sum(parts) == pytest.approx(signed_in)
        assert shares["signed_in"] == pytest.approx(signed_in)
        assert 0 < signed_in <= 86_400


def test_asking_twice_for_the_break_one_is_on_is_told_so(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    first = actions.ask_break(agent=agent, kind=K.BREAK, now=later(minutes=1))
    assert first.state == BreakState.STARTED
    with pytest.raises(Conflict) as refused:
        actions.ask_break(agent=agent, kind=K.BREAK, now=later(minutes=2))
    assert refused.value.code == "on_break_already"
    assert BreakRequest.objects.count() == 1


def test_a_break_begins_at_once_when_there_is_a_place(agent):
    actions.turn_to(K.WAIT, agent=agent, now=NOW)
    request = actions.ask_break(agent=agent, kind=K.BREAK, now=later(minutes=1))
    assert request.state == BreakState.STARTED
    running = running_of(agent)
    assert (running.kind, running.limit_at) == (K.BREAK, later(minutes=31))
    assert actions.end_break(agent=agent, now=later(minutes=5)).kind == K.WAIT
    status = break_status(agent=agent, now=later(minutes=6))
    assert (status.left, status.on_break) == (26 * 60, False)


def test_during_a_call_the_break_waits_for_its_end(agent):
    actions.turn_to(K.TALK, agent=agent, now=NOW)
    request = actions.ask_break(agent=agent, kind=K.BREAK, now=NOW, after_call=True)
    assert (request.state, running_of(agent).kind) == (BreakState.AFTER_CALL, K.TALK)
    actions.turn_to(K.WAIT, agent=agent, now=later(minutes=1))
    assert actions.begin_pending(agent=agent, now=later(minutes=1)).kind == K.BREAK


def test_only_so_many_rest_at_once_and_the_first_to_ask_is_next(team):
    one, two, three = (make_user(Role.AGENT, team=team) for _number in range(3))
    for number, person in enumerate((one, two, three)):
        actions.turn_to(K.WAIT, agent=person, now=NOW)
        actions.ask_break(agent=person, kind=K.BREAK, now=later(seconds=number))
    assert [break_status(agent=who, now=later(minutes=1)).position for who in (one, two, three)] == [0, 1, 2]
    actions.end_break(agent=one, now=later(minutes=2))
    assert actions.begin_pending(agent=three, now=later(minutes=2)) is None
    assert actions.begin_pending(agent=two, now=later(minutes=2)).kind == K.BREAK


def test_a_meeting_needs_no_place(team):
    people = [make_user(Role.AGENT, team=team) for _number in range(3)]
    for person in people:
        actions.ask_break(agent=person, kind=K.MEETING, now=NOW)
    assert {running_of(person).kind for person in people} == {K.MEETING}


def test_at_lunch_everybody_may_eat(team):
    people = [make_user(Role.AGENT, team=team) for _number in range(3)]
    for person in people:
        actions.ask_break(agent=person, kind=K.MEAL, now=later(hours=2))
    assert {running_of(person).kind for person in people} == {K.MEAL}


def test_rest_beyond_the_allowance_needs_the_lead(agent, team):
    lead = make_user(Role.LEAD, team=team)
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW)
    actions.end_break(agent=agent, now=later(minutes=30))
    request = actions.ask_break(agent=agent, kind=K.BREAK, now=later(minutes=31))
    assert (request.state, request.obstacle) == (BreakState.WAITING, Obstacle.ALLOWANCE)
    assert actions.begin_pending(agent=agent, now=later(minutes=40)) is None
    actions.approve_break(request=request, by=lead, now=later(minutes=41))
    assert running_of(agent).kind == K.BREAK
    with pytest.raises(Conflict):
        actions.approve_break(request=request, by=lead, now=later(minutes=42))


def test_the_teams_own_rule_wins(agent, team):
    FloorRule.objects.create(morning_minutes=10)
    FloorRule.objects.create(team=team, morning_minutes=20)
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW)
    assert running_of(agent).limit_at == later(minutes=20)


def test_an_approved_break_waits_for_the_end_of_the_call(team):
    lead = make_user(Role.LEAD, team=team)
    one, two = (make_user(Role.AGENT, team=team) for _number in range(2))
    actions.ask_break(agent=one, kind=K.BREAK, now=NOW)
    actions.turn_to(K.TALK, agent=two, now=NOW)
    request = actions.ask_break(agent=two, kind=K.BREAK, now=NOW, after_call=True)
    actions.approve_break(request=request, by=lead, now=later(seconds=5))
    assert running_of(two).kind == K.TALK
    actions.turn_to(K.WAIT, agent=two, now=later(minutes=1))
    assert actions.begin_pending(agent=two, now=later(minutes=1)).kind == K.BREAK


def test_a_second_request_is_a_conflict(agent):
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW, after_call=True)
    with pytest.raises(Conflict):
        actions.ask_break(agent=agent, kind=K.MEAL, now=NOW)
    assert actions.withdraw_break(agent=agent, now=NOW)
    assert not actions.withdraw_break(agent=agent, now=NOW)


@pytest.mark.parametrize(("kind", "note"), [(K.TALK, ""), (K.AWAY, ""), ("nonsense", ""), (K.OTHER, " ")])
def test_what_is_no_break_is_refused(agent, kind, note):
    with pytest.raises(Refused):
        actions.ask_break(agent=agent, kind=kind, note=note, now=NOW)


def test_a_refused_break_is_told_to_the_agent(agent, team):
    lead = make_user(Role.LEAD, team=team)
    request = actions.ask_break(agent=agent, kind=K.BREAK, now=NOW, after_call=True)
    actions.refuse_break(request=request, by=lead, now=NOW)
    assert Notification.objects.get().recipient == agent
    assert actions.begin_pending(agent=agent, now=later(minutes=1)) is None


def test_calling_somebody_back(agent, team):
    lead = make_user(Role.LEAD, team=team)
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW)
    actions.call_back(activity=running_of(agent), by=lead, now=later(minutes=3))
    assert running_of(agent).recalled_at == later(minutes=3)
    over = running_of(agent)
    actions.end_break(agent=agent, now=later(minutes=4))
    with pytest.raises(Conflict):
        actions.call_back(activity=over, by=lead, now=later(minutes=5))


def test_a_correction_keeps_what_was_chosen(agent, team):
    lead = make_user(Role.LEAD, team=team)
    actions.ask_break(agent=agent, kind=K.BREAK, now=NOW)
    actions.end_break(agent=agent, now=later(minutes=20))
    activity = Activity.objects.get(kind=K.BREAK)
    actions.correct_activity(
        activity=activity, kind=K.COACHING, reason="与组长谈话", by=lead, now=later(hours=1)
    )
    activity.refresh_from_db()
    assert (activity.kind, activity.chosen_kind) == (K.COACHING, K.BREAK)
    assert AccessLog.objects.get().reason == "与组长谈话"
    assert break_status(agent=agent, now=later(minutes=30)).left == 30 * 60
    with pytest.raises(Refused):
        actions.correct_activity(activity=activity, kind=K.TALK, reason="x", by=lead, now=NOW)
    with pytest.raises(Refused):
        actions.correct_activity(activity=activity, kind=K.MEAL, reason=" ", by=lead, now=NOW)


def test_the_demo_has_two_sound_days_of_every_agent():
    from people import demo  # noqa: PLC0415

    demo.load(now=NOW, rng=random.Random(1))
    made = Activity.objects.count()
    demo.load(now=NOW, rng=random.Random(1))
    assert Activity.objects.count() == made > 400
    assert Activity.objects.values("agent").distinct().count() == 4
    assert not Activity.objects.running().exists()
    one = Activity.objects.first().agent
    yesterday = local_day(NOW - timedelta(days=1), settings.TIME_ZONE)
    intervals = day_intervals(one, yesterday, now=NOW)
    assert overlapping(intervals) == []
    start, end = day_bounds(yesterday, settings.TIME_ZONE)
    shares = time_shares(seconds_by_kind(intervals, start, end), NON_PRODUCTIVE)
    assert shares["talk"] > shares["after_call"] > 0
