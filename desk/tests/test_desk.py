"""The desk over HTTP: claim, dial, answers, result, next; leases, drafts, repeats, refusals (CB-2, DESIGN section 4)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import release_due
from callbacks.models import Call, Draft, Task
from callbacks.queries.claimed import with_customer
from callbacks.states import TaskState
from callcenter.models import Notification
from complaints.actions import call_back
from complaints.models import Issue, SecondContact
from complaints.states import ComplaintState
from complaints.tests.test_moves import make_complaint_in
from customers.models import BlacklistEntry, Phone
from customers.queries.reference import reference
from desk.tests.make import Desk
from people.actions.activity import flag_late
from people.models import Activity, Membership
from people.queries import rule_for
from people.states import ActivityKind
from surveys.models import Answer, Response

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk(client):
    """A desk whose agent has signed in."""
    desk = Desk()
    client.force_login(desk.agent)
    return desk


def post(client, name, task, **data):
    task.refresh_from_db()
    return client.post(reverse(f"desk:{name}", args=[task.pk]), {"token": task.token, **data}, **HTMX)


def claim(client, desk):
    client.post(reverse("desk:next"), **HTMX)
    return Task.objects.get(agent=desk.agent, state=TaskState.CLAIMED)


def talk(client, desk):
    """A task whose customer has answered."""
    task = claim(client, desk)
    post(client, "dial", task, phone_id=task.customer.phones.get().pk)
    post(client, "answered", task)
    return task


def result(code="DONE", **data):
    return {"disposition": code, "client_uuid": uuid.uuid4(), "issue_uuid": uuid.uuid4(), **data}


def test_next_shows_the_customer_masked_and_the_state_of_the_task(client, desk):
    response = client.post(reverse("desk:next"), **HTMX)
    page = response.content.decode()
    number = desk.tasks[0].customer.phones.get().number
    assert 'data-state="preview"' in page
    assert number not in page
    assert number[3:] not in page


def test_dialling_reveals_the_number_as_a_link_and_asks_the_contact_rules_again(client, desk):
    task = claim(client, desk)
    phone = task.customer.phones.get()
    response = post(client, "dial", task, phone_id=phone.pk)
    assert f"tel:{phone.number}" in response.content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.IN_CALL


def test_dialling_a_customer_blacklisted_since_the_claim_is_refused_with_the_reason(client, desk):
    task = claim(client, desk)
    BlacklistEntry.objects.create(
        customer=task.customer, category="asked", reason="asked", created_at=timezone.now()
    )
    response = post(client, "dial", task, phone_id=task.customer.phones.get().pk)
    assert response.status_code == 422
    task.refresh_from_db()
    assert task.dialled_at is None
    assert not Call.objects.exists()


def test_a_whole_call_saves_answers_and_call_and_brings_the_next_task(client, desk):
    second = desk.another_task()
    task = talk(client, desk)
    post(client, "hangup", task, **{f"a-{desk.first.pk}": "5"})
    response = post(
        client, "save", task, **result(), **{f"a-{desk.first.pk}": "5", f"a-{desk.text.pk}": "很好"}
    )
    assert response.status_code == 200
    call = Call.objects.get()
    task.refresh_from_db()
    second.refresh_from_db()
    assert (task.state, call.disposition.code, call.agent, call.task) == (
        TaskState.DONE,
        "DONE",
        desk.agent,
        task,
    )
    assert call.response.complete
    assert {
        a.item_id: (str(a.number) if a.number else a.text) for a in Answer.objects.filter(asked=True)
    } == {
        desk.first.pk: "5.0000",
        desk.text.pk: "很好",
    }
    assert (second.state, second.agent) == (TaskState.CLAIMED, desk.agent)
    assert not Draft.objects.exists()


def test_no_answer_is_one_request_from_ringing_to_the_next_task(client, desk):
    task = claim(client, desk)
    post(client, "dial", task, phone_id=task.customer.phones.get().pk)
    response = post(client, "save", task, **result("NA"))
    assert response.status_code == 200
    task.refresh_from_db()
    assert (task.state, task.attempts) == (TaskState.PLANNED, 1)
    assert task.due_at > timezone.now()
    assert not Response.objects.exists()


@pytest.mark.parametrize(("mode", "limit"), [("timed", 45), ("forced", None), ("optional", None)])
def test_timed_wrap_up_sets_the_clock_and_tells_the_lead_and_chooses_nothing(client, desk, mode, limit):
    type(desk.campaign).objects.filter(pk=desk.campaign.pk).update(wrap_up_mode=mode, wrap_up_seconds=45)
    task = talk(client, desk)
    page = post(client, "hangup", task).content.decode()
    running = Activity.objects.get(agent=desk.agent, ended_at=None)
    assert running.kind == ActivityKind.AFTER_CALL
    allowed = (running.limit_at - running.started_at).total_seconds()
    assert allowed == (limit or rule_for(desk.team.pk).form_seconds)
    assert (f'data-over="{limit}"' in page) == bool(limit)
    later = running.started_at + timedelta(seconds=46)
    flag_late(now=later)
    flag_late(now=later)
    assert Notification.objects.filter(key=f"activity:{running.pk}").count() == (1 if limit else 0)
    task.refresh_from_db()
    assert task.state == TaskState.WRAP_UP
    assert not Call.objects.exists()


def test_a_missing_required_answer_is_refused_and_nothing_is_written(client, desk):
    task = talk(client, desk)
    post(client, "hangup", task)
    response = post(client, "save", task, **result())
    assert response.status_code == 422
    task.refresh_from_db()
    assert task.state == TaskState.WRAP_UP
    assert (Call.objects.count(), Response.objects.count()) == (0, 0)


def test_the_branch_that_was_left_is_kept_but_not_asked(client, desk):
    task = talk(client, desk)
    post(client, "save", task, **result(), **{f"a-{desk.first.pk}": "5", f"a-{desk.why.pk}": "a"})
    assert Answer.objects.get(item=desk.why).asked is False


def test_a_major_issue_promises_a_second_contact_in_the_same_transaction(client, desk):
    task = talk(client, desk)
    issue = {
        "issue_urgency": "urgent",
        "issue_point": desk.point.code,
        "issue_major": "1",
        "issue_text": "等了三周",
        "issue_suggestion": "加快",
    }
    post(
        client,
        "save",
        task,
        **result("DONE_ISSUE"),
        **{f"a-{desk.first.pk}": "1", f"a-{desk.why.pk}": "a"},
        **issue,
    )
    raised = Issue.objects.get()
    assert (raised.call, raised.customer, raised.department) == (
        Call.objects.get(),
        task.customer,
        desk.department,
    )
    assert SecondContact.objects.get().issue == raised


def test_an_issue_without_its_point_is_refused_and_the_call_is_not_saved(client, desk):
    task = talk(client, desk)
    response = post(
        client, "save", task, **result("DONE_ISSUE"), issue_text="x", **{f"a-{desk.first.pk}": "5"}
    )
    assert response.status_code == 422
    assert not Call.objects.exists()


def test_saving_twice_is_one_call_one_response_one_issue(client, desk):
    task = talk(client, desk)
    data = result("DONE_ISSUE") | {
        "token": Task.objects.get(pk=task.pk).token,
        f"a-{desk.first.pk}": "5",
        "issue_urgency": "routine",
        "issue_point": desk.point.code,
        "issue_text": "x",
    }
    for _again in range(3):
        assert client.post(reverse("desk:save", args=[task.pk]), data, **HTMX).status_code == 200
    assert (Call.objects.count(), Response.objects.count(), Issue.objects.count()) == (1, 1, 1)


def test_a_stale_tab_is_refused_and_gets_back_what_was_typed(client, desk):
    task = talk(client, desk)
    Task.objects.filter(pk=task.pk).update(token=task.token + 7)
    data = result() | {"token": task.token, f"a-{desk.first.pk}": "5", "note": "客户说周三再打"}
    response = client.post(reverse("desk:save", args=[task.pk]), data, **HTMX)
    assert response.status_code == 409
    assert not Call.objects.exists()
    full = client.post(reverse("desk:save", args=[task.pk]), data)
    assert full.status_code == 409
    assert "客户说周三再打" in full.content.decode()


def test_the_draft_survives_a_dead_browser(client, desk):
    task = talk(client, desk)
    assert post(client, "draft", task, note="半句话", **{f"a-{desk.first.pk}": "4"}).status_code == 204
    page = client.get(reverse("desk:desk")).content.decode()
    assert 'data-state="talk"' in page
    assert "半句话" in page
    assert client.post(reverse("desk:next"), **HTMX).content.decode().count("半句话") == 1


def test_the_heartbeat_renews_the_lease(client, desk):
    task = claim(client, desk)
    Task.objects.filter(pk=task.pk).update(lease_until=timezone.now() + timedelta(seconds=3))
    assert post(client, "heartbeat", task).status_code == 204
    task.refresh_from_db()
    assert task.lease_until > timezone.now() + timedelta(seconds=60)


def test_putting_back_returns_the_task_to_the_queue(client, desk):
    task = claim(client, desk)
    response = post(client, "release", task)
    task.refresh_from_db()
    assert task.state == TaskState.READY
    assert 'data-state="idle"' in response.content.decode()


def test_an_appointment_needs_a_time_and_comes_back_to_its_agent(client, desk):
    task = talk(client, desk)
    assert post(client, "save", task, **result("APPT")).status_code == 422
    later = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M")
    assert post(client, "save", task, **result("APPT"), appointment_at=later).status_code == 200
    task.refresh_from_db()
    assert (task.state, task.appointment, task.reserved_for) == (TaskState.PLANNED, True, desk.agent)


def test_an_empty_queue_says_why(client, desk):
    Task.objects.update(state=TaskState.PLANNED, due_at=timezone.now() + timedelta(hours=1))
    response = client.post(reverse("desk:next"), **HTMX)
    assert response.context["screen"].status.reasons[0].count == 1


@pytest.mark.parametrize("name", ["dial", "answered", "hangup", "save", "release", "draft", "heartbeat"])
def test_another_agents_task_cannot_be_touched(client, desk, name):
    task = claim(client, desk)
    colleague = Desk().agent
    Membership.objects.create(user=colleague, role="agent", team=desk.team)
    client.force_login(colleague)
    data = result("NA") | {"phone_id": task.customer.phones.get().pk}
    assert post(client, name, task, **data).status_code == 409
    task.refresh_from_db()
    assert (task.agent, task.state) == (desk.agent, TaskState.CLAIMED)


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "\x00", "😀", "2026-13-45", "a" * 5000])
@pytest.mark.parametrize(
    "field",
    [
        "disposition",
        "client_uuid",
        "note",
        "appointment_at",
        "issue_urgency",
        "issue_point",
        "rating",
        "answer",
    ],
)
def test_nonsense_is_refused_not_an_error(client, desk, field, value):
    task = talk(client, desk)
    answer = f"a-{desk.first.pk}"
    data = {**result(), answer: "5", answer if field == "answer" else field: value}
    assert post(client, "draft", task, **data).status_code in (204, 400, 422)
    assert post(client, "save", task, **data).status_code in (200, 400, 422)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_next_task_request_asks_the_same_queries_however_much_waits(
    client, desk, rows, django_assert_num_queries, settings
):
    """Twelve on PostgreSQL in a process that has just handed out another task of the queue, and the test's savepoints."""
    settings.REFERENCE_SECONDS = 600
    for _task in range(rows):
        desk.another_task()
    client.get(reverse("desk:desk"))
    reference()
    with_customer(desk.tasks[0])
    with django_assert_num_queries(12 + 2 * 2 if connection.vendor == "postgresql" else 23):
        client.post(reverse("desk:next"), **HTMX)


