"""Satisfaction, recommendation and the intervals around them (SPEC KPI-7, domain.md 6 and 7.3)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.rules.formulas.ratios import DataError, Number, Ratio

Z_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def wilson(successes: int, n: int) -> Interval | None:
    """The Wilson interval of a proportion (domain.md 7.3), None for n = 0. Raises `DataError` unless 0 ≤ successes ≤ n."""
    if not 0 <= successes <= n:
        raise DataError(f"{successes} of {n} cannot be: the part must lie between 0 and the whole.")
    if n == 0:
        return None
    p, z2 = successes / n, Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def mean_interval(values: Iterable[Number]) -> tuple[float, Interval | None] | None:
    """Mean and its 95 % interval x̄ ± 1.96·s/√n (domain.md section 6); None for no values, no interval for one."""
    rows = [float(value) for value in values]
    if not rows:
        return None
    mean = math.fsum(rows) / len(rows)
    if len(rows) == 1:
        return mean, None
    deviation = math.sqrt(math.fsum((row - mean) ** 2 for row in rows) / (len(rows) - 1))
    half = Z_95 * deviation / math.sqrt(len(rows))
    return mean, Interval(mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class Nps:
    """Answers 0-10: promoters 9-10, passives 7-8, detractors 0-6."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> Decimal | None:
        """-100 to 100, unrounded; None without answers."""
        return 100 * Decimal(self.promoters - self.detractors) / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """95 % interval of the score: variance (p₊ + p₋ - (p₊ - p₋)²)/n (domain.md section 6)."""
        if not self.n:
            return None
        up, down = self.promoters / self.n, self.detractors / self.n
        half = 100 * Z_95 * math.sqrt(max(0.0, up + down - (up - down) ** 2) / self.n)
        centre = 100 * (up - down)
        return Interval(max(-100.0, centre - half), min(100.0, centre + half))


def nps(answers: Iterable[int | None]) -> Nps:
    """Net Promoter Score of answers on 0-10; None is not answered. Raises `DataError` for a number off the scale."""
    rows = _on_scale(answers, 0, 10)
    promoters = sum(row >= 9 for row in rows)
    passives = sum(7 <= row <= 8 for row in rows)
    return Nps(promoters, passives, len(rows) - promoters - passives)


@dataclass(frozen=True, slots=True)
class Csat:
    """Satisfaction on 1-5. Always say which of the three numbers is printed (domain.md section 6)."""

    n: int
    total: int
    top: int
    bottom: int

    @property
    def top_two(self) -> Ratio:
        """满意率: answers 4 and 5 of all answers."""
        return Ratio.share(self.top, self.n)

    @property
    def dissatisfied(self) -> Ratio:
        """不满意率: answers 1 and 2 of all answers."""
        return Ratio.share(self.bottom, self.n)

    @property
    def mean(self) -> Ratio:
        """满意度均分: mean of the answers, 1 to 5."""
        return Ratio.of(self.total, self.n)

    @property
    def index(self) -> Decimal | None:
        """(mean - 1) / 4 x 100."""
        mean = self.mean.value
        return None if mean is None else (mean - 1) / 4 * 100


def csat(answers: Iterable[int | None]) -> Csat:
    """Satisfaction of answers on 1-5; None and 0 are not answered. Raises `DataError` for a number off the scale."""
    rows = _on_scale((answer or None for answer in answers), 1, 5)
    return Csat(len(rows), sum(rows), sum(row >= 4 for row in rows), sum(row <= 2 for row in rows))


def _on_scale(answers: Iterable[int | None], lowest: int, highest: int) -> list[int]:
    rows = [answer for answer in answers if answer is not None]
    for row in rows:
        if not lowest <= row <= highest:
            raise DataError(f"{row} is not on the scale from {lowest} to {highest}.")
    return rows
