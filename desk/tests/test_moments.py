"""The desk tells the timeline what happens on it (ORG-5)."""

import uuid

import pytest
from django.utils import timezone

from callbacks.models import Task
from callbacks.states import TaskState
from callbacks.tests.make import disposition
from callcenter.access import Role
from callcenter.models import Notification
from callcenter.notify import gettext_noop, notify
from customers.models import Phone
from desk.tests.make import Desk
from people.models import Activity, BreakRequest, FloorRule
from people.queries import running_of
from people.states import ActivityKind, BreakState, Ending
from people.tests.make import make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
K = ActivityKind


@pytest.fixture
def desk(client):
    floor = Desk(tasks=2)
    # Rest is nobody's business in the middle of the night, whenever the tests run.
    FloorRule.objects.create(
        morning_start="00:00", morning_end="12:00", afternoon_start="12:00", afternoon_end="23:59:59"
    )
    client.force_login(floor.agent)
    floor.web = client
    return floor


def post(desk, address, **data):
    return desk.web.post(f"/desk/{address}", data, **HTMX)


def dial(desk):
    post(desk, "next/")
    task = Task.objects.held().get(agent=desk.agent)
    phone = Phone.objects.filter(customer=task.customer).first()
    assert post(desk, f"{task.pk}/dial/", token=task.token, phone_id=phone.pk).status_code == 200
    return task


def save(desk, task, code="NA"):
    disposition(code)
    data = {"token": task.token, "client_uuid": uuid.uuid4(), "issue_uuid": uuid.uuid4(), "disposition": code}
    return post(desk, f"{task.pk}/save/", **data)


def kinds(desk):
    return list(Activity.objects.filter(agent=desk.agent).order_by("id").values_list("kind", flat=True))


def test_a_call_from_the_first_key_to_the_next_task(desk):
    post(desk, "presence/")
    task = dial(desk)
    post(desk, f"{task.pk}/hangup/", token=task.token)
    assert save(desk, task, "REFUSE").status_code == 200
    assert kinds(desk) == [K.WAIT, K.PREPARE, K.TALK, K.AFTER_CALL, K.PREPARE]
    assert Activity.objects.filter(agent=desk.agent, ended_at=None).count() == 1


def test_a_task_put_back_is_waiting(desk):
    post(desk, "next/")
    task = Task.objects.held().get(agent=desk.agent)
    post(desk, f"{task.pk}/release/", token=task.token)
    assert running_of(desk.agent).kind == K.WAIT


def test_no_task_is_waiting(desk):
    Task.objects.all().update(state=TaskState.CANCELLED)
    post(desk, "next/")
    assert running_of(desk.agent).kind == K.WAIT


def test_a_page_that_was_silent_goes_on_with_what_is_in_hand(desk):
    dial(desk)
    now = timezone.now()
    Activity.objects.running().update(ended_at=now, ending=Ending.LOST)
    post(desk, "presence/")
    assert running_of(desk.agent).kind == K.TALK


def test_a_break_asked_for_in_a_call_begins_when_it_is_saved(desk):
    task = dial(desk)
    assert b'data-rest="asked"' in post(desk, "break/", kind=K.BREAK).content
    page = save(desk, task).content.decode()
    assert running_of(desk.agent).kind == K.BREAK
    assert 'data-state="idle"' in page
    assert not Task.objects.held().filter(agent=desk.agent).exists()
    assert b'data-rest="on"' in post(desk, "presence/").content
    assert b'data-rest="off"' in post(desk, "break/end/").content
    assert running_of(desk.agent).kind == K.WAIT


def test_a_second_tab_does_not_begin_the_break_in_the_middle_of_the_call(desk):
    dial(desk)
    post(desk, "break/", kind=K.BREAK)
    post(desk, "next/")
    assert running_of(desk.agent).kind == K.TALK
    assert BreakRequest.objects.get().state == BreakState.AFTER_CALL


def test_a_task_only_looked_at_is_put_back_for_the_break(desk):
    post(desk, "next/")
    assert post(desk, "break/", kind=K.MEETING)["HX-Refresh"] == "true"
    assert running_of(desk.agent).kind == K.MEETING
    assert not Task.objects.held().filter(agent=desk.agent).exists()


def test_the_next_task_ends_a_break(desk):
    post(desk, "break/", kind=K.BREAK)
    post(desk, "next/")
    assert kinds(desk)[-2:] == [K.BREAK, K.PREPARE]


def test_a_second_agent_waits_for_the_place(desk, client):
    other = make_user(Role.AGENT, team=desk.team)
    post(desk, "presence/")
    post(desk, "break/", kind=K.BREAK)
    client.force_login(other)
    assert b'data-rest="asked"' in post(desk, "break/", kind=K.BREAK).content
    client.force_login(desk.agent)
    post(desk, "break/end/")
    client.force_login(other)
    assert b'data-rest="on"' in post(desk, "presence/").content


@pytest.mark.parametrize("data", [{}, {"kind": "talk"}, {"kind": "nonsense"}, {"kind": "other"}])
def test_a_break_of_no_kind_is_refused(desk, data):
    assert post(desk, "break/", **data).status_code == 422
    assert not BreakRequest.objects.exists()


@pytest.mark.parametrize("idle", ["", "-5", "99999999999", "x", "700"])
def test_any_sign_of_life_is_answered(desk, idle):
    assert post(desk, "presence/", idle=idle).status_code == 200


def test_the_leads_word_is_shown_until_read(desk):
    notify([desk.agent], gettext_noop("%(words)s"), key="floor:1", now=timezone.now(), words="请支援二组")
    assert "请支援二组" in post(desk, "presence/").content.decode()
    word = Notification.objects.get()
    assert "请支援二组" not in post(desk, f"message/{word.pk}/read/").content.decode()
    dial(desk)
    Notification.objects.update(read_at=None)
    assert "请支援二组" not in post(desk, "presence/").content.decode()


def test_withdrawing_a_break(desk):
    dial(desk)
    post(desk, "break/", kind=K.BREAK)
    assert b'data-rest="off"' in post(desk, "break/withdraw/").content
    assert BreakRequest.objects.get().state == BreakState.WITHDRAWN


def test_signing_out_ends_the_time(desk):
    post(desk, "presence/")
    desk.web.post("/logout/")
    assert Activity.objects.get().ending == Ending.SIGNED_OUT


def test_the_sign_of_life_asks_few_questions(desk, django_assert_max_num_queries):
    post(desk, "presence/")
    with django_assert_max_num_queries(14):
        post(desk, "presence/")
