"""When the customer of a trial is asked, and what each answer leads to (CAM-10; domain.md 8.2)."""

from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules import trial as rule
from callbacks.rules.replies import meaning_of
from callbacks.rules.trial import CRITERIA, Answer, Effect

ZONE = "Asia/Shanghai"
SOLD = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SUBSETS = list(chain.from_iterable(combinations(CRITERIA, size) for size in range(5)))


@pytest.mark.parametrize("criteria", SUBSETS)
def test_a_yes_counts_only_with_all_four_criteria(criteria):
    expected = Effect.CONFIRM if len(criteria) == 4 else Effect.REPEAT
    assert rule.effect_of(Answer.CONTINUE, criteria=criteria) == expected


@pytest.mark.parametrize(
    ("answer", "extensions", "effect"),
    [
        ("unwanted", 0, "cancel"),
        ("unwanted", 1, "cancel"),
        ("refused", 0, "cancel"),
        ("refused", 1, "cancel"),
        ("considering", 0, "tell_and_ask"),
        ("considering", 1, "tell_and_ask"),
        ("self_cancel", 0, "tell"),
        ("self_cancel", 1, "tell"),
        ("unreachable", 0, "extend"),
        ("unreachable", 1, "cancel"),
    ],
)
def test_golden_every_other_answer_has_one_effect_and_none_confirms(answer, extensions, effect):
    for criteria in SUBSETS:
        assert rule.effect_of(Answer(answer), criteria=criteria, extensions=extensions) == effect


@pytest.mark.parametrize("last", [None, *Answer])
@pytest.mark.parametrize("extensions", [0, 1, 2])
def test_a_trial_that_ends_unconfirmed_is_extended_once_or_ends(last, extensions):
    told = last in ("considering", "self_cancel")
    expected = "extend" if extensions == 0 and not told else "cancel"
    assert rule.at_the_end(last=last, extensions=extensions) == expected


def test_golden_thirty_days_are_asked_ten_and_three_days_before_the_end():
    end = rule.ends_on(date(2026, 3, 4), 30)
    assert end == date(2026, 4, 3)
    first = rule.first_ask(now=SOLD, end=end, days=30, zone=ZONE)
    assert (first.due_at, first.deadline) == (
        datetime(2026, 3, 23, 16, tzinfo=UTC),
        datetime(2026, 4, 2, 16, tzinfo=UTC),
    )
    second = rule.second_ask(now=first.due_at + timedelta(hours=10), end=end, days=30, zone=ZONE)
    assert second.due_at == datetime(2026, 3, 30, 16, tzinfo=UTC)


def test_second_question_is_never_on_the_day_of_the_first_while_a_day_is_left():
    end, late = date(2026, 4, 3), datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    assert rule.second_ask(now=late, end=end, days=30, zone=ZONE).due_at == datetime(
        2026, 4, 1, 16, tzinfo=UTC
    )
    last_day = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
    assert rule.second_ask(now=last_day, end=end, days=30, zone=ZONE).due_at == last_day + rule.SAME_DAY


@given(days=st.integers(1, 366), hour=st.integers(0, 23))
def test_questions_lie_within_the_trial_and_in_order(days, hour):
    now = datetime(2026, 3, 4, hour, 30, tzinfo=UTC)
    end = rule.ends_on(rule.local_day(now, ZONE), days)
    first = rule.first_ask(now=now, end=end, days=days, zone=ZONE)
    assert now <= first.due_at < first.deadline
    second = rule.second_ask(now=first.due_at, end=end, days=days, zone=ZONE)
    assert first.due_at < second.due_at
    assert second.deadline == first.deadline


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("确认", "yes"),
        (" “确认”。", "yes"),
        ("確認繼續", "yes"),
        ("Confirm!", "yes"),
        ("Ｙ", "yes"),
        ("取消", "no"),
        ("不需要", "no"),
        ("no", "no"),
        ("确认吗？", ""),
        ("不确认", ""),
        ("你们是谁", ""),
        ("", ""),
        ("我确认取消", ""),
    ],
)
def test_only_a_reply_of_one_plain_word_is_understood(text, meaning):
    assert meaning_of(text) == meaning
