"""Letters and visits: which results belong where, and their rates (CB-12). No database."""

import pytest

from callbacks.rules.deliveries import Rates, wrong_result


@pytest.mark.parametrize(
    ("channel", "result", "wrong"),
    [
        ("post", "sent", False),
        ("post", "returned", False),
        ("post", "received", False),
        ("post", "visited", True),
        ("visit", "visited", False),
        ("visit", "absent", False),
        ("visit", "sent", True),
        ("phone", "sent", True),
    ],
)
def test_result_belongs_to_its_channel(channel, result, wrong):
    assert wrong_result(channel, result) is wrong


def test_response_rate_is_per_letter_that_arrived():
    rates = Rates(done=10, back=2, answered=4)
    assert (rates.response, rates.returned) == (0.5, 0.2)


def test_rates_without_letters_are_undefined():
    assert (Rates().response, Rates().returned) == (None, None)
    assert Rates(done=2, back=2).response is None
