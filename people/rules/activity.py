"""How an agent's time adds up, and how long and how many may rest (ORG-4, ORG-5; domain.md section 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor
from typing import Final

NO_TIME: Final = 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """One stretch of one kind; an open one ends at the instant at which it is looked at (rule 4)."""

    kind: str
    start: datetime
    end: datetime

    def within(self, start: datetime, end: datetime) -> float:
        """Seconds of the interval between two instants (rule 3)."""
        return max(NO_TIME, (min(self.end, end) - max(self.start, start)).total_seconds())


@dataclass(frozen=True, slots=True)
class Half:
    """The calling hours of half a day and the seconds of rest allowed in them, in all."""

    start: datetime
    end: datetime
    allowance: int

    def holds(self, instant: datetime) -> bool:
        """Whether the instant lies in these hours."""
        return self.start <= instant < self.end


def seconds_by_kind(intervals: Iterable[Interval], start: datetime, end: datetime) -> dict[str, float]:
    """Seconds of each kind between two instants; what lies outside is cut off. Their sum is the time signed in."""
    found: dict[str, float] = {}
    for interval in intervals:
        if seconds := interval.within(start, end):
            found[interval.kind] = found.get(interval.kind, NO_TIME) + seconds
    return found


def time_shares(seconds: Mapping[str, float], non_productive: Iterable[str]) -> dict[str, float]:
    """The five shares of the time signed in: wait, prepare, talk, after_call, non_productive, and their sum."""
    apart = set(non_productive)
    shares = {kind: seconds.get(kind, NO_TIME) for kind in ("wait", "prepare", "talk", "after_call")}
    shares["non_productive"] = sum(value for kind, value in seconds.items() if kind in apart)
    shares["signed_in"] = sum(shares.values())
    return shares


def overlapping(intervals: Iterable[Interval]) -> list[tuple[Interval, Interval]]:
    """Pairs of neighbours that claim the same time (rule 5); a sound timeline has none."""
    ordered = sorted(intervals, key=lambda one: (one.start, one.end))
    return [(one, two) for one, two in zip(ordered, ordered[1:], strict=False) if two.start < one.end]


def half_at(halves: Iterable[Half], instant: datetime) -> Half | None:
    """The half-day in which the instant lies; None at lunch and after hours, when rest is nobody's business."""
    return next((half for half in halves if half.holds(instant)), None)


def rest_used(rests: Iterable[Interval], half: Half) -> float:
    """Seconds of rest that count against the allowance of the half-day: what lies inside its hours."""
    return sum(rest.within(half.start, half.end) for rest in rests)


def allowance_ends(rests: Iterable[Interval], half: Half | None, now: datetime) -> datetime | None:
    """When a rest that begins ``now`` will have used up the allowance; None when the half-day ends first."""
    if half is None:
        return None
    left = max(NO_TIME, half.allowance - rest_used(rests, half))
    ends = now + timedelta(seconds=left)
    return ends if ends < half.end else None


def places(agents: int, share: float, at_least: int) -> int:
    """How many of a team may rest at once: the share of its people, rounded down, but never below the minimum."""
    return max(at_least, floor(agents * share + 1e-9))
