"""How the desk dials: links by installation and person, a telephone system where there is one (CB-13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from callbacks.models import Attempt, Task
from callbacks.states import TaskState
from callbacks.tests.exchange_machine import exchange
from callbacks.tests.make import make_agent
from desk.tests.make import Desk
from desk.tests.test_desk import claim, post, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, settings):
    settings.LANGUAGE_CODE = "en"
    desk = Desk()
    client.force_login(desk.agent)
    return desk


def dial(client, desk):
    task = claim(client, desk)
    page = post(client, "dial", task, phone_id=task.customer.phones.get().pk).content.decode()
    task.refresh_from_db()
    return task, page


def line(client, task):
    return client.get(reverse("desk:line", args=[task.pk]))


@pytest.mark.parametrize(
    ("installation", "person", "link"),
    [
        ("tel", "", "tel:{}"),
        ("sip", "", "sip:{}@pbx.example.org;user=phone"),
        ("sip", "tel", "tel:{}"),
        ("tel", "sip", "sip:{}@pbx.example.org;user=phone"),
    ],
)
def test_link_that_dials_is_the_installations_or_the_persons(
    client, desk, settings, installation, person, link
):
    settings.DIAL_SCHEME, settings.SIP_DOMAIN = installation, "pbx.example.org"
    desk.agent.dial_scheme = person
    desk.agent.save()
    task, page = dial(client, desk)
    assert f'href="{link.format(task.dialled_number)}"' in page
    assert 'data-dial="now"' in page
    assert "data-line-url" not in page
    assert line(client, task).status_code == 204


def test_person_chooses_the_link_on_the_account_page(client, desk):
    data = {"language": "en", "keyboard_commands": "on", "dial_scheme": "sip"}
    assert client.post(reverse("people:account"), data).status_code == 302
    desk.agent.refresh_from_db()
    assert desk.agent.dial_scheme == "sip"
    assert client.post(reverse("people:account"), data | {"dial_scheme": "javascript"}).status_code == 422


def test_exchange_dials_and_the_page_follows_it(client, desk, settings):
    desk.agent.extension = "101"
    desk.agent.save()
    with exchange(settings) as machine:
        task, page = dial(client, desk)
        machine.told("originate")
    assert 'data-dial="now"' not in page
    assert reverse("desk:line", args=[task.pk]) in page
    assert line(client, task).json()["state"] == "ringing"
    answered = timezone.now() + timedelta(seconds=1)
    Attempt.objects.update(answered_at=answered)
    Task.objects.filter(pk=task.pk).update(answered_at=answered)
    assert line(client, task).json()["state"] == "talk"
    assert 'data-state="talk"' in post(client, "answered", task).content.decode()


def test_line_of_another_agents_task_says_nothing(client, desk, settings):
    desk.agent.extension = "101"
    desk.agent.save()
    with exchange(settings):
        task, _page = dial(client, desk)
    client.force_login(make_agent(desk.team, extension="102"))
    assert line(client, task).status_code == 204
    assert post(client, "redial", task).status_code == 409
    assert Attempt.objects.count() == 1


def test_exchange_that_is_gone_leaves_link_and_keys(client, desk, settings):
    desk.agent.extension = "101"
    desk.agent.save()
    settings.TELEPHONY, settings.ASTERISK_PORT = "asterisk", 1
    task, page = dial(client, desk)
    assert 'data-dial="now"' in page
    assert line(client, task).json()["again"]
    assert post(client, "redial", task).status_code == 200
    assert Attempt.objects.filter(status="NO_SYSTEM").count() == 2
    post(client, "save", task, **result("NA"))
    task.refresh_from_db()
    assert task.state == TaskState.PLANNED
