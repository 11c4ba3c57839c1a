from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules.activity import (
    Half,
    Interval,
    allowance_ends,
    half_at,
    overlapping,
    places,
    rest_used,
    seconds_by_kind,
    time_shares,
)
from people.states import NON_PRODUCTIVE, ActivityKind

DAY = datetime(2026, 11, 21, tzinfo=UTC)


def at(clock):
    hours, minutes = clock.split(":")
    return DAY + timedelta(hours=int(hours), minutes=int(minutes))


def interval(kind, start, end):
    return Interval(kind, at(start), at(end))


MORNING = Half(at("9:30"), at("11:30"), 30 * 60)


def test_golden_break_across_the_end_of_the_half_day():
    """domain.md section 9, vector 20: 11:20 to 11:40 with a block that ends at 11:30."""
    rest = interval("break", "11:20", "11:40")
    assert rest_used([rest], MORNING) == 600
    assert (rest.end - rest.start).total_seconds() - rest_used([rest], MORNING) == 600


def test_golden_midnight_slices_one_interval_into_two_days():
    """domain.md section 9, vector 3: 23:58 to 0:05 is 120 s of one day and 300 s of the next."""
    talk = Interval("talk", at("23:58"), at("24:05"))
    midnight = at("24:00")
    assert seconds_by_kind([talk], DAY, midnight) == {"talk": 120}
    assert seconds_by_kind([talk], midnight, midnight + timedelta(days=1)) == {"talk": 300}


@given(
    st.lists(
        st.tuples(st.sampled_from(list(ActivityKind)), st.integers(0, 20_000), st.integers(0, 3_000)),
        max_size=40,
    ),
    st.integers(0, 86_400),
    st.integers(0, 86_400),
)
def test_the_five_shares_make_up_the_time_signed_in(pieces, first, second):
    """WAIT + PREPARE + TALK + AFTER-CALL + NON-PRODUCTIVE = signed in, whatever the day and the window."""
    clock, intervals = DAY - timedelta(hours=5), []
    for kind, length, gap in pieces:
        intervals.append(Interval(kind, clock, clock + timedelta(seconds=length)))
        clock += timedelta(seconds=length + gap)
    start, end = DAY + timedelta(seconds=min(first, second)), DAY + timedelta(seconds=max(first, second))
    shares = time_shares(seconds_by_kind(intervals, start, end), NON_PRODUCTIVE)
    covered = sum(max(0.0, (min(one.end, end) - max(one.start, start)).total_seconds()) for one in intervals)
    assert shares["signed_in"] == pytest.approx(covered)
    assert shares["signed_in"] <= (end - start).total_seconds() + 1e-6
    assert overlapping(intervals) == []


def test_overlapping_neighbours_are_found():
    one, two = interval("talk", "9:00", "9:10"), interval("wait", "9:09", "9:20")
    assert overlapping([two, one]) == [(one, two)]


def test_the_allowance_ends_when_the_rest_before_has_been_used():
    before = [interval("break", "9:40", "10:00")]
    assert allowance_ends(before, MORNING, at("10:30")) == at("10:40")


@pytest.mark.parametrize(("now", "before"), [("11:25", []), ("12:10", [])])
def test_the_allowance_never_ends_after_the_half_day(now, before):
    assert allowance_ends(before, half_at([MORNING], at(now)), at(now)) is None


@pytest.mark.parametrize(
    ("agents", "share", "at_least", "allowed"),
    [(4, 0.1, 1, 1), (10, 0.1, 1, 1), (30, 0.1, 1, 3), (29, 0.1, 1, 2), (5, 0, 0, 0)],
)
def test_places_for_breaks(agents, share, at_least, allowed):
    assert places(agents, share, at_least) == allowed
