"""Under which keys a name is found, and what somebody types as the beginning of one (CUS-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.names import LONGEST_KEY, name_keys, typed_key


def finds(typed, name):
    key = typed_key(typed)
    return bool(key) and any(each.startswith(key) for each in name_keys(name))


@pytest.mark.parametrize(
    "typed",
    [
        "王小明",
        "王小",
        "小明",
        "明",
        "wangxiaoming",
        "wang xiao",
        "WangXiaoM",
        "ＷＸＭ",
        "wxm",
        "wx",
        "xm",
        "xiaoming",
        "m",
        "wang'xiao",
    ],
)
def test_golden_a_name_is_found_by_any_part_pinyin_or_initials(typed):
    assert finds(typed, "王小明")


@pytest.mark.parametrize(
    "typed", ["王明", "wangming", "wm", "xiaom ing2", "angxiao", "", "  ", "%", "_", "'"]
)
def test_what_is_not_a_part_of_the_name_does_not_find_it(typed):
    assert not finds(typed, "王小明")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("shan xiong", "单雄信"),
        ("danxiong", "单雄信"),
        ("zeng", "曾国藩"),
        ("yuchigong", "尉迟恭"),
        ("ycg", "尉迟恭"),
        ("ouyangnana", "欧阳娜娜"),
        ("lv", "吕布"),
        ("lü", "吕布"),
        ("Smith", "John Smith"),
        ("john sm", "John Smith"),
        ("js", "John Smith"),
        ("nunez", "José Núñez"),
        ("贸易", "杭州王氏贸易有限公司"),
        ("myyxgs", "杭州王氏贸易有限公司"),
        ("123", "客户123"),
        ("kehu123", "客户123"),
    ],
)
def test_surnames_compounds_companies_and_foreign_names(typed, name):
    assert finds(typed, name)


def test_an_ordinary_name_has_eight_keys_and_none_is_stored_twice():
    keys = name_keys("王小明")
    assert len(keys) == len(set(keys)) == 8
    assert name_keys("") == name_keys(" ·-%") == []


@given(st.text(max_size=120))
def test_any_text_has_short_keys_and_finds_itself(text):
    keys = name_keys(text)
    assert all(0 < len(key) <= LONGEST_KEY for key in keys)
    assert len(keys) <= 60
    assert finds(text, text) or not typed_key(text)
