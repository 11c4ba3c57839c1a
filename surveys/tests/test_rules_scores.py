from collections import Counter

import pytest

from surveys.rules.scores import mean, promoter_score, top_two
from surveys.rules.versions import Change, Line, differences, seconds_to_ask


def test_csat_of_the_golden_vector():
    """domain.md section 9, vector 17: 5,4,3,2,5 → top-2 60 %, mean 3.8."""
    scores = [5, 4, 3, 2, 5]
    assert top_two(Counter(str(score) for score in scores)) == pytest.approx(0.6)
    found = mean(5, sum(scores), sum(score * score for score in scores))
    assert found.value == pytest.approx(3.8)
    assert found.low == pytest.approx(3.8 - 1.96 * 1.3038405 / 5**0.5, abs=1e-6)


def test_nps_of_the_golden_vector():
    """domain.md section 9, vector 17: 10,9,9,8,7,6,0 → (3−2)/7 = +14.3."""
    assert promoter_score(Counter(["10", "9", "9", "8", "7", "6", "0"])) == pytest.approx(1 / 7)


def test_nothing_answered_is_undefined_not_zero():
    assert mean(0, 0, 0) is None
    assert top_two(Counter()) is None
    assert promoter_score(Counter()) is None


def test_one_answer_has_no_interval():
    assert mean(1, 4, 16) == type(mean(1, 4, 16))(4.0, None, None)


def test_differences_name_what_changed():
    old = [Line("A", 1, True), Line("B", 2, True, ("A", ("1",))), Line("C", 3, True), Line("D", 4, True)]
    new = [Line("A", 1, False), Line("C", 2, True), Line("B", 3, True, ("A", ("1", "2"))), Line("E", 4, True)]
    assert differences(old, new) == [
        Change("removed", "D"),
        Change("changed", "A", ("required",)),
        Change("changed", "C", ("order",)),
        Change("changed", "B", ("order", "condition")),
        Change("added", "E"),
    ]


def test_same_versions_do_not_differ():
    lines = [Line("A", 1, True), Line("B", 2, True)]
    assert differences(lines, lines) == []


def test_inserting_a_question_is_no_change_of_order():
    old = [Line("A", 1, True), Line("B", 2, True)]
    assert differences(old, [Line("A", 1, True), Line("X", 2, True), Line("B", 3, True)]) == [
        Change("added", "X")
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("字" * 4, 1),
        ("字" * 5, 2),
        ("字" * 45, 10),
        ("How satisfied are you?", 2),
        ("您用 APP 吗?", 2),
        ("?!…", 0),
    ],
)
def test_reading_aloud_takes_its_time_in_both_scripts(text, seconds):
    assert seconds_to_ask([text]) == seconds
