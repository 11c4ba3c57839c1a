"""When the customer of a trial is asked, and what each answer leads to (CAM-10; domain.md 8.2).

Two confirmations, on two days, before anything is billed. Every doubt ends without a bill: silence, refusal, an answer that
lacks one of the four criteria, a trial that runs out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from callcenter.workdays import ONE_DAY, instant_of, local_day

CRITERIA: Final = ("owner", "understood", "script", "consent")
"""The four criteria of validity (QA-3): who spoke may decide, has understood, heard every statement, and said yes."""

EXTENSIONS: Final = 1
"""How often a trial goes on for another period because nobody was reached."""

FIRST_BEFORE: Final = 10
SECOND_BEFORE: Final = 3
"""Days before the end at which the first and the second confirmation are asked; shorter trials take a share."""

SAME_DAY: Final = timedelta(hours=2)
"""Where no later day is left, the next question follows after so long."""


class Answer(StrEnum):
    """What came of asking."""

    CONTINUE = "continue"
    UNWANTED = "unwanted"
    CONSIDERING = "considering"
    SELF_CANCEL = "self_cancel"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class Effect(StrEnum):
    """What follows for the order."""

    CONFIRM = "confirm"
    REPEAT = "repeat"
    TELL_AND_ASK = "tell_and_ask"
    TELL = "tell"
    EXTEND = "extend"
    CANCEL = "cancel"


HEARD: Final = frozenset({Answer.CONTINUE, Answer.UNWANTED, Answer.CONSIDERING, Answer.SELF_CANCEL})
"""Answers only the customer can give; the others are found by the system."""


def effect_of(answer: Answer, *, criteria: Collection[str] = (), extensions: int = 0) -> Effect:
    """What an answer leads to. A "yes" counts only with all four criteria, else the customer is asked again."""
    if answer == Answer.CONTINUE:
        return Effect.CONFIRM if set(CRITERIA) <= set(criteria) else Effect.REPEAT
    if answer == Answer.UNREACHABLE:
        return Effect.EXTEND if extensions < EXTENSIONS else Effect.CANCEL
    if answer == Answer.CONSIDERING:
        return Effect.TELL_AND_ASK
    if answer == Answer.SELF_CANCEL:
        return Effect.TELL
    return Effect.CANCEL


def at_the_end(*, last: Answer | None, extensions: int) -> Effect:
    """What the end of a trial without both confirmations leads to; ``last`` is the last answer, None when nobody was reached.

    Who was told how to cancel and has not said yes is not asked for ever: the order ends unbilled.
    """
    if last in (Answer.CONSIDERING, Answer.SELF_CANCEL):
        return Effect.CANCEL
    return effect_of(Answer.UNREACHABLE, extensions=extensions)


@dataclass(frozen=True)
class Ask:
    """When to ask: from ``due_at`` on, before ``deadline``."""

    due_at: datetime
    deadline: datetime


def ends_on(day: date, days: int) -> date:
    """The first day that is no longer part of a trial of ``days`` days from ``day``; billing may start then."""
    return day + timedelta(days=days)


def first_ask(*, now: datetime, end: date, days: int, zone: str) -> Ask:
    """The first question: ten days before the end, or half way of a short trial, never in the past."""
    return _ask(end - timedelta(days=min(FIRST_BEFORE, days // 2)), now, end, zone, same_day=timedelta())


def second_ask(*, now: datetime, end: date, days: int, zone: str) -> Ask:
    """The second question: three days before the end, or a quarter of a short trial, and not on the day of the first."""
    wanted = end - timedelta(days=min(SECOND_BEFORE, max(1, days // 4)))
    return _ask(max(wanted, local_day(now, zone) + ONE_DAY), now, end, zone)


def ask_again(*, now: datetime, end: date, zone: str, last_day: bool = False) -> Ask:
    """Another try: the next day, or with ``last_day`` on the last day of the trial."""
    tomorrow = local_day(now, zone) + ONE_DAY
    return _ask(max(tomorrow, end - ONE_DAY) if last_day else tomorrow, now, end, zone)


def _ask(day: date, now: datetime, end: date, zone: str, same_day: timedelta = SAME_DAY) -> Ask:
    day = min(day, end - ONE_DAY)
    today = local_day(now, zone)
    due_at = instant_of(day, time(0), zone) if day > today else now + same_day
    return Ask(due_at, instant_of(end, time(0), zone))
