"""Which recordings are listened to, without a database (QA-1)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.rules.sampling import allocate, draw, rate_for, sample_count, start_of, systematic_indices


def test_golden_15_sampling():
    assert sample_count(23) == 3
    assert round(Fraction(23, 3), 3) == Fraction("7.667")
    assert systematic_indices(23, 3, 2.5) == [2, 10, 17]
    assert sample_count(0) == 0
    assert systematic_indices(0, 0, 0) == []
    assert sample_count(1) == 1


@pytest.mark.parametrize(
    ("population", "rate", "count"),
    [
        (30, Fraction(1, 10), 3),
        (30, Decimal("0.1"), 3),
        (31, "0.1", 4),
        (80, Fraction(1, 10), 8),
        (5, 1, 5),
        (5, 0, 1),
        (-1, 1, 0),
    ],
)
def test_count_is_rounded_up_exactly(population, rate, count):
    assert sample_count(population, rate) == count


@pytest.mark.parametrize("rate", [Decimal("1.01"), -1])
def test_impossible_rate_is_refused(rate):
    with pytest.raises(ValueError):
        sample_count(10, rate)


@pytest.mark.parametrize(
    ("population", "count", "start"), [(10, 11, 0), (10, 5, 2), (10, 5, -0.1), (0, 1, 0)]
)
def test_impossible_draw_is_refused(population, count, start):
    with pytest.raises(ValueError):
        systematic_indices(population, count, start)


@given(st.integers(1, 500), st.fractions(0, 1), st.text(max_size=20))
def test_draw_is_reproducible_distinct_and_evenly_spread(population, rate, seed):
    items = list(range(population))
    drawn = draw(items, rate=rate, seed=seed)
    assert drawn == draw(items, rate=rate, seed=seed)
    assert len(set(drawn)) == len(drawn) == sample_count(population, rate)
    assert drawn == sorted(drawn)
    interval = Fraction(population, len(drawn))
    assert all(b - a <= interval + 1 for a, b in zip(drawn, drawn[1:], strict=False))
    assert 0 <= start_of(seed, population, len(drawn)) < interval


def test_every_recording_can_be_drawn():
    drawn = {index for seed in range(200) for index in draw(list(range(23)), seed=f"day {seed}")}
    assert drawn == set(range(23))
    assert draw([], seed="x") == []


def test_weekly_sample_is_spread_in_proportion():
    assert allocate(10, {"a": 50, "b": 30, "c": 20}) == {"a": 5, "b": 3, "c": 2}
    assert allocate(5, {"a": 90, "b": 9, "c": 1, "d": 0}) == {"a": 3, "b": 1, "c": 1, "d": 0}
    assert allocate(2, {"a": 5, "b": 9, "c": 7}) == {"a": 0, "b": 1, "c": 1}
    assert allocate(100, {"a": 2, "b": 3}) == {"a": 2, "b": 3}
    assert allocate(3, {}) == {}
    assert allocate(0, {"a": 4}) == {"a": 0}


@given(st.integers(0, 300), st.dictionaries(st.integers(1, 30), st.integers(0, 60), max_size=12))
def test_weekly_sample_adds_up_within_what_each_has(total, strata):
    shares = allocate(total, strata)
    assert shares.keys() == strata.keys()
    assert sum(shares.values()) == min(total, sum(strata.values()))
    assert all(0 <= shares[key] <= strata[key] for key in strata)
    if total >= len([size for size in strata.values() if size]):
        assert all(shares[key] >= 1 for key, size in strata.items() if size)


@pytest.mark.parametrize(
    ("probation", "days", "passes", "rate"),
    [
        (False, None, 0, "0.1"),
        (True, None, 0, "0.2"),
        (False, 1, 0, "0.3"),
        (True, 1, 1, "0.3"),
        (False, 5, 1, "0.3"),
        (False, 6, 0, "0.1"),
        (False, 2, 2, "0.1"),
        (True, 2, 2, "0.2"),
    ],
)
def test_failed_and_new_agents_are_heard_more_often(probation, days, passes, rate):
    assert rate_for(
        Decimal("0.1"), on_probation=probation, working_days_since_fail=days, passes_since_fail=passes
    ) == Fraction(rate)


def test_rate_never_exceeds_everything():
    assert rate_for("0.5", on_probation=False, working_days_since_fail=1, passes_since_fail=0) == 1
