from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules import BadHours, check_hours, check_week, exceptions_of, parse_hours, show_hours

OFFICE = [["09:00", "11:30"], ["13:00", "17:00"]]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("09:00-11:30, 13:00-17:00", OFFICE),
        ("13:00-17:00 9:00-11:30", OFFICE),
        ("０９：００－１１：３０，13:00至17:00", OFFICE),
        ("9:00~11:30、13:00–17:00；", OFFICE),
        ("22:00-06:00", [["22:00", "06:00"]]),
        ("00:00-00:00", [["00:00", "00:00"]]),
        ("", []),
        ("  ", []),
    ],
)
def test_hours_as_people_write_them(text, pairs):
    assert parse_hours(text) == pairs


@pytest.mark.parametrize(
    "text", ["all day", "09:00", "09:00-", "25:00-26:00", "09:60-10:00", "09:00-11:30 x", "\0", "😀"]
)
def test_hours_that_cannot_be_read(text):
    with pytest.raises(BadHours) as caught:
        parse_hours(text)
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    "text", ["09:00-12:00 11:00-13:00", "22:00-06:00 23:00-23:30", "09:00-09:00 10:00-11:00"]
)
def test_hours_that_overlap(text):
    with pytest.raises(BadHours) as caught:
        parse_hours(text)
    assert caught.value.code == "overlap"


@pytest.mark.parametrize("value", [None, {}, "09:00", [["09:00"]], [[9, 17]], [["a:b", "c:d"]], [None]])
def test_stored_hours_of_a_wrong_shape(value):
    with pytest.raises(BadHours):
        check_hours(value)


def test_a_week_has_seven_days():
    assert check_week([OFFICE] * 5 + [[], []]) == [OFFICE] * 5 + [[], []]
    with pytest.raises(BadHours):
        check_week([OFFICE] * 6)


@given(st.lists(st.integers(0, 24 * 60 - 1), unique=True, max_size=8).map(sorted))
def test_hours_shown_can_be_read_again(minutes):
    pairs = [
        [f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}"]
        for start, end in zip(minutes[::2], minutes[1::2], strict=False)
    ]
    assert parse_hours(show_hours(pairs)) == pairs


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_hours(text):
    with suppress(BadHours):
        assert show_hours(parse_hours(text)).count("-") == len(parse_hours(text))


def test_only_days_that_differ_from_the_week_are_exceptions():
    weekly = [OFFICE] * 5 + [[], []]
    friday, saturday, sunday = date(2026, 5, 1), date(2026, 5, 2), date(2026, 9, 20)
    found = exceptions_of({friday: "劳动节", saturday: "劳动节"}, [sunday], weekly)
    assert found == {friday: ("holiday", "劳动节"), sunday: ("workday", "")}
