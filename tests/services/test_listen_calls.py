"""The listener as a process of its own: killed, cut off and doubled, it moves each task once (CB-13; PostgreSQL)."""

import sys
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from callbacks.actions import begin_call
from callbacks.actions.line import place_call
from callbacks.models import Attempt
from callbacks.states import TaskState
from callbacks.tests.exchange_machine import exchange
from callbacks.tests.make import disposition, make_agent, make_campaign, make_claimed, make_team
from callcenter.models import Pulse
from customers.models import CallingWindow
from tests.services.machines import Machine, environment_of, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
CALLS = 5


@pytest.fixture(autouse=True)
def _postgresql_only():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def address():
    """The database of this test, for another process."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def listeners(machine, folder, how_many=1):
    """Processes that listen to the exchange."""
    environment = environment_of(database_url=address(), redis_url="", folder=folder) | {
        "TELEPHONY": "asterisk",
        "ASTERISK_PORT": str(machine.port),
        "ASTERISK_SECRET": "geheim",
    }
    command = [sys.executable, "manage.py", "listen_calls"]
    started = [
        Machine(command, environment=environment, log=folder / f"listener{number}.log").start()
        for number in range(how_many)
    ]
    try:
        yield started
    finally:
        for one in started:
            one.kill()


def dial(team):
    """One more agent whose customer is being dialled by the exchange."""
    disposition("DONE")
    now = timezone.now()
    agent = make_agent(team, extension="101")
    task = make_claimed(agent, make_campaign(team=team), now=now, due_at=now)
    begin_call(
        task_id=task.pk,
        agent=agent,
        token=task.token,
        phone_id=task.customer.phones.get().pk,
        now=timezone.now(),
    )
    assert place_call(task_id=task.pk, agent=agent, token=task.token, now=timezone.now())
    return task


def until(task, state, *, answered=False):
    """Wait until the task has been moved there by what was heard."""

    def heard():
        task.refresh_from_db()
        return task.state == state and (task.answered_at or not answered)

    wait_until(heard, 20, f"the task is {state}")


def always():
    CallingWindow.objects.all().delete()
    CallingWindow.objects.create(day_type="", ranges=[["00:00", "00:00"]])


def test_listener_killed_in_the_middle_of_calls_goes_on_where_it_can(settings, tmp_path):
    always()
    team = make_team()
    with exchange(settings) as machine, listeners(machine, tmp_path) as (listener,):
        machine.do("wait")
        machine.told("did")
        for _turn in range(CALLS):
            task = dial(team)
            machine.do("ring")
            machine.do("answer")
            until(task, TaskState.IN_CALL, answered=True)
            listener.kill()
            machine.told("left")
            listener.start()
            machine.do("wait")
            machine.told("did")
            machine.do("customer hangs up")
            until(task, TaskState.WRAP_UP)
            assert task.steps.filter(to_state=TaskState.WRAP_UP).count() == 1
        assert Attempt.objects.filter(hung_up_by="customer", status="").count() == CALLS


def test_two_listeners_hear_everything_once(settings, tmp_path):
    always()
    team = make_team()
    with exchange(settings) as machine, listeners(machine, tmp_path, 2):
        wait_until(
            lambda: Pulse.objects.filter(name="callbacks.listen_calls").exists(), 30, "somebody listens"
        )
        machine.do("wait")
        for _turn in range(CALLS):
            task = dial(team)
            for verb in ("ring", "answer", "agent hangs up"):
                machine.do(verb)
            until(task, TaskState.WRAP_UP)
            assert task.steps.filter(to_state=TaskState.WRAP_UP).count() == 1
        assert Attempt.objects.filter(hung_up_by="agent").count() == CALLS
