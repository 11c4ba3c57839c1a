"""The score of a reviewed recording (SPEC QA-2 and QA-3, domain.md 7.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

PASS_MARK: Final = Decimal(85)
TOLERANCE: Final = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One criterion of the scorecard.

    `share` is how much of the weight was earned, 0 to 1, None for not applicable. A `fatal` criterion that earned less than all
    of it is a fatal error.
    """

    weight: Decimal | int
    share: Decimal | int | None
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """`value` 0 to 100, unrounded; None (and `passed` None) when nothing was applicable."""

    value: Decimal | None
    fatal: bool
    passed: bool | None


def score(items: Iterable[ScoredItem], *, fatal: bool = False, pass_mark: Decimal | int = PASS_MARK) -> Score:
    """100 · Σ w·s / Σ w over the applicable criteria; any fatal error gives 0 and "unqualified".

    `fatal` is a fatal error found outside the criteria. Raises ValueError for a share outside 0 to 1 or a negative weight.
    """
    applicable = [item for item in items if item.share is not None]
    earned = Decimal(0)
    weights = Decimal(0)
    for item in applicable:
        share = Decimal(item.share if item.share is not None else 0)
        if not 0 <= share <= 1 or item.weight < 0:
            raise ValueError("A criterion earns between 0 and all of a weight that is not negative.")
        fatal = fatal or (item.fatal and share < 1)
        earned += item.weight * share
        weights += item.weight
    if fatal:
        return Score(Decimal(0), fatal=True, passed=False)
    if not weights:
        return Score(None, fatal=False, passed=None)
    value = 100 * earned / weights
    return Score(value, fatal=False, passed=value >= Decimal(pass_mark) - TOLERANCE)