def complaint_call(client, desk):
    """The agent in a call that tells a customer the outcome of a complaint."""
    complaint = make_complaint_in(desk, ComplaintState.CARRIED_OUT)
    release_due(now=timezone.now())
    task = talk(client, desk)
    assert task == complaint.callback_task
    return complaint, task


@pytest.mark.parametrize(("outcome", "satisfied"), [("solved", True), ("unsolved", False)])
def test_the_call_after_a_complaint_asks_for_the_outcome_and_records_it(client, outcome, satisfied):
    desk = Desk(tasks=0)
    client.force_login(desk.agent)
    complaint, task = complaint_call(client, desk)
    answers = {f"a-{desk.first.pk}": "5"}
    page = post(client, "hangup", task, **answers).content.decode()
    assert 'name="outcome"' in page
    refused = post(client, "save", task, **result(), **answers)
    assert refused.status_code == 422
    assert not Call.objects.exists()
    assert post(client, "save", task, **result(outcome=outcome), **answers).status_code == 200
    complaint.refresh_from_db()
    assert (complaint.state, complaint.callback_satisfied) == (ComplaintState.CALLED_BACK, satisfied)


def test_an_outcome_written_down_meanwhile_does_not_stop_the_agent_from_saving(client):
    desk = Desk(tasks=0)
    client.force_login(desk.agent)
    complaint, task = complaint_call(client, desk)
    call_back(complaint=complaint, satisfied=True, by=desk.handler, now=timezone.now())
    answers = {f"a-{desk.first.pk}": "5"}
    post(client, "hangup", task, **answers)
    assert post(client, "save", task, **result(outcome="unsolved"), **answers).status_code == 200
    complaint.refresh_from_db()
    assert complaint.callback_satisfied is True
    assert Call.objects.get().task == task


def test_ids_are_never_grouped_in_what_the_page_sends(client, desk):
    customer = desk.tasks[0].customer
    customer.phones.all().delete()
    Phone.objects.create(pk=1_234_567, customer=customer, number="+8613912345678", preferred=True)
    page = client.post(reverse("desk:next"), **HTMX).content.decode()
    assert 'value="1234567"' in page
    assert "1,234,567" not in page
