"""The demo command: fills an empty installation once, and says who can sign in."""

import importlib.util
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from callcenter.access import Role
from callcenter.management.commands.demo import LOADS
from people.models import User
from people.tests.make import make_user

pytestmark = pytest.mark.django_db


def demo(**options):
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def test_every_app_with_a_demo_takes_part_in_the_order_of_the_layers():
    ours = [config.name for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir()]
    having = [name for name in ours if importlib.util.find_spec(f"{name}.demo")]
    assert [name for name, _load in LOADS] == having


def test_an_empty_installation_is_filled_and_everybody_signs_in(monkeypatch, client):
    monkeypatch.setenv("DEMO_PASSWORD", "only for this test")
    printed = demo()
    assert "only for this test" in printed
    for user in User.objects.all():
        assert user.username in printed
        assert client.login(username=user.username, password="only for this test")
    held = {role for user in User.objects.all() for role in user.scope().roles}
    assert held == set(Role.values)


def test_a_second_run_changes_nothing_and_knows_no_password():
    first = demo().split()[-1]
    before = list(User.objects.order_by("id").values_list("username", "password"))
    assert first not in demo()
    assert list(User.objects.order_by("id").values_list("username", "password")) == before


def test_a_generated_password_works_and_differs_per_installation(client):
    first = demo().split()[-1]
    assert client.login(username="admin1", password=first)
    second = demo(new_password=True).split()[-1]
    assert second != first
    assert not client.login(username="admin1", password=first)


def test_an_installation_with_people_is_left_alone():
    person = make_user()
    assert "not part of this installation" in demo(new_password=True)
    assert list(User.objects.all()) == [person]
    assert person.check_password("just-for-tests")


def test_an_interrupted_load_leaves_the_installation_empty(monkeypatch):
    def fail(*, now, rng):
        raise RuntimeError

    monkeypatch.setattr("callcenter.management.commands.demo.LOADS", [LOADS[0], ("broken", fail)])
    with pytest.raises(RuntimeError):
        demo()
    assert not User.objects.exists()
