"""Scores of one question: mean with its interval, top-2-box, shares (domain.md section 6; SPEC KPI-7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

Z95: Final = 1.96
SMALL_SAMPLE: Final = 30
"""Below this the figures are shown greyed: too few answers to judge (domain.md section 4, rule 8)."""


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % interval; ``low`` and ``high`` are None for fewer than two answers."""

    value: float
    low: float | None
    high: float | None


def mean(n: int, total: float, squares: float) -> Mean | None:
    """The mean of n scores given their sum and sum of squares, x̄ ± 1.96·s/√n; None without scores."""
    if n == 0:
        return None
    value = total / n
    if n < 2:
        return Mean(value, None, None)
    variance = max(0.0, (squares - n * value * value) / (n - 1))
    half = Z95 * sqrt(variance / n)
    return Mean(value, value - half, value + half)


def top_two(counts: Mapping[str, int]) -> float | None:
    """满意率: the share of 4 and 5 among valid scores 1 to 5; None without scores."""
    n = sum(counts.values())
    return (counts.get("4", 0) + counts.get("5", 0)) / n if n else None


def promoter_score(counts: Mapping[str, int]) -> float | None:
    """NPS of a 0 to 10 scale, −1 … +1: share of 9 and 10 minus share of 0 to 6; None without scores."""
    n = sum(counts.values())
    if not n:
        return None
    promoters = counts.get("9", 0) + counts.get("10", 0)
    detractors = sum(counts.get(str(score), 0) for score in range(7))
    return (promoters - detractors) / n
