"""How a customer is addressed: one rule for scripts and letters (CAM-5, CUS-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.salutation import COMPOUND_SURNAMES, salutation, shown_name, without_double_you


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"name": "王芳", "gender": "f"}, "王女士"),
        ({"name": "欧阳娜娜", "gender": "f"}, "欧阳女士"),
        ({"name": "欧阳", "gender": "m"}, "欧先生"),
        ({"name": "张伟", "gender": "m", "language": "zh-hant"}, "张先生"),
        ({"name": "李娜", "gender": ""}, "李娜您"),
        ({"name": "李娜", "gender": "", "own": "李老师"}, "李老师"),
        ({"name": "王芳", "gender": "f", "own": "王总"}, "王总"),
        ({"name": "王芳", "gender": "f", "own": " 王芳 "}, "王女士"),
        ({"name": "杭州某某公司", "gender": "", "company": True}, "贵公司"),
        ({"name": "John Smith", "gender": "m", "language": "en"}, "Mr Smith"),
        ({"name": "Dr. Ann Lee", "gender": "f", "language": "en"}, "Ms Lee"),
        ({"name": "Alex Lee", "gender": "", "language": "en"}, "Alex Lee"),
        ({"name": "王芳", "gender": "f", "language": "en"}, "Ms 王"),
        ({"name": "", "gender": "f"}, "女士"),
        ({"name": "  ", "gender": ""}, "您"),
        ({"name": "  ", "gender": "", "language": "en"}, "dear customer"),
    ],
)
def test_golden_customer_is_addressed_by_surname_and_honorific(facts, expected):
    assert salutation(**facts) == expected


@given(st.text(), st.sampled_from(["f", "m", ""]), st.sampled_from(["zh-hans", "zh-hant"]))
def test_a_chinese_salutation_is_never_the_bare_name_and_never_two_honorifics(name, gender, language):
    said = salutation(name=name, gender=gender, own=name, language=language)
    assert said != name.strip()
    honorifics = [sum(text.count(title) for title in ("先生", "女士")) for text in (said, name)]
    assert honorifics[0] <= honorifics[1] + 1


def test_the_screen_names_whom_to_ask_for():
    assert shown_name(name="李娜", gender="") == "李娜"
    assert shown_name(name="李娜", gender="f") == "李女士"
    assert shown_name(name="", gender="") == "您"
    assert shown_name(name="李娜", gender="", own="李老师") == "李老师"


def test_compound_surnames_have_two_characters():
    assert {len(name) for name in COMPOUND_SURNAMES} == {2}
    assert {"欧阳", "諸葛", "上官"} <= COMPOUND_SURNAMES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("王小明您,您好", "王小明,您好"),
        ("王小明您，您好", "王小明，您好"),
        ("王小明您您好", "王小明您好"),
        ("您,您好", "您好"),
        ("好。您,您好", "好。您好"),
        ("感谢您,祝您愉快", "感谢您,祝您愉快"),
    ],
)
def test_you_is_said_once(text, said):
    assert without_double_you(text) == said
