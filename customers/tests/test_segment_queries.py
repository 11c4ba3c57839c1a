"""Each kind of condition on both sides of its border, and the groups (CUS-5)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcenter.errors import Refused
from customers.actions import record_contacts
from customers.models import Contact, Customer, Segment, ServiceEvent
from customers.queries.segments import KINDS, Run, definition_of, selected
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_unit, make_user
from customers.tests.segments import KEY, definition, found, make_segment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def event(customer, at, kind="claim"):
    number = ServiceEvent.objects.count()
    ServiceEvent.objects.create(
        client=customer.client,
        customer=customer,
        kind=kind,
        occurred_at=at,
        external_id=f"E{number}",
        created_at=NOW,
    )
    return customer


def contact(customer, at, **fields):
    record_contacts([Contact(customer=customer, channel="phone", purpose="service", at=at, **fields)])
    return customer


@pytest.mark.parametrize(
    ("limits", "amounts"),
    [
        ({"low": "100"}, {"100.00", "200.00"}),
        ({"high": "100"}, {"99.99", "100.00"}),
        ({"low": "99.99", "high": "100"}, {"99.99", "100.00"}),
        ({"low": "200.01"}, set()),
    ],
)
def test_amount_includes_its_limits_and_never_the_unknown(limits, amounts):
    for amount in ("99.99", "100", "200", None):
        make_customer(amount=amount)
    assert {str(row.amount) for row in found({"kind": "amount", **limits})} == amounts


@pytest.mark.parametrize("column", ["level", "language", "source"])
def test_text_columns_are_one_of_the_values_or_none_of_them(column):
    gold, silver, blank = (make_customer(**{column: value}) for value in ("gold", "silver", ""))
    assert found({"kind": column, "op": "one_of", "values": ["gold", "bronze"]}) == {gold}
    assert found({"kind": column, "op": "none_of", "values": ["gold"]}) == {silver, blank}


def test_key_customer_nature_and_relation():
    key = make_customer(key_customer=True, nature="company", relation="renewal")
    plain = make_customer(relation="")
    assert found(KEY) == {key}
    assert found({"kind": "key_customer", "op": "no"}) == {plain}
    assert found({"kind": "nature", "op": "is", "value": "company"}) == {key}
    assert found({"kind": "nature", "op": "is_not", "value": "company"}) == {plain}
    assert found({"kind": "relation", "op": "is", "value": "unknown"}) == {plain}
    assert found({"kind": "relation", "op": "is_not", "value": "unknown"}) == {key}
    assert found({"kind": "relation", "op": "is", "value": "renewal"}) == {key}


def test_region_holds_everything_below_it():
    country = make_region()
    province = make_region(parent=country)
    city, other = make_region(parent=province), make_region(parent=country)
    inside = {make_customer(region=province), make_customer(region=city)}
    outside = {make_customer(region=other), make_customer(region=country), make_customer(region=None)}
    assert found({"kind": "region", "op": "in", "value": province.code}) == inside
    assert found({"kind": "region", "op": "not_in", "value": province.code}) == outside
    assert found({"kind": "region", "op": "in", "value": "nowhere"}) == set()
    assert found({"kind": "region", "op": "not_in", "value": "nowhere"}) == inside | outside


def test_region_tree_with_a_loop_ends():
    one = make_region()
    two = make_region(parent=one)
    one.parent = two
    one.save()
    inside = make_customer(region=two)
    assert found({"kind": "region", "op": "in", "value": one.code}) == {inside}


def test_client_unit_and_team():
    top = make_unit()
    team, client = make_team(make_unit(parent=top)), make_client()
    mine = make_customer(team=team, client=client)
    alone = make_customer(unit=top, client=client)
    other = make_customer(team=make_team())
    for op, expected in (("is", {mine, alone}), ("is_not", {other})):
        assert found({"kind": "client", "op": op, "value": client.code}) == expected
    for op, expected in (("in", {mine, alone}), ("not_in", {other})):
        assert found({"kind": "unit", "op": op, "value": top.code}) == expected
    assert found({"kind": "unit", "op": "in", "value": team.unit.code}) == {mine}
    assert found({"kind": "team", "op": "is", "value": team.code}) == {mine}
    assert found({"kind": "team", "op": "is_not", "value": team.code}) == {alone, other}
    assert found({"kind": "team", "op": "none"}) == {alone}


def test_event_age_on_both_sides_of_the_border():
    never = event(make_customer(), NOW, kind="repair")
    edge = event(make_customer(), NOW - 30 * DAY)
    older = event(make_customer(), NOW - 30 * DAY - INSTANT)
    both = event(event(make_customer(), NOW - 99 * DAY), NOW)
    ahead = event(make_customer(), NOW + 30 * DAY)
    later = event(make_customer(), NOW + 30 * DAY + INSTANT)

    def claims(op, **values):
        return found({"kind": "event", "event": "claim", "op": op, **values})

    assert claims("within", days=30) == {edge, both}
    assert claims("longer", days=30) == {older}
    assert claims("never") == {never, ahead, later}
    assert claims("ahead", days=30) == {ahead}


@pytest.mark.parametrize(("kind", "fields"), [("contact", {}), ("completed", {"completed": True})])
def test_contact_age_on_both_sides_of_the_border(kind, fields):
    never = make_customer()
    edge = contact(make_customer(), NOW - 7 * DAY, **fields)
    older = contact(make_customer(), NOW - 7 * DAY - INSTANT, **fields)
    both = contact(contact(make_customer(), NOW - 99 * DAY, **fields), NOW, **fields)
    assert found({"kind": kind, "op": "within", "days": 7}) == {edge, both}
    assert found({"kind": kind, "op": "not_within", "days": 7}) == {older, never}
    assert found({"kind": kind, "op": "longer", "days": 7}) == {older}
    assert found({"kind": kind, "op": "never"}) == {never}


def test_contact_that_was_not_completed_is_a_contact_only():
    tried = contact(make_customer(), NOW)
    assert found({"kind": "contact", "op": "within", "days": 1}) == {tried}
    assert found({"kind": "completed", "op": "never"}) == {tried}


@pytest.mark.parametrize("name", ["险种", "7", 'a"b', "it's", "a.b", "$", "%s"])
def test_further_field_of_any_name(name):
    life, car, none = (
        make_customer(custom={name: "寿险"}),
        make_customer(custom={name: "车险"}),
        make_customer(),
    )

    def custom(op, **values):
        return found({"kind": "custom", "field": name, "op": op, **values})

    assert custom("is", value="寿险") == {life}
    assert custom("is_not", value="寿险") == {car, none}
    assert custom("filled") == {life, car}
    assert custom("empty") == {none}


def test_missing_field_and_filled_field():
    whole, bare = make_customer(email="a@b.example", amount=1), make_customer(phones=[])
    assert found({"kind": "missing", "field": "email", "op": "missing"}) == {bare}
    assert found({"kind": "missing", "field": "email", "op": "filled"}) == {whole}
    assert found({"kind": "missing", "field": "phone", "op": "missing"}) == {bare}
    assert found({"kind": "missing", "field": "amount", "op": "filled"}) == {whole}


def test_every_offered_field_of_completeness_can_be_asked():
    make_customer()
    field = next(one for one in KINDS["missing"].shape.fields if one.name == "field")
    for name, _label in field.choices:
        assert len(found({"kind": "missing", "field": name, "op": "missing"})) in (0, 1)


def test_all_and_any_in_a_group_and_groups_together():
    gold = make_customer(level="金卡")
    key = make_customer(key_customer=True)
    both = make_customer(level="金卡", key_customer=True)
    level = {"kind": "level", "op": "one_of", "values": ["金卡"]}
    assert found(KEY, level) == {both}
    assert found(KEY, level, match="any") == {gold, key, both}
    two = Segment(
        definition={
            "groups": [
                {"match": "any", "conditions": [KEY, level]},
                {"match": "all", "conditions": [{"kind": "key_customer", "op": "no"}]},
            ]
        }
    )
    assert set(selected(two, Run(NOW))) == {gold}


def test_customer_counts_once_whatever_the_conditions():
    customer = make_customer(phones=["+8613800138000", "+8613900139000"])
    for _ in range(3):
        contact(event(customer, NOW), NOW)
    conditions = (
        {"kind": "contact", "op": "within", "days": 1},
        {"kind": "event", "event": "claim", "op": "within", "days": 1},
        {"kind": "missing", "field": "phone", "op": "filled"},
    )
    admin = make_user("admin")
    rows = selected(Segment(definition=definition(*conditions, match="any").as_json()), Run(NOW, admin))
    assert rows.count() == 1
    assert list(rows) == [customer]


@pytest.mark.parametrize("restriction", ["erased", "deceased", "legal_hold"])
def test_restricted_customers_belong_to_no_segment(restriction):
    make_customer(key_customer=True, restriction=restriction)
    assert found(KEY) == set()
    assert found({"kind": "contact", "op": "never"}) == set()


def test_segment_of_a_client_means_its_customers_only():
    client = make_client()
    mine = make_customer(client=client, key_customer=True)
    make_customer(key_customer=True)
    assert set(selected(make_segment(client=client), Run(NOW))) == {mine}
    assert found(KEY, client=client) == {mine}


def test_scope_cuts_every_segment_also_its_negations():
    team = make_team()
    mine = make_customer(team=team)
    make_customer(team=make_team(), name="金丝雀")
    lead = make_user("lead", team=team)
    for condition in (
        {"kind": "key_customer", "op": "no"},
        {"kind": "contact", "op": "never"},
        {"kind": "team", "op": "is_not", "value": "T"},
        {"kind": "client", "op": "is_not", "value": "C"},
    ):
        assert found(condition, user=lead) == {mine}
        assert found(condition, {"kind": "contact", "op": "never"}, user=lead, match="any") == {mine}
    assert found({"kind": "key_customer", "op": "no"}, user=make_user("agent", team=team)) == set()


@pytest.mark.parametrize(
    "stored",
    [None, [], 3, {"groups": [{}]}, {"groups": [{"match": "all", "conditions": [{"kind": "gone"}]}]}],
)
def test_unreadable_stored_conditions_are_refused_with_a_sentence(stored, english):
    with pytest.raises(Refused) as caught:
        definition_of(Segment(name="Alt", definition=stored))
    assert caught.value.code == "bad_segment"
    assert "Alt" in str(caught.value.message)


def test_selection_is_one_statement_whatever_its_conditions():
    team = make_team()
    region = make_region()
    admin = make_user("admin")
    admin.scope()
    conditions = (
        KEY,
        {"kind": "contact", "op": "not_within", "days": 3},
        {"kind": "event", "event": "claim", "op": "within", "days": 3},
        {"kind": "custom", "field": "x", "op": "filled"},
    )
    places = (
        {"kind": "region", "op": "in", "value": region.code},
        {"kind": "region", "op": "not_in", "value": "other"},
        {"kind": "team", "op": "is", "value": team.code},
        {"kind": "team", "op": "is_not", "value": team.code},
    )
    for asked, queries in ((conditions, 1), ((*conditions, *places), 3)):
        segment = Segment(definition=definition(*asked).as_json())
        with CaptureQueriesContext(connection) as seen:
            selected(segment, Run(NOW, admin), Customer.objects.visible_to(admin)).count()
        assert len(seen) == queries
