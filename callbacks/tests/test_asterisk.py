"""The desk's dial through a real socket to a small Asterisk: placed, heard, ended, lost (CB-6, CB-13)."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from callbacks.actions import begin_call, end_call, finish_call, return_expired
from callbacks.actions.line import hear, let_go, place_call
from callbacks.models import Attempt, Call, Recording
from callbacks.queries.line import line_of
from callbacks.rules.line import ENDED, Heard
from callbacks.states import TaskState
from callbacks.telephony.ami import AmiError, Manager
from callbacks.tests.exchange_machine import exchange
from callbacks.tests.make import disposition, make_agent, make_campaign, make_claimed, make_team
from callcenter.errors import Conflict
from customers.models import CallingWindow

pytestmark = pytest.mark.django_db


@pytest.fixture
def asterisk(settings):
    settings.LANGUAGE_CODE = "en"
    with exchange(settings) as machine:
        yield machine


@pytest.fixture
def agent():
    CallingWindow.objects.all().delete()
    CallingWindow.objects.create(day_type="", ranges=[["00:00", "00:00"]])
    return make_agent(make_team(), extension="101")


@pytest.fixture
def task(agent):
    now = timezone.now()
    task = make_claimed(agent, make_campaign(team=agent.memberships.get().team), now=now, due_at=now)
    begin_call(
        task_id=task.pk, agent=agent, token=1, phone_id=task.customer.phones.get().pk, now=timezone.now()
    )
    task.refresh_from_db()
    return task


def place(task, agent):
    return place_call(task_id=task.pk, agent=agent, token=1, now=timezone.now())


def listen(seconds=1.5):
    err = StringIO()
    call_command("listen_calls", once=seconds, stdout=StringIO(), stderr=err)
    return err.getvalue()


def finish(task, agent, code):
    return finish_call(
        task_id=task.pk,
        agent=agent,
        token=1,
        client_uuid=uuid.uuid4(),
        disposition=disposition(code),
        now=timezone.now(),
    )


def test_dial_rings_the_agents_phone_with_the_key_of_the_attempt(asterisk, agent, task):
    assert place(task, agent)
    attempt = Attempt.objects.get()
    asked = asterisk.told("originate")["originate"]
    assert (asked["Channel"], asked["Exten"], asked["Context"]) == (
        "PJSIP/101",
        attempt.number,
        "callcenter-out",
    )
    assert asked["ChannelId"] == asked["ActionID"] == str(attempt.key) == attempt.unique_id
    assert asked["Variable"] == f"CALLCENTER_ID={attempt.key}"
    assert asked["CallerID"] == "057112345678"


def test_ring_answer_and_hang_up_move_the_task_and_time_the_call(asterisk, agent, task, settings):
    settings.RECORDING_SOURCE = "/nowhere/{id}.wav"
    place(task, agent)
    for verb in ("wait", "ring", "answer", "customer hangs up"):
        asterisk.do(verb)
    assert listen() == ""
    task.refresh_from_db()
    attempt = Attempt.objects.get()
    assert task.state == TaskState.WRAP_UP
    assert attempt.ringing_at <= attempt.answered_at <= attempt.ended_at
    assert (task.answered_at, task.hung_up_at) == (attempt.answered_at, attempt.ended_at)
    call = finish(task, agent, "DONE")
    assert (call.answered_at, call.ended_at) == (attempt.answered_at, attempt.ended_at)
    assert (call.hung_up_by, call.line) == ("customer", "057112345678")
    recording = Recording.objects.get()
    assert (recording.call, recording.state, recording.reference) == (call, "awaited", str(attempt.key))
    task.refresh_from_db()
    assert task.answered_at is None


def test_events_heard_twice_change_nothing(asterisk, agent, task):
    place(task, agent)
    for verb in ("wait", "ring", "answer", "answer", "customer hangs up"):
        asterisk.do(verb)
    listen()
    before = Attempt.objects.values().get()
    at = timezone.now()
    assert not hear(word=Heard(before["unique_id"], ENDED, at), now=at)
    assert Attempt.objects.values().get() == before
    assert task.steps.filter(to_state=TaskState.WRAP_UP).count() == 1


@pytest.mark.parametrize(("word", "code"), [("BUSY", "BUSY"), ("NOANSWER", "NA"), ("CONGESTION", "NOSIG")])
def test_dial_without_an_answer_suggests_its_result_and_stays_with_the_agent(
    asterisk, agent, task, word, code
):
    place(task, agent)
    for verb in ("wait", "ring"):
        asterisk.do(verb)
    asterisk.do("end", status=word)
    listen()
    task.refresh_from_db()
    line = line_of(task, now=timezone.now())
    assert (task.state, line.state, line.suggests) == (TaskState.IN_CALL, "ringing", code)
    call = finish(task, agent, code)
    assert call.ended_at == Attempt.objects.get().ended_at
    assert (call.talk_seconds, call.hung_up_by) == (0, "")


def test_own_phone_not_picked_up_may_be_rung_again(asterisk, agent, task):
    place(task, agent)
    asterisk.do("wait")
    asterisk.do("fail")
    listen()
    task.refresh_from_db()
    line = line_of(task, now=timezone.now())
    assert (line.again, task.state) == (True, TaskState.IN_CALL)
    assert place(task, agent)
    assert Attempt.objects.count() == 2
    assert not line_of(task, now=timezone.now()).again


def test_hanging_up_on_the_page_ends_the_call_at_the_exchange(asterisk, agent, task):
    place(task, agent)
    for verb in ("wait", "ring", "answer"):
        asterisk.do(verb)
    listen()
    end_call(task_id=task.pk, agent=agent, token=1, now=timezone.now())
    let_go(task_id=task.pk, agent=agent)
    assert asterisk.told("hangup")["hangup"] == "PJSIP/101-00000001"


def test_without_an_extension_the_agent_dials_by_hand(asterisk, agent, task):
    agent.extension = ""
    assert not place(task, agent)
    assert asterisk.silent()
    assert not Attempt.objects.exists()
    assert line_of(task, now=timezone.now()) is None


@pytest.mark.parametrize("trouble", ["gone", "refuses", "secret", "stranger"])
def test_exchange_that_cannot_be_had_says_so_and_the_keys_count(asterisk, agent, task, settings, trouble):
    if trouble == "gone":
        settings.ASTERISK_PORT = 1
    elif trouble == "refuses":
        asterisk.do("refuse")
        asterisk.told("did")
    elif trouble == "secret":
        settings.ASTERISK_SECRET = "wrong"
    else:
        settings.ASTERISK_CHANNEL = "PJSIP/{extension}\r\nAction: Command"
    assert not place(task, agent)
    line = line_of(task, now=timezone.now())
    assert (line.warning, line.again, line.state) == (True, True, "ringing")
    call = finish(task, agent, "NA")
    assert call.hung_up_by == ""


def test_silence_of_the_listener_is_told(asterisk, agent, task):
    place(task, agent)
    assert "Press the keys yourself" in line_of(task, now=timezone.now()).note
    asterisk.do("wait")
    listen(0.5)
    assert line_of(task, now=timezone.now()).note == "Your phone rings first: pick it up."
    assert "Press the keys yourself" in line_of(task, now=timezone.now() + timedelta(minutes=1)).note


def test_call_that_ended_while_nobody_listened_is_marked_not_invented(asterisk, agent, task):
    place(task, agent)
    earlier = timezone.now() - timedelta(seconds=30)
    Attempt.objects.update(asked_at=earlier)
    type(task).objects.filter(pk=task.pk).update(dialled_at=earlier)
    asterisk.do("forget")
    listen(0.5)
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.ended_at) == ("LOST", None)
    task.refresh_from_db()
    assert (task.state, task.hung_up_at) == (TaskState.IN_CALL, None)
    assert line_of(task, now=timezone.now()).warning


def test_call_that_lives_on_is_not_lost(asterisk, agent, task):
    place(task, agent)
    Attempt.objects.update(asked_at=timezone.now() - timedelta(seconds=30))
    listen(0.5)
    assert Attempt.objects.get().status == ""


def test_connection_that_breaks_is_made_again(asterisk, agent, task):
    place(task, agent)
    for verb in ("wait", "ring", "drop", "wait", "answer"):
        asterisk.do(verb)
    err = listen(4)
    assert "closed the connection" in err
    task.refresh_from_db()
    assert task.answered_at


def test_late_end_completes_a_saved_call_and_moves_nothing(asterisk, agent, task):
    place(task, agent)
    for verb in ("wait", "ring", "answer"):
        asterisk.do(verb)
    listen()
    end_call(task_id=task.pk, agent=agent, token=1, now=timezone.now())
    call = finish(task, agent, "DONE")
    task.refresh_from_db()
    state = task.state
    asterisk.do("wait")
    asterisk.do("customer hangs up")
    listen()
    call.refresh_from_db()
    task.refresh_from_db()
    assert (call.hung_up_by, task.state) == ("customer", state)


def test_call_nobody_coded_keeps_what_the_line_said(asterisk, agent, task):
    place(task, agent)
    for verb in ("wait", "ring", "answer"):
        asterisk.do(verb)
    listen()
    assert return_expired(now=timezone.now() + timedelta(minutes=20)) == 1
    orphan = Call.objects.get()
    assert (orphan.line, Attempt.objects.get().call) == ("057112345678", orphan)


def test_task_gone_to_somebody_else_is_not_dialled(asterisk, agent, task):
    with pytest.raises(Conflict):
        place_call(
            task_id=task.pk, agent=make_agent(make_team(), extension="102"), token=1, now=timezone.now()
        )
    assert not Attempt.objects.exists()


def test_values_with_line_breaks_never_reach_the_exchange(asterisk):
    with Manager() as manager, pytest.raises(AmiError):
        manager.ask("Originate", Channel="PJSIP/101\r\nAction: Command")


def test_listening_needs_the_setting(settings):
    settings.TELEPHONY = "manual"
    with pytest.raises(CommandError):
        call_command("listen_calls", once=1)
