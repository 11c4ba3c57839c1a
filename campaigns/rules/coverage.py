"""Who is called because of a policy, by when, and how far the promise was kept (SPEC CAM-2, domain.md 4, 5.2, 7.3 and 8.3).

The draw is reproducible. Every customer has a key, md5("<seed>:<customer id>") in hex, and within a stratum those with the lowest
keys are called. SQL draws the same: ORDER BY MD5(seed || ':' || id) LIMIT n, with n from `quota`.
"""

import calendar
import hashlib
import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from callcenter.workdays import (
    Instants,
    WorkCalendar,
    add_working_days,
    day_bounds,
    instant_of,
    local_day,
    utc,
)

Unit: TypeAlias = Literal["hours", "days", "working_days", "months"]

Z_95: Final = Fraction("1.96")


def draw_key(seed: str, customer_id: int) -> str:
    """The customer's place in the draw: 32 hex digits, lower ones are called first."""
    return hashlib.md5(f"{seed}:{customer_id}".encode(), usedforsecurity=False).hexdigest()


def quota(population: int, percent: Decimal | int | str, minimum: int = 0) -> int:
    """How many of a stratum to call: the percentage rounded up, at least the minimum, never more than there are.

    Raises ValueError unless the percentage lies between 0 and 100. Exact: 10 % of 30 is 3, not 4.
    """
    share = Fraction(percent) / 100
    if not 0 <= share <= 1:
        raise ValueError("The coverage must lie between 0 and 100 percent.")
    return min(population, max(math.ceil(share * population), minimum))


def draw(
    members: Iterable[tuple[int, Hashable]],
    *,
    percent: Decimal | int | str,
    minimum: int = 0,
    seed: str,
    already: Set[int] = frozenset(),
) -> set[int]:
    """The customers to call, from (customer id, stratum) pairs; one customer counts once in each stratum.

    `already` were drawn before and stay drawn: when the population grows, people are added and nobody is dropped.
    """
    strata: dict[Hashable, set[int]] = defaultdict(set)
    for customer_id, stratum in members:
        strata[stratum].add(customer_id)
    drawn: set[int] = set()
    for ids in strata.values():
        kept = ids & already
        wanted = quota(len(ids), percent, minimum) - len(kept)
        waiting = sorted(ids - kept, key=lambda customer_id: draw_key(seed, customer_id))
        drawn |= kept | set(waiting[: max(0, wanted)])
    return drawn


def sample_size(population: int, *, margin: Fraction | str, expected: Fraction | str = "0.5") -> int:
    """How many to ask so that a share is known to ± `margin` with 95 % confidence in a finite population (domain.md 7.3).

    n0 = z²p(1-p)/e², n = n0 / (1 + (n0 - 1)/N), rounded up. 0 of 0.
    """
    if population <= 0:
        return 0
    p, e = Fraction(expected), Fraction(margin)
    unlimited = Z_95**2 * p * (1 - p) / e**2
    return min(population, math.ceil(unlimited / (1 + (unlimited - 1) / population)))


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: elapsed hours, calendar days, working days of a calendar, or calendar months.

    All but hours end with a local day, or at `until` on it ("next morning" is 1 day until 12:00, domain.md section 1, rule 9).
    """

    count: int
    unit: Unit
    until: time | None = None


def policy_window(event_at: datetime, *, delay_days: int, length: Span, cal: WorkCalendar) -> Instants:
    """When the callback for an event may begin and when the promise ends, as UTC instants, half-open.

    It begins with the event, or with the local day `delay_days` later. The length counts from the event's own day, so that a
    delay never extends the promise. Two weeks end with the fourteenth day after it, a month with the same day of the next
    month, clamped: an event of 31 January is due by the end of 28 February (domain.md section 1, rule 7; section 9, vector 12).
    """
    event_at = utc(event_at)
    event_day = local_day(event_at, cal.zone)
    begins_at = event_at
    if delay_days > 0:
        begins_at = day_bounds(event_day + timedelta(days=delay_days), cal.zone)[0]
    return begins_at, _end_of(event_at, event_day, length, cal)


def _end_of(event_at: datetime, event_day: date, length: Span, cal: WorkCalendar) -> datetime:
    if length.unit == "hours":
        return event_at + timedelta(hours=length.count)
    if length.unit == "days":
        last = event_day + timedelta(days=length.count)
    elif length.unit == "working_days":
        last = add_working_days(event_day, length.count, cal)
    else:
        last = add_months(event_day, length.count)
    return day_bounds(last, cal.zone)[1] if length.until is None else instant_of(last, length.until, cal.zone)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def cooling_off_last_day(signed_on: date, days: int, *, first_day_counts: bool) -> date:
    """The last day of a cooling-off period (犹豫期): s + n - 1 if the day of signing counts, else s + n (domain.md 8.3)."""
    return signed_on + timedelta(days=days - 1 if first_day_counts else days)


@dataclass(frozen=True, slots=True)
class Promise:
    """One event's callback: the end of its window (exclusive), when it was completed if ever, and the attempts made in it."""

    window_end: datetime
    completed_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts behind the coverage rates C1 = in_time / ended and C2 = touched / ended (domain.md 5.2).

    A window that is still open is `pending`, not a miss; `pending_done` of those are completed already. `ended` is `in_time` +
    `late` + `missed`. `touched` are completed inside the window or tried as often as the rules allow.
    """

    ended: int
    in_time: int
    late: int
    missed: int
    touched: int
    pending: int
    pending_done: int


def coverage(promises: Iterable[Promise], *, attempts_max: int, now: datetime) -> Coverage:
    """How far the promise was kept by `now`. Counts only: the rates are ratios of their sums."""
    counts = dict.fromkeys(("in_time", "late", "missed", "touched", "pending", "pending_done"), 0)
    for promise in promises:
        done = promise.completed_at is not None and promise.completed_at <= now
        if promise.window_end > now:
            counts["pending"] += 1
            counts["pending_done"] += done
            continue
        in_time = done and promise.completed_at is not None and promise.completed_at < promise.window_end
        counts["in_time" if in_time else "late" if done else "missed"] += 1
        counts["touched"] += in_time or promise.attempts >= attempts_max
    return Coverage(ended=counts["in_time"] + counts["late"] + counts["missed"], **counts)


Standing: TypeAlias = Literal["pending", "kept", "broken"]


def standing(*, in_time: int, eligible: int, percent_sum: Decimal) -> Standing:
    """Whether a promise was kept for the windows that have ended (domain.md 5.2, C1).

    `eligible` contacts had a window that ended, `in_time` of them were completed in it, and `percent_sum` is the sum of the
    shares promised for each of them, in percent: under one policy eligible × share, under several the sum over all. A promise
    of which no window has ended is pending: it can be neither kept nor broken yet. Exact: half of three is not kept by one.
    """
    if not eligible:
        return "pending"
    return "kept" if in_time * 100 >= percent_sum else "broken"
