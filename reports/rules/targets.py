"""Whether a number meets its target, and whether it may be coloured (SPEC KPI-1, domain.md section 4, rules 7 to 10)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from reports.rules.formulas import Number, exact

Status: TypeAlias = Literal["on_target", "near", "below", "undefined"]

TOLERANCE: Final = Decimal("1e-9")
SMALLEST_SAMPLE: Final = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """`status` in words; `coloured` whether red, amber or green may be shown with it."""

    status: Status
    coloured: bool


def judge(
    value: Number | None,
    target: Number | None,
    *,
    near: Number | None = None,
    better: Literal["up", "down"] = "up",
    n: int | None = None,
    smallest_n: int = SMALLEST_SAMPLE,
) -> Standing:
    """How an unrounded value stands to its target.

    "near" begins at the bound `near`; without one there is only on target and below. An undefined value or a missing target is
    "undefined". With `n`, a sample smaller than 30 is judged in words and never coloured. "≥ 60 %" means ≥ 0.6 within 1e-9.
    """
    if value is None or target is None:
        return Standing("undefined", coloured=False)
    coloured = n is None or n >= smallest_n
    if _meets(value, target, better):
        return Standing("on_target", coloured)
    if near is not None and _meets(value, near, better):
        return Standing("near", coloured)
    return Standing("below", coloured)


def prorated(target: Number, *, elapsed_seconds: float, planned_seconds: float) -> Decimal | None:
    """A count's target for a day that is not over: target · elapsed / planned, at most the target (rule 10).

    None without planned time. Rate targets are not prorated.
    """
    if planned_seconds <= 0:
        return None
    done = min(max(elapsed_seconds, 0.0), planned_seconds)
    return exact(target) * exact(done) / exact(planned_seconds)


def _meets(value: Number, bound: Number, better: Literal["up", "down"]) -> bool:
    difference = exact(value) - exact(bound)
    return difference >= -TOLERANCE if better == "up" else difference <= TOLERANCE
