"""The shared decision on real rows: every fact is found, and the number of queries does not depend on how many customers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import actions, queries
from customers.models import BlacklistEntry, CallingWindow, ContactRule
from customers.rules.contact import Hold, TaskConditions
from customers.tests.make import NOW, make_client, make_consent, make_customer, make_region, make_user

pytestmark = pytest.mark.django_db
NUMBER = "+8613800138000"


def ask(customer, *, number=NUMBER, channel="phone", purpose="service", campaign_code="SAT", now=NOW, **more):
    return queries.may_contact(
        customer,
        number=number,
        channel=channel,
        purpose=purpose,
        campaign_code=campaign_code,
        now=now,
        **more,
    )


def said(customer, *, at=NOW, purpose="service", completed=False, refused=False, channel="phone"):
    actions.record_contact(
        customer_id=customer.pk,
        channel=channel,
        purpose=purpose,
        number=NUMBER,
        campaign_code="SAT",
        at=at,
        completed=completed,
        refused=refused,
    )


def test_service_call_in_hours_is_allowed():
    assert ask(make_customer()).allowed


def test_sales_call_needs_consent_that_withdrawal_ends():
    customer = make_customer()
    assert ask(customer, purpose="sales").codes == ("no_consent",)
    make_consent(customer, at=NOW - timedelta(days=1))
    assert ask(customer, purpose="sales").allowed
    actions.withdraw_consent(
        customer=customer, channel="phone", purpose="sales", source="call", by=make_user(), now=NOW
    )
    assert ask(customer, purpose="sales").codes == ("consent_withdrawn",)


def test_service_call_stops_when_consent_is_withdrawn():
    customer = make_customer()
    make_consent(customer, purpose="service", state="withdrawn")
    assert ask(customer).codes == ("consent_withdrawn",)


def test_sms_needs_consent_even_for_service():
    assert ask(make_customer(), channel="sms").codes == ("no_consent",)


@pytest.mark.parametrize("channel", ["post", "visit"])
def test_letters_and_visits_rest_on_the_contract_until_it_is_withdrawn(channel):
    customer = make_customer()
    assert ask(customer, channel=channel).codes == ()
    assert ask(customer, channel=channel, purpose="sales").codes == ("no_consent",)
    make_consent(customer, purpose="service", channel=channel, state="withdrawn")
    assert ask(customer, channel=channel).codes == ("consent_withdrawn",)


def test_contract_purposes_can_be_taken_away():
    ContactRule.objects.create(key_customer=False, contract_purposes=[])
    assert ask(make_customer()).codes == ("no_consent",)


def test_blocked_number_is_refused_for_every_customer_who_has_it():
    first, second = make_customer(), make_customer()
    actions.block(number="138 0013 8000", category="asked", reason="asked on the phone", by=None, now=NOW)
    assert ask(first).codes == ask(second).codes == ("blacklisted",)
    assert ask(first, number="+8613900139000").allowed


def test_blocked_customer_is_refused_until_the_entry_ends():
    customer = make_customer()
    ends = NOW + timedelta(hours=2)
    actions.block(customer=customer, category="asked", reason="holiday", by=None, now=NOW, expires_at=ends)
    assert ask(customer).next_at == ends
    assert ask(customer, now=ends).allowed


def test_entry_for_another_client_or_purpose_or_campaign_does_not_matter():
    customer = make_customer()
    for what in ({"client": make_client()}, {"purpose": "sales"}, {"campaign_code": "TEL"}):
        actions.block(customer=customer, category="asked", reason="not that", by=None, now=NOW, **what)
    assert ask(customer).allowed


def test_region_window_is_inherited_from_above():
    country = make_region(code="CN")
    city = make_region(parent=make_region(parent=country, code="CN-XJ"))
    CallingWindow.objects.create(day_type="", ranges=[["08:00", "21:00"]])
    CallingWindow.objects.create(day_type="", region=city.parent, ranges=[["10:30", "23:00"]])
    assert ask(make_customer(region=city)).codes == ("outside_hours",)
    assert ask(make_customer(region=country)).allowed


def test_default_windows_serve_where_none_are_kept():
    xinjiang = make_region(code="CN-XJ")
    at_nine = NOW - timedelta(hours=1)
    assert ask(make_customer(), now=at_nine).allowed
    assert ask(make_customer(region=xinjiang), now=at_nine).codes == ("outside_hours",)


def test_rest_hours_of_the_customer_are_kept():
    customer = make_customer(rest_hours=[["09:30", "10:30"]])
    decision = ask(customer)
    assert decision.codes == ("rest_hours",)
    assert decision.next_at == NOW + timedelta(minutes=30)


def test_cap_counts_calls_of_all_campaigns():
    customer = make_customer()
    for minutes in (10, 20, 30, 40, 50):
        said(customer, at=NOW - timedelta(minutes=minutes), purpose="sales")
    assert ask(customer).codes == ("day_cap",)


def test_key_customers_have_a_stricter_cap():
    customer = make_customer(key_customer=True)
    said(customer, at=NOW - timedelta(hours=3))
    assert ask(customer).allowed
    said(customer, at=NOW - timedelta(hours=2))
    assert ask(customer).codes == ("day_cap",)


def test_gap_counts_from_the_last_completed_contact():
    ContactRule.objects.create(key_customer=False, gap_days=30)
    customer = make_customer()
    said(customer, at=NOW - timedelta(days=29), completed=True)
    assert ask(customer).codes == ("recent_contact",)
    assert ask(customer, now=NOW + timedelta(days=1)).allowed


def test_refusal_counts_for_its_purpose_only_and_three_for_good():
    customer = make_customer()
    said(customer, at=NOW - timedelta(days=170), refused=True)
    assert ask(customer).codes == ("refused",)
    assert ask(customer, now=NOW + timedelta(days=10)).allowed
    make_consent(customer)
    assert ask(customer, purpose="sales").allowed
    for days in (400, 900):
        said(customer, at=NOW - timedelta(days=days), refused=True)
    assert ask(customer, now=NOW + timedelta(days=10)).next_at is None


def test_one_refusal_of_sales_is_final():
    customer = make_customer()
    make_consent(customer, at=NOW - timedelta(days=900))
    said(customer, at=NOW - timedelta(days=800), purpose="sales", refused=True)
    decision = ask(customer, purpose="sales")
    assert (decision.codes, decision.next_at) == (("refused",), None)
    assert ask(customer).allowed, "another purpose is not touched"
    ContactRule.objects.create(key_customer=False, final_purposes=[])
    assert ask(customer, purpose="sales").allowed


@pytest.mark.parametrize("state", ["proposed", "in_force", "removal_proposed", "removed", "rejected"])
def test_only_entries_in_force_forbid(state):
    customer = make_customer()
    for about in ({"customer": customer}, {"number": NUMBER}):
        entry = BlacklistEntry.objects.create(state=state, category="x", reason="r", created_at=NOW, **about)
        forbidden = state in ("in_force", "removal_proposed")
        assert ask(customer).codes == (("blacklisted",) if forbidden else ())
        entry.delete()


def test_closed_number_and_missing_number_are_told_apart():
    customer = make_customer(phones=["+8613800138000", "+8613900139000"])
    assert actions.set_phone_state(customer_id=customer.pk, number=NUMBER, state="empty") == 1
    assert ask(customer).codes == ("number_closed",)
    assert ask(customer, number="+8613900139000").allowed
    assert ask(customer, number="").codes == ("no_number",)
    assert customer.phones.get(preferred=True).number == "+8613900139000"


def test_erased_customer_is_never_contacted():
    assert "customer_restricted" in ask(make_customer(restriction="erased")).codes


def test_conditions_of_the_task_are_added():
    decision = ask(make_customer(), conditions=TaskConditions(holds=(Hold("level_3"),)))
    assert decision.codes == ("on_hold",)


def test_may_contact_asks_four_queries_besides_reference(settings):
    settings.REFERENCE_SECONDS = 60
    customer = make_customer()
    ask(customer)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        ask(customer)
    assert len(seen) == 4


@pytest.mark.parametrize("how_many", [1, 3])
def test_contact_facts_asks_as_many_queries_for_one_as_for_three(how_many, django_assert_num_queries):
    customers = [make_customer() for _ in range(how_many)]
    with django_assert_num_queries(9):  # 5, and 4 of reference data that tests never keep
        facts = queries.contact_facts([customer.pk for customer in customers], purpose="service", now=NOW)
    assert {fact.number_state for fact in facts.values()} == {"valid"}
    assert len(facts) == how_many


def test_decide_many_agrees_with_one_by_one():
    plain, blocked, silent = (
        make_customer(),
        make_customer(phones=["+8613900139000"]),
        make_customer(phones=[]),
    )
    actions.block(number="+8613900139000", category="asked", reason="asked", by=None, now=NOW)
    found = queries.decide_many(
        [plain.pk, blocked.pk, silent.pk], channel="phone", purpose="service", campaign_code="SAT", now=NOW
    )
    assert [found[each.pk].codes for each in (plain, blocked, silent)] == [
        (),
        ("blacklisted",),
        ("no_number",),
    ]
