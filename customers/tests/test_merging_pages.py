"""Pages of duplicates: who sees which pairs, the comparison, merging, undoing, and what a merged record leads to (CUS-1)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callcenter.models import AccessLog
from customers import actions
from customers.models import Customer, DuplicatePair, Merge
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = "+8613800000001"


def signed_in(user):
    browser = Browser()
    browser.force_login(user)
    browser.cookies["django_language"] = "en"
    return browser


def pair_of(team, client=None, **fields):
    client = client or make_client()
    same = {"client": client, "team": team, "phones": [NUMBER]} | fields
    return make_customer(name="王芳", **same), make_customer(name="王方", **same)


def test_pairs_share_a_number_or_an_email_within_one_client():
    team, client = make_team(), make_client()
    one, other = pair_of(team, client)
    third = make_customer(client=client, team=team, name="王芳", phones=[NUMBER, "+8613800000002"])
    mail = {"client": client, "team": team, "phones": [], "email": "A@example.com"}
    first, second = make_customer(**mail), make_customer(**mail | {"email": "a@EXAMPLE.com"})
    make_customer(team=team, phones=[NUMBER])
    make_customer(client=client, team=team, phones=[], restriction="erased", email="a@example.com")
    assert actions.find_duplicates(now=NOW) == 3
    assert set(DuplicatePair.objects.values_list("first", "second", "reason")) == {
        (one.pk, other.pk, 3),
        (one.pk, third.pk, 1),
        (first.pk, second.pk, 4),
    }
    assert actions.find_duplicates(now=NOW) == 0


def test_a_switchboard_is_no_sign_and_what_no_longer_looks_alike_goes():
    team, client = make_team(), make_client()
    for _number in range(21):
        make_customer(client=client, team=team, phones=["+865718888888"])
    one, _other = pair_of(team, client)
    assert actions.find_duplicates(now=NOW) == 1
    one.phones.update(number="+8613800000009")
    actions.find_duplicates(now=NOW)
    assert not DuplicatePair.objects.exists()


def test_a_judged_pair_is_not_proposed_again():
    team = make_team()
    pair_of(team)
    actions.find_duplicates(now=NOW)
    browser = signed_in(make_user("lead", team=team))
    pair = DuplicatePair.objects.get()
    assert browser.post(reverse("customers:dismiss", args=[pair.pk])).status_code == 302
    assert actions.find_duplicates(now=NOW) == 0
    assert "王方" not in browser.get(reverse("customers:duplicates")).content.decode()
    assert AccessLog.objects.filter(action="change", subject="customer").count() == 2
    assert browser.post(reverse("customers:dismiss", args=[pair.pk])).status_code == 404


def test_only_who_reaches_both_sees_the_pair_and_may_merge():
    team, foreign, client = make_team(), make_team(), make_client()
    one = make_customer(client=client, team=team, phones=[NUMBER], name="甲")
    other = make_customer(client=client, team=foreign, phones=[NUMBER], name="乙")
    actions.find_duplicates(now=NOW)
    browser = signed_in(make_user("lead", team=team))
    assert "乙" not in browser.get(reverse("customers:duplicates")).content.decode()
    assert "乙" not in browser.get(reverse("customers:detail", args=[one.pk])).content.decode()
    for pks in ([one.pk, other.pk], [other.pk, one.pk], [one.pk, one.pk], [one.pk, 10**6]):
        assert browser.get(reverse("customers:merge", args=pks)).status_code == 404
        assert browser.post(reverse("customers:merge", args=pks)).status_code == 404
    pair = DuplicatePair.objects.get()
    assert browser.post(reverse("customers:dismiss", args=[pair.pk])).status_code == 404
    for role in ("complaint", "qa", "agent"):
        person = signed_in(make_user(role, team=team))
        assert person.get(reverse("customers:duplicates")).status_code == 403


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_asks_as_many_queries_for_one_pair_as_for_three(how_many):
    team = make_team()
    for number in range(how_many):
        pair_of(team, phones=[f"+861380000001{number}"])
    actions.find_duplicates(now=NOW)
    browser = signed_in(make_user("lead", team=team))
    with CaptureQueriesContext(connection) as seen:
        page = browser.get(reverse("customers:duplicates")).content.decode()
    assert page.count(">王芳</a>") == how_many
    assert len(seen) == 8


def test_two_records_are_compared_merged_and_separated_again():
    team = make_team()
    one, other = pair_of(team, address="文三路1号")
    Customer.objects.filter(pk=other.pk).update(level="金卡", address="文三路2号")
    actions.find_duplicates(now=NOW)
    user = make_user("lead", team=team)
    browser = signed_in(user)
    assert "Possibly the same" in browser.get(reverse("customers:detail", args=[one.pk])).content.decode()
    url = reverse("customers:merge", args=[one.pk, other.pk])
    page = browser.get(url).content.decode()
    assert 'name="take_name"' in page
    assert 'name="take_level"' not in page
    assert "138****0001" in page
    assert NUMBER not in page
    choices = {"own_version": 1, "other_version": 1, "take_name": "other", "take_address": "own"}
    response = browser.post(url, choices, follow=True)
    assert "The two records are one now" in response.content.decode()
    one.refresh_from_db()
    assert (one.name, one.level, one.address) == ("王方", "金卡", "文三路1号")
    led = browser.get(reverse("customers:detail", args=[other.pk]))
    assert led.headers["Location"] == reverse("customers:detail", args=[one.pk])
    listed = browser.get(reverse("customers:list")).content.decode()
    assert reverse("customers:detail", args=[other.pk]) not in listed
    for name in ("edit", "timeline", "consent", "block"):
        assert browser.get(reverse(f"customers:{name}", args=[other.pk])).status_code == 404
    made = Merge.objects.get()
    assert made.by == user
    page = browser.get(reverse("customers:detail", args=[one.pk])).content.decode()
    assert "Undo the merge" in page
    browser.post(reverse("customers:undo_merge", args=[made.pk]))
    one.refresh_from_db()
    assert (one.name, one.level) == ("王芳", "")
    assert browser.get(reverse("customers:detail", args=[other.pk])).status_code == 200
    assert browser.post(reverse("customers:undo_merge", args=[made.pk])).status_code == 404


def test_a_merge_of_what_somebody_else_has_changed_is_a_conflict():
    team = make_team()
    one, other = pair_of(team)
    browser = signed_in(make_user("lead", team=team))
    url = reverse("customers:merge", args=[one.pk, other.pk])
    actions.update_customer(customer=other, version=1, by=None, now=NOW, level="金卡")
    response = browser.post(url, {"own_version": 1, "other_version": 1, "take_name": "own"})
    assert response.status_code == 409
    assert "Look at both again" in response.content.decode()
    for nonsense in (
        {},
        {"own_version": "x", "other_version": 1},
        {"own_version": 10**30, "other_version": 1},
    ):
        assert browser.post(url, nonsense).status_code in {422, 409}
    data = {"own_version": 1, "other_version": 2, "take_name": "both"}
    assert browser.post(url, data).status_code == 422
    assert not Merge.objects.exists()


def test_a_merge_of_a_foreign_customer_cannot_be_undone():
    team = make_team()
    one, other = pair_of(team)
    made = actions.merge_customers(
        survivor=one, loser=other, versions={one.pk: 1, other.pk: 1}, by=None, now=timezone.now()
    )
    browser = signed_in(make_user("lead", team=make_team()))
    assert browser.post(reverse("customers:undo_merge", args=[made.pk])).status_code == 404
    Merge.objects.update(undo_until=timezone.now() - timedelta(days=1))
    browser = signed_in(make_user("lead", team=team))
    assert "Undo the merge" not in browser.get(reverse("customers:detail", args=[one.pk])).content.decode()
    assert browser.post(reverse("customers:undo_merge", args=[made.pk])).status_code == 422


def test_the_api_and_events_follow_a_merged_record(client):
    team, owner = make_team(), make_client()
    one, other = pair_of(team, owner)
    actions.merge_customers(survivor=one, loser=other, versions={one.pk: 1, other.pk: 1}, by=None, now=NOW)
    client.force_login(make_user("lead", team=team))
    assert client.get(f"/api/v1/customers/{other.pk}/").json()["id"] == one.pk
    assert client.get(f"/api/v1/customers/{owner.code}/{other.external_id}/").json()["id"] == one.pk
    event = {
        "client": owner.code, "customer": other.external_id, "kind": "claim", "external_id": "E1",
        "occurred_at": NOW.isoformat(),
    }  # fmt: skip
    assert client.post("/api/v1/events/", event, content_type="application/json").status_code == 201
    assert one.events.count() == 1
