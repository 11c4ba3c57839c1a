"""Dealing tasks to agents (SPEC CAM-4; ux.md section 5.5): whose each becomes, decided on plain values.

Every way deals all it can. Shares of agents whom the way treats alike differ by one task at most. The draw is that of
md5(seed:task), as in the samples of policies and quotas, so that anybody can deal again and get the same.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

EQUAL: Final = "equal"
CAPACITY: Final = "capacity"
CAPABILITY: Final = "capability"
LANGUAGE: Final = "language"
OWNER: Final = "owner"
REGION: Final = "region"
POOL: Final = "pool"

# Levels run from 1 to 5; who has not been rated counts as middling.
MIDDLE_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A task to be dealt: the customer's region and language (empty: any), who spoke with the customer last, the campaign."""

    id: int
    region: str = ""
    language: str = ""
    owner: int | None = None
    campaign: int = 0


@dataclass(frozen=True, slots=True)
class Hand:
    """An agent: ``room`` is the day's target less what is done and open, ``level`` 1 to 5."""

    id: int
    room: int = 0
    level: int = MIDDLE_LEVEL
    languages: frozenset[str] = frozenset()


def deal_by_skill(
    way: str, pieces: Iterable[Piece], hands: Sequence[Hand], unable: Mapping[int, frozenset[int]], seed: str
) -> dict[int, int]:
    """``deal`` among those who may work each task: ``unable`` maps campaigns to the agents who lack a skill it requires.

    Campaigns that fewer may work come first, so that their agents are not filled with what everybody can do.
    """
    groups: dict[frozenset[int], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(unable.get(piece.campaign, frozenset()), []).append(piece)
    dealt: dict[int, int] = {}
    for barred, group in sorted(groups.items(), key=lambda one: (-len(one[0]), sorted(one[0]))):
        given = Counter(dealt.values())
        able = [replace(hand, room=hand.room - given[hand.id]) for hand in hands if hand.id not in barred]
        dealt |= deal(way, group, able, seed)
    return dealt


def deal(way: str, pieces: Iterable[Piece], hands: Iterable[Hand], seed: str) -> dict[int, int]:
    """Task id → agent id. Missing are the tasks that nobody here may take (``LANGUAGE``), or all when nobody is here."""
    drawn = sorted(pieces, key=lambda piece: (_lot(seed, piece.id), piece.id))
    seats = sorted(hands, key=lambda hand: (_lot(seed, hand.id), hand.id))
    if not seats:
        return {}
    if way == CAPACITY:
        return _by_room(drawn, seats)
    if way == CAPABILITY:
        return _in_blocks(drawn, seats, shares(len(drawn), [hand.level for hand in seats]))
    if way == LANGUAGE:
        return _by_language(drawn, seats)
    if way == OWNER:
        return _to_owners(drawn, seats)
    if way == REGION:
        placed = sorted(drawn, key=lambda piece: piece.region)
        return _in_blocks(placed, seats, shares(len(placed), [1] * len(seats)))
    return {piece.id: seats[place % len(seats)].id for place, piece in enumerate(drawn)}


def room_left(target: int, done: int, waiting: int) -> int:
    """What an agent can still take today; below zero when more waits than the day holds (ux.md section 5.5)."""
    return target - done - waiting


def shares(count: int, weights: Sequence[int]) -> list[int]:
    """``count`` cut into whole shares proportional to the weights, by largest remainder: each within one of its quota."""
    total = sum(weights)
    quotas = [Fraction(count * weight, total) for weight in weights]
    whole = [int(quota) for quota in quotas]
    order = sorted(range(len(weights)), key=lambda place: (whole[place] - quotas[place], place))
    for place in order[: count - sum(whole)]:
        whole[place] += 1
    return whole


def _lot(seed: str, number: int) -> str:
    return hashlib.md5(f"{seed}:{number}".encode(), usedforsecurity=False).hexdigest()


def _in_blocks(pieces: Sequence[Piece], seats: Sequence[Hand], sizes: Sequence[int]) -> dict[int, int]:
    dealt: dict[int, int] = {}
    start = 0
    for hand, size in zip(seats, sizes, strict=True):
        dealt |= {piece.id: hand.id for piece in pieces[start : start + size]}
        start += size
    return dealt


def _by_room(pieces: Sequence[Piece], seats: Sequence[Hand]) -> dict[int, int]:
    """The next task goes to who has most room, so that the day's work is levelled out, beyond the target too."""
    heap = [(-hand.room, place) for place, hand in enumerate(seats)]
    heapq.heapify(heap)
    dealt: dict[int, int] = {}
    for piece in pieces:
        taken, place = heap[0]
        dealt[piece.id] = seats[place].id
        heapq.heapreplace(heap, (taken + 1, place))
    return dealt


def _by_language(pieces: Sequence[Piece], seats: Sequence[Hand]) -> dict[int, int]:
    """Languages that few speak first, so that their speakers are not filled with what everybody can do."""
    speakers = {
        language: [hand for hand in seats if not language or language in hand.languages]
        for language in {piece.language for piece in pieces}
    }
    given = {hand.id: 0 for hand in seats}
    dealt: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda piece: len(speakers[piece.language])):
        if able := speakers[piece.language]:
            taker = min(able, key=lambda hand: given[hand.id])
            given[taker.id] += 1
            dealt[piece.id] = taker.id
    return dealt


def _to_owners(pieces: Sequence[Piece], seats: Sequence[Hand]) -> dict[int, int]:
    """What has an owner here goes there; the rest fills up those with the fewest."""
    given = {hand.id: 0 for hand in seats}
    dealt = {piece.id: piece.owner for piece in pieces if piece.owner in given and piece.owner is not None}
    for owner in dealt.values():
        given[owner] += 1
    for piece in pieces:
        if piece.id not in dealt:
            taker = min(seats, key=lambda hand: given[hand.id])
            given[taker.id] += 1
            dealt[piece.id] = taker.id
    return dealt
