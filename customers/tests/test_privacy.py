"""Erasure and retention: nothing personal is left, nothing comes back, holds win (CUS-11)."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client as Browser
from django.urls import reverse

from callcenter.errors import Refused
from callcenter.models import AccessLog
from customers import actions
from customers.models import BlacklistEntry, Contact, Customer
from customers.queries import may_contact
from customers.tests.make import NOW, make_client, make_customer, make_region, make_unit, make_user
from customers.tests.test_imports import lines, load, write

pytestmark = pytest.mark.django_db
CANARY, NUMBER = "金丝雀", "+8613911112222"


def make_canary(**fields):
    customer = make_customer(
        name=CANARY,
        salutation=CANARY,
        address=CANARY,
        email="canary@example.com",
        source=CANARY,
        custom={"备注": CANARY},
        phones=[NUMBER],
        region=make_region(),
        **fields,
    )
    actions.grant_consent(
        customer=customer,
        channel="phone",
        purpose="sales",
        source="contract",
        evidence=CANARY,
        by=None,
        now=NOW,
    )
    actions.record_event(
        customer=customer, kind="claim", external_id="E1", occurred_at=NOW, facts={"who": CANARY}, now=NOW
    )
    contact(customer, NOW)
    return customer


def contact(customer, at):
    actions.record_contact(
        customer_id=customer.pk,
        channel="phone",
        purpose="service",
        number=NUMBER,
        campaign_code="SAT",
        at=at,
        completed=True,
        refused=False,
    )


def everything_stored():
    """Every value of every table of this app, as text."""
    return "\n".join(
        str(value)
        for model in apps.get_app_config("customers").get_models()
        for row in model._base_manager.values_list()
        for value in row
    )


def test_erasure_leaves_nothing_personal_and_a_certificate():
    customer = make_canary()
    assert CANARY in everything_stored()
    erased = actions.erase_customer(customer=customer, by=make_user(), reason="letter of 3 March", now=NOW)
    stored = everything_stored()
    for sign in (CANARY, NUMBER, "canary@example.com"):
        assert sign not in stored
    assert erased.external_id == customer.external_id
    assert Contact.objects.count() == 1
    row = AccessLog.objects.get(subject="customer_erased")
    assert (row.subject_id, row.reason, row.facts) == (
        str(customer.pk),
        "letter of 3 March",
        {"phones": 1, "texts": 3},
    )
    decision = may_contact(erased, number="", channel="phone", purpose="service", campaign_code="", now=NOW)
    assert "customer_restricted" in decision.codes


def test_erased_customer_does_not_come_back_with_the_next_list(tmp_path):
    client = make_client()
    customer = make_customer(client=client, external_id="A1", phones=["+8613800000001"])
    actions.erase_customer(customer=customer, by=None, reason="asked", now=NOW)
    for policy in ("skip", "update"):
        _job, counts = load(
            write(tmp_path, lines(1, 2), name=f"{policy}.csv"), client=client, duplicates=policy
        )
        assert counts["duplicate"] >= 1
    customer.refresh_from_db()
    assert (customer.name, customer.phones.count()) == ("", 0)
    assert Customer.objects.filter(client=client).count() == 2


def test_what_was_said_about_not_calling_outlives_erasure():
    customer = make_canary()
    actions.block(customer=customer, category="asked", reason="asked", by=None, now=NOW)
    actions.erase_customer(customer=customer, by=None, reason="asked", now=NOW)
    assert BlacklistEntry.objects.filter(customer=customer).exists()


def test_legal_hold_wins_and_twice_is_refused():
    held = make_canary(restriction="legal_hold")
    with pytest.raises(Refused) as refused:
        actions.erase_customer(customer=held, by=None, reason="asked", now=NOW)
    assert refused.value.code == "legal_hold"
    gone = make_customer()
    actions.erase_customer(customer=gone, by=None, reason="asked", now=NOW)
    for customer, reason in ((gone, "asked"), (make_customer(), "  ")):
        with pytest.raises(Refused):
            actions.erase_customer(customer=customer, by=None, reason=reason, now=NOW)


def test_retention_erases_what_has_rested_long_enough():
    client = make_client(retention_days=100)
    long_ago = NOW - timedelta(days=200)
    resting = make_customer(client=client, updated_at=long_ago)
    called = make_customer(client=client, updated_at=long_ago)
    contact(called, NOW - timedelta(days=50))
    active = make_customer(client=client, updated_at=long_ago)
    actions.record_event(
        customer=active,
        kind="claim",
        external_id="1",
        occurred_at=NOW - timedelta(days=99),
        facts={},
        now=NOW,
    )
    held = make_customer(client=client, updated_at=long_ago, restriction="legal_hold")
    kept = make_customer(updated_at=long_ago)
    assert actions.erase_expired(now=NOW) == 1
    assert actions.erase_expired(now=NOW) == 0
    states = {row.pk: row.restriction for row in Customer.objects.all()}
    assert states == {resting.pk: "erased", called.pk: "", active.pk: "", held.pk: "legal_hold", kept.pk: ""}


def test_only_managers_erase_and_only_in_scope():
    unit = make_unit()
    customer, foreign = make_customer(unit=unit), make_customer()
    browser = Browser()
    browser.force_login(make_user("manager", unit=unit))
    url = reverse("customers:erase", args=[customer.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": "asked"}).status_code == 422
    assert browser.post(url, {"reason": "asked", "sure": "on"}).status_code == 302
    assert browser.get(reverse("customers:detail", args=[customer.pk])).status_code == 200
    assert (
        browser.post(reverse("customers:erase", args=[foreign.pk]), {"reason": "r", "sure": "on"}).status_code
        == 404
    )
    foreign.refresh_from_db()
    assert foreign.restriction == ""
