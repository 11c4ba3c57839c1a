"""Signing in: languages, lock-out, sessions."""

import pytest
from axes.utils import reset
from django.test import Client
from django.urls import reverse

from callcenter.access import Role
from people.models import User
from people.tests.make import PASSWORD, make_team, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


@pytest.fixture
def locking(settings):
    """The lock-out as it is in production; the suite runs without it otherwise."""
    settings.AXES_ENABLED = True
    reset()
    yield
    reset()


def sign_in(client, user, password=PASSWORD, **fields):
    return client.post(LOGIN, {"username": user.username, "password": password, **fields})


def test_sign_in_page_is_chinese_unless_the_browser_asks_otherwise(client):
    assert '<html lang="zh-hans">' in client.get(LOGIN).content.decode()
    assert '<html lang="en">' in client.get(LOGIN, headers={"accept-language": "en-GB"}).content.decode()
    assert '<html lang="zh-hant">' in client.get(LOGIN, headers={"accept-language": "zh-TW"}).content.decode()


def test_sign_in_page_shows_the_name_of_the_site_not_of_the_host(client, settings):
    page = client.get(LOGIN, headers={"accept-language": "en"}).content.decode()
    assert str(settings.SITE_NAME) in page
    assert "testserver" not in page


def test_sign_in_leads_to_the_page_that_was_asked_for(client):
    user = make_user()
    wanted = reverse("notifications")
    assert client.get(wanted)["Location"] == f"{LOGIN}?next={wanted}"
    assert sign_in(client, user, next=wanted)["Location"] == wanted


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, target):
    assert sign_in(client, make_user(), next=target)["Location"] == reverse("home")


def test_a_wrong_password_keeps_the_name_that_was_typed(client):
    user = make_user()
    page = sign_in(client, user, "wrong").content.decode()
    assert f'value="{user.username}"' in page
    assert "wrong" not in page.replace("wrongly", "")
    assert 'role="alert"' in page


def test_the_persons_own_language_wins_at_sign_in(client):
    user = make_user(language="zh-hant")
    client.cookies["django_language"] = "en"
    sign_in(client, user)
    assert '<html lang="zh-hant">' in client.get(reverse("notifications")).content.decode()


def test_the_language_switch_is_kept_on_the_person(client):
    user = make_user()
    client.force_login(user)
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/jobs/?page=2"})
    assert answer["Location"] == "/jobs/?page=2"
    user.refresh_from_db()
    assert user.language == "en"
    assert '<html lang="en">' in client.get("/jobs/").content.decode()


@pytest.mark.parametrize("code", ["", "xx", "zh", "EN", "😀"])
def test_an_unknown_language_changes_nothing(client, code):
    user = make_user(language="zh-hant")
    client.force_login(user)
    client.post(reverse("set_language"), {"language": code, "next": "https://evil.example/"})
    user.refresh_from_db()
    assert user.language == "zh-hant"
    assert "django_language" not in client.cookies


def test_language_switch_never_leads_to_another_site(client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_five_wrong_passwords_lock_one_account_and_nobody_else(client, locking):
    user, neighbour = make_user(), make_user()
    statuses = [sign_in(client, user, "wrong").status_code for _attempt in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    locked = sign_in(client, user)
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session
    assert reverse("login") in locked.content.decode()
    assert sign_in(Client(), neighbour).status_code == 302


def test_four_wrong_passwords_and_the_right_one_sign_in(client, locking):
    user = make_user()
    for _attempt in range(4):
        sign_in(client, user, "wrong")
    assert sign_in(client, user).status_code == 302
    other = Client()
    assert [sign_in(other, user, "wrong").status_code for _attempt in range(4)] == [200] * 4


def test_a_second_session_keeps_working_beside_the_first():
    user = make_user(Role.LEAD, team=make_team())
    first, second = Client(), Client()
    for client in (first, second):
        assert sign_in(client, user).status_code == 302
    assert [client.get("/people/").status_code for client in (first, second)] == [200, 200]
    second.post(reverse("logout"))
    assert first.get("/people/").status_code == 200
    assert second.get("/people/").status_code == 302


def test_signing_out_takes_a_form_not_a_link(client):
    client.force_login(make_user())
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout"))["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_somebody_who_has_left_cannot_sign_in(client):
    assert sign_in(client, make_user(is_active=False)).status_code == 200
    assert "_auth_user_id" not in client.session


def test_somebody_made_inactive_is_out_at_once(client):
    user = make_user(Role.LEAD, team=make_team())
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/people/").status_code == 302


def test_pages_of_signed_in_people_are_not_stored(client):
    assert "no-store" not in client.get("/healthz").headers.get("Cache-Control", "")
    client.force_login(make_user())
    assert "no-store" in client.get("/jobs/")["Cache-Control"]


@pytest.mark.parametrize("name", ["x" * 5000, "😀", "' OR 1=1 --", ""])
def test_nothing_typed_as_a_name_breaks_the_sign_in(client, name):
    assert client.post(LOGIN, {"username": name, "password": "p"}).status_code == 200
