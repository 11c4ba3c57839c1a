"""Signs that a customer may leave, without a database (CUS-10)."""

from datetime import date

import pytest

from complaints.rules.churn import SENTENCES, USES, contract_days, percent_down


def test_contract_days_begin_today_and_end_after_so_many():
    assert contract_days(date(2026, 12, 20), 30) == ("2026-12-20", "2027-01-19")


@pytest.mark.parametrize(
    ("recent", "before", "percent"),
    [
        (0, 30_000, 100),
        (5_000, 30_000, 50),
        (5_001, 30_000, 49),  # not quite half: never rounded up to the limit
        (10_000, 30_000, 0),
        (20_000, 30_000, 0),
        (100, 0, 0),
    ],
)
def test_spend_falls_against_a_third_of_three_months(recent, before, percent):
    assert percent_down(recent, before) == percent


def test_every_kind_has_words_and_columns():
    assert SENTENCES.keys() == USES.keys()
