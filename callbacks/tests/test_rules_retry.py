"""What follows an attempt, without a database (CB-4, CB-5)."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.rules.retry import (
    DEFAULT_PARTS,
    DayPart,
    Flags,
    History,
    NoAgreedTime,
    Number,
    Outcome,
    Verdict,
    after_attempt,
    next_number,
)

SHANGHAI = "Asia/Shanghai"
HOUR = 3600


def at(text):
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZoneInfo(SHANGHAI))


NOW = at("24 10:00")
HISTORY = History(
    attempts=1,
    attempts_max=3,
    attempted_at=(NOW,),
    zone=SHANGHAI,
    number_id=1,
    numbers=(Number(1, attempts=1),),
)
NO_ANSWER = Flags(retry="other_part", retry_seconds=2 * HOUR)
BUSY = Flags(retry="delay", retry_seconds=15 * 60)
OFF = Flags(retry="half_day")
VACANT = Flags(useless=True, closes=True, closes_number=True)


def after(flags, now=NOW, agreed_at=None, parts=DEFAULT_PARTS, **changes):
    history = replace(HISTORY, attempted_at=(now,))
    return after_attempt(
        flags=flags, history=replace(history, **changes), now=now, agreed_at=agreed_at, parts=parts
    )


def test_busy_is_tried_again_after_its_delay():
    assert after(BUSY) == Outcome(Verdict.RETRY, NOW + timedelta(minutes=15), 1)


@pytest.mark.parametrize(
    ("now", "earlier", "expected"),
    [
        ("24 10:00", (), "24 13:30"),
        ("24 14:00", (), "24 18:00"),
        ("24 14:00", ("23 10:00",), "24 18:00"),
        ("24 19:00", (), "25 09:00"),
        ("24 19:00", ("23 10:00",), "25 13:30"),
        ("24 17:00", (), "24 19:00"),
        ("24 12:30", (), "24 14:30"),
        ("24 19:00", ("23 10:00", "24 14:00"), "25 09:00"),
        ("24 10:00", ("22 19:00", "23 14:00"), "24 13:30"),
        ("24 23:00", (), "25 09:00"),
        ("24 02:00", (), "24 09:00"),
    ],
)
def test_no_answer_moves_to_a_part_of_the_day_not_tried_yet(now, earlier, expected):
    outcome = after(NO_ANSWER, now=at(now), attempted_at=[*map(at, earlier), at(now)], attempts=2)
    assert outcome.at == at(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [("24 10:00", "24 13:30"), ("24 11:59", "24 13:30"), ("24 12:00", "25 09:00"), ("24 15:00", "25 09:00")],
)
def test_switched_off_waits_for_the_next_half_day(now, expected):
    assert after(OFF, now=at(now)).at == at(expected)


def test_other_part_of_a_day_with_one_part_is_the_next_moment_in_it():
    single = (DayPart(DEFAULT_PARTS[0].start, DEFAULT_PARTS[0].end),)
    assert after(NO_ANSWER, parts=single).at is not None


def test_attempts_are_used_up_at_the_maximum():
    assert after(BUSY, attempts=2).verdict == Verdict.RETRY
    assert after(BUSY, attempts=3) == Outcome(Verdict.EXHAUSTED)
    assert after(BUSY, attempts=4).verdict == Verdict.EXHAUSTED


def test_agreed_time_is_kept_even_after_the_last_attempt():
    tomorrow = at("25 15:00")
    assert after(Flags(retry="agreed"), agreed_at=tomorrow, attempts=3) == Outcome(Verdict.RETRY, tomorrow, 1)


@pytest.mark.parametrize("agreed_at", [None, NOW, NOW - timedelta(hours=1)])
def test_agreed_time_must_be_given_and_lie_ahead(agreed_at):
    with pytest.raises(NoAgreedTime):
        after(Flags(retry="agreed"), agreed_at=agreed_at)


def test_three_refusals_are_final():
    soft = Flags(refused=True, retry="delay", retry_seconds=HOUR)
    assert after(soft, refusals=2).verdict == Verdict.RETRY
    assert after(soft, refusals=3) == Outcome(Verdict.REFUSED, never_again=True)
    assert after(BUSY, refusals=3).verdict == Verdict.REFUSED


def test_one_refusal_closes_the_task_but_not_the_customer():
    assert after(Flags(refused=True, closes=True), refusals=1) == Outcome(Verdict.REFUSED)
    assert after(Flags(refused=True, closes=True, do_not_call=True), refusals=1).never_again


def test_completed_call_ends_the_task():
    assert after(Flags(completed=True, closes=True)) == Outcome(Verdict.DONE)
    assert after(Flags(completed=True, closes=True, do_not_call=True)).never_again


def test_vacant_number_leads_to_the_next_number():
    numbers = (Number(1, attempts=1, preferred=True), Number(2, attempts=2), Number(3, attempts=1))
    assert after(VACANT, numbers=numbers) == Outcome(Verdict.RETRY, NOW, 3)


def test_account_is_useless_only_when_all_numbers_are():
    last = (Number(1, attempts=1), Number(2, usable=False))
    assert after(VACANT, numbers=last) == Outcome(Verdict.USELESS)
    assert after(VACANT, numbers=()) == Outcome(Verdict.USELESS)
    assert after(VACANT, numbers=(Number(1), Number(2)), attempts=3) == Outcome(Verdict.EXHAUSTED)
    assert after(Flags(useless=True, closes=True), numbers=(Number(1), Number(2))) == Outcome(Verdict.USELESS)


def test_disposition_without_retry_closes():
    assert after(Flags(closes=True)) == Outcome(Verdict.CLOSED)
    assert after(Flags()) == Outcome(Verdict.CLOSED)


def test_deadline_shortens_the_wait_or_ends_it():
    assert after(NO_ANSWER, deadline=at("24 13:30")).at == at("24 12:00"), "the other part would be too late"
    assert after(NO_ANSWER, deadline=at("24 12:00")) == Outcome(Verdict.EXHAUSTED)
    assert after(VACANT, numbers=(Number(1), Number(2)), deadline=NOW) == Outcome(Verdict.EXHAUSTED)


def test_least_tried_number_is_next_and_the_preferred_of_equals():
    assert next_number([Number(1, attempts=1), Number(2), Number(3, preferred=True)]) == 3
    assert next_number([Number(1, attempts=1, preferred=True), Number(2)]) == 2
    assert next_number([Number(2), Number(1)]) == 1
    assert next_number([Number(1, usable=False)]) is None


flags_made = st.builds(
    Flags,
    completed=st.booleans(),
    refused=st.booleans(),
    useless=st.booleans(),
    closes=st.booleans(),
    closes_number=st.booleans(),
    retry=st.sampled_from(["", "delay", "other_part", "half_day"]),
    retry_seconds=st.integers(0, 200_000),
)
instants = st.integers(0, 10 * 86_400).map(lambda seconds: NOW - timedelta(seconds=seconds))


@settings(max_examples=500, deadline=None)
@given(
    flags_made,
    st.integers(1, 5),
    st.lists(instants, max_size=5),
    st.integers(0, 4),
    st.none() | st.integers(1, 400_000).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    st.lists(st.builds(Number, st.integers(1, 4), st.booleans(), st.integers(0, 3)), max_size=4),
)
def test_retry_never_lies_before_now_nor_beyond_the_rules(
    flags, attempts, earlier, refusals, deadline, numbers
):
    outcome = after(
        flags,
        attempts=attempts,
        attempted_at=[*earlier, NOW],
        refusals=refusals,
        deadline=deadline,
        numbers=numbers,
    )
    if outcome.verdict != Verdict.RETRY:
        assert outcome.at is None
        return
    assert outcome.at >= NOW
    assert deadline is None or outcome.at < deadline
    assert attempts < 3
    assert refusals < 3
    if not flags.closes_number:
        assert outcome.at >= NOW + timedelta(seconds=flags.retry_seconds)
