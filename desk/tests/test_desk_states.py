"""States of the desk beyond the plain call: identity, undo, recovery, message instead, keys, cuts of the line (CB-2, CB-8)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import return_expired
from callbacks.models import Call, Draft, Task
from callbacks.states import TaskState
from callcenter.access import Role
from callcenter.models import Notification
from campaigns.models import Campaign
from customers.models import Consent
from desk.models import DayReport
from desk.states import USUAL_KEYS
from desk.tests.make import Desk
from desk.tests.test_desk import HTMX, claim, post, result, talk
from messaging.tests.make import make_version
from people.models import Membership, User
from surveys.models import Response

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    desk = Desk()
    client.force_login(desk.agent)
    return desk


def ringing(client, desk):
    task = claim(client, desk)
    post(client, "dial", task, phone_id=task.customer.phones.first().pk)
    return task


def good(desk):
    return {f"a-{desk.first.pk}": "5"}


def test_a_result_of_one_key_can_be_undone_from_the_next_screen(client, desk):
    following = desk.another_task()
    task, key = ringing(client, desk), uuid.uuid4()
    page = post(client, "save", task, **result("NA") | {"client_uuid": key}).content.decode()
    assert str(key) in page
    answer = client.post(reverse("desk:undo"), {"client_uuid": key}, **HTMX)
    assert 'data-state="ringing"' in answer.content.decode()
    following.refresh_from_db()
    assert following.state == TaskState.READY
    assert not Call.objects.counted().exists()


def test_a_completed_call_offers_no_undo(client, desk):
    task = talk(client, desk)
    page = post(client, "save", task, **result(), **good(desk)).content.decode()
    assert "data-undo" not in page


@pytest.mark.parametrize("value", ["", "x", "0" * 40, "5182a53e-8fc4-4c8b-8fc3-c9e3df5c625d"])
def test_undo_of_nonsense_is_refused(client, desk, value):
    assert client.post(reverse("desk:undo"), {"client_uuid": value}, **HTMX).status_code == 422


def test_the_identity_step_is_asked_where_the_campaign_wants_it(client, desk):
    page = post(client, "hangup", talk(client, desk)).content.decode()
    assert 'name="spoke_to"' not in page
    Campaign.objects.update(identity_check=True)
    assert 'name="spoke_to"' in client.get(reverse("desk:desk")).content.decode()


@pytest.mark.parametrize(
    ("who", "code", "kept"), [("self", "DONE", "self"), ("decides", "DONE", "decides"), ("later", "DONE", "")]
)
def test_who_was_on_the_line_is_saved_with_the_call(client, desk, who, code, kept):
    post(client, "save", talk(client, desk), **result(code, spoke_to=who), **good(desk))
    assert Call.objects.get().spoke_to == kept


def test_answers_of_somebody_who_may_not_decide_are_no_success(client, desk):
    task = talk(client, desk)
    answer = post(client, "save", task, **result(spoke_to="other"), **good(desk))
    assert (answer.status_code, Call.objects.count()) == (422, 0)
    assert post(client, "save", task, **result("GATE", spoke_to="other")).status_code == 200
    assert Call.objects.get().spoke_to == "other"


@pytest.mark.parametrize(("who", "code"), [("other", "GATE"), ("refuses", "REFUSE")])
def test_the_identity_step_suggests_the_result(client, desk, who, code):
    Campaign.objects.update(identity_check=True)
    page = post(client, "hangup", talk(client, desk), spoke_to=who)
    assert page.context["screen"].suggested == code


def orphaned(client, desk, **typed):
    """A call whose browser died and was not heard of again."""
    task = talk(client, desk)
    post(client, "draft", task, **typed)
    Task.objects.update(lease_until=timezone.now() - timedelta(minutes=11))
    assert return_expired(now=timezone.now()) == 1
    return Call.objects.get()


def test_a_call_left_without_result_is_asked_for_first(client, desk):
    orphan = orphaned(client, desk, note="说得很慢", **good(desk))
    desk.another_task()
    page = client.get(reverse("desk:desk")).content.decode()
    assert 'data-state="recover"' in page
    assert "说得很慢" in page
    answer = client.post(
        reverse("desk:recover", args=[orphan.pk]), {"disposition": "DONE", "note": "说得很慢"}, **HTMX
    )
    assert 'data-state="preview"' in answer.content.decode()
    call = Call.objects.counted().get()
    assert (call.disposition.code, call.corrects, call.note) == ("DONE", orphan, "说得很慢")
    assert call.correction_reason
    assert call.response.complete
    assert call.answered_at is not None
    assert not Draft.objects.exists()


def test_nothing_is_invented_for_a_call_whose_answers_are_missing(client, desk):
    orphan = orphaned(client, desk)
    answer = client.post(reverse("desk:recover", args=[orphan.pk]), {"disposition": "DONE"}, **HTMX)
    assert answer.status_code == 422
    assert not Response.objects.exists()
    assert Call.objects.counted().get() == orphan
    assert (
        client.post(
            reverse("desk:recover", args=[orphan.pk]), {"disposition": "BREAKOFF"}, **HTMX
        ).status_code
        == 200
    )


def test_the_next_task_can_be_taken_before_the_old_call_is_coded(client, desk):
    orphaned(client, desk)
    desk.another_task()
    page = client.post(reverse("desk:next"), **HTMX).content.decode()
    assert 'data-state="preview"' in page
    assert reverse("desk:day") in page


def test_a_call_left_without_result_is_no_appointment(client, desk):
    orphan = orphaned(client, desk)
    page = client.get(reverse("desk:desk")).content.decode()
    assert 'value="APPT"' not in page
    answer = client.post(reverse("desk:recover", args=[orphan.pk]), {"disposition": "APPT"}, **HTMX)
    assert answer.status_code == 422


def test_coding_a_call_twice_is_one_correction(client, desk):
    orphan = orphaned(client, desk)
    for _again in range(2):
        answer = client.post(reverse("desk:recover", args=[orphan.pk]), {"disposition": "BREAKOFF"}, **HTMX)
        assert answer.status_code == 200
    assert Call.objects.count() == 2


def test_nobody_codes_the_call_of_a_colleague(client, desk):
    orphan = orphaned(client, desk)
    colleague = Desk(tasks=0).agent
    client.force_login(colleague)
    answer = client.post(reverse("desk:recover", args=[orphan.pk]), {"disposition": "NA"}, **HTMX)
    assert answer.status_code == 404


def test_a_draft_of_an_earlier_claim_is_not_shown_to_the_next_caller(client, desk):
    orphan = orphaned(client, desk, note="上一通的话")
    Task.objects.filter(pk=orphan.task_id).update(state=TaskState.READY)
    assert "上一通的话" not in client.post(reverse("desk:next"), **HTMX).content.decode()


def test_a_step_pressed_without_a_line_counts_from_its_key(client, desk):
    task = ringing(client, desk)
    now = timezone.now()
    Task.objects.update(dialled_at=now - timedelta(minutes=6))
    post(client, "answered", task, ago=330_000)
    post(client, "answered", task)  # repeated: the first one stays
    post(client, "hangup", task, ago=240_000, **good(desk))
    post(client, "save", task, **result(), ago=230_000, **good(desk))
    call = Call.objects.get()
    assert (round(call.ring_seconds), round(call.talk_seconds), round(call.wrap_seconds)) == (30, 90, 10)


@pytest.mark.parametrize("ago", ["-1", "x", "99999999999", "1e9"])
def test_an_impossible_delay_is_refused(client, desk, ago):
    assert post(client, "answered", ringing(client, desk), ago=ago).status_code == 422


def test_an_optional_wrap_up_saves_an_unambiguous_result_with_the_hang_up(client, desk):
    desk.another_task()
    Campaign.objects.update(wrap_up_mode=Campaign.WrapUp.OPTIONAL)
    page = post(client, "hangup", talk(client, desk), **result(""), **good(desk)).content.decode()
    assert 'data-state="preview"' in page
    assert Call.objects.get().disposition.code == "DONE"


@pytest.mark.parametrize("typed", [{"note": "还有话要记"}, {}])
def test_an_optional_wrap_up_is_opened_when_something_is_open(client, desk, typed):
    Campaign.objects.update(wrap_up_mode=Campaign.WrapUp.OPTIONAL)
    answers = good(desk) if typed else {}
    page = post(client, "hangup", talk(client, desk), **result(""), **answers, **typed).content.decode()
    assert 'data-state="wrap"' in page
    assert not Call.objects.exists()


def test_own_keys_are_kept_shown_and_taken_back(client, desk):
    keys = {command.value: key for command, key in USUAL_KEYS.items()} | {"hangup": "q"}
    assert client.post(reverse("desk:keys"), keys).status_code == 302
    assert User.objects.get(pk=desk.agent.pk).desk_keys == {"hangup": "q"}
    page = post(client, "hangup", talk(client, desk)).content.decode()
    assert 'data-state="wrap"' in page
    page = client.get(reverse("desk:keys")).content.decode()
    assert 'value="q"' in page
    client.post(reverse("desk:keys"), {"usual": "1"})
    assert User.objects.get(pk=desk.agent.pk).desk_keys == {}


@pytest.mark.parametrize(
    ("key", "allowed"), [("q", True), ("1", False), ("m", False), ("i", False), ("é", False), ("", False)]
)
def test_keys_that_clash_are_refused(client, desk, key, allowed):
    keys = {command.value: usual for command, usual in USUAL_KEYS.items()} | {"hangup": key}
    assert client.post(reverse("desk:keys"), keys).status_code == (302 if allowed else 422)
    assert bool(User.objects.get(pk=desk.agent.pk).desk_keys) == allowed


def test_my_day_shows_progress_and_todays_calls(client, desk):
    post(client, "save", talk(client, desk), **result(), **good(desk))
    page = client.get(reverse("desk:day"))
    assert page.context["day"]["counts"]["completed"] == 1
    assert f"#{Call.objects.get().pk}" in page.content.decode()


@pytest.mark.parametrize("calls", [1, 3])
def test_my_day_asks_the_same_queries_however_many_calls(client, desk, calls, django_assert_max_num_queries):
    for _call in range(calls):
        if not Task.objects.filter(state=TaskState.READY).exists():
            desk.another_task()
        post(client, "save", talk(client, desk), **result("BREAKOFF"))
        Task.objects.held().update(state=TaskState.READY, agent=None)
    # Within a half-day the rest taken is asked too.
    with django_assert_max_num_queries(18):
        client.get(reverse("desk:day"))


def test_the_agent_corrects_an_own_call_of_today_with_a_reason(client, desk):
    post(client, "save", talk(client, desk), **result("BREAKOFF"))
    call = Call.objects.get()
    url = reverse("callbacks:call_correct", args=[call.pk])
    assert client.post(url, {"disposition": "REFUSE"}).status_code == 422
    assert client.post(url, {"disposition": "REFUSE", "reason": "按错了"}).status_code == 302
    assert Call.objects.counted().get().corrects == call


def test_a_closed_day_is_corrected_by_the_lead_only(client, desk):
    post(client, "save", talk(client, desk), **result("BREAKOFF"))
    Call.objects.update(local_day=timezone.localdate() - timedelta(days=1))
    url = reverse("callbacks:call_correct", args=[Call.objects.get().pk])
    assert client.post(url, {"disposition": "REFUSE", "reason": "按错了"}).status_code == 422


def test_handing_in_the_day_counts_issues_and_tells_the_lead(client, desk):
    lead = User.objects.create(username="lead-of-day", full_name="组长")
    Membership.objects.create(user=lead, role=Role.LEAD, team=desk.team)
    issue = {"issue_urgency": "urgent", "issue_point": desk.point.code, "issue_text": "等了三周"}
    post(client, "save", talk(client, desk), **result("DONE_ISSUE"), **good(desk), **issue)
    page = client.get(reverse("desk:closing")).content.decode()
    assert str(desk.point) in page
    assert client.post(reverse("desk:closing")).status_code == 302
    client.post(reverse("desk:closing"))
    report = DayReport.objects.get()
    assert (report.agent, report.urgent, report.routine) == (desk.agent, 1, 0)
    assert Notification.objects.filter(recipient=lead, key__startswith="day:").count() == 1


def test_a_call_in_hand_keeps_the_day_open(client, desk):
    talk(client, desk)
    assert client.post(reverse("desk:closing")).status_code == 422
    assert not DayReport.objects.exists()


def test_the_heartbeat_says_which_appointment_is_near(client, desk):
    task = claim(client, desk)
    other = desk.another_task(ready=False)
    assert "X-Appointment" not in post(client, "heartbeat", task)
    soon = timezone.now() + timedelta(minutes=4)
    Task.objects.filter(pk=other.pk).update(
        appointment=True, agreed_at=soon, due_at=soon, reserved_for=desk.agent, state=TaskState.PLANNED
    )
    assert f"{timezone.localtime(soon):%H%%3A%M}" in post(client, "heartbeat", task)["X-Appointment"]


def test_a_customer_who_has_refused_is_not_written_to(client, desk):
    answer = post(client, "save", talk(client, desk), **result("BREAKOFF", send_by="sms"))
    assert (answer.status_code, Call.objects.count()) == (422, 0)


@pytest.mark.parametrize("agreed", [True, False])
def test_the_questions_go_out_by_message_instead_only_with_consent(client, desk, agreed):
    make_version(kind="survey", channel="sms")
    task = talk(client, desk)
    if agreed:
        Consent.objects.create(
            customer=task.customer,
            channel="sms",
            purpose=desk.campaign.purpose,
            state=Consent.State.GRANTED,
            source="回访",
            at=timezone.now(),
        )
    page = post(client, "hangup", task).content.decode()
    assert ('name="send_by"' in page) == agreed
    answer = post(client, "save", task, **result("LANG", send_by="sms"))
    assert answer.status_code == (200 if agreed else 422)
    by_message = Task.objects.filter(channel="sms")
    assert by_message.count() == agreed
    task.refresh_from_db()
    assert task.state == (TaskState.CANCELLED if agreed else TaskState.WRAP_UP)
    assert Call.objects.count() == agreed
