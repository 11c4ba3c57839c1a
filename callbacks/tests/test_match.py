"""Records of a telephone system about dials the desk knows: one call stays one call (CB-6)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.actions import begin_call, end_call, finish_call
from callbacks.models import Attempt, Call, Recording
from callbacks.states import TaskState
from callbacks.tests.make import disposition, make_agent, make_campaign, make_claimed, make_team
from callcenter.access import Role
from customers.models import CallingWindow
from customers.tests.make import make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    CallingWindow.objects.all().delete()
    CallingWindow.objects.create(day_type="", ranges=[["00:00", "00:00"]])
    return make_team()


@pytest.fixture
def agent(team):
    return make_agent(team)


@pytest.fixture
def now():
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def task(agent, team, now):
    task = make_claimed(agent, make_campaign(team=team), now=now, due_at=now)
    begin_call(task_id=task.pk, agent=agent, token=1, phone_id=task.customer.phones.get().pk, now=now)
    task.refresh_from_db()
    return task


@pytest.fixture
def post(team):
    client = APIClient()
    client.force_authenticate(make_user(Role.LEAD, team=team))
    return lambda **data: client.post(reverse("api-calls"), data, format="json")


def record(task, **fields):
    at = task.dialled_at or timezone.now()
    return {
        "external_id": "pbx-1",
        "campaign": task.campaign.code,
        "customer": task.customer.external_id,
        "disposition": "DONE",
        "number": task.customer.phones.get().number,
        "started_at": at + timedelta(seconds=3),
        "answered_at": at + timedelta(seconds=12),
        "ended_at": at + timedelta(seconds=80),
        "line": "0571",
        "hung_up_by": "customer",
    } | fields


def finish(task, agent, now, code="DONE"):
    end_call(task_id=task.pk, agent=agent, token=1, now=now)
    return finish_call(
        task_id=task.pk,
        agent=agent,
        token=1,
        client_uuid=uuid.uuid4(),
        disposition=disposition(code),
        answered_at=task.dialled_at + timedelta(seconds=20),
        now=now,
    )


def test_record_of_an_open_dial_times_it_and_becomes_part_of_its_call(post, task, agent, now, settings):
    settings.RECORDING_SOURCE = "/nowhere/{id}.wav"
    for _time in range(2):
        answer = post(**record(task))
        assert (answer.status_code, answer.json()) == (202, {"task": task.pk})
    task.refresh_from_db()
    assert task.state == TaskState.WRAP_UP
    call = finish(task, agent, now + timedelta(seconds=100))
    assert (call.talk_seconds, call.hung_up_by, call.line) == (68, "customer", "0571")
    assert Attempt.objects.get().call == call
    assert Recording.objects.get().reference == "pbx-1"
    again = post(**record(task, started_at=call.started_at))
    assert (again.status_code, again.json()["id"]) == (200, call.pk)
    assert Call.objects.count() == 1


def test_record_of_a_saved_call_completes_it_and_changes_no_figure(post, task, agent, now):
    data = record(task)
    call = finish(task, agent, now + timedelta(seconds=70))
    before = (call.talk_seconds, call.disposition, call.answered_at)
    for _time in range(2):
        answer = post(**data | {"disposition": "NA"})
        assert (answer.status_code, answer.json()["id"]) == (200, call.pk)
    call.refresh_from_db()
    assert (call.talk_seconds, call.disposition, call.answered_at) == before
    assert (call.hung_up_by, call.line) == ("customer", "0571")
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"number": "+8613900139999"},
        {"started_at": -90, "answered_at": None, "ended_at": None},
        {"started_at": 61, "answered_at": None, "ended_at": None},
    ],
)
def test_record_of_another_dial_is_a_call_of_its_own(post, task, other):
    if isinstance(other.get("started_at"), int):
        other = other | {"started_at": task.dialled_at + timedelta(seconds=other["started_at"])}
    assert post(**record(task, **other)).status_code == 201
    assert not Attempt.objects.exists()


def test_record_of_another_agent_or_customer_is_a_call_of_its_own(post, task, team):
    assert post(**record(task, agent=make_agent(team).username)).status_code == 201
    stranger = make_customer(client=task.campaign.client, team=team)
    answer = post(**record(task, external_id="pbx-2", customer=stranger.external_id))
    assert answer.status_code == 201
    assert not Attempt.objects.exists()


def test_number_of_another_call_is_a_conflict(post, task, team):
    assert post(**record(task)).status_code == 202
    stranger = make_customer(client=task.campaign.client, team=team)
    answer = post(**record(task, customer=stranger.external_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "external_id_used")


def test_every_field_of_a_call_record_is_kept(post, task, settings, team):
    settings.RECORDING_SOURCE = "/nowhere/{id}.wav"
    stranger = make_customer(client=task.campaign.client, team=team)
    answer = post(
        **record(task, customer=stranger.external_id, agent="", recording="2026-11-rec.1") | {"agent": None},
        prep_seconds="4.5",
        hold_seconds="6",
        wrap_seconds="30.25",
    )
    assert answer.status_code == 201
    told = answer.json()
    assert [float(told[f"{name}_seconds"]) for name in ("prep", "ring", "talk", "hold", "wrap")] == [
        4.5,
        9,
        68,
        6,
        30.25,
    ]
    assert (told["line"], told["hung_up_by"], told["recording"]) == ("0571", "customer", "awaited")
    assert Recording.objects.get().reference == "2026-11-rec.1"


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "a b", "x" * 121])
def test_name_of_a_recording_that_leads_elsewhere_is_refused(post, task, name):
    assert post(**record(task, recording=name)).status_code == 400


def test_record_whose_times_cannot_be_moves_nothing(post, task):
    answer = post(**record(task, ended_at=task.dialled_at - timedelta(seconds=1)))
    assert (answer.status_code, answer.json()["code"]) == (422, "times_wrong")
    task.refresh_from_db()
    assert (task.state, task.answered_at) == (TaskState.IN_CALL, None)
