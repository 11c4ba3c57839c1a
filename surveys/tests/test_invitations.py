"""Inviting customers, and the page on which they answer (CAM-7, ISS-6; reliability.md W-01, W-02)."""

import gzip
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from callcenter import links
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.jobs import run_now
from customers.models import CallingWindow, Consent
from messaging.actions import create_batch, receive_reply, send_due
from messaging.models import Batch, Message, Reply
from messaging.tests.make import load_texts, make_reachable
from messaging.tests.make import make_version as make_text
from surveys.actions import answer_invitation, invite, read_replies
from surveys.models import Invitation, Item, Response
from surveys.tests.make import items_of, make_team, make_user, make_version, make_why_version

pytestmark = pytest.mark.django_db
BODY = "{salutation} {link} {stop}"


@pytest.fixture(autouse=True)
def _open_hours_and_no_memory(monkeypatch):
    cache.clear()
    # One minute for the whole test, so that none ends in the middle of a count.
    monkeypatch.setattr(links, "_minute", lambda: 1)
    CallingWindow.objects.create(ranges=[["00:00", "00:00"]])


def make_invited(version=None, *, channel="sms", now=None, **fields):
    """(invitation, path of its link) of a customer who agrees."""
    text = make_text(channel, kind="survey", purpose="survey", body=BODY)
    customer = make_reachable(channel=channel, purpose="survey", **fields)
    message, _created = invite(
        version=version or make_version("scale5"),
        customer=customer,
        text=text,
        key=f"test:{uuid.uuid4()}",
        by=None,
        now=now or timezone.now(),
    )
    return Invitation.objects.get(message_key=message.key), re.search(r"/s/[\w-]+/", message.body)[0]


def post(client, path, version, *answers, **more):
    """Answer the items of a version in order, as the page does."""
    data = {"seen": [str(item.pk) for item in items_of(version)[: len(answers)]]}
    for item, value in zip(items_of(version), answers, strict=False):
        if value is not ...:
            data[f"q{item.pk}"] = value
    return client.post(path, data | more)


def test_link_is_short_secret_and_frozen_with_its_version():
    invitation, path = make_invited()
    assert len("https://calls.example.org" + path) <= 60
    token = path.split("/")[2]
    assert token not in str(Invitation.objects.values().get())
    invitation.version.refresh_from_db()
    assert invitation.version.frozen_at is not None


def test_opening_uses_nothing_up_and_answering_does(client):
    version = make_version("scale5", "text")
    Item.objects.filter(version=version, position=2).update(required=False)
    invitation, path = make_invited(version)
    for _time in range(10):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    invitation.refresh_from_db()
    assert (invitation.used_at, bool(invitation.opened_at)) == (None, True)
    assert post(client, path, version, "4", "很好").status_code == 200
    invitation.refresh_from_db()
    response = Response.objects.get()
    assert (response.channel, response.complete, invitation.response) == ("sms", True, response)
    assert [answer.shown for answer in response.answers.order_by("item__position")] == ["4", "很好"]
    again = post(client, path, version, "1", "")
    assert again.status_code == client.get(path).status_code == 410
    assert Response.objects.count() == 1


def test_wrong_answers_use_nothing_up(client):
    version = make_version("scale5", "number")
    invitation, path = make_invited(version, language="en")
    for answers in ((..., "1"), ("9", "1"), ("5", "x"), ("5", "1e5")):
        answer = post(client, path, version, *answers)
        assert answer.status_code == 422
        assert "look at the marked questions" in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.used_at is None
    assert post(client, path, version, "5", "3").status_code == 200


def test_question_that_follows_from_an_answer_is_asked_next(client):
    version = make_why_version()
    overall, why, suggestion = items_of(version)
    _invitation, path = make_invited(version)
    first = client.get(path).content.decode()
    assert f'name="q{why.pk}"' not in first
    data = {"seen": [overall.pk, suggestion.pk], f"q{overall.pk}": "2", f"q{suggestion.pk}": "多派人"}
    second = client.post(path, data).content.decode()
    assert f'name="q{why.pk}"' in second
    assert "多派人" in second
    assert re.search(rf'name="q{overall.pk}" value="2" checked', second)
    assert Response.objects.count() == 0
    data |= {"seen": [overall.pk, why.pk, suggestion.pk], f"q{why.pk}": ["a", "c"]}
    assert client.post(path, data).status_code == 200
    assert [one.shown for one in Response.objects.get().answers.order_by("item__position")] == [
        "2",
        "a, c",
        "多派人",
    ]


def test_satisfied_customer_is_asked_no_why(client):
    version = make_why_version()
    overall, _why, suggestion = items_of(version)
    _invitation, path = make_invited(version)
    data = {"seen": [overall.pk, suggestion.pk], f"q{overall.pk}": "5"}
    assert client.post(path, data).status_code == 200
    assert Response.objects.get().complete


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_page_speaks_the_customers_language_and_any_other(client, language):
    _invitation, path = make_invited(language=language)
    answer = client.get(path, headers={"accept-language": "fr"})
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.content.decode()
    other = "en" if language != "en" else "zh-hans"
    assert f'<html lang="{other}">' in client.get(path + f"?lang={other}").content.decode()
    assert f'<html lang="{language}">' in client.get(path + "?lang=xx").content.decode()


