"""When a question's results have stayed excellent for so long that it tells nothing new (SPEC CAM-8; domain.md 1, rule 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from surveys.rules import scores


@dataclass(frozen=True)
class Threshold:
    """Defaults of domain.md: mean of 90 days at least 4.5, 100 answers, lower 95 % bound at least 4.3."""

    days: int = 90
    answers: int = 100
    mean: float = 4.5
    low: float = 4.3


@dataclass(frozen=True)
class Candidate:
    """A question of the bank that might replace another; ``used`` counts the versions that asked it."""

    id: int
    kind: str
    direction: str
    used: int


def period(until: date, days: int) -> tuple[date, date]:
    """The first and the last day looked at, both included."""
    return until - timedelta(days=days - 1), until


def worn_out(n: int, total: float, squares: float, threshold: Threshold) -> scores.Mean | None:
    """The mean when the question is worn out, else None. Compared unrounded, the bounds included."""
    found = scores.mean(n, total, squares)
    if found is None or n < threshold.answers or found.value < threshold.mean - 1e-9:
        return None
    return found if found.low is not None and found.low >= threshold.low - 1e-9 else None


def replacement(kind: str, direction: str, bank: Iterable[Candidate], asked: set[int]) -> int | None:
    """The question of the same kind and direction that was asked least, none of those asked now; None if there is none."""
    fitting = [one for one in bank if one.kind == kind and one.direction == direction and one.id not in asked]
    return min(fitting, key=lambda one: (one.used, one.id)).id if fitting else None
