"""The order of work as an integer, without a database (CB-3)."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbacks.rules.rank import NO_DEADLINE, deadline_days, parts_of, rank

TODAY = date(2026, 11, 24)


def make_rank(**changes):
    plain = {
        "appointment_due": False,
        "second_contact": False,
        "deadline": TODAY,
        "priority": 5,
        "key_customer": False,
        "attempts": 1,
    }
    return rank(**{**plain, **changes})


def test_order_of_work_is_the_required_one():
    in_order = [
        make_rank(appointment_due=True, deadline=None, priority=9, attempts=9),
        make_rank(second_contact=True, deadline=TODAY + timedelta(days=9), priority=9),
        make_rank(deadline=TODAY, priority=9),
        make_rank(deadline=TODAY + timedelta(days=1), priority=1),
        make_rank(deadline=TODAY + timedelta(days=1), priority=2, key_customer=True, attempts=9),
        make_rank(deadline=TODAY + timedelta(days=1), priority=2, attempts=0),
        make_rank(deadline=TODAY + timedelta(days=1), priority=2, attempts=1),
        make_rank(deadline=None, priority=1, key_customer=True, attempts=0),
    ]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(in_order)


def test_appointments_are_ordered_by_their_time_alone():
    assert make_rank(appointment_due=True, priority=1) == make_rank(appointment_due=True, priority=9) == 0


def test_rank_is_the_documented_sum():
    days = (TODAY - date(2000, 1, 1)).days
    assert make_rank() == 2 * 268435456 + days * 8192 + 5 * 64 + 32 + 1


@pytest.mark.parametrize(
    "changes",
    [
        {"priority": 10**9},
        {"priority": -5},
        {"attempts": 10**9},
        {"attempts": -1},
        {"deadline": date.max},
        {"deadline": date.min},
    ],
)
def test_values_out_of_range_are_clamped(changes):
    parts = parts_of(make_rank(**changes))
    plain = parts_of(make_rank())
    changed = {
        name for name in ("deadline", "priority", "attempts") if getattr(parts, name) != getattr(plain, name)
    }
    assert changed == set(changes), "a clamped value must not spill into its neighbour"


def test_no_deadline_comes_after_every_deadline():
    assert deadline_days(None) == NO_DEADLINE > deadline_days(date.max)
    assert deadline_days(date(2000, 1, 1)) == 0


keys = st.tuples(
    st.booleans(),
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(0, 127),
    st.booleans(),
    st.integers(0, 31),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(keys, min_size=2, max_size=6))
def test_ranks_sort_like_their_parts_and_come_apart_again(rows):
    def ranked(row):
        second, deadline, priority, key, attempts = row
        return make_rank(
            second_contact=second, deadline=deadline, priority=priority, key_customer=key, attempts=attempts
        )

    for one, other in itertools.combinations(rows, 2):
        wanted = (not one[0], one[1], one[2], not one[3], one[4]) < (
            not other[0],
            other[1],
            other[2],
            not other[3],
            other[4],
        )
        assert (ranked(one) < ranked(other)) == wanted
    parts = parts_of(ranked(rows[0]))
    assert (parts.priority, parts.key_customer, parts.attempts) == rows[0][2:]
    assert 0 <= ranked(rows[0]) < 2**31
