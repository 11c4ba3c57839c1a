import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rules.merging import (
    COMPOUND_SURNAMES,
    fields_in,
    merge,
    needs_legal_wording,
    salutation,
    unknown_fields,
)
from campaigns.rules.variants import pick


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"name": "王芳", "gender": "f"}, "王女士"),
        ({"name": "欧阳娜娜", "gender": "f"}, "欧阳女士"),
        ({"name": "欧阳", "gender": "m"}, "欧先生"),
        ({"name": "张伟", "gender": "m", "language": "zh-hant"}, "张先生"),
        ({"name": "李娜", "gender": ""}, "李先生/女士"),
        ({"name": "王芳", "gender": "f", "own": "王总"}, "王总"),
        ({"name": "王芳", "gender": "f", "own": "王芳"}, "王女士"),
        ({"name": "杭州某某公司", "gender": "", "company": True}, "贵公司"),
        ({"name": "John Smith", "gender": "m", "language": "en"}, "Mr Smith"),
        ({"name": "Dr. Ann Lee", "gender": "f", "language": "en"}, "Ms Lee"),
        ({"name": "王芳", "gender": "f", "language": "en"}, "Ms 王"),
        ({"name": "", "gender": "f"}, "女士"),
        ({"name": "  ", "gender": "", "language": "en"}, "Mr/Ms"),
    ],
)
def test_customer_is_addressed_by_surname_and_honorific(facts, expected):
    assert salutation(**facts) == expected


@given(st.text(), st.sampled_from(["f", "m", ""]), st.sampled_from(["zh-hans", "zh-hant", "en"]))
def test_salutation_is_never_the_bare_name(name, gender, language):
    assert salutation(name=name, gender=gender, own=name, language=language) != name.strip()


def test_compound_surnames_have_two_characters():
    assert {len(name) for name in COMPOUND_SURNAMES} == {2}
    assert {"欧阳", "諸葛", "上官"} <= COMPOUND_SURNAMES


def test_fields_are_filled_and_missing_ones_leave_nothing():
    text = "{salutation}您好，我是{ client }的{agent} {product} 回访员。"
    assert merge(text, {"salutation": "王女士", "client": "安心人寿", "agent": "小李"}) == (
        "王女士您好，我是安心人寿的小李 回访员。"
    )


def test_unknown_fields_are_found():
    assert fields_in("{salutation} {client} {salutation}") == ["salutation", "client"]
    assert unknown_fields(["{salutation} {surname}", "{ }", "{x}{surname}"]) == ["surname", "", "x"]


def test_a_value_with_braces_is_not_filled_again():
    assert merge("{client}", {"client": "{agent}", "agent": "secret"}) == "{agent}"


@pytest.mark.parametrize(("days", "legal"), [(None, False), (0, False), (92, False), (93, True)])
def test_legal_wording_begins_after_three_months(days, legal):
    assert needs_legal_wording(days) is legal


def test_variant_is_always_the_same_for_a_customer_and_follows_the_weights():
    places = [pick([3, 1], campaign_id=1, customer_id=customer) for customer in range(4_000)]
    assert places == [pick([3, 1], campaign_id=1, customer_id=customer) for customer in range(4_000)]
    assert 0.22 < sum(places) / 4_000 < 0.28


def test_variant_without_a_weight_is_refused():
    with pytest.raises(ValueError):
        pick([], campaign_id=1, customer_id=1)
