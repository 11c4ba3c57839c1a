"""Reading conditions: every shape, both sides of each border, and nothing that can be sent or stored breaks it (CUS-5)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.segments import (
    FAULTS,
    MAX_CONDITIONS,
    MAX_GROUPS,
    SHAPES,
    BadDefinition,
    Condition,
    applies,
    read_definition,
    words,
)
from customers.rules.segments.reading import Unread, read_condition


def read(**raw):
    return read_condition(raw, SHAPES).values


def faults(**raw):
    with pytest.raises(Unread) as caught:
        read_condition(raw, SHAPES)
    return {name: fault.code for name, fault in caught.value.faults.items()}


def whole(*conditions, match="all"):
    return {"groups": [{"match": match, "conditions": list(conditions)}]}


KEY = {"kind": "key_customer", "op": "yes"}


def test_numbers_are_read_as_people_type_them():
    assert read(kind="amount", low="１２，０００.50", high="") == {"low": "12000.5"}
    assert read(kind="amount", low="-5", high=7) == {"low": "-5", "high": "7"}
    assert read(kind="contact", op="within", days=" 30 ") == {"op": "within", "days": 30}


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ("", "missing"),
        (None, "missing"),
        ("0", "out_of_range"),
        ("36501", "out_of_range"),
        ("1.5", "not_whole"),
        ("soon", "not_a_number"),
        ("1e3", "not_a_number"),
        ("9" * 60, "not_a_number"),
        ("٣", "not_a_number"),
        (True, "unreadable"),
        (1.0, "unreadable"),
        ([3], "unreadable"),
        (10**40, "unreadable"),
        ("1\u0007", "unreadable"),
    ],
)
def test_bad_days_are_named(days, code):
    assert faults(kind="contact", op="within", days=days) == {"days": code}


@pytest.mark.parametrize("days", [1, 36_500])
def test_days_at_the_border_are_read(days):
    assert read(kind="contact", op="within", days=str(days))["days"] == days


def test_fields_of_other_operators_are_dropped():
    assert read(kind="contact", op="never", days="nonsense") == {"op": "never"}
    assert read(kind="team", op="none", value="T1") == {"op": "none"}


def test_amount_needs_one_limit_and_an_order():
    assert faults(kind="amount", low="", high="") == {"low": "no_limit"}
    assert faults(kind="amount", low="10", high="9.99") == {"high": "crossed"}
    assert read(kind="amount", low="10", high="10") == {"low": "10", "high": "10"}
    assert faults(kind="amount", low="1.234") == {"low": "too_precise"}
    assert faults(kind="amount", low="1000000000000") == {"low": "out_of_range"}


def test_lists_are_divided_by_any_comma_and_say_each_value_once():
    assert read(kind="level", op="one_of", values="金卡、 银卡，钻石,金卡;") == {
        "op": "one_of",
        "values": ["金卡", "银卡", "钻石"],
    }
    assert faults(kind="level", op="one_of", values=" , ") == {"values": "missing"}
    assert faults(kind="level", op="one_of", values="x" * 31) == {"values": "too_long"}
    assert faults(kind="level", op="one_of", values=",".join(map(str, range(21)))) == {"values": "too_many"}
    assert faults(kind="level", op="one_of", values=["a", 3]) == {"values": "unreadable"}
    assert faults(kind="level", op="one_of", values={"a": 1}) == {"values": "unreadable"}


@pytest.mark.parametrize("kind", [None, "", "nobody", 3, ["region"], {"a": 1}])
def test_condition_without_a_known_kind_is_a_fault_of_the_kind(kind):
    assert list(faults(kind=kind)) == ["kind"]


def test_definition_keeps_what_is_readable_and_places_every_fault():
    raw = {
        "groups": [
            {"match": "any", "conditions": [KEY, {"kind": "contact", "op": "within", "days": "x"}]},
            {"match": "all", "conditions": [{}]},
        ]
    }
    with pytest.raises(BadDefinition) as caught:
        read_definition(raw, SHAPES)
    assert {place: fault.code for place, fault in caught.value.faults.items()} == {
        (0, 1, "days"): "not_a_number",
        (1, 0, "kind"): "no_kind",
    }
    assert [fault.unfinished for fault in caught.value.faults.values()] == [False, True]
    assert caught.value.readable.as_json() == whole(KEY, match="any")


def test_definition_comes_back_as_it_was_written():
    raw = whole(KEY, {"kind": "level", "op": "none_of", "values": ["金卡"]}, match="any")
    assert json.loads(json.dumps(read_definition(raw, SHAPES).as_json())) == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, "not_a_segment"),
        ([], "not_a_segment"),
        ("groups", "not_a_segment"),
        ({"groups": "x"}, "not_a_segment"),
        ({"groups": [3]}, "not_a_segment"),
        ({"groups": [{"match": "none", "conditions": []}]}, "not_a_segment"),
        ({"groups": [{"match": ["all"], "conditions": []}]}, "not_a_segment"),
        ({"groups": [{"match": "all", "conditions": {}}]}, "not_a_segment"),
        ({"groups": []}, "empty"),
        ({"groups": [{"match": "all", "conditions": []}]}, "empty"),
        ({"groups": [{"match": "all", "conditions": [KEY]}] * (MAX_GROUPS + 1)}, "too_many_groups"),
        (whole(*[KEY] * (MAX_CONDITIONS + 1)), "too_many_conditions"),
    ],
)
def test_what_is_no_definition_is_a_fault_of_the_whole(raw, code):
    with pytest.raises(BadDefinition) as caught:
        read_definition(raw, SHAPES)
    assert [(place, fault.code) for place, fault in caught.value.faults.items()] == [((-1, -1, ""), code)]


def test_as_many_conditions_and_groups_as_allowed_are_read():
    assert len(read_definition(whole(*[KEY] * MAX_CONDITIONS), SHAPES).groups[0].conditions) == MAX_CONDITIONS
    groups = [{"match": "all", "conditions": [KEY]}] * MAX_GROUPS
    assert len(read_definition({"groups": groups}, SHAPES).groups) == MAX_GROUPS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["kind", "op", "value", "values", "days", "field", "low"]), JSON)
    | st.fixed_dictionaries(
        {"kind": st.sampled_from(sorted(SHAPES))},
        optional={"op": JSON, "value": JSON, "days": JSON, "values": JSON, "low": JSON, "field": JSON},
    ),
    max_size=5,
)


def outcome(raw):
    """The definition that can be read, and the faults."""
    try:
        return read_definition(raw, SHAPES), []
    except BadDefinition as bad:
        return bad.readable, list(bad.faults.values())


@given(JSON | ROWS.map(lambda rows: {"groups": [{"match": "all", "conditions": rows}]}))
def test_any_json_is_read_or_refused_with_a_known_fault(raw):
    definition, faults = outcome(raw)
    assert definition.groups or faults
    assert all((FAULTS[fault.code] % fault.params).endswith(".") for fault in faults)
    json.dumps(definition.as_json()).encode()


def test_every_operator_of_every_shape_has_its_value_in_the_gap():
    for shape in SHAPES.values():
        for op, label in shape.operators:
            if "…" in label:
                field = next(one for one in shape.fields if one.name == shape.main)
                assert applies(field, op), (shape.code, op)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Condition("region", {"op": "in", "value": "CN"}), "Region: is in CN or below"),
        (Condition("contact", {"op": "within", "days": 30}), "Last contact: within the last 30 days"),
        (Condition("contact", {"op": "never"}), "Last contact: never"),
        (Condition("amount", {"low": "5"}), "Insured amount or spend: ≥ 5"),
        (Condition("amount", {"high": "9"}), "Insured amount or spend: ≤ 9"),
        (Condition("amount", {"low": "5", "high": "9"}), "Insured amount or spend: 5 – 9"),
        (
            Condition("event", {"event": "claim", "op": "longer", "days": 9}),
            "Service event: claim happened, the last time longer ago than 9 days",
        ),
        (Condition("key_customer", {"op": "no"}), "Key customer: no"),
    ],
)
def test_condition_in_words(condition, text):
    def shown(field, value):
        return dict(field.choices).get(value, str(value))

    assert words(SHAPES[condition.kind], condition.values, shown, str) == text
