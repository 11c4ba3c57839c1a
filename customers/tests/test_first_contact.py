"""The customer's first contact always is the oldest row of the ledger, whatever is written and taken back (CUS-5)."""

import random
from datetime import timedelta

import pytest
from django.db.models import Min

from customers import actions
from customers.models import Contact, Customer
from customers.tests.make import NOW, make_client, make_customer, make_user

pytestmark = pytest.mark.django_db


def contact(customer, at):
    return Contact(customer=customer, channel="phone", purpose="service", at=at)


def record(customer, at):
    return actions.record_contact(
        customer_id=customer.pk,
        channel="sms",
        purpose="survey",
        number="",
        campaign_code="",
        at=at,
        completed=False,
        refused=False,
    )


def first(customer):
    return Customer.objects.values_list("first_contact_at", flat=True).get(pk=customer.pk)


def test_whatever_is_written_and_taken_back_the_oldest_row_counts():
    rng = random.Random(20260304)
    people = [make_customer() for _number in range(5)]
    for _turn in range(60):
        at = NOW + timedelta(minutes=rng.randrange(-500, 500))
        match rng.randrange(3):
            case 0:
                record(rng.choice(people), at)
            case 1:
                actions.record_contacts([contact(person, at) for person in rng.sample(people, 2)])
            case _:
                rows = Contact.objects.order_by("?").values("pk")[: rng.randrange(1, 4)]
                actions.take_back_contacts(
                    Contact.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
                )
        oldest = dict(Customer.objects.annotate(oldest=Min("contacts__at")).values_list("pk", "oldest"))
        assert dict(Customer.objects.values_list("pk", "first_contact_at")) == oldest


def test_merged_records_share_the_older_one_and_part_with_their_own():
    client, manager = make_client(), make_user()
    one, two, three = (make_customer(client=client) for _number in range(3))
    record(one, NOW)
    record(two, NOW - timedelta(days=3))
    record(two, NOW - timedelta(days=2))

    def merge(survivor, loser):
        versions = dict(Customer.objects.values_list("pk", "version"))
        return actions.merge_customers(survivor=survivor, loser=loser, versions=versions, by=manager, now=NOW)

    made = merge(one, two)
    assert first(one) == NOW - timedelta(days=3)
    actions.undo_merge(merge=made, by=manager, now=NOW)
    assert (first(one), first(two)) == (NOW, NOW - timedelta(days=3))
    merge(three, one)
    assert first(three) == NOW


def test_the_first_contact_costs_one_statement(django_assert_num_queries):
    customer = make_customer()
    with django_assert_num_queries(2):
        record(customer, NOW)
    with django_assert_num_queries(2):
        record(customer, NOW + timedelta(days=1))
    assert first(customer) == NOW
