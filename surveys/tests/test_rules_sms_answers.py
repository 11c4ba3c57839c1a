"""Scores by SMS: read or left to a person, never guessed (CB-9; reliability.md W-02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.rules.sms_answers import Scores, read_scores
from surveys.rules.tokens import LENGTH, hash_of, new_token

FIVE = tuple("12345")
TEN = tuple(str(score) for score in range(11))
WIDE = str.maketrans(
    "0123456789,.!", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0c\u3002\uff01"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", ""),
        (" 5 ", ""),
        ("5.", ""),
        ("5".translate(WIDE), ""),
        ("5分".translate(WIDE), ""),
        ("5.".translate(WIDE), ""),
        ("五", ""),
        ("五分", ""),
        ("5星", ""),
        ("5 points", ""),
        ("5 服务很好", "服务很好"),
        ("5,服务很好", "服务很好"),
        ("5,服务很好".translate(WIDE), "服务很好"),
    ],
)
def test_golden_one_score(text, words):
    assert read_scores(text, [FIVE], takes_words=True) == Scores(("5",), words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好",
        "10",
        "0",
        "6",
        "55",
        "5 4",
        "5-3",
        "5/10",
        "4.5",
        "-5",
        "+5",
        "十分满意",
        "一般",
        "三分之一",
        "5年",
        "5星级酒店",
        "五星级",
        "五一放假",
        "第5",
        "我给5分",
        "5?",
        "5 or 4",
        "5,4",
        "5分 等了3天",
        "٥",
        "5\u200b",
        "5号师傅",
    ],
)
def test_anything_else_is_left_to_a_person(text):
    assert read_scores(text, [FIVE], takes_words=True) is None


def test_words_without_a_place_are_left_to_a_person():
    assert read_scores("5 服务很好", [FIVE], takes_words=False) is None
    assert read_scores("5", [FIVE], takes_words=False) == Scores(("5",))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5 4 3", ("5", "4", "3")),
        ("543", ("5", "4", "3")),
        ("5,4,3", ("5", "4", "3")),
        ("5、4、3", ("5", "4", "3")),
        ("五 四 三", ("5", "4", "3")),
        ("5分4分3分", ("5", "4", "3")),
        ("5", None),
        ("5 4", None),
        ("5 4 3 2", None),
        ("5 4 6", None),
    ],
)
def test_as_many_scores_as_are_asked(text, values):
    found = read_scores(text, [FIVE] * 3, takes_words=True)
    assert (found.values if found else None) == values


def test_scale_of_ten():
    assert read_scores("10", [TEN], takes_words=True) == Scores(("10",))
    assert read_scores("0", [TEN], takes_words=True) == Scores(("0",))
    assert read_scores("十分满意", [TEN], takes_words=True) is None
    assert read_scores("11", [TEN], takes_words=True) is None


def test_nothing_asked_is_nothing_read():
    assert read_scores("5", [], takes_words=True) is None


@given(st.text(max_size=30))
def test_whatever_is_read_is_on_the_scale(text):
    found = read_scores(text, [FIVE], takes_words=True)
    assert found is None or found.values[0] in FIVE


def test_tokens_differ_and_only_tokens_are_looked_up():
    tokens = {new_token() for _number in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(token) for token in tokens} == {LENGTH}
    assert all(len(hash_of(token)) == 64 for token in tokens)
    for wrong in ("", "x", "x" * 21, "x" * 23, "x" * 21 + "/", "x" * 21 + "\n", "é" * 22):
        assert hash_of(wrong) == ""
