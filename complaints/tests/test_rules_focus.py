"""When a problem of many customers becomes a focus issue, without a database (ISS-5)."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.rules.focus import Report, becomes_focus, callback_sample, distinct_customers, reopens

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def make_reports(customers, *, first=1, at=NOW):
    return [Report(number, at) for number in range(first, first + customers)]


def test_golden_10_focus():
    fifteen = [*make_reports(15), Report(1, NOW)]
    count = distinct_customers(fifteen, since=NOW - DAY, now=NOW)
    assert count == 15
    assert not becomes_focus(count)
    sixteen = distinct_customers([*fifteen, Report(16, NOW)], since=NOW - DAY, now=NOW)
    assert becomes_focus(sixteen)
    assert not becomes_focus(sixteen, already_open=True), "the second of two reports at once"


def test_reports_before_the_last_resolution_do_not_count():
    reports = make_reports(20, at=NOW - 3 * DAY) + make_reports(3, first=10)
    assert distinct_customers(reports, since=NOW - DAY, now=NOW) == 3
    assert distinct_customers(reports, since=NOW - 5 * DAY, now=NOW) == 20
    assert distinct_customers(reports, since=NOW - 3 * DAY, now=NOW) == 20, "since counts itself"


def test_rolling_window_forgets_old_reports():
    reports = make_reports(10, at=NOW - 31 * DAY) + make_reports(6, first=50)
    assert distinct_customers(reports, since=NOW - 90 * DAY, now=NOW, rolling_days=30) == 6
    assert distinct_customers(reports, since=NOW - 90 * DAY, now=NOW) == 16


@pytest.mark.parametrize(
    ("threshold", "customers", "opens"), [(15, 15, False), (15, 16, True), (0, 1, True), (3, 3, False)]
)
def test_threshold_is_a_setting_and_strict(threshold, customers, opens):
    assert becomes_focus(customers, threshold=threshold) is opens


@pytest.mark.parametrize(("affected", "size"), [(0, 0), (5, 5), (10, 10), (16, 14), (80, 44), (1000, 88)])
def test_sample_after_resolution(affected, size):
    assert callback_sample(affected) == size


@pytest.mark.parametrize(
    ("dissatisfied", "answered", "again"),
    [(0, 0, False), (1, 5, False), (2, 9, True), (3, 10, True), (2, 10, False)],
)
def test_reopens_above_a_fifth(dissatisfied, answered, again):
    assert reopens(dissatisfied, answered) is again
