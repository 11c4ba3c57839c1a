"""Dealing tasks to agents: every way deals all it can, evenly, and the same again for the same seed (CAM-4)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.distribution import (
    CAPABILITY,
    CAPACITY,
    EQUAL,
    LANGUAGE,
    OWNER,
    REGION,
    Hand,
    Piece,
    deal,
    room_left,
    shares,
)

WAYS = (EQUAL, CAPACITY, CAPABILITY, LANGUAGE, OWNER, REGION)


def pieces(count, **fields):
    return [Piece(number, **fields) for number in range(1, count + 1)]


def loads(dealt, hands):
    counts = Counter(dealt.values())
    return [counts[hand.id] for hand in hands]


@given(st.sampled_from(WAYS), st.integers(0, 400), st.integers(1, 20), st.text(max_size=8))
def test_every_task_is_dealt_once_and_alike_hands_differ_by_one(way, count, people, seed):
    hands = [Hand(number) for number in range(1, people + 1)]
    dealt = deal(way, pieces(count), hands, seed)
    assert len(dealt) == count
    found = loads(dealt, hands)
    assert max(found) - min(found) <= 1


def test_thousand_tasks_for_twelve_agents():
    hands = [Hand(number) for number in range(1, 13)]
    assert sorted(loads(deal(EQUAL, pieces(1_000), hands, "s"), hands)) == [83] * 8 + [84] * 4


def test_same_seed_deals_the_same_in_any_order_and_another_seed_otherwise():
    hands = [Hand(number) for number in range(1, 6)]
    first = deal(EQUAL, pieces(60), hands, "a")
    assert deal(EQUAL, pieces(60)[::-1], hands[::-1], "a") == first
    assert deal(EQUAL, pieces(60), hands, "b") != first


@pytest.mark.parametrize("way", WAYS)
def test_nobody_there_takes_nothing(way):
    assert deal(way, pieces(3), [], "s") == {}


def test_room_is_filled_from_the_emptiest_and_levelled_beyond_the_target():
    hands = [Hand(1, room=10), Hand(2, room=4), Hand(3, room=-5)]
    assert loads(deal(CAPACITY, pieces(6), hands, "s"), hands) == [6, 0, 0]
    assert loads(deal(CAPACITY, pieces(10), hands, "s"), hands) == [8, 2, 0]
    found = loads(deal(CAPACITY, pieces(30), hands, "s"), hands)
    left = [hand.room - count for hand, count in zip(hands, found, strict=True)]
    assert max(left) - min(left) <= 1


@pytest.mark.parametrize(
    ("target", "done", "waiting", "room"), [(80, 30, 20, 30), (80, 0, 100, -20), (0, 0, 0, 0)]
)
def test_room_left(target, done, waiting, room):
    assert room_left(target, done, waiting) == room


def test_capability_gives_shares_by_level():
    hands = [Hand(1, level=5), Hand(2, level=3), Hand(3, level=1)]
    assert loads(deal(CAPABILITY, pieces(90), hands, "s"), hands) == [50, 30, 10]


@given(st.integers(0, 5_000), st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_shares_add_up_and_keep_within_one_of_their_quota(count, weights):
    found = shares(count, weights)
    assert sum(found) == count
    assert all(
        abs(share - count * weight / sum(weights)) < 1 for share, weight in zip(found, weights, strict=True)
    )


def test_language_reaches_only_its_speakers_and_the_rest_evens_out():
    hands = [Hand(1, languages=frozenset({"yue"})), Hand(2), Hand(3)]
    work = pieces(9) + [Piece(100 + number, language="yue") for number in range(3)]
    dealt = deal(LANGUAGE, work, hands, "s")
    assert {dealt[100], dealt[101], dealt[102]} == {1}
    assert loads(dealt, hands) == [4, 4, 4]


def test_task_nobody_can_speak_for_stays():
    dealt = deal(LANGUAGE, [Piece(1, language="ug"), Piece(2)], [Hand(7, languages=frozenset({"yue"}))], "s")
    assert dealt == {2: 7}


def test_owner_keeps_the_customers_and_others_fill_up():
    hands = [Hand(1), Hand(2)]
    work = [Piece(number, owner=1) for number in range(4)] + [Piece(9, owner=5), Piece(10)]
    dealt = deal(OWNER, work, hands, "s")
    assert [dealt[number] for number in range(4)] == [1, 1, 1, 1]
    assert (dealt[9], dealt[10]) == (2, 2)


def test_region_stays_together():
    hands = [Hand(1), Hand(2)]
    work = [Piece(number, region="CN-ZJ" if number % 2 else "CN-JS") for number in range(20)]
    dealt = deal(REGION, work, hands, "s")
    assert {len({piece.region for piece in work if dealt[piece.id] == hand.id}) for hand in hands} == {1}
