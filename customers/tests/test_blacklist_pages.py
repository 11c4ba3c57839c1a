"""The pages of the do-not-call list, the rules and consent: scope, masking, second person, numbers of queries, odd input."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callcenter import jobs
from callcenter.models import Job
from customers import actions
from customers.models import BlacklistEntry, CallingWindow
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_user

pytestmark = pytest.mark.django_db
CANARY = "金丝雀"


def signed_in(user, language="en"):
    browser = Browser()
    browser.force_login(user)
    browser.cookies["django_language"] = language
    return browser


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def lead(team):
    return make_user("lead", team=team)


@pytest.fixture
def manager(team):
    return make_user("manager", unit=team.unit)


def entry_about(customer, by=None, **values):
    given = {"category": "asked", "reason": "不要再打", "by": by, "now": timezone.now()}
    return actions.block(customer=customer, **given | values)


def test_list_shows_entries_in_scope_and_numbers_masked(team, lead):
    mine, canary = make_customer(team=team), make_customer(name=CANARY)
    entry_about(mine)
    entry_about(canary, reason=CANARY)
    entry_about(None, number="13900139000", reason="平台名单")
    text = signed_in(lead).get(reverse("customers:entries")).content.decode()
    assert mine.name in text
    assert "139****9000" in text
    assert "13900139000" not in text
    assert CANARY not in text
    foreign = BlacklistEntry.objects.get(customer=canary)
    assert signed_in(lead).get(reverse("customers:entry", args=[foreign.pk])).status_code == 404
    verb = reverse("customers:entry_verb", args=[foreign.pk, "ask-removal"])
    assert signed_in(lead).post(verb, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_asks_as_many_queries_for_one_as_for_three(team, lead, manager, how_many):
    for number in range(how_many):
        entry = actions.propose_entry(
            customer=make_customer(team=team, client=make_client()),
            client=make_client(),
            category="internal",
            reason=f"r{number}",
            by=lead,
            now=timezone.now(),
        )
        actions.approve_entry(entry=entry, by=manager, now=timezone.now())
    browser = signed_in(lead)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(reverse("customers:entries"))
    assert response.content.decode().count("internal decision</td>") == how_many
    assert len(seen) == 6


@pytest.mark.parametrize("how_many", [1, 3])
def test_consent_history_asks_as_many_queries_for_one_as_for_three(team, lead, how_many):
    customer = make_customer(team=team)
    for number in range(how_many):
        actions.grant_consent(
            customer=customer,
            channel="sms",
            purpose="sales",
            source=f"门店{number}",
            evidence=f"协议{number}",
            by=make_user(),
            now=NOW,
        )
    browser = signed_in(lead)
    with CaptureQueriesContext(connection) as seen:
        text = browser.get(reverse("customers:consents", args=[customer.pk])).content.decode()
    assert text.count("协议") == how_many
    assert len(seen) == 7


def test_number_search_takes_the_whole_number_by_post(team, lead):
    mine = make_customer(team=team, phones=["+8613800138000"])
    entry_about(mine)
    browser = signed_in(lead)
    for number, found in (("138 0013 8000", True), ("8000", False), ("nonsense", False)):
        text = browser.post(reverse("customers:entries"), {"number": number}).content.decode()
        assert (mine.name in text) is found
    assert reverse("customers:detail", args=[mine.pk]) not in text


def test_proposal_is_approved_by_a_second_person_through_the_pages(team, lead, manager):
    handler = make_user("complaint", team=team)
    customer = make_customer(team=team)
    block = reverse("customers:block", args=[customer.pk])
    response = signed_in(handler).post(block, {"category": "complaint", "reason": "威胁坐席"}, follow=True)
    assert "as soon as a second person" in response.content.decode()
    entry = BlacklistEntry.objects.get()
    page, approve = (
        reverse("customers:entry", args=[entry.pk]),
        reverse("customers:entry_verb", args=[entry.pk, "approve"]),
    )
    assert "A lead or an operations manager decides" in signed_in(handler).get(page).content.decode()
    assert signed_in(handler).post(approve).status_code == 403
    assert signed_in(lead).get(page).content.decode().count("<button") > signed_in(handler).get(
        page
    ).content.decode().count("<button")
    assert signed_in(lead).post(approve, {"reason": ""}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by) == ("in_force", lead)
    ask, remove, keep = (
        reverse("customers:entry_verb", args=[entry.pk, verb]) for verb in ("ask-removal", "remove", "keep")
    )
    assert signed_in(lead).post(ask, {"reason": ""}).status_code == 422
    signed_in(lead).post(ask, {"reason": "客户来函"})
    assert signed_in(lead).post(remove, {"reason": ""}).status_code == 422, "she asked for it herself"
    assert signed_in(manager).post(keep, {"reason": "x"}).status_code == 302
    signed_in(lead).post(ask, {"reason": "再次来函"})
    assert signed_in(manager).post(remove, {"reason": ""}).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "removed"
    history = signed_in(manager).get(page).content.decode()
    for note in ("威胁坐席", "客户来函", "再次来函"):
        assert note in history
    assert signed_in(manager).post(approve).status_code == 409
    nonsense = reverse("customers:entry_verb", args=[entry.pk, "explode"])
    assert signed_in(manager).post(nonsense).status_code == 404


def test_number_is_added_by_hand(lead):
    browser, url = signed_in(lead), reverse("customers:entry_new")
    assert browser.get(url).status_code == 200
    good = {"number": "139 0013 9000", "category": "asked", "reason": "来电要求"}
    assert browser.post(url, good | {"number": "12x"}).status_code == 422
    assert browser.post(url, good | {"reason": ""}).status_code == 422
    assert browser.post(url, good | {"expires_at": "2001-01-01"}).status_code == 422
    assert not BlacklistEntry.objects.exists()
    assert browser.post(url, good).status_code == 302
    assert BlacklistEntry.objects.get().number == "+8613900139000"


def test_list_is_loaded_as_a_job(manager, lead):
    url = reverse("customers:entry_import")
    file = SimpleUploadedFile("名单.csv", "号码\n13900139000\n".encode())
    assert signed_in(lead).get(url).status_code == 403
    response = signed_in(manager).post(url, {"file": file})
    assert response.status_code == 302
    assert "/jobs/" in response["Location"]
    jobs.run_now(Job.objects.get())
    assert BlacklistEntry.objects.get().created_by == manager
    bad = SimpleUploadedFile("a.csv", b"name\nx\n")
    assert signed_in(manager).post(url, {"file": bad}).status_code == 422
    assert signed_in(manager).post(url).status_code == 422


def test_rules_page_shows_windows_and_answers_a_case(team, lead):
    xinjiang = make_region(code="CN-XJ", name="新疆")
    customer = make_customer(team=team, external_id="K-77", rest_hours=[["12:00", "13:30"]])
    browser, url = signed_in(lead), reverse("customers:rules")
    text = browser.get(url).content.decode()
    for shown in ("08:00–21:00", "11:00–21:00", "新疆", "Contacts in 24 hours at most"):
        assert shown in text
    case = {"purpose": "service", "channel": "phone", "at": "2026-11-24T12:30"}
    assert "Nothing speaks against it" in browser.get(url, case).content.decode()
    assert "rests from 12:00" in browser.get(url, case | {"customer": "K-77"}).content.decode()
    west = browser.get(
        url, case | {"region": xinjiang.pk, "purpose": "sales", "at": "2026-11-24T21:30"}
    ).content.decode()
    assert "outside the permitted hours" in west
    entry_about(customer)
    assert "do-not-call list" in browser.get(url, case | {"customer": "K-77"}).content.decode()
    CallingWindow.objects.create(ranges=[["09:00", "11:30"], ["13:30", "18:00"]])
    assert "13:30–18:00" in browser.get(url).content.decode()


def test_rules_page_knows_no_customer_out_of_scope(lead):
    make_customer(external_id="FOREIGN-1", name=CANARY)
    response = signed_in(lead).get(
        reverse("customers:rules"), {"purpose": "service", "channel": "phone", "customer": "FOREIGN-1"}
    )
    assert response.status_code == 422
    assert CANARY not in response.content.decode()


ODD = ["-1", "abc", "9" * 30, "2026-13-45", "0001-01-01T00:00", "9999-12-31T23:59", "x" * 5_000, "😀", "\x00"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_no_server_error(team, manager, odd):
    customer = make_customer(team=team)
    entry = entry_about(customer)
    browser = signed_in(manager)
    names = (
        "reach",
        "category",
        "state",
        "client",
        "page",
        "customer",
        "region",
        "purpose",
        "channel",
        "at",
        "number",
        "campaign_code",
        "reason",
        "expires_at",
    )
    given = dict.fromkeys(names, odd)
    for name in names:
        for url in (reverse("customers:entries"), reverse("customers:rules")):
            case = {"purpose": "service", "channel": "phone"} | {name: odd}
            assert browser.get(url, case).status_code < 500, (url, name)
    assert browser.get(reverse("customers:consents", args=[customer.pk]), {"page": odd}).status_code < 500
    for url in (
        reverse("customers:entries"),
        reverse("customers:entry_new"),
        reverse("customers:block", args=[customer.pk]),
        reverse("customers:entry_verb", args=[entry.pk, "ask-removal"]),
        reverse("customers:entry_import"),
    ):
        assert browser.post(url, given).status_code < 500, url


def test_entry_whose_time_is_over_says_so(team, lead):
    entry = entry_about(
        make_customer(team=team), now=NOW - timedelta(days=900), expires_at=NOW - timedelta(days=700)
    )
    text = signed_in(lead).get(reverse("customers:entry", args=[entry.pk])).content.decode()
    assert "ended by time" in text
    assert "Ask for removal" not in text
