"""What an agent ticked is kept with the call, and a task keeps the texts it began with (CAM-5, CAM-7, QA-3)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.actions import claim_next, correct_call
from callbacks.models import Call, SaidStatement, Task
from callbacks.queries import said_in
from campaigns.tests.make import make_script, make_script_version, make_version, texts
from customers.models import ServiceEvent
from desk.tests.make import Desk, disposition
from qa.models import Review
from qa.tests.make import make_inspector, make_scorecard

pytestmark = pytest.mark.django_db
CHECKS = [
    {"code": "recording", "text": texts("This call is recorded")},
    {"code": "price", "text": texts("It costs 10 yuan")},
]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def desk():
    found = Desk()
    found.campaign.script = make_script_version(make_script(), statements=CHECKS)
    found.campaign.save(update_fields=["script"])
    return found


def dial(client, desk):
    client.force_login(desk.agent)
    task = claim_next(agent=desk.agent, now=timezone.now())
    phone = task.customer.phones.get()
    url = lambda name: reverse(f"desk:{name}", args=[task.pk])  # noqa: E731
    htmx = {"headers": {"HX-Request": "true"}}
    assert client.post(url("dial"), {"token": task.token, "phone_id": phone.pk}, **htmx).status_code == 200
    assert client.post(url("answered"), {"token": task.token}, **htmx).status_code == 200
    return task, url, htmx


def save(client, desk, task, url, htmx, *, code="DONE", statements=("1", "2"), answers=None):
    client.post(url("hangup"), {"token": task.token, "statement": list(statements)}, **htmx)
    data = {
        "token": task.token,
        "client_uuid": str(uuid.uuid4()),
        "issue_uuid": str(uuid.uuid4()),
        "disposition": code,
        "statement": list(statements),
    } | ({f"a-{desk.first.pk}": "5"} if answers is None else answers)
    return client.post(url("save"), data, **htmx)


def test_ticked_statements_are_kept_with_who_when_and_which_version(client, desk):
    before = timezone.now()
    task, url, htmx = dial(client, desk)
    client.post(url("draft"), {"token": task.token, "statement": ["1"]}, **htmx)
    ticked = timezone.now()
    assert save(client, desk, task, url, htmx).status_code == 200
    call = Call.objects.get()
    rows = list(SaidStatement.objects.order_by("position"))
    assert [(row.call, row.version, row.code, row.agent) for row in rows] == [
        (call, desk.campaign.script, "recording", desk.agent),
        (call, desk.campaign.script, "price", desk.agent),
    ]
    assert before <= rows[0].said_at <= ticked <= rows[1].said_at <= timezone.now()


def test_statements_of_a_call_that_broke_off_are_kept_as_far_as_they_went(client, desk):
    task, url, htmx = dial(client, desk)
    save(client, desk, task, url, htmx, code="BREAKOFF", statements=["2", "9", "x", "-1"], answers={})
    said = said_in(Call.objects.get())
    assert [(line.code, line.said_at is not None) for line in said.lines] == [
        ("recording", False),
        ("price", True),
    ]
    assert said.missing == 1


def test_other_places_do_not_stand_for_the_missing_statement(client, desk):
    task, url, htmx = dial(client, desk)
    answer = save(client, desk, task, url, htmx, statements=["1", "7"])
    assert answer.status_code == 422
    assert not SaidStatement.objects.exists()


def test_call_and_review_show_what_was_ticked(client, desk):
    task, url, htmx = dial(client, desk)
    save(client, desk, task, url, htmx, code="BREAKOFF", statements=["1"], answers={})
    call = Call.objects.get()
    page = client.get(reverse("callbacks:call", args=[call.pk])).content.decode()
    assert "This call is recorded" in page
    assert "1 not ticked" in page
    review = Review.objects.create(
        call=call,
        agent=desk.agent,
        team=desk.team,
        scorecard=make_scorecard().versions.get(),
    )
    client.force_login(make_inspector(desk.team.unit))
    assert "It costs 10 yuan" in client.get(reverse("qa:review", args=[review.pk])).content.decode()


def test_corrected_call_keeps_what_was_ticked(client, desk):
    task, url, htmx = dial(client, desk)
    save(client, desk, task, url, htmx)
    new = correct_call(
        call=Call.objects.get(),
        disposition=disposition("REFUSE"),
        reason="slip",
        by=desk.lead,
        now=timezone.now(),
    )
    assert [line.said_at is not None for line in said_in(new).lines] == [True, True]


def test_task_keeps_the_script_and_questionnaire_it_was_dialled_with(client, desk):
    first = desk.campaign.script
    task, url, htmx = dial(client, desk)
    newer = make_script_version(first.script, opening=texts("NEWER OPENING"), statements=[])
    desk.campaign.script, desk.campaign.questionnaire = newer, make_version("text")
    desk.campaign.save(update_fields=["script", "questionnaire"])
    page = client.get(reverse("desk:desk")).content.decode()
    assert "NEWER OPENING" not in page
    assert "This call is recorded" in page
    assert save(client, desk, task, url, htmx).status_code == 200
    call = Call.objects.get()
    assert call.response.version == desk.version
    assert said_in(call).version == first


def test_task_that_was_never_dialled_is_read_the_new_script(client, desk):
    desk.campaign.script = make_script_version(opening=texts("NEWER OPENING"))
    desk.campaign.save(update_fields=["script"])
    dial(client, desk)
    assert "NEWER OPENING" in client.get(reverse("desk:desk")).content.decode()
    assert Task.objects.get().script == desk.campaign.script


def test_branches_are_shown_to_the_agent_without_their_checks_repeated(client, desk):
    steps = [
        {"kind": "ask", "level": 0, "text": texts("Is it you, {salutation}?")},
        {"kind": "answer", "level": 1, "text": texts("Somebody else")},
        {"kind": "end", "level": 2, "text": texts("Goodbye then")},
    ]
    desk.campaign.script = make_script_version(steps=steps)
    desk.campaign.save(update_fields=["script"])
    dial(client, desk)
    page = client.get(reverse("desk:desk")).content.decode()
    assert "Goodbye then" in page
    assert "{salutation}" not in page
    assert page.count("Is it you") == 1


@pytest.mark.parametrize(("days", "shown", "hidden"), [(60, "FRIENDLY", "LEGAL"), (120, "LEGAL", "FRIENDLY")])
def test_age_of_the_debt_chooses_the_wording_at_the_desk(client, desk, days, shown, hidden):
    now = timezone.now()
    desk.campaign.kind = "dunning"
    desk.campaign.script = make_script_version(
        opening=texts("FRIENDLY"),
        legal_opening=texts("LEGAL"),
        steps=[
            {"kind": "say", "level": 0, "text": texts("FRIENDLY line"), "wording": "friendly"},
            {"kind": "say", "level": 0, "text": texts("LEGAL line"), "wording": "legal"},
        ],
    )
    desk.campaign.save(update_fields=["kind", "script"])
    ServiceEvent.objects.create(
        client=desk.campaign.client,
        customer=desk.tasks[0].customer,
        kind="arrears",
        external_id="A1",
        occurred_at=now - timedelta(days=3),
        facts={"since": (now - timedelta(days=days)).date().isoformat()},
        created_at=now,
    )
    dial(client, desk)
    page = client.get(reverse("desk:desk")).content.decode()
    assert f"{shown} line" in page
    assert f"{hidden} line" not in page
    assert f">{hidden}<" not in page
