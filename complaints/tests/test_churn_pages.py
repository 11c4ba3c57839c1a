"""The pages of churn warnings: scope, roles, numbers of queries, tasks in bulk, rules, odd input (CUS-10)."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callbacks.models import Task
from callbacks.tests.make import disposition, make_campaign
from complaints.actions.churn import warn_of_churn
from complaints.models import ChurnRule, ChurnWarning
from complaints.tests.make import make_complaint, make_floor
from customers.actions import block
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db
LIST = "complaints:warnings"


def signed_in(user):
    browser = Browser()
    browser.force_login(user)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def floor():
    disposition("CANCEL")
    return make_floor()


def warn(floor, how_many=1):
    ChurnRule.objects.get_or_create(kind="complaints", defaults={"name": "投诉", "times": 1})
    customers = [floor.customer(name=f"流失{number}") for number in range(how_many)]
    for customer in customers:
        make_complaint(floor, customer=customer)
    warn_of_churn(now=NOW)
    return [ChurnWarning.objects.get(customer=customer) for customer in customers]


def retention(floor):
    return make_campaign(team=floor.team, client=floor.client, kind="retention")


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_asks_as_many_queries_for_one_as_for_three(floor, how_many):
    warn(floor, how_many)
    browser = signed_in(floor.lead)
    with CaptureQueriesContext(connection) as seen:
        text = browser.get(reverse(LIST)).content.decode()
    assert text.count("Open complaints: 1.") == how_many
    assert len(seen) == 8


@pytest.mark.parametrize("how_many", [1, 3])
def test_list_of_rules_asks_as_many_queries_for_one_as_for_three(floor, how_many):
    for number in range(how_many):
        ChurnRule.objects.create(name=f"规则{number}", kind="complaints", client=floor.client)
    browser = signed_in(floor.manager)
    with CaptureQueriesContext(connection) as seen:
        text = browser.get(reverse("complaints:churn_rules")).content.decode()
    assert text.count("规则") == how_many
    assert len(seen) == 6


def test_ticked_warnings_become_tasks_and_the_others_are_told(floor):
    first, second, blocked = warn(floor, 3)
    block(customer=blocked.customer, category="asked", reason="x", by=None, now=NOW)
    campaign = retention(floor)
    ticked = {"warning": [first.pk, blocked.pk], "campaign": campaign.pk}
    text = (
        signed_in(floor.lead).post(reverse("complaints:warning_tasks"), ticked, follow=True).content.decode()
    )
    assert "1 retention task is planned." in text
    assert "on the do-not-call list" in text
    assert Task.objects.get(kind="retention").customer == first.customer
    states = [ChurnWarning.objects.get(pk=each.pk).state for each in (first, second, blocked)]
    assert states == ["task_made", "open", "open"]
    assert (
        signed_in(floor.lead).post(reverse("complaints:warning_tasks"), {"campaign": campaign.pk}).status_code
        == 422
    )


def test_nobody_reaches_warnings_campaigns_or_rules_of_others(floor):
    (warning,) = warn(floor)
    other = make_floor()
    browser = signed_in(other.lead)
    assert warning.customer.name not in browser.get(reverse(LIST)).content.decode()
    assert browser.get(reverse("complaints:warning", args=[warning.pk])).status_code == 404
    settle = reverse("complaints:warning_settle", args=[warning.pk, "dismiss"])
    assert browser.post(settle, {"reason": "x"}).status_code == 404
    tasks = reverse("complaints:warning_tasks")
    assert browser.post(tasks, {"warning": warning.pk, "campaign": retention(other).pk}).status_code == 422
    own = signed_in(floor.lead).post(tasks, {"warning": warning.pk, "campaign": retention(other).pk})
    assert own.status_code == 422
    assert not Task.objects.filter(kind="retention").exists()
    handler = signed_in(floor.handler)
    assert handler.get(reverse("complaints:warning", args=[warning.pk])).status_code == 200
    assert handler.post(settle, {"reason": "x"}).status_code == 403
    assert signed_in(floor.agent).get(reverse(LIST)).status_code == 403


def test_warning_is_settled_from_its_page(floor):
    (warning,) = warn(floor)
    browser, page = signed_in(floor.lead), reverse("complaints:warning", args=[warning.pk])
    assert "Open complaints: 1." in browser.get(page).content.decode()
    settle = reverse("complaints:warning_settle", args=[warning.pk, "retained"])
    assert browser.post(settle, {"reason": ""}).status_code == 422
    assert browser.post(settle, {"reason": "已续约两年"}).status_code == 302
    assert "已续约两年" in browser.get(page).content.decode()
    assert browser.post(settle, {"reason": "再次"}).status_code == 409
    assert browser.post(reverse("complaints:warning_settle", args=[warning.pk, "x"])).status_code == 404
    settled = browser.get(reverse(LIST), {"tab": "settled"}).content.decode()
    assert warning.customer.name in settled
    assert warning.customer.name not in browser.get(reverse(LIST)).content.decode()


def test_rules_are_written_and_changed_by_managers(floor):
    browser = signed_in(floor.manager)
    new = reverse("complaints:churn_rule_new")
    values = {
        "name": "合同",
        "kind": "contract_end",
        "days": 30,
        "percent": 50,
        "times": 2,
        "score": "2",
        "quiet_days": 90,
    }
    assert browser.post(new, values).status_code == 422, "no field"
    assert browser.post(new, values | {"kind": "spend_down", "field": "amount"}).status_code == 422, (
        "no event"
    )
    assert browser.post(new, values | {"field": "ends_on", "days": 0}).status_code == 422
    assert browser.post(new, values | {"field": "ends_on", "active": "on"}).status_code == 302
    rule = ChurnRule.objects.get()
    edit = reverse("complaints:churn_rule", args=[rule.pk])
    assert browser.post(edit, values | {"field": "ends_on"}).status_code == 302
    rule.refresh_from_db()
    assert not rule.active
    assert browser.post(reverse("complaints:churn_rules_usual")).status_code == 302
    assert ChurnRule.objects.count() == 4, "the contract has a rule already"
    assert signed_in(floor.lead).get(new).status_code == 403
    assert signed_in(floor.lead).get(reverse("complaints:churn_rules")).status_code == 200


def test_looking_now_is_a_job(floor):
    response = signed_in(floor.lead).post(reverse("complaints:warnings_look"))
    assert response.status_code == 302
    assert "/jobs/" in response["Location"]


@pytest.mark.parametrize("odd", ["-1", "abc", "9" * 30, "x" * 5_000, "😀", "\x00", "NaN", "1e999"])
def test_odd_input_is_no_server_error(floor, odd):
    (warning,) = warn(floor)
    rule = ChurnRule.objects.get()
    browser = signed_in(floor.manager)
    for name in ("tab", "kind", "client", "key_customer", "page"):
        assert browser.get(reverse(LIST), {name: odd}).status_code < 500, name
    assert browser.get(reverse("complaints:churn_rules"), {"page": odd}).status_code < 500
    fields = (
        "name",
        "kind",
        "client",
        "days",
        "percent",
        "times",
        "score",
        "event_kind",
        "field",
        "quiet_days",
    )
    given = dict.fromkeys([*fields, "warning", "campaign", "reason"], odd)
    for url in (
        reverse("complaints:warning_tasks"),
        reverse("complaints:warning_settle", args=[warning.pk, "dismiss"]),
        reverse("complaints:churn_rule_new"),
        reverse("complaints:churn_rule", args=[rule.pk]),
    ):
        assert browser.post(url, given).status_code < 500, url
