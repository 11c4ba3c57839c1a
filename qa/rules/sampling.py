"""Which recordings are listened to: how many, and a draw that can be repeated (SPEC QA-1, domain.md 7.2)."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias, TypeVar

Rate: TypeAlias = Fraction | Decimal | int | str

LOCAL_RATE: Final = Fraction(1, 10)
UPPER_RATE: Final = Fraction(1, 20)
RECHECK_FACTOR: Final = 3
PROBATION_FACTOR: Final = 2
RECHECK_DAYS: Final = 5
PASSES_THAT_END_RECHECK: Final = 2
SEED_RANGE: Final = 2**64

Item = TypeVar("Item")
Key = TypeVar("Key", int, str)


def sample_count(population: int, rate: Rate = LOCAL_RATE) -> int:
    """How many of so many valid recordings: the rate rounded up, at least one; none of none. Exact, without float errors.

    Raises ValueError unless the rate lies between 0 and 1.
    """
    share = Fraction(rate)
    if not 0 <= share <= 1:
        raise ValueError("The share to be sampled must lie between 0 and 1.")
    return min(population, max(1, math.ceil(share * population))) if population > 0 else 0


def systematic_indices(population: int, count: int, start: Fraction | float) -> list[int]:
    """Indices of a systematic draw: interval k = M/n, index ⌊r + j·k⌋ with the start r in [0, k).

    Raises ValueError for a start outside the interval or more draws than there are.
    """
    if count == 0:
        return []
    if not 0 < count <= population:
        raise ValueError("No more can be drawn than there are.")
    interval, first = Fraction(population, count), Fraction(start)
    if not 0 <= first < interval:
        raise ValueError("The start must lie within the first interval.")
    return [math.floor(first + place * interval) for place in range(count)]


def start_of(seed: str, population: int, count: int) -> Fraction:
    """The start r in [0, k) that a stored seed gives; the same seed and numbers always give the same start."""
    digest = hashlib.sha256(f"{seed}:{population}:{count}".encode()).digest()
    return Fraction(int.from_bytes(digest[:8], "big"), SEED_RANGE) * Fraction(population, count)


def draw(items: Sequence[Item], *, rate: Rate = LOCAL_RATE, seed: str) -> list[Item]:
    """The sample of one stratum (an agent's day), in the given order.

    Order the items by campaign, type, result and start time, ending in a unique column: the equal steps then spread the sample
    over all of them. The stored seed repeats the draw as long as the items are the same.
    """
    count = sample_count(len(items), rate)
    if count == 0:
        return []
    start = start_of(seed, len(items), count)
    return [items[index] for index in systematic_indices(len(items), count, start)]


def allocate(total: int, strata: Mapping[Key, int]) -> dict[Key, int]:
    """A team's weekly sample spread over its agents in proportion to their recordings (largest remainder).

    Every agent with a recording gets at least one while the total allows it (those with most recordings first), and nobody more
    than they have. The shares add up to the total, or to all recordings if there are fewer.
    """
    present = {key: size for key, size in strata.items() if size > 0}
    total = min(total, sum(present.values()))
    by_size = sorted(present, key=lambda key: (-present[key], key))
    if total <= len(by_size):
        return {key: int(by_size.index(key) < total) if key in present else 0 for key in strata}
    everything = sum(present.values())
    exact = {key: Fraction(total * size, everything) for key, size in present.items()}
    shares = {key: max(1, math.floor(part)) for key, part in exact.items()}
    while sum(shares.values()) < total:
        open_keys = [key for key in by_size if shares[key] < present[key]]
        shares[max(open_keys, key=lambda key: exact[key] - shares[key])] += 1
    while sum(shares.values()) > total:
        reducible = [key for key in by_size if shares[key] > 1]
        shares[min(reducible, key=lambda key: exact[key] - shares[key])] -= 1
    return {key: shares.get(key, 0) for key in strata}


def rate_for(
    base: Rate, *, on_probation: bool, working_days_since_fail: int | None, passes_since_fail: int
) -> Fraction:
    """An agent's sampling rate today: three times the base after a failed review, twice on probation, at most everything.

    The re-check lasts the five working days after the failure, and ends sooner with two passes in a row. `None` days: never
    failed.
    """
    share = Fraction(base)
    failed = working_days_since_fail is not None and working_days_since_fail <= RECHECK_DAYS
    if failed and passes_since_fail < PASSES_THAT_END_RECHECK:
        share *= RECHECK_FACTOR
    elif on_probation:
        share *= PROBATION_FACTOR
    return min(share, Fraction(1))
