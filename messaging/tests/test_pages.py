"""The pages: who sees what, what a form does, and that a list costs the same at one row and at three (CB-9)."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from callcenter.access import Role
from callcenter.jobs import run_now
from messaging.actions import receive_reply, send_due
from messaging.models import Batch, Message, Reply, Template
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
CANARY = "金丝雀"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lead(team):
    return make_user(Role.LEAD, team=team)


@pytest.fixture
def page(client, lead):
    client.force_login(lead)
    client.cookies["django_language"] = "en"
    return client


def url(name, *args, **query):
    address = reverse(f"messaging:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def now_sent(team, version=None, **fields):
    message = make_message(make_reachable(team=team, **fields), version, now=timezone.now())
    Message.objects.filter(pk=message.pk).update(next_at=timezone.now())
    with_window_open()
    send_due(now=timezone.now())
    message.refresh_from_db()
    return message


def with_window_open():
    from customers.models import CallingWindow

    if not CallingWindow.objects.exists():
        CallingWindow.objects.create(ranges=[["00:00", "00:00"]])


@pytest.mark.parametrize("count", [1, 3])
def test_list_pages_cost_the_same_at_one_and_three_rows(page, team, lead, count, django_assert_num_queries):
    with_window_open()
    version = make_version()
    letter = make_version("post")
    for number in range(count):
        message = now_sent(team, version)
        receive_reply(
            channel="sms", sender=message.recipient, body="好", key=f"in:{number}", now=timezone.now()
        )
        letter_to = make_reachable(team=team, channel="post")
        make_message(letter_to, letter, now=timezone.now())
        Batch.objects.create(
            name=f"B{number}",
            version=version,
            starts_at=timezone.now(),
            created_by=lead,
            created_at=timezone.now(),
            client_uuid=uuid.uuid4(),
        )
    found = {}
    for name, queries in {
        "list": 5,
        "outbox": 6,
        "letters": 5,
        "batches": 5,
        "replies": 5,
        "templates": 6,
    }.items():
        with django_assert_num_queries(queries):
            found[name] = page.get(url(name))
        assert found[name].status_code == 200
        assert str(found[name].content.decode()).count("<h1") == 1


def test_canary_of_another_team_is_nowhere(page):
    stranger = make_team()
    message = now_sent(stranger, make_version(body=CANARY), name=CANARY)
    letter = make_message(
        make_reachable(team=stranger, channel="post", name=CANARY), make_version("post", body=CANARY)
    )
    reply = receive_reply(
        channel="sms", sender=message.recipient, body=CANARY, key="in:1", now=timezone.now()
    )
    for name in ("list", "outbox", "letters", "batches", "replies", "batch_new"):
        assert CANARY not in page.get(url(name)).content.decode(), name
    for name, number in (
        ("message", message.pk),
        ("message", letter.pk),
        ("reply", reply.pk),
        ("customer_messages", message.customer_id),
    ):
        assert page.get(url(name, number)).status_code == 404
    assert page.get(url("single", customer=message.customer_id)).status_code == 404
    for name, number in (("outbox_answer", message.pk),):
        assert page.post(url(name, number), {"text": "x"}).status_code == 404
    for verb in ("again", "cancel"):
        assert page.post(url("message_verb", letter.pk, verb)).status_code == 404
    page.post(url("letters"), {"message": [letter.pk]})
    letter.refresh_from_db()
    assert letter.state == "queued"
    listed = page.get("/api/v1/messages/").json()
    assert listed["results"] == []
    assert page.get(f"/api/v1/messages/{message.pk}/").status_code == 404


def test_preview_tries_no_customer_out_of_scope(page, team):
    load_texts()
    template = Template.objects.get(code="SMS-THANKS")
    make_reachable(team=team, name="欧阳娜娜", gender="f")
    other = make_reachable(team=make_team(), name="司马相如", gender="m")
    data = {"body_zh-hans": "{salutation}您好😀", "customer": other.pk}
    shown = page.post(url("preview", template.pk), data).content.decode()
    assert "欧阳女士您好" in shown
    assert "司马" not in shown
    assert "1 SMS, 8 characters, 62 left" in shown


@pytest.mark.parametrize("body", ["{salutation", "{{{", "\u202e", "x" * 20_000, "<script>alert(1)</script>"])
def test_preview_takes_anything(page, body):
    load_texts()
    shown = page.post(url("preview", Template.objects.first().pk), {"body_en": body})
    assert shown.status_code == 200
    assert "<script>alert" not in shown.content.decode()


def test_text_is_written_and_approved_by_somebody_else(page, client, lead, team):
    made = page.post(
        url("template_new"),
        {"code": "NEW", "kind": "tip", "channel": "sms", "purpose": "service", "name_zh-hans": "提示"},
    )
    template = Template.objects.get(code="NEW")
    assert made["Location"] == url("version_edit", template.pk)
    wrong = page.post(url("version_edit", template.pk), {"body_zh-hans": "{nothing}"})
    assert (wrong.status_code, template.versions.count()) == (422, 0)
    page.post(url("version_edit", template.pk), {"body_zh-hans": "{salutation}您好"})
    version = template.versions.get()
    assert "somebody else approves it" in page.get(url("version", version.pk)).content.decode()
    assert page.post(url("version_verb", version.pk, "approve")).status_code == 422
    client.force_login(make_user(Role.MANAGER, unit=team.unit))
    client.post(url("version_verb", version.pk, "approve"))
    version.refresh_from_db()
    assert version.state == "approved"
    client.post(url("version_verb", version.pk, "retire"))
    assert client.post(url("version_verb", version.pk, "nonsense")).status_code == 404


def test_single_message_is_sent_once_and_refused_without_consent(page, team):
    with_window_open()
    version, customer = make_version(), make_reachable(team=team)
    address = url("single", customer=customer.pk)
    assert "王女士您好" in page.get(address).content.decode()
    data = {"template": version.template_id, "client_uuid": str(uuid.uuid4())}
    first, second = page.post(address, data), page.post(address, data)
    message = Message.objects.get()
    assert first["Location"] == second["Location"] == url("message", message.pk)
    mute = make_customer(team=team, phones=["+8613900000001"])
    refused = page.post(url("single", customer=mute.pk), data | {"client_uuid": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "has not agreed to this channel" in refused.content.decode()
    assert Message.objects.count() == 1


@pytest.mark.parametrize("raw", ["", "x", "-1", "1" * 30, "987654321"])
def test_message_to_nobody_is_not_found(page, raw):
    assert page.get(url("single", customer=raw)).status_code == 404


def test_complaint_handler_sends_single_messages_and_no_batches(client, team):
    client.force_login(make_user(Role.COMPLAINT, team=team))
    assert client.get(url("single", customer=make_reachable(team=team).pk)).status_code == 200
    for name in ("batches", "batch_new", "outbox", "letters", "template_new"):
        assert client.get(url(name)).status_code == 403


def test_batch_is_counted_sent_paused_and_cancelled(page, team):
    with_window_open()
    version = make_version()
    for _number in range(2):
        make_reachable(team=team)
    make_customer(team=team, phones=[])
    data = {"name": "问候", "template": version.template_id, "client_uuid": str(uuid.uuid4())}
    counted = page.post(url("batch_new"), data | {"count": "1"}).content.decode()
    assert "3 customers are chosen, 2 have an address" in counted
    assert not Batch.objects.exists()
    assert "3 customers are chosen" in page.post(url("batch_count"), {"level": ""}).content.decode()
    assert "Choose a text" in page.post(url("batch_count"), {"team": "987"}).content.decode()
    made = page.post(url("batch_new"), data)
    batch = Batch.objects.get()
    assert made["Location"] == url("batch", batch.pk)
    assert page.post(url("batch_new"), data)["Location"] == url("batch", batch.pk)
    if batch.job.state == "queued":
        run_now(batch.job)
    page.post(url("batch_verb", batch.pk, "pause"))
    shown = page.get(url("batch", batch.pk)).content.decode()
    assert "paused" in shown
    assert "every 3s" not in shown
    page.post(url("batch_verb", batch.pk, "resume"))
    fragment = page.get(url("batch", batch.pk), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "every 3s" in fragment
    page.post(url("batch_verb", batch.pk, "cancel"))
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert page.post(url("batch_verb", batch.pk, "resume")).status_code == 409
    assert page.post(url("batch_verb", batch.pk, "nonsense")).status_code == 404


def test_batch_with_a_filter_that_makes_no_sense_is_refused(page, team):
    version = make_version()
    make_reachable(team=team)
    data = {"name": "x", "template": version.template_id, "client_uuid": str(uuid.uuid4()), "region": "99999"}
    assert page.post(url("batch_new"), data).status_code == 422
    assert not Batch.objects.exists()


def test_customer_answers_in_the_local_outbox(page, team):
    message = now_sent(team)
    page.post(url("outbox_answer", message.pk), {"text": "好的"})
    reply = Reply.objects.get()
    assert (reply.message, reply.body) == (message, "好的")
    assert "好的" in page.get(url("outbox")).content.decode()
    assert page.post(url("outbox_answer", message.pk), {"text": ""}).status_code == 422


def test_no_local_outbox_with_real_gateways(page, team, settings):
    message = now_sent(team)
    settings.SMS_GATEWAY, settings.EMAIL_GATEWAY = "http", "smtp"
    assert page.get(url("outbox")).status_code == 404
    assert page.post(url("outbox_answer", message.pk), {"text": "x"}).status_code == 404
    assert "outbox" not in page.get(url("list")).content.decode()


def test_reply_is_handled(page, team, lead):
    message = now_sent(team)
    reply = receive_reply(
        channel="sms", sender=message.recipient, body="师傅没来", key="in:1", now=timezone.now()
    )
    assert "师傅没来" in page.get(url("replies")).content.decode()
    assert page.post(url("reply", reply.pk), {"note": ""}).status_code == 422
    page.post(url("reply", reply.pk), {"note": "已转派"})
    reply.refresh_from_db()
    assert (reply.state, reply.outcome) == ("handled", "person")
    assert page.post(url("reply", reply.pk), {"note": "again"}).status_code == 409
    assert "师傅没来" in page.get(url("replies", tab="handled")).content.decode()


def test_reply_of_nobody_is_given_to_a_customer_in_scope_only(page, team):
    reply = receive_reply(channel="sms", sender="+8613500000009", body="?", key="in:1", now=timezone.now())
    other = make_customer(team=make_team())
    data = {"note": "x", "customer": other.external_id}
    assert page.post(url("reply", reply.pk), data).status_code == 422
    mine = make_customer(team=team)
    page.post(url("reply", reply.pk), data | {"customer": mine.external_id, "withdraw": "on"})
    reply.refresh_from_db()
    assert (reply.customer, reply.outcome) == (mine, "stopped")


def test_letters_are_posted_by_hand(page, team):
    customer = make_reachable(team=team, channel="post")
    letter = make_message(customer, make_version("post"), now=timezone.now())
    shown = page.get(url("letters")).content.decode()
    assert customer.address in shown
    page.post(url("letters"), {"message": [str(letter.pk), "x", "99999999999999999999"]})
    letter.refresh_from_db()
    assert letter.state == "queued"
    page.post(url("letters"), {"message": [str(letter.pk)]})
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_staff_see_neither_numbers_nor_the_secret_of_an_invitation(page, team):
    token = "A" * 22
    message = now_sent(team, make_version(body=f"http://x/s/{token}/"))
    for address in (
        url("message", message.pk),
        url("list"),
        f"/api/v1/messages/{message.pk}/",
        url("customer_messages", message.customer_id),
    ):
        shown = page.get(address).content.decode()
        assert token not in shown
        assert message.recipient[3:] not in shown
    assert "/s/…/" in page.get(url("message", message.pk)).content.decode()


def test_message_is_taken_back(page, team):
    message = make_message(make_reachable(team=team), make_version(), now=timezone.now())
    page.post(url("message_verb", message.pk, "cancel"))
    message.refresh_from_db()
    assert message.state == "cancelled"
    assert page.post(url("message_verb", message.pk, "again")).status_code == 409
    assert page.post(url("message_verb", message.pk, "x")).status_code == 404


def test_every_state_of_a_message_has_a_page(page, team):
    message = make_message(make_reachable(team=team), make_version(), now=timezone.now())
    with translation.override("en"):
        for state, codes in (("dead", ["uncertain"]), ("blocked", ["blacklisted"]), ("sent", [])):
            Message.objects.filter(pk=message.pk).update(state=state, blocked_by=codes)
            shown = page.get(url("message", message.pk)).content.decode()
            assert ("Send again" in shown) == (state == "dead")
    assert "do-not-call list" not in shown
