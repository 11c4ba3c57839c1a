"""The decorators, the check that nobody forgets them, and the gate of the API."""

import pytest
from django.core.checks import run_checks

from callcenter.access import Role, every_url, every_url_declares_its_policy, policy_of
from people.tests.make import make_team, make_unit, make_user


def test_the_check_finds_a_url_without_a_policy(settings):
    settings.ROOT_URLCONF = "callcenter.tests.undeclared_urls"
    errors = every_url_declares_its_policy(None)
    assert [(error.id, error.msg) for error in errors] == [
        ("access.E001", "/forgotten/ declares no access policy.")
    ]


def test_every_url_of_the_project_declares_a_policy():
    assert [error.msg for error in run_checks() if error.id == "access.E001"] == []
    assert len(list(every_url())) > 50


def test_public_pages_say_why():
    policies = {policy_of(entry.callback) for _route, entry in every_url()}
    assert all(policy.reason for policy in policies if policy.kind == "public")


@pytest.mark.django_db
@pytest.mark.urls("callcenter.tests.extra_urls")
def test_a_public_page_opens_without_signing_in(client):
    assert client.get("/anybody/").status_code == 200
    assert client.get("/fails/refused/").status_code == 302


@pytest.mark.django_db
@pytest.mark.urls("callcenter.tests.extra_urls")
def test_the_api_asks_the_policy_of_the_method(client):
    lead, inspector = make_user(Role.LEAD, team=make_team()), make_user(Role.QA, unit=make_unit())
    assert client.get("/api/v1/mixed/").status_code == 401
    client.force_login(lead)
    assert client.get("/api/v1/mixed/").status_code == 403
    assert client.post("/api/v1/mixed/").status_code == 200
    assert client.put("/api/v1/mixed/").status_code == 403
    client.force_login(inspector)
    assert client.get("/api/v1/mixed/").status_code == 200


@pytest.mark.django_db
def test_a_refused_page_names_whom_it_is_for(client):
    client.force_login(make_user(Role.AGENT, team=make_team()))
    answer = client.get("/people/", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "team lead" in answer.content.decode()
