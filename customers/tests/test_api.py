"""The API of customers, events and do-not-call: one error shape, scope, masking, harmless repetition."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from callcenter import jobs
from customers.models import BlacklistEntry, Customer, ServiceEvent
from customers.tests.make import NOW, make_client, make_customer, make_team, make_unit, make_user
from customers.tests.test_pages import CANARY, run_jobs, two_teams

pytestmark = pytest.mark.django_db


def api_of(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def lead_of(team):
    return api_of(make_user("lead", team=team))


def test_list_and_retrieve_are_scoped_and_masked():
    own, mine, canary = two_teams()
    api = lead_of(own)
    body = api.get("/api/v1/customers/").json()
    assert [row["id"] for row in body["results"]] == [mine.pk]
    assert body["results"][0]["phones"][0]["number"] == "138****8000"
    assert api.get(f"/api/v1/customers/{mine.pk}/").json()["name"] == mine.name
    for url in (f"/api/v1/customers/{canary.pk}/", f"/api/v1/customers/{canary.client.code}/CANARY1/"):
        response = api.get(url)
        assert response.status_code == 404
        assert CANARY not in response.content.decode()
    assert api.get("/api/v1/customers/", {"external_id": "CANARY1"}).json()["results"] == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_asks_as_many_queries_for_one_as_for_three(how_many):
    team = make_team()
    for _ in range(how_many):
        make_customer(team=team)
    api = lead_of(team)
    with CaptureQueriesContext(connection) as seen:
        assert len(api.get("/api/v1/customers/").json()["results"]) == how_many
    assert len(seen) == 4


def test_create_and_change_by_customer_number():
    team, client = make_team(), make_client()
    api = lead_of(team)
    data = {
        "client": client.code,
        "team": team.code,
        "external_id": "N1",
        "name": "王芳",
        "numbers": ["138 0013 8000"],
    }
    response = api.post("/api/v1/customers/", data, format="json")
    assert response.status_code == 201
    assert response.json()["phones"][0]["number"] == "138****8000"
    url = f"/api/v1/customers/{client.code}/N1/"
    changed = api.patch(
        url, {"version": 1, "level": "金卡", "rest_hours": [["12:00", "13:30"]]}, format="json"
    )
    assert (changed.status_code, changed.json()["version"], changed.json()["name"]) == (200, 2, "王芳")
    stale = api.patch(url, {"version": 1, "level": "银卡"}, format="json")
    assert (stale.status_code, stale.json()["code"]) == (409, "lost_race")
    assert api.patch(url, {"level": "银卡"}, format="json").status_code == 400
    again = api.post("/api/v1/customers/", data, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "customer_number_taken")
    assert Customer.objects.get().level == "金卡"


def test_create_reaches_only_own_teams_and_units():
    own, foreign, client = make_team(), make_team(), make_client()
    api = lead_of(own)
    for place in ({"team": foreign.code}, {"unit": foreign.unit.code}, {"unit": make_unit().code}, {}):
        response = api.post("/api/v1/customers/", {"client": client.code, "name": "x"} | place, format="json")
        assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert not Customer.objects.exists()


def test_change_cannot_move_or_forge_a_customer():
    own, mine, canary = two_teams()
    before = (mine.client_id, mine.unit_id, mine.team_id, mine.created_at)
    forged = {
        "version": 1,
        "team": canary.team.code,
        "client": canary.client.code,
        "unit": 1,
        "id": 5,
        "created_at": "2020-01-01",
    }
    assert lead_of(own).patch(f"/api/v1/customers/{mine.pk}/", forged, format="json").status_code == 200
    mine.refresh_from_db()
    assert (mine.client_id, mine.unit_id, mine.team_id, mine.created_at) == before


def event_of(customer, **changes):
    return {
        "client": customer.client.code,
        "customer": customer.external_id,
        "kind": "claim_settled",
        "external_id": "CLM1",
        "occurred_at": NOW.isoformat(),
        "facts": {"paid": 1200},
    } | changes


def test_event_is_recorded_once():
    own, mine, canary = two_teams()
    api = lead_of(own)
    assert api.post("/api/v1/events/", event_of(mine), format="json").status_code == 201
    assert api.post("/api/v1/events/", event_of(mine), format="json").status_code == 200
    other = api.post("/api/v1/events/", event_of(mine, facts={}), format="json")
    assert (other.status_code, other.json()["code"]) == (409, "event_number_taken")
    assert ServiceEvent.objects.count() == 1
    assert api.post("/api/v1/events/", event_of(canary), format="json").status_code == 404
    assert (
        api.post(
            "/api/v1/events/", event_of(mine, occurred_at="2999-01-01T00:00Z"), format="json"
        ).status_code
        == 400
    )


def test_blacklist_is_added_and_listed_masked():
    own, mine, canary = two_teams()
    api = lead_of(own)
    data = {"number": "139 0013 9000", "category": "asked", "reason": "asked"}
    assert api.post("/api/v1/blacklist/", data, format="json").json()["number"] == "139****9000"
    about = {"client": mine.client.code, "customer": mine.external_id, "category": "complaint", "reason": "r"}
    proposed = api.post("/api/v1/blacklist/", about, format="json")
    assert (proposed.status_code, proposed.json()["state"]) == (201, "proposed")
    wished = api.post("/api/v1/blacklist/", about | {"category": "asked"}, format="json")
    assert (wished.status_code, wished.json()["state"]) == (201, "in_force")
    foreign = about | {"client": canary.client.code, "customer": canary.external_id}
    assert api.post("/api/v1/blacklist/", foreign, format="json").status_code == 404
    assert (
        api.post("/api/v1/blacklist/", {"category": "asked", "reason": "r"}, format="json").status_code == 422
    )
    assert (
        api.post("/api/v1/blacklist/", data | {"number": "12x"}, format="json").json()["code"]
        == "phone_letters"
    )
    BlacklistEntry.objects.create(customer=canary, category="asked", reason=CANARY, created_at=NOW)
    body = api.get("/api/v1/blacklist/").content.decode()
    assert len(json.loads(body)["results"]) == 2
    assert CANARY not in body
    assert "13900139000" not in body
    waiting = api.get("/api/v1/blacklist/", {"state": "proposed"}).json()["results"]
    assert [row["id"] for row in waiting] == [proposed.json()["id"]]
    assert len(api.get("/api/v1/blacklist/", {"state": "nonsense"}).json()["results"]) == 2


def test_consent_is_recorded_and_its_history_listed():
    own, mine, canary = two_teams()
    api, url = lead_of(own), f"/api/v1/customers/{mine.pk}/consents/"
    word = {"channel": "sms", "purpose": "survey", "state": "granted", "source": "form", "evidence": "F-7"}
    made = api.post(url, word, format="json")
    assert (made.status_code, made.json()["evidence"]) == (201, "F-7")
    assert api.post(url, word | {"state": "withdrawn"}, format="json").status_code == 201
    assert [row["state"] for row in api.get(url).json()["results"]] == ["withdrawn", "granted"]
    for wrong in ({"channel": "fax"}, {"state": ""}, {"source": " "}, {"purpose": None}):
        assert api.post(url, word | wrong, format="json").status_code == 400
    for pk in (canary.pk, 10**24):
        foreign = f"/api/v1/customers/{pk}/consents/"
        assert {api.get(foreign).status_code, api.post(foreign, word, format="json").status_code} <= {
            404,
            422,
        }


def test_import_starts_a_job():
    team, client = make_team(), make_client()
    api = lead_of(team)
    file = SimpleUploadedFile("a.csv", "客户编号,姓名,手机\nA1,王芳,13800000001\n".encode())
    response = api.post("/api/v1/customers/import/", {"file": file, "client": client.code, "team": team.code})
    assert response.status_code == 202
    run_jobs()
    assert jobs.Job.objects.get(pk=response.json()["job"]).result["accepted"] == 1
    assert Customer.objects.get().team == team
    foreign = make_team()
    file.seek(0)
    response = api.post(
        "/api/v1/customers/import/", {"file": file, "client": client.code, "team": foreign.code}
    )
    assert response.status_code == 400


ODD = [None, [], {}, "\x00", "😀", -1, 10**30, "x" * 10_000, True, "2026-13-45", {"a": {"b": []}}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_bodies_are_no_server_error(odd):
    own, mine, _canary = two_teams()
    api = lead_of(own)
    names = ["client", "team", "unit", "customer", "name", "external_id", "kind", "occurred_at", "facts", "version", "amount",
             "custom", "rest_hours", "numbers", "number", "category", "reason", "purpose", "expires_at", "region"]  # fmt: skip
    for url in ("/api/v1/customers/", "/api/v1/events/", "/api/v1/blacklist/"):
        for name in names:
            body = event_of(mine) | {
                "team": own.code,
                "name": "x",
                "category": "asked",
                "reason": "r",
                name: odd,
            }
            assert api.post(url, body, format="json").status_code < 500, (url, name)
        assert api.post(url, odd, format="json").status_code < 500
    for name in names:
        body = {"version": 1} | {name: odd}
        assert api.patch(f"/api/v1/customers/{mine.pk}/", body, format="json").status_code < 500, name
    for name in ("q", "client", "region", "team", "level", "nature", "cursor", "external_id", "page_size"):
        assert api.get("/api/v1/customers/", {name: str(odd)}).status_code < 500, name


def test_agents_and_observers_are_refused():
    team, client = make_team(), make_client()
    for user in (make_user("agent", team=team), make_user("client", client=client)):
        for url in ("/api/v1/customers/", "/api/v1/blacklist/"):
            assert api_of(user).get(url).status_code == 403
        assert api_of(user).post("/api/v1/events/", {}).status_code == 403
    assert APIClient().get("/api/v1/customers/").status_code in {401, 403}