def test_page_is_light_has_no_script_and_sets_no_cookie(client):
    version = make_version("scale5", "scale5", "scale5", "multi", "yesno", "text")
    _invitation, path = make_invited(version)
    answer = client.get(path)
    page = answer.content.decode()
    style = open(finders.find("public.css"), "rb").read()
    assert len(gzip.compress(answer.content, 9)) + len(gzip.compress(style, 9)) <= 10 * 1024
    assert "<script" not in page
    assert "style=" not in page
    assert page.count("stylesheet") == 1
    assert not answer.cookies
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"


def test_page_tells_nothing_about_the_customer(client):
    invitation, path = make_invited(name="欧阳娜娜", phones=["+8613711112222"], address="中山路9号")
    page = client.get(path).content.decode()
    assert not any(
        secret in page for secret in ("欧阳", "娜娜", "1371111", "中山路", invitation.customer.email)
    )


def test_expired_erased_and_unknown_links_say_so(client):
    invitation, path = make_invited(language="en")
    Invitation.objects.update(expires_at=timezone.now())
    assert "The time is over" in client.get(path).content.decode()
    assert post(client, path, invitation.version, "5").status_code == 410
    Invitation.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    invitation.customer.restriction = "erased"
    invitation.customer.save()
    assert client.get(path).status_code == 410
    for token in ("x" * 22, "x", "..", "x" * 500, "%00", "é"):
        assert client.get(f"/s/{token}/").status_code in {400, 404}
    assert Response.objects.count() == 0


def test_guesses_are_slowed_down_by_address_and_others_are_not(client):
    _invitation, path = make_invited()
    found = [client.get(f"/s/{'x' * 22}/").status_code for _time in range(65)]
    assert found == [404] * 60 + [429] * 5
    assert client.get(path).status_code == 200
    assert client.post(path, {}).status_code == 429
    assert client.post(path, {}, REMOTE_ADDR="192.0.2.7").status_code != 429


def test_address_behind_a_proxy_is_the_one_the_proxy_saw(client, settings):
    settings.BEHIND_PROXY = True
    for number in range(65):
        headers = {"x-forwarded-for": f"10.0.0.{number}, 192.0.2.9"}
        last = client.get(f"/s/{'x' * 22}/", headers=headers).status_code
    assert last == 429
    assert client.get(f"/s/{'x' * 22}/", headers={"x-forwarded-for": "192.0.2.10"}).status_code == 404


def test_trap_for_programs_and_large_bodies(client):
    invitation, path = make_invited()
    version = invitation.version
    assert post(client, path, version, "5", website="http://x").status_code == 422
    assert post(client, path, version, "5", more="x" * 70_000).status_code == 413
    assert client.post(path, b"\xff\xfe", content_type="application/x-www-form-urlencoded").status_code == 200
    assert client.post(path, b"{}", content_type="application/json").status_code == 200
    assert Response.objects.count() == 0


def test_customer_ends_messages_from_the_page(client):
    invitation, path = make_invited(language="en")
    assert "no more messages of this kind" in client.post(path, {"stop": "1"}).content.decode()
    consent = Consent.objects.get(state="withdrawn")
    assert (consent.customer, consent.channel, consent.purpose) == (invitation.customer, "sms", "survey")


def test_same_key_is_the_same_link_and_drafts_are_refused():
    text = make_text("sms", kind="survey", purpose="survey", body=BODY)
    values = {"customer": make_reachable(purpose="survey"), "text": text, "by": None, "now": timezone.now()}
    version = make_version("scale5")
    first, created = invite(version=version, key="k", **values)
    again, twice = invite(version=version, key="k", **values)
    assert (first, created, twice) == (again, True, False)
    assert Invitation.objects.count() == 1
    with pytest.raises(Refused):
        invite(version=make_version("scale5", published=False), key="k2", **values)


def test_answers_twice_at_the_action_are_refused():
    invitation, _path = make_invited()
    item = items_of(invitation.version)[0]
    values = {"answers": {str(item.pk): "5"}, "channel": "sms", "now": timezone.now()}
    answer_invitation(invitation=invitation, **values)
    with pytest.raises(Conflict):
        answer_invitation(invitation=invitation, **values)


def sms_reply(invitation, body, **fields):
    send_due(now=timezone.now())
    message = Message.objects.get(key=invitation.message_key)
    values = {"channel": "sms", "sender": message.recipient, "key": str(uuid.uuid4()), "now": timezone.now()}
    return receive_reply(body=body, **values | fields)


