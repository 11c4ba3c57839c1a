import pytest

from reports.rules.floor import attention, direction, planned_by_hour, tone_of


@pytest.mark.parametrize(
    ("state", "seconds", "tone"),
    [
        ("talk", 89, ""),
        ("talk", 90, "near"),
        ("talk", 180, "over"),
        ("after_call", 30, "near"),
        ("after_call", 60, "over"),
        ("wait", 60, "near"),
        ("wait", 9_999, "near"),
        ("meeting", 9_999, ""),
        ("lost", 0, "over"),
        ("away", 0, "over"),
    ],
)
def test_tone(state, seconds, tone):
    assert tone_of(state, seconds) == tone


def test_a_rest_beyond_its_allowance_is_red():
    assert tone_of("break", 60, over_limit=True) == "over"


def test_order_of_attention():
    places = [
        attention("", asks=True, signed_out=False),
        attention("over", asks=False, signed_out=False),
        attention("near", asks=False, signed_out=False),
        attention("", asks=False, signed_out=False),
        attention("", asks=False, signed_out=True),
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("value", "before", "better", "arrow", "meaning"),
    [
        (2, 1, "up", "▲", "better"),
        (1, 2, "up", "▼", "worse"),
        (2, 1, "down", "▲", "worse"),
        (1, 1, "up", "=", "same"),
        (2, 1, "", "▲", "same"),
    ],
)
def test_direction(value, before, better, arrow, meaning):
    found = direction(value, before, better)
    assert (found.arrow, found.meaning) == (arrow, meaning)


def test_nothing_to_compare_has_no_direction():
    assert direction(None, 1, "up") is None
    assert direction(1, None, "up") is None


def test_the_target_is_spread_over_the_calling_time():
    assert planned_by_hour(80, {9: 1800, 10: 3600, 11: 1800}) == {9: 20, 10: 40, 11: 20}
    assert planned_by_hour(80, {}) == {}
