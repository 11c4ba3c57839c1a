"""The desk's pure rules: keys that go together, and when the target will be reached."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.rules.keys import keys_of, own_keys, problems_of
from desk.rules.pace import reached_at

USUAL = {"hangup": "h", "issue": "i", "note": "/"}
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MORNING, AFTERNOON = (NINE, NINE + timedelta(hours=3)), (NINE + timedelta(hours=4), NINE + timedelta(hours=8))


def test_own_keys_replace_the_usual_ones():
    assert keys_of(USUAL, {"hangup": "q"}) == {"hangup": "q", "issue": "i", "note": "/"}


@pytest.mark.parametrize("own", [{"hangup": "i"}, {"hangup": "5"}, {"hangup": "ab"}, {"issue": " "}])
def test_keys_that_do_not_go_together_leave_the_usual_ones(own):
    assert keys_of(USUAL, own) == USUAL


def test_a_key_given_twice_is_a_problem_of_both():
    assert problems_of({"hangup": "i", "issue": "i"}) == {"hangup": "twice", "issue": "twice"}


def test_only_what_differs_is_kept():
    assert own_keys(USUAL, {"hangup": "q", "issue": "i", "unknown": "u"}) == {"hangup": "q"}


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        (20, NINE + timedelta(hours=1), NINE + timedelta(hours=2)),  # 20 an hour, 20 to go
        (10, NINE + timedelta(hours=1), NINE + timedelta(hours=5)),  # over the noon break
        (2, NINE + timedelta(hours=2), None),  # not today
        (0, NINE + timedelta(hours=1), None),
        (40, NINE + timedelta(hours=1), None),
    ],
)
def test_the_target_is_reached_in_working_hours_only(done, now, expected):
    found = reached_at(done=done, target=40, since=NINE, now=now, hours=[MORNING, AFTERNOON])
    assert found == expected
