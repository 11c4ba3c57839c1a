from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.answers import REFUSED, BadAnswer, Value, read

LETTERS = [{"value": "a"}, {"value": "b"}, {"value": "c", "score": 7}]
KINDS = ["single", "multi", "scale5", "scale10", "yesno", "text", "number", "date"]


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("scale5", "5", Value(("5",), Decimal(5))),
        ("scale5", "３", Value(("3",), Decimal(3))),
        ("scale5", 4, Value(("4",), Decimal(4))),
        ("scale10", "0", Value(("0",), Decimal(0))),
        ("scale10", "10", Value(("10",), Decimal(10))),
        ("single", "c", Value(("c",), Decimal(7))),
        ("single", ["a"], Value(("a",))),
        ("multi", ["b", "a", "a"], Value(("a", "b"))),
        ("multi", "b", Value(("b",))),
        ("yesno", True, Value(("yes",), Decimal(1))),
        ("yesno", "否", Value(("no",), Decimal(0))),
        ("number", "１，２３４.５", Value(number=Decimal("1234.5"))),
        ("number", "-3", Value(number=Decimal(-3))),
        ("date", "２０２６年１１月２１日", Value(text="2026-11-21")),
        ("date", "2026/1/2", Value(text="2026-01-02")),
        ("text", "  快一点\x00 😀 ", Value(text="快一点 😀")),
    ],
)
def test_answer_is_read_as_typed(kind, raw, expected):
    assert read(kind, raw, LETTERS if kind in ("single", "multi") else []) == expected


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("scale5", "6", "not_offered"),
        ("scale5", "0", "not_offered"),
        ("scale5", "4.0", "not_offered"),
        ("scale5", ["1", "2"], "one_only"),
        ("scale10", "11", "not_offered"),
        ("single", "d", "not_offered"),
        ("multi", ["a", "x"], "not_offered"),
        ("yesno", "maybe", "not_offered"),
        ("number", "1e5", "not_a_number"),
        ("number", "NaN", "not_a_number"),
        ("number", "1,23", "not_a_number"),
        ("number", "9" * 20, "number_range"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "tomorrow", "not_a_date"),
        ("text", "x" * 2001, "too_long"),
        ("text", {"a": 1}, "not_a_value"),
    ],
)
def test_wrong_answer_names_the_mistake(kind, raw, code):
    with pytest.raises(BadAnswer) as caught:
        read(kind, raw, LETTERS if kind in ("single", "multi") else [])
    assert caught.value.code == code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", [None, REFUSED, [REFUSED]])
def test_declining_is_an_answer_of_its_own(kind, raw):
    assert read(kind, raw, LETTERS) == Value(refused=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", ["", "  ", [], [""], "\x00"])
def test_blank_is_no_answer(kind, raw):
    assert read(kind, raw, LETTERS) is None


@given(
    st.sampled_from(KINDS),
    st.one_of(
        st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.dates(), st.binary()
    ),
)
def test_nothing_that_is_sent_breaks_reading(kind, raw):
    try:
        value = read(kind, raw, LETTERS)
    except BadAnswer as error:
        assert error.code  # noqa: PT017
    else:
        assert value is None or isinstance(value, Value)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_survive_being_written_in_chinese(day):
    assert read("date", f"{day.year}年{day.month}月{day.day}日") == Value(text=day.isoformat())
