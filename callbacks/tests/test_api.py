"""Tasks and calls over the API (DESIGN section 7)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Call, Task
from callbacks.tests.make import make_agent, make_campaign, make_customer, make_task, make_team
from callcenter.access import Role
from customers.models import CallingWindow
from customers.tests.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calls_at_any_hour():
    """These requests take the clock of the wall."""
    CallingWindow.objects.all().delete()
    CallingWindow.objects.create(day_type="", ranges=[["00:00", "00:00"]])


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_agent_claims_and_releases_a_task(team, campaign):
    task = make_task(campaign, now=timezone.now())
    client = api(make_agent(team))
    claimed = client.post("/api/v1/tasks/claim/")
    assert (claimed.status_code, claimed.json()["id"], claimed.json()["state"]) == (200, task.pk, "claimed")
    token = claimed.json()["token"]
    stale = client.post(f"/api/v1/tasks/{task.pk}/release/", {"token": token + 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "lease_lost")
    released = client.post(f"/api/v1/tasks/{task.pk}/release/", {"token": token, "note": "认识客户"})
    assert (released.status_code, released.json()["state"]) == (200, "ready")


def test_empty_queue_answers_without_content_and_says_why(team, campaign):
    make_task(campaign, due_at=timezone.now() + timedelta(hours=1))
    answer = api(make_agent(team)).post("/api/v1/tasks/claim/")
    assert (answer.status_code, answer["X-Queue-Empty"]) == (204, "not_due=1")


@pytest.mark.parametrize(
    "data", [{}, {"token": "x"}, {"token": -1}, {"token": 10**30}, {"token": 1, "note": "x" * 301}]
)
def test_release_with_wrong_values_is_invalid(team, data):
    answer = api(make_agent(team)).post("/api/v1/tasks/1/release/", data)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_lists_keep_to_the_scope(team, campaign):
    make_task(campaign)
    lead = api(make_user(Role.LEAD, team=team))
    stranger = api(make_user(Role.LEAD, team=make_team()))
    assert len(lead.get("/api/v1/tasks/").json()["results"]) == 1
    assert stranger.get("/api/v1/tasks/").json()["results"] == []
    assert stranger.get("/api/v1/calls/").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_task_list_needs_a_fixed_number_of_queries(team, campaign, rows, django_assert_max_num_queries):
    for _more in range(rows):
        make_task(campaign)
    client = api(make_user(Role.LEAD, team=team))
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/v1/tasks/").json()["results"]) == rows


def cdr(campaign, customer, /, **fields):
    start = timezone.now() - timedelta(minutes=5)
    return {
        "external_id": "pbx-1",
        "campaign": campaign.code,
        "customer": customer.external_id,
        "disposition": "DONE",
        "started_at": start.isoformat(),
        "answered_at": (start + timedelta(seconds=8)).isoformat(),
        "ended_at": (start + timedelta(seconds=83)).isoformat(),
        "number": "13800138000",
    } | fields


def test_telephone_system_records_a_call_once(team, campaign):
    customer = make_customer(client=campaign.client, team=team)
    client = api(make_user(Role.MANAGER, team=team))
    first = client.post("/api/v1/calls/", cdr(campaign, customer), format="json")
    again = client.post("/api/v1/calls/", cdr(campaign, customer), format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert (float(first.json()["talk_seconds"]), Call.objects.count()) == (75, 1)
    assert first.json()["number"].count("*") == 4


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"customer": "nobody"}, 400),
        ({"campaign": "NONE"}, 400),
        ({"disposition": "NONE"}, 400),
        ({"started_at": "yesterday"}, 400),
        ({"started_at": "2999-01-01T00:00:00Z"}, 422),
        ({"ended_at": "2000-01-01T00:00:00Z"}, 422),
        ({"external_id": "x" * 81}, 400),
        ({"number": "12"}, 422),
        ({"note": "\x00"}, 400),
    ],
)
def test_call_with_wrong_values_is_refused_and_nothing_is_kept(team, campaign, fields, status):
    customer = make_customer(client=campaign.client, team=team)
    client = api(make_user(Role.MANAGER, team=team))
    answer = client.post("/api/v1/calls/", cdr(campaign, customer, **fields), format="json")
    assert (answer.status_code, Call.objects.count()) == (status, 0)


def test_call_for_a_campaign_out_of_scope_is_refused(campaign):
    customer = make_customer(client=campaign.client)
    client = api(make_user(Role.MANAGER, team=make_team()))
    assert client.post("/api/v1/calls/", cdr(campaign, customer), format="json").status_code == 400


def test_agent_may_not_record_calls(team, campaign):
    assert api(make_agent(team)).post("/api/v1/calls/", {}, format="json").status_code == 403


def test_file_of_calls_becomes_a_job(team, campaign):
    make_customer(client=campaign.client, external_id="B1")
    file = SimpleUploadedFile("calls.csv", b"call_no,customer_no,date,result\nC1,B1,2026-01-05,DONE\n")
    client = api(make_user(Role.MANAGER, team=team))
    answer = client.post(
        "/api/v1/calls/import/", {"campaign": campaign.code, "file": file}, format="multipart"
    )
    assert answer.status_code == 202
    assert answer.json()["url"].startswith("/jobs/")
    assert Task.objects.count() == 0
