"""What a client pays for a month of a campaign (KPI-13, domain.md 9 vector 13); money is Decimal, rounded half up to cents.

Every line is quantity, base and rate, so that anybody can work it out again on paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True)
class Item:
    """One line: ``place`` is the month of the paying users it counts (1 = the first), 0 for what is paid by the piece."""

    kind: str
    place: int
    quantity: int
    base: Decimal
    rate: Decimal
    amount: Decimal


def money(amount: Decimal) -> Decimal:
    """To whole cents, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def month_number(began: date, month: date) -> int:
    """Which month of a service ``month`` is: 1 in the calendar month in which it began, below 1 before it."""
    return (month.year - began.year) * 12 + month.month - began.month + 1


def shares(percents: Sequence[Decimal], users: Mapping[int, tuple[int, Decimal]]) -> list[Item]:
    """The share of the monthly fees of paying users: ``percents`` by month of the service, nothing after the last.

    ``users`` maps the month of the service to how many pay in it and the sum of their fees.
    """
    return [
        Item(
            "share",
            place,
            users[place][0],
            users[place][1],
            percent,
            money(users[place][1] * percent / HUNDRED),
        )
        for place, percent in enumerate(percents, start=1)
        if place in users and users[place][0]
    ]


def pieces(kind: str, quantity: int, price: Decimal) -> list[Item]:
    """What is paid by the piece; a penalty has a negative ``price``. No line where there is nothing to count or to pay."""
    if not quantity or not price:
        return []
    return [Item(kind, 0, quantity, Decimal(quantity), price, money(quantity * price))]


def penalty(price: Decimal, *, doubled: bool) -> Decimal:
    """The negative price of one unqualified order or one founded complaint (CMP-5)."""
    return -(price * 2 if doubled else price)
