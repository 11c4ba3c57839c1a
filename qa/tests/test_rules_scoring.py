"""The score of a reviewed recording, without a database (QA-2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.rules.scoring import Score, ScoredItem, score

HALF = Decimal("0.5")


def test_golden_16_qa_score():
    items = [ScoredItem(30, 1), ScoredItem(20, HALF), ScoredItem(50, None)]
    assert score(items) == Score(Decimal(80), fatal=False, passed=False)
    assert score(items, fatal=True) == Score(Decimal(0), fatal=True, passed=False)
    assert score([ScoredItem(30, None), ScoredItem(50, None)]) == Score(None, fatal=False, passed=None)


def test_failed_fatal_criterion_scores_nothing():
    assert score([ScoredItem(90, 1), ScoredItem(0, 0, fatal=True)]) == Score(
        Decimal(0), fatal=True, passed=False
    )
    assert score([ScoredItem(90, 1), ScoredItem(10, HALF, fatal=True)]).fatal
    assert score([ScoredItem(90, 1), ScoredItem(0, 1, fatal=True)]).value == 100
    assert score([ScoredItem(90, 1), ScoredItem(10, None, fatal=True)]).value == 100
    assert score([ScoredItem(90, None)], fatal=True).value == 0


@pytest.mark.parametrize(
    ("earned", "mark", "passed"),
    [
        ("0.85", 85, True),
        ("0.8499", 85, False),
        ("0.8499999999999", 85, True),
        ("1", 100, True),
        ("0", 0, True),
    ],
)
def test_pass_mark_is_reached_exactly(earned, mark, passed):
    assert score([ScoredItem(10, Decimal(earned))], pass_mark=mark).passed is passed


def test_default_pass_mark_is_85():
    assert score([ScoredItem(85, 1), ScoredItem(15, 0)]).passed
    assert not score([ScoredItem(84, 1), ScoredItem(16, 0)]).passed


@pytest.mark.parametrize("item", [ScoredItem(10, 2), ScoredItem(10, Decimal("-0.1")), ScoredItem(-1, 1)])
def test_impossible_item_is_refused(item):
    with pytest.raises(ValueError):
        score([item])


shares = st.none() | st.decimals(0, 1, places=2)


@given(st.lists(st.builds(ScoredItem, st.integers(1, 50), shares, st.booleans()), max_size=10))
def test_score_lies_between_0_and_100(items):
    result = score(items)
    assert (result.value is None) == (result.passed is None)
    if result.value is not None:
        assert 0 <= result.value <= 100
        assert not (result.fatal and result.value)
