"""Ratios and counts: what is divided by what, what is counted once, and how it is shown (domain.md sections 4, 5.1 and 5.2)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Self, TypeAlias

Number: TypeAlias = int | float | Decimal

UNDEFINED_TEXT: Final = "—"


class DataError(ValueError):
    """Counts that cannot be true: a part greater than its whole, or something counted below zero."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over a denominator, kept apart so that periods and teams can be added up.

    Adding two ratios gives the ratio of the sums, never a mean of rates (domain.md section 4, rule 6).
    """

    numerator: Decimal
    denominator: Decimal

    @classmethod
    def of(cls, numerator: Number, denominator: Number) -> Self:
        """Any quotient, such as seconds per call. Raises `DataError` for a negative denominator."""
        ratio = cls(exact(numerator), exact(denominator))
        if ratio.denominator < 0:
            raise DataError(f"A denominator cannot be negative: {denominator}.")
        return ratio

    @classmethod
    def share(cls, part: Number, whole: Number) -> Self:
        """A part of a whole, 0 to 1. Raises `DataError` if the part is negative or greater than the whole."""
        ratio = cls.of(part, whole)
        if not 0 <= ratio.numerator <= ratio.denominator:
            raise DataError(f"{part} of {whole} cannot be: the part must lie between 0 and the whole.")
        return ratio

    @property
    def value(self) -> Decimal | None:
        """The unrounded quotient; None when the denominator is zero."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: Self) -> Self:
        return type(self)(self.numerator + other.numerator, self.denominator + other.denominator)


def exact(number: Number) -> Decimal:
    """The number as it is printed: 0.1 is a tenth, not the float beside it."""
    return Decimal(str(number)) if isinstance(number, float) else Decimal(number)


def ratio_of_sums(ratios: Iterable[Ratio]) -> Ratio:
    """The ratio of a longer period or a larger team; undefined for none."""
    return sum(ratios, Ratio(Decimal(0), Decimal(0)))


def distinct_by_day(rows: Iterable[tuple[date, Hashable]]) -> dict[date, int]:
    """How many different accounts there are on each day, from (day, account) pairs."""
    seen: dict[date, set[Hashable]] = defaultdict(set)
    for day, account in rows:
        seen[day].add(account)
    return {day: len(accounts) for day, accounts in sorted(seen.items())}


def distinct_in(rows: Iterable[tuple[date, Hashable]], first: date, last: date) -> int:
    """How many different accounts there are from the first to the last day: counted anew, never added up from days."""
    return len({account for day, account in rows if first <= day <= last})


@dataclass(frozen=True, slots=True)
class Funnel:
    """The counts of a campaign and period, from list to sale (domain.md 5.1 and 5.2); all but `attempts` are distinct accounts.

    `unreached_attempts` are the attempts made to accounts that were called and not successfully contacted.
    """

    accounts: int
    useless: int
    called: int
    attempts: int
    reached: int
    completed: int
    sold: int
    unreached_attempts: int

    @property
    def valid(self) -> int:
        """D4 = account size less useless data. Raises `DataError` if there are more useless accounts than accounts."""
        if self.useless > self.accounts:
            raise DataError(f"{self.useless} useless of {self.accounts} accounts cannot be.")
        return self.accounts - self.useless

    @property
    def corruption_rate(self) -> Ratio:
        """D3 = useless / account size."""
        return Ratio.share(self.useless, self.accounts)

    @property
    def reachable_rate(self) -> Ratio:
        """R5 = reachable / valid accounts."""
        return Ratio.share(self.reached, self.valid)

    @property
    def completed_rate(self) -> Ratio:
        """R6 = completed / reachable."""
        return Ratio.share(self.completed, self.reached)

    @property
    def hit_rate(self) -> Ratio:
        """R7 = accounts with a sale / completed."""
        return Ratio.share(self.sold, self.completed)

    @property
    def yield_rate(self) -> Ratio:
        """R8 = completed / valid accounts."""
        return Ratio.share(self.completed, self.valid)

    @property
    def average_attempts(self) -> Ratio:
        """P3 = attempts to called but unreached accounts / those accounts."""
        return Ratio.of(self.unreached_attempts, self.called - self.reached)

    @property
    def average_attempts_of_called(self) -> Ratio:
        """P3b = attempts / accounts called."""
        return Ratio.of(self.attempts, self.called)


def half_up(value: Number | Fraction, places: int = 0) -> Decimal:
    """Rounded for display, halves away from zero (domain.md section 4, rule 9)."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent_text(value: Number | None) -> str:
    """A share as text with one decimal, such as 17.3%; a dash when it is undefined."""
    return UNDEFINED_TEXT if value is None else f"{half_up(exact(value) * 100, 1)}%"
