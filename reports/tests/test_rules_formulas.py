"""The formulas of the KPIs against the golden vectors, without a database (KPI-2 … KPI-7)."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules.formulas import (
    CallTime,
    DataError,
    Funnel,
    Hours,
    Interval,
    Ratio,
    aht_full,
    aht_standard,
    average_talk,
    csat,
    distinct_by_day,
    distinct_in,
    half_up,
    long_share,
    mean_interval,
    nps,
    percent_text,
    ratio_of_sums,
    wilson,
)
from reports.rules.targets import judge


def percent(ratio, places):
    return half_up(ratio.value * 100, places)


def hour(number):
    return Decimal(str(number)) * 3600


def test_golden_01_funnel():
    funnel = Funnel(
        accounts=1000,
        useless=120,
        called=700,
        attempts=1250,
        reached=310,
        completed=240,
        sold=60,
        unreached_attempts=780,
    )
    assert percent(funnel.corruption_rate, 1) == Decimal("12.0")
    assert funnel.valid == 880
    assert percent(funnel.reachable_rate, 3) == Decimal("35.227")
    assert percent(funnel.completed_rate, 3) == Decimal("77.419")
    assert percent(funnel.hit_rate, 1) == Decimal("25.0")
    assert percent(funnel.yield_rate, 3) == Decimal("27.273")
    assert funnel.average_attempts.value == 2
    assert half_up(funnel.average_attempts_of_called.value, 4) == Decimal("1.7857")
    productive = Hours(paid=hour(80), talk=hour(40))
    assert productive.per_hour(funnel.completed).value == 6
    assert productive.per_hour(funnel.sold).value == Decimal("1.5")


def test_golden_02_aht():
    calls = [CallTime(8, 75, 0, 12), CallTime(6, 88, 0, 10), CallTime(10, 0, 0, 4, connected=False)]
    assert aht_full(calls) == Ratio.of(213, 3)
    assert aht_full(calls).value == 71
    assert aht_standard(calls).value == Decimal("92.5")
    assert average_talk(calls).value == Decimal("81.5")


def test_golden_04_hours():
    hours = Hours(
        paid=hour(8),
        prep=hour(0.5),
        talk=hour(2),
        ring=hour(0.75),
        acw=hour(0.5),
        wait=hour(0.25),
        other=hour(1.25) + hour(0.67),
    )
    assert hours.handle == hour(3.75)
    assert Hours(paid=hour(8), talk=hour(2), hold=hour(1)).handle == hour(3)
    assert hours.productive == hour(4)
    assert percent_text(hours.utilisation.value) == "50.0%"
    assert percent(hours.occupancy, 2) == Decimal("93.75")
    assert hours.unexplained == hour(2.08)


def test_golden_05_ratio_of_sums():
    week = ratio_of_sums([Ratio.share(9, 10), Ratio.share(10, 100)])
    assert week == Ratio.share(19, 110)
    assert percent(week, 2) == Decimal("17.27")


def test_golden_06_distinct():
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    rows = [(monday, "c1"), (tuesday, "c1"), (tuesday, "c1")]
    assert distinct_by_day(rows) == {monday: 1, tuesday: 1}
    assert distinct_in(rows, monday, date(2026, 11, 29)) == 1
    assert distinct_in(rows, date(2026, 11, 25), date(2026, 11, 29)) == 0
    assert distinct_in(rows, tuesday, tuesday) == 1


def test_golden_07_zero():
    nobody = Ratio.share(0, 0)
    assert nobody.value is None
    assert percent_text(nobody.value) == "—"
    assert judge(nobody.value, Decimal("0.6")).status == "undefined"
    none_of_five = Ratio.share(0, 5)
    assert percent_text(none_of_five.value) == "0.0%"
    standing = judge(none_of_five.value, Decimal("0.6"))
    assert (standing.status, standing.coloured) == ("below", True)


def test_golden_17_nps_and_csat():
    score = nps([10, 9, 9, 8, 7, 6, 0])
    assert (score.promoters, score.passives, score.detractors, score.n) == (3, 2, 2, 7)
    assert half_up(score.score, 1) == Decimal("14.3")
    satisfaction = csat([5, 4, 3, 2, 5])
    assert percent_text(satisfaction.top_two.value) == "60.0%"
    assert satisfaction.mean.value == Decimal("3.8")
    assert satisfaction.index == 70
    assert percent_text(satisfaction.dissatisfied.value) == "20.0%"


def test_golden_19_long_recordings():
    assert long_share([90.0, 90.4]) == Ratio.share(1, 2)
    assert long_share([Decimal("90"), Decimal("90.0001")]) == Ratio.share(1, 2)
    assert long_share([]).value is None


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (0, 5, 0, 0.4345),
        (5, 5, 0.5655, 1),
        (8, 8, 0.6756, 1),
        (9, 10, 0.5958, 0.9821),
        (46, 50, 0.8116, 0.9685),
        (92, 100, 0.8500, 0.9589),
    ],
)
def test_golden_21_wilson(successes, n, low, high):
    interval = wilson(successes, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_wilson_of_nothing_is_undefined_and_of_the_impossible_an_error():
    assert wilson(0, 0) is None
    for successes, n in ((6, 5), (-1, 5), (1, 0)):
        with pytest.raises(DataError):
            wilson(successes, n)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_in_bounds(counts):
    successes, n = counts
    interval = wilson(successes, n)
    assert 0 <= interval.low <= successes / n + 1e-12
    assert successes / n - 1e-12 <= interval.high <= 1


@pytest.mark.parametrize(("part", "whole"), [(11, 10), (1, 0), (-1, 10)])
def test_part_greater_than_its_whole_is_a_data_error(part, whole):
    with pytest.raises(DataError):
        Ratio.share(part, whole)


def test_quotient_of_unlike_things_may_exceed_one():
    assert Ratio.of(780, 390).value == 2
    assert Ratio.of(-3, 2).value == Decimal("-1.5")
    with pytest.raises(DataError):
        Ratio.of(1, -1)


@given(st.lists(st.integers(0, 1000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=8))
def test_sum_of_ratios_counts_everything_once(rows):
    total = ratio_of_sums(Ratio.share(part, whole) for part, whole in rows)
    assert total == Ratio.share(sum(part for part, _ in rows), sum(whole for _, whole in rows))


def test_more_useless_than_accounts_is_a_data_error():
    with pytest.raises(DataError):
        Funnel(10, 11, 0, 0, 0, 0, 0, 0).reachable_rate  # noqa: B018


def test_nobody_called_leaves_the_averages_undefined():
    empty = Funnel(0, 0, 0, 0, 0, 0, 0, 0)
    assert empty.average_attempts.value is None
    assert empty.corruption_rate.value is None
    assert aht_full([]).value is None
    assert average_talk([CallTime(5, 0, 0, 1, connected=False)]).value is None
    assert Hours(paid=hour(0)).utilisation.value is None


def test_unanswered_is_left_out_and_off_scale_is_an_error():
    assert csat([5, None, 0, 1]).n == 2
    assert nps([None, 0]).detractors == 1
    assert csat([]).index is None
    assert nps([]).score is None
    assert nps([]).interval is None
    for wrong in (csat, nps):
        with pytest.raises(DataError):
            wrong([11])


def test_nps_interval_follows_its_variance():
    interval = nps([10] * 50 + [7] * 30 + [0] * 20).interval
    assert (round(interval.low, 1), round(interval.high, 1)) == (14.7, 45.3)
    assert nps([10, 10]).interval == Interval(100.0, 100.0)


def test_mean_has_an_interval_from_two_values_on():
    assert mean_interval([]) is None
    assert mean_interval([4]) == (4.0, None)
    mean, interval = mean_interval([3, 4, 5])
    assert mean == 4
    assert round(interval.high - mean, 4) == round(1.96 / 3**0.5, 4)


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("0.05", 1, "0.1"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        (0.15, 1, "0.2"),
        (2.675, 2, "2.68"),
        (Fraction(1, 3), 3, "0.333"),
        (7, 1, "7.0"),
    ],
)
def test_halves_are_rounded_up(value, places, shown):
    assert str(half_up(Decimal(value) if isinstance(value, str) else value, places)) == shown


def test_percent_is_rounded_once_and_only_for_display():
    assert percent_text(Ratio.share(1, 2000).value) == "0.1%"
    assert percent_text(Decimal("0.59996")) == "60.0%"
    assert judge(Decimal("0.59996"), Decimal("0.6")).status == "below", "shown as 60.0 % and still below"
