"""Whether a number meets its target, without a database (KPI-1)."""

from decimal import Decimal

import pytest

from reports.rules.targets import Standing, judge, prorated


@pytest.mark.parametrize(
    ("value", "target", "near", "better", "status"),
    [
        (0.6, 0.6, None, "up", "on_target"),
        (Decimal(3) / 5, Decimal("0.6"), None, "up", "on_target"),
        (0.6 - 5e-10, 0.6, None, "up", "on_target"),
        (0.6 - 2e-9, 0.6, None, "up", "below"),
        (0.55, 0.6, 0.5, "up", "near"),
        (0.5, 0.6, 0.5, "up", "near"),
        (0.49, 0.6, 0.5, "up", "below"),
        (95, 90, None, "down", "below"),
        (95, 90, 100, "down", "near"),
        (90, 90, 100, "down", "on_target"),
        (101, 90, 100, "down", "below"),
        (0, 0.6, None, "up", "below"),
        (0, 0.01, None, "down", "on_target"),
        (None, 0.6, 0.5, "up", "undefined"),
        (0.5, None, None, "up", "undefined"),
    ],
)
def test_value_stands_to_its_target(value, target, near, better, status):
    assert judge(value, target, near=near, better=better).status == status


@pytest.mark.parametrize(("n", "coloured"), [(None, True), (30, True), (29, False), (0, False)])
def test_small_samples_are_never_coloured(n, coloured):
    assert judge(0.5, 0.6, n=n) == Standing("below", coloured)
    assert judge(0.7, 0.6, n=n) == Standing("on_target", coloured)


def test_undefined_is_never_coloured():
    assert judge(None, 0.6, n=100) == Standing("undefined", coloured=False)


@pytest.mark.parametrize(
    ("elapsed", "planned", "expected"),
    [(0, 28_800, 0), (14_400, 28_800, 40), (30_000, 28_800, 80), (-5, 28_800, 0), (1, 0, None)],
)
def test_count_target_is_prorated_over_planned_time(elapsed, planned, expected):
    assert prorated(80, elapsed_seconds=elapsed, planned_seconds=planned) == expected
