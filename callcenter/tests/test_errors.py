"""One shape for every refusal: page, fragment and JSON (DESIGN sections 7 and 8)."""

import pytest

from callcenter.access import Role
from people.tests.make import make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("callcenter.tests.extra_urls")]


@pytest.fixture
def signed(client):
    client.force_login(make_user(Role.AGENT, team=make_team(), language="en"))
    client.cookies["django_language"] = "en"
    client.raise_request_exception = False
    return client


STATUSES = {
    "refused": 422,
    "conflict": 409,
    "validation": 422,
    "missing": 404,
    "denied": 403,
    "bad": 400,
    "boom": 500,
}


@pytest.mark.parametrize(("what", "status"), STATUSES.items())
def test_a_page_answers_with_the_status_and_a_whole_page(signed, what, status):
    answer = signed.get(f"/fails/{what}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert page.count("<h1>") == 1
    assert "secret detail" not in page


@pytest.mark.parametrize(("what", "status"), STATUSES.items())
def test_the_api_answers_with_one_shape(signed, what, status):
    answer = signed.post(f"/api/v1/fails/{what}/")
    # What Django REST framework's own serializers find wrong is 400, so this is as well.
    assert answer.status_code == (400 if what == "validation" else status)
    body = answer.json()
    assert {"code", "detail", "fields"} <= set(body)
    assert body["detail"]
    assert "secret detail" not in answer.content.decode()


def test_codes_of_the_api(signed):
    codes = {what: signed.post(f"/api/v1/fails/{what}/").json()["code"] for what in STATUSES}
    assert codes == {
        "refused": "rest_hours",
        "conflict": "lost_race",
        "validation": "invalid",
        "missing": "not_found",
        "denied": "permission_denied",
        "bad": "bad_request",
        "boom": "server_error",
    }


def test_a_refusal_names_the_fields(signed):
    assert signed.post("/api/v1/fails/refused/").json()["fields"] == {"number": ["Wrong."]}
    assert "Wrong." in signed.get("/fails/refused/").content.decode()


@pytest.mark.parametrize("what", ["refused", "conflict"])
def test_what_was_typed_is_given_back(signed, what):
    typed = {"note": "客户说下午再打 <b>😀</b>", "password": "geheim", "csrfmiddlewaretoken": "x"}
    page = signed.post(f"/fails/{what}/", typed).content.decode()
    assert "客户说下午再打 &lt;b&gt;😀&lt;/b&gt;" in page
    assert "geheim" not in page


def test_back_leads_to_the_page_before_but_never_to_another_site(signed):
    here = signed.get("/fails/refused/", headers={"referer": "http://testserver/people/?page=2"})
    assert 'href="http://testserver/people/?page=2"' in here.content.decode()
    there = signed.get("/fails/refused/", headers={"referer": "https://evil.example/"})
    assert "evil.example" not in there.content.decode()


@pytest.mark.parametrize("what", ["refused", "conflict"])
def test_htmx_gets_a_fragment_for_the_pages_own_place(signed, what):
    answer = signed.post(f"/fails/{what}/", headers={"hx-request": "true"})
    assert answer.status_code == STATUSES[what]
    assert "<html" not in answer.content.decode()
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#refused", "innerHTML")


def test_a_server_error_gives_a_number_that_is_in_the_log(signed, caplog):
    page = signed.get("/fails/boom/").content.decode()
    number = caplog.text.split("server error ")[1].split()[0]
    assert number in page


def test_an_unknown_address_is_a_page_for_people_and_json_for_programs(signed, client):
    assert signed.get("/nothing/here/").status_code == 404
    body = signed.get("/api/v1/nothing/").json()
    assert body["code"] == "not_found"


def test_an_unknown_address_needs_no_sign_in_to_be_unknown(client):
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert 'class="rail"' not in answer.content.decode()


def test_a_form_from_another_session_is_refused_with_advice(client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "a", "password": "b"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "Reload it and send the form again" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/%00/", "/people/%f0%9f%98%80/", "/people/?page=%00", "/jobs/1/", "/%e4%bd/"]
)
def test_no_address_breaks_the_site(signed, address):
    assert signed.get(address).status_code < 500
