"""Messages over the API, and the door for providers (CB-9; reliability.md W-04)."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from callcenter.access import Role
from messaging.actions import send_due
from messaging.models import GatewayEvent, Message, Reply
from messaging.rules.signatures import signature
from messaging.tests.make import (
    load_texts,
    make_customer,
    make_message,
    make_reachable,
    make_team,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db
LIST = "/api/v1/messages/"
HOOK = "/api/v1/messages/hooks/sms/"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def api(client, team):
    client.force_login(make_user(Role.LEAD, team=team))
    client.cookies["django_language"] = "en"
    return client


def post(client, data, address=LIST):
    return client.post(address, json.dumps(data), content_type="application/json")


def test_same_key_twice_is_one_message(api, team):
    version, customer = make_version(), make_reachable(team=team)
    data = {"key": "order-1", "customer": customer.pk, "template": version.template.code}
    first, second = post(api, data), post(api, data)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["key"] == "order-1"
    assert first.json()["recipient"].count("*") == 4
    assert Message.objects.count() == 1
    other = make_reachable(team=team)
    used = post(api, data | {"customer": other.pk})
    assert (used.status_code, used.json()["code"]) == (409, "key_used")


def test_two_people_may_use_the_same_key(api, team, client):
    version = make_version()
    data = {"key": "1", "customer": make_reachable(team=team).pk, "template": version.template.code}
    post(api, data)
    client.force_login(make_user(Role.COMPLAINT, team=team))
    assert post(client, data).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": "a b"},
        {"key": "x" * 81},
        {"customer": 10**30},
        {"customer": "x"},
        {"template": "NONE"},
        {"template": None},
        {"not_before": "soon"},
        {"key": "a\0b"},
        {"campaign_code": "x" * 41},
    ],
)
def test_wrong_values_are_told(api, team, change):
    version, customer = make_version(), make_reachable(team=team)
    data = {"key": "1", "customer": customer.pk, "template": version.template.code} | change
    answer = post(api, data)
    assert (answer.status_code, answer.json()["code"]) in {(400, "invalid"), (422, "out_of_range")}
    assert not Message.objects.exists()


def test_refusals_name_the_rule(api, team):
    version = make_version()
    data = {"key": "1", "customer": make_customer(team=team).pk, "template": version.template.code}
    answer = post(api, data)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_permitted")
    assert answer.json()["facts"] == {"reasons": ["no_consent"]}
    stranger = make_reachable(team=make_team())
    assert post(api, data | {"customer": stranger.pk}).status_code == 400


def test_planned_for_later(api, team):
    data = {
        "key": "1",
        "customer": make_reachable(team=team).pk,
        "template": make_version().template.code,
        "not_before": "2199-01-01T04:00:00Z",
    }
    assert post(api, data).json()["next_at"].startswith("2199-01-01T12:00")
    assert send_due(now=datetime(2199, 1, 1, 3, 59, tzinfo=UTC)) == 0


@pytest.fixture
def hook(client, settings):
    settings.MESSAGE_HOOK_SECRETS = ["new", "old"]

    def call(payload, *, key="new", number="m1", moment=None, raw=None, address=HOOK, **headers):
        body = raw if raw is not None else json.dumps(payload).encode()
        moment = int(timezone.now().timestamp()) if moment is None else moment
        given = {
            "webhook-id": number,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(key, number, moment, body),
        } | headers
        return client.post(address, body, content_type="application/json", headers=given)

    return call


def test_receipt_by_either_key_and_once(hook):
    message = make_message()
    Message.objects.filter(pk=message.pk).update(state="sent", gateway_id="g1")
    receipt = {"type": "receipt", "id": "g1", "state": "DELIVRD"}
    assert hook(receipt, key="old").status_code == 200
    message.refresh_from_db()
    assert message.state == "delivered"
    for _time in range(20):
        assert hook(receipt).status_code == 200
    assert GatewayEvent.objects.count() == 1
    assert message.steps.filter(to_state="delivered").count() == 1


def test_reply_and_stop_word_by_hook(hook):
    load_texts()
    customer = make_reachable()
    sender = customer.phones.get().number
    assert hook({"type": "reply", "from": sender, "text": "TD"}).status_code == 200
    reply = Reply.objects.get()
    assert (reply.customer, reply.outcome) == (customer, "stopped")
    assert customer.consents.filter(state="withdrawn", channel="sms").count() == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "neither"},
        {"moment": 0},
        {"moment": 99_999_999_999},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-id": "other"},
        {"webhook-timestamp": "soon"},
    ],
)
def test_who_cannot_sign_is_not_believed(hook, wrong):
    answer = hook({"type": "reply", "from": "+8613800138000", "text": "TD"}, **wrong)
    assert answer.status_code == 400
    assert answer.json()["code"].startswith("signature")
    assert not GatewayEvent.objects.exists()


def test_without_keys_the_door_is_shut(hook, settings):
    settings.MESSAGE_HOOK_SECRETS = []
    assert hook({"type": "receipt", "id": "1", "state": "x"}).status_code == 400


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b"[" * 30_000,
        b'{"type": "receipt"}',
        b'{"type": "reply", "text": "x"}',
        b'{"type": "else"}',
        b'{"type": "reply", "from": {"a": 1}, "text": "x"}',
        b'{"type": "reply", "from": "\\u0000", "text": "\\u0000"}',
    ],
)
def test_signed_nonsense_is_refused_and_breaks_nothing(hook, raw):
    assert hook(None, raw=raw).status_code in {400, 422}
    assert not Reply.objects.exists()


def test_large_body_is_refused_before_it_is_read(hook):
    assert hook(None, raw=b" " * 70_000).json()["code"] == "too_large"


def test_long_and_strange_texts_are_kept(hook):
    text = "\\ud800 emoji 😀 " + "x" * 9_000
    assert hook({"type": "reply", "from": "12345", "text": text}).status_code == 200
    assert hook({"type": "reply", "from": "x" * 320, "text": ""}, number="m2").status_code == 200
    assert Reply.objects.count() == 2


def test_a_form_instead_of_a_signed_body_is_refused(client):
    response = client.post("/api/v1/messages/hooks/sms/", {"id": "", "from": ""})
    assert (response.status_code, response.json()["code"]) == (400, "signature_missing")
