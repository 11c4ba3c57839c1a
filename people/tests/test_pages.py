import re

import pytest
from rest_framework.authtoken.models import Token

from callcenter.access import Role
from callcenter.models import AccessLog
from people.models import User
from people.tests.make import PASSWORD, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lead(client, team):
    user = make_user(Role.LEAD, team=team)
    client.force_login(user)
    return user


@pytest.mark.parametrize("count", [1, 3])
def test_people_list_costs_the_same_whatever_its_length(client, team, lead, count, django_assert_num_queries):
    for _number in range(count):
        make_user(Role.AGENT, team=team)
    # Session, user, memberships, teams of the filter, people, their memberships, unread notifications.
    with django_assert_num_queries(7):
        page = client.get("/people/")
    assert len(page.context["page"].rows) == count + 1


def test_people_list_shows_the_team_and_nobody_else(client, team, lead):
    mine, other = make_user(Role.AGENT, team=team), make_user(Role.AGENT, team=make_team())
    page = client.get("/people/").content.decode()
    assert f"/people/{mine.pk}/" in page
    assert other.full_name not in page


def test_people_list_is_filtered(client, team, lead):
    agent = make_user(Role.AGENT, team=team)
    rows = (
        client.get("/people/", {"role": "agent", "team": team.pk, "q": agent.username}).context["page"].rows
    )
    assert rows == [agent]


def test_people_list_says_that_nobody_matches(client, lead):
    page = client.get("/people/", {"q": "没有这个人"}).content.decode()
    assert "empty-list" in page
    assert 'href="/people/"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"role": "emperor"},
        {"team": "99999999999999999999999"},
        {"team": "x"},
        {"q": "😀" * 200},
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "1999"},
    ],
)
def test_people_list_takes_any_nonsense(client, lead, query):
    assert client.get("/people/", query).status_code == 200


def test_a_team_out_of_scope_does_not_filter(client, lead):
    other = make_team()
    make_user(Role.AGENT, team=other)
    assert client.get("/people/", {"team": other.pk}).context["page"].rows == [lead]


def test_person_out_of_scope_is_not_found(client, team, lead):
    assert client.get(f"/people/{make_user(Role.AGENT, team=team).pk}/").status_code == 200
    assert client.get(f"/people/{make_user(Role.AGENT, team=make_team()).pk}/").status_code == 404
    assert client.get("/people/99999999999999999999999/").status_code == 404


def test_only_an_administrator_is_offered_to_edit(client, lead):
    assert "/admin/" not in client.get(f"/people/{lead.pk}/").content.decode()
    client.force_login(make_user(Role.ADMIN))
    assert f"/admin/people/user/{lead.pk}/change/" in client.get(f"/people/{lead.pk}/").content.decode()


def test_preferences_are_saved(client, lead):
    answer = client.post("/people/account/", {"language": "en"})
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "en"
    lead.refresh_from_db()
    assert (lead.language, lead.keyboard_commands) == ("en", False)


def test_a_language_that_does_not_exist_is_refused_beside_the_field(client, lead):
    answer = client.post("/people/account/", {"language": "tlh"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_language_error"' in page
    assert 'aria-describedby="id_language_error"' in page
    assert '<a href="#id_language">' in page


def test_preferences_cannot_change_anything_else(client, lead):
    client.post("/people/account/", {"language": "en", "is_superuser": "on", "username": "root"})
    fresh = User.objects.get(pk=lead.pk)
    assert (fresh.is_superuser, fresh.username) == (False, lead.username)


def test_a_token_is_shown_once_works_and_is_logged(client, lead):
    page = client.post("/people/account/token/").content.decode()
    key = re.search(r"<code[^>]*>(\w{40})</code>", page)[1]
    assert Token.objects.get(user=lead).key == key
    assert key not in client.get("/people/account/").content.decode()
    assert AccessLog.objects.filter(user=lead, subject="api_token", reason="created").count() == 1


def test_a_new_token_replaces_the_old_one(client, lead):
    client.post("/people/account/token/")
    old = Token.objects.get(user=lead).key
    client.post("/people/account/token/")
    assert Token.objects.get(user=lead).key != old


def test_a_revoked_token_is_gone(client, lead):
    client.post("/people/account/token/")
    client.post("/people/account/token/revoke/")
    client.post("/people/account/token/revoke/")
    assert not Token.objects.exists()
    assert AccessLog.objects.filter(reason="revoked").count() == 1


def test_the_token_signs_in_to_the_api(client, lead):
    client.post("/people/account/token/")
    key = Token.objects.get(user=lead).key
    client.logout()
    assert client.get("/api/schema/").status_code in {401, 403}
    assert client.get("/api/schema/", headers={"authorization": f"Token {key}"}).status_code == 200


def test_password_is_changed_with_the_old_one_only(client, lead):
    new = "另一个足够长的口令口令 9"
    wrong = {"old_password": "nope", "new_password1": new, "new_password2": new}
    assert 'id="id_old_password_error"' in client.post("/people/account/password/", wrong).content.decode()
    right = wrong | {"old_password": PASSWORD}
    assert client.post("/people/account/password/", right)["Location"] == "/people/account/"
    assert User.objects.get(pk=lead.pk).check_password(new)
    assert client.get("/people/account/").status_code == 200
