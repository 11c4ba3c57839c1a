"""How the board judges what an agent is doing: when it turns amber or red, and who needs the lead first (ux.md 5.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Tone: TypeAlias = Literal["", "near", "over"]

# Seconds in a state from which on it is amber, and red.
THRESHOLDS: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "talk": (90, 180),
    "after_call": (30, 60),
    "wait": (60, None),
    "prepare": (60, None),
    "away": (None, 0),
    "lost": (None, 0),
}
ORDER: Final[Mapping[Tone, int]] = {"over": 0, "near": 1, "": 2}


@dataclass(frozen=True, slots=True)
class Direction:
    """A figure against the same time yesterday: an arrow, and whether it is good, bad or neither."""

    arrow: str
    meaning: Literal["better", "worse", "same"]


def tone_of(state: str, seconds: float, *, over_limit: bool = False) -> Tone:
    """Amber or red for so many seconds in a state; a rest beyond its allowance is red whatever its length."""
    near, over = THRESHOLDS.get(state, (None, None))
    if over_limit or (over is not None and seconds >= over):
        return "over"
    return "near" if near is not None and seconds >= near else ""


def attention(tone: Tone, *, asks: bool, signed_out: bool) -> int:
    """Place on the board: who waits for an answer, red, amber, the others, and last who is not there."""
    if asks:
        return -1
    return 3 if signed_out else ORDER[tone]


def direction(value: float | None, before: float | None, better: str) -> Direction | None:
    """None where there is nothing to compare; ``better`` is "up", "down" or ""."""
    if value is None or before is None:
        return None
    if abs(value - before) < 1e-9:
        return Direction("=", "same")
    rises = value > before
    good = {"up": rises, "down": not rises}.get(better)
    return Direction("▲" if rises else "▼", "same" if good is None else "better" if good else "worse")


def planned_by_hour(target: int, worked: Mapping[int, float]) -> dict[int, float]:
    """The day's target spread over the hours by the calling time in each (hour → seconds of calling time)."""
    whole = sum(worked.values())
    return {hour: target * seconds / whole for hour, seconds in worked.items()} if whole else {}