def test_score_by_sms_is_an_answer():
    version = make_version("scale5", "text")
    Item.objects.filter(version=version, position=2).update(required=False)
    invitation, _path = make_invited(version)
    reply = sms_reply(invitation, "4 服务很好")
    assert read_replies(now=timezone.now()) == 1
    assert read_replies(now=timezone.now()) == 0
    reply.refresh_from_db()
    assert (reply.state, reply.outcome) == ("handled", "answered")
    response = Response.objects.get()
    assert (response.channel, response.complete) == ("sms", True)
    assert [one.shown for one in response.answers.order_by("item__position")] == ["4", "服务很好"]


@pytest.mark.parametrize("body", ["很好", "10", "5-4", "我要退订吗", "师傅5点才来"])
def test_other_words_wait_for_a_person(body):
    invitation, _path = make_invited()
    reply = sms_reply(invitation, body)
    read_replies(now=timezone.now())
    reply.refresh_from_db()
    assert (reply.state, Response.objects.count()) == ("new", 0)


def test_score_after_the_answers_on_the_page_waits_for_a_person(client):
    invitation, path = make_invited()
    post(client, path, invitation.version, "5")
    reply = sms_reply(invitation, "1")
    read_replies(now=timezone.now())
    reply.refresh_from_db()
    assert (reply.state, Response.objects.count()) == ("new", 1)


def test_score_to_a_questionnaire_that_asks_more_waits_for_a_person():
    invitation, _path = make_invited(make_version("scale5", "yesno"))
    reply = sms_reply(invitation, "5")
    read_replies(now=timezone.now())
    reply.refresh_from_db()
    assert reply.state == "new"


def test_score_that_came_in_time_counts_when_it_is_read_late():
    invitation, _path = make_invited()
    sms_reply(invitation, "5")
    read_replies(now=timezone.now() + timedelta(days=5))
    assert Response.objects.get().complete


def test_batch_of_invitations_has_a_link_for_each():
    team = make_team()
    lead = make_user(Role.LEAD, team=team)
    version = make_version("scale5")
    text = make_text("sms", kind="survey", purpose="survey", body=BODY)
    customers = [make_reachable(purpose="survey", team=team) for _number in range(3)]
    batch = create_batch(
        name="x",
        template=text.template,
        filters={},
        starts_at=None,
        client_uuid=uuid.uuid4(),
        source=f"survey:{version.pk}",
        by=lead,
        now=timezone.now(),
    )
    if batch.job.state == "queued":
        run_now(batch.job)
    links = {re.search(r"/s/[\w-]+/", body)[0] for body in Message.objects.values_list("body", flat=True)}
    assert len(links) == 3
    found = set(Invitation.objects.values_list("customer", "channel", "created_by"))
    assert found == {(one.pk, "sms", lead.pk) for one in customers}


@pytest.fixture
def page(client):
    team = make_team()
    client.force_login(make_user(Role.LEAD, team=team))
    client.cookies["django_language"] = "en"
    client.team = team
    return client


def test_lead_invites_one_customer(page):
    load_texts()
    version = make_version("scale5")
    text = make_text("sms", kind="survey", purpose="survey", body=BODY)
    customer = make_reachable(purpose="survey", team=page.team)
    address = reverse("surveys:invite_one") + f"?customer={customer.pk}"
    assert page.get(address).status_code == 200
    data = {"version": version.pk, "template": text.template_id, "client_uuid": str(uuid.uuid4())}
    assert page.post(address, data)["Location"] == page.post(address, data)["Location"]
    assert Invitation.objects.get().customer == customer
    mute = make_reachable(channel=None, team=page.team)
    refused = page.post(
        reverse("surveys:invite_one") + f"?customer={mute.pk}", data | {"client_uuid": str(uuid.uuid4())}
    )
    assert refused.status_code == 422
    stranger = make_reachable(purpose="survey", team=make_team())
    assert page.get(reverse("surveys:invite_one") + f"?customer={stranger.pk}").status_code == 404


def test_lead_invites_many(page):
    version = make_version("scale5")
    text = make_text("sms", kind="survey", purpose="survey", body=BODY)
    make_reachable(purpose="survey", team=page.team)
    address = reverse("surveys:invite", args=[version.pk])
    assert (
        address
        in page.get(reverse("surveys:questionnaire", args=[version.questionnaire_id])).content.decode()
    )
    data = {"name": "x", "template": text.template_id, "client_uuid": str(uuid.uuid4())}
    assert "1 customers are chosen" in page.post(address, data | {"count": "1"}).content.decode()
    assert page.post(address, data).status_code == 302
    assert Batch.objects.get().source == f"survey:{version.pk}"
    draft = make_version("scale5", published=False)
    assert page.get(reverse("surveys:invite", args=[draft.pk])).status_code == 404


def test_stop_word_is_no_answer():
    invitation, _path = make_invited()
    load_texts()
    reply = sms_reply(invitation, "N")
    read_replies(now=timezone.now())
    reply.refresh_from_db()
    assert (reply.outcome, Response.objects.count(), Reply.objects.count()) == ("stopped", 0, 1)
