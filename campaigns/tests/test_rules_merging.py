import pytest

from campaigns.rules.merging import (
    fields_in,
    merge,
    needs_legal_wording,
    unknown_fields,
)
from campaigns.rules.variants import pick


@pytest.mark.parametrize(
    ("address", "opening", "closing"),
    [
        ("王女士", "王女士,您好!我是客服。", "感谢王女士的宝贵意见"),
        ("王小明您", "王小明,您好!我是客服。", "感谢王小明您的宝贵意见"),
        ("您", "您好!我是客服。", "感谢您的宝贵意见"),
    ],
)
def test_a_script_says_you_once(address, opening, closing):
    for text in ("{salutation},您好!我是客服。", "{salutation}您好!我是客服。"):
        said = merge(text, {"salutation": address})
        assert said in {opening, opening.replace(",", "")}
    assert merge("感谢{salutation}的宝贵意见", {"salutation": address}) == closing
    assert merge("好的,您您先别挂", {}) == "好的,您先别挂"


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
