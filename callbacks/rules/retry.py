"""What follows an attempt: the next one and when, or the end of the task (SPEC CB-4 and CB-5, domain.md section 3).

Reads the flags of a disposition, never its code. Whether the moment is permitted is not asked here: calling hours and rest are
`customers.rules.contact`, which moves the attempt on when it is handed out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from callcenter.workdays import ONE_DAY, instant_of, local_day, utc, zone_of

REFUSALS_THAT_END_IT: Final = 3
# How often a customer may put one call off; the next wish for another time ends the task like used-up attempts (CB-7).
APPOINTMENTS_AT_MOST: Final = 5
NOON: Final = time(12)
DAYS_TO_SEARCH: Final = 4


class Verdict:
    """How a task stands after an attempt."""

    RETRY: Final = "retry"
    DONE: Final = "done"
    CLOSED: Final = "closed"
    REFUSED: Final = "refused"
    USELESS: Final = "useless"
    EXHAUSTED: Final = "exhausted"


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of the local day; attempts are spread over different ones (CB-5)."""

    start: time
    end: time


DEFAULT_PARTS: Final = (
    DayPart(time(9), time(12)),
    DayPart(time(13, 30), time(18)),
    DayPart(time(18), time(21)),
)


@dataclass(frozen=True, slots=True)
class Flags:
    """What a disposition says (domain.md section 3). `retry` is one of "", delay, other_part, half_day, agreed.

    `closes_number` marks vacant, suspended and wrong numbers: they end the number, and the account only with its last number.
    `maximum` is how often this result may occur before the task is exhausted; None as often as attempts are allowed.
    """

    completed: bool = False
    refused: bool = False
    useless: bool = False
    closes: bool = False
    do_not_call: bool = False
    closes_number: bool = False
    retry: str = ""
    retry_seconds: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One phone number of the customer, with the attempts made on it, the last one included."""

    id: int
    usable: bool = True
    attempts: int = 0
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The task so far, the attempt just coded included.

    `attempted_at` are the instants of all attempts, `refusals` how often the customer has refused, `appointments` how often
    another time was agreed for this task, `number_id` the number just dialled.
    `zone` is the customer's. `deadline` is the end of the task's window (exclusive), None if it has none.
    `same_result` is how often the last result has occurred, `number_max` how often one number may be dialled (None: no limit).
    """

    attempts: int
    attempts_max: int
    attempted_at: Sequence[datetime]
    zone: str
    number_id: int | None = None
    numbers: Sequence[Number] = ()
    refusals: int = 0
    appointments: int = 0
    deadline: datetime | None = None
    same_result: int = 1
    number_max: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`at` and `number_id` belong to a retry. `never_again`: the customer must not be contacted for this purpose any more."""

    verdict: str
    at: datetime | None = None
    number_id: int | None = None
    never_again: bool = False


class NoAgreedTime(ValueError):
    """The disposition promises a time the customer agreed to, but none later than now was given."""


def after_attempt(
    *,
    flags: Flags,
    history: History,
    now: datetime,
    agreed_at: datetime | None = None,
    parts: Sequence[DayPart] = DEFAULT_PARTS,
) -> Outcome:
    """What happens to the task after the attempt that has just been coded.

    Three refusals are final, whatever the disposition (CB-4). A closed number leads to the next usable one at once; with none
    left the account is useless. A time the customer agreed to is kept even when the attempts are used up (ask `may_contact`
    for such a task without `attempts_max`), but a call is put off `APPOINTMENTS_AT_MOST` times only. Otherwise used-up
    attempts, or no time before the deadline, exhaust it. Raises `NoAgreedTime`.
    """
    now = utc(now)
    never_again = flags.do_not_call or history.refusals >= REFUSALS_THAT_END_IT
    if flags.completed:
        return Outcome(Verdict.DONE, never_again=never_again)
    if never_again or (flags.refused and flags.closes):
        return Outcome(Verdict.REFUSED, never_again=never_again)
    if flags.closes_number:
        return _after_closed_number(history, now)
    if flags.useless:
        return Outcome(Verdict.USELESS)
    if flags.closes or not flags.retry:
        return Outcome(Verdict.CLOSED)
    if flags.retry == "agreed":
        if agreed_at is None or agreed_at <= now:
            raise NoAgreedTime("Give the time the customer agreed to; it must lie in the future.")
        if history.appointments > APPOINTMENTS_AT_MOST:
            return Outcome(Verdict.EXHAUSTED)
        return Outcome(Verdict.RETRY, utc(agreed_at), history.number_id)
    if history.attempts >= history.attempts_max or _often_enough(flags, history):
        return Outcome(Verdict.EXHAUSTED)
    at, number_id = _retry_at(flags, history, now, parts), next_number(history.numbers, history.number_max)
    if at is None or (number_id is None and history.number_max is not None):
        return Outcome(Verdict.EXHAUSTED)
    return Outcome(Verdict.RETRY, at, number_id)


def _often_enough(flags: Flags, history: History) -> bool:
    return flags.maximum is not None and history.same_result >= flags.maximum


def next_number(numbers: Sequence[Number], most: int | None = None) -> int | None:
    """The usable number to dial next: the least tried, the preferred one of equals (CB-5); None if there is none.

    Numbers that were dialled `most` times are used up.
    """
    usable = [number for number in numbers if number.usable and (most is None or number.attempts < most)]
    if not usable:
        return None
    return min(usable, key=lambda number: (number.attempts, not number.preferred, number.id)).id


def _after_closed_number(history: History, now: datetime) -> Outcome:
    """EMPTY, SUSP and WRONG close the number; the account is useless only when all numbers are (domain.md section 3)."""
    others = [number for number in history.numbers if number.id != history.number_id]
    number_id = next_number(others, history.number_max)
    if number_id is None:
        # A number that is only used up still is the customer's.
        return Outcome(Verdict.USELESS if next_number(others) is None else Verdict.EXHAUSTED)
    if history.attempts >= history.attempts_max or _too_late(now, history.deadline):
        return Outcome(Verdict.EXHAUSTED)
    return Outcome(Verdict.RETRY, now, number_id)


def _too_late(at: datetime, deadline: datetime | None) -> bool:
    return deadline is not None and at >= deadline


def _retry_at(flags: Flags, history: History, now: datetime, parts: Sequence[DayPart]) -> datetime | None:
    """The wished moment; the plain delay if that would be too late; None if that is too late as well."""
    earliest = now + timedelta(seconds=max(flags.retry_seconds, 1))
    if flags.retry == "other_part":
        wished = _other_part(earliest, history, parts)
    elif flags.retry == "half_day":
        wished = max(earliest, _next_half_day(now, history.zone, parts))
    else:
        wished = earliest
    return next((at for at in (wished, earliest) if not _too_late(at, history.deadline)), None)


def _other_part(earliest: datetime, history: History, parts: Sequence[DayPart]) -> datetime:
    """The first moment in a part of the day not tried yet; when all were tried, in another part than the last time."""
    tried = [_part_at(at, history.zone, parts) for at in sorted(map(utc, history.attempted_at))]
    avoided = set(tried)
    if len(avoided) >= len(parts):
        avoided = {tried[-1]}
    for begins_at, ends_at, place in _parts_from(local_day(earliest, history.zone), history.zone, parts):
        if ends_at > earliest and place not in avoided:
            return max(begins_at, earliest)
    return earliest


def _next_half_day(now: datetime, zone: str, parts: Sequence[DayPart]) -> datetime:
    today, morning = local_day(now, zone), now.astimezone(zone_of(zone)).time() < NOON
    day = today if morning else today + ONE_DAY
    starts = [part.start for part in parts if (part.start >= NOON) == morning] or [
        NOON if morning else time(0)
    ]
    return instant_of(day, min(starts), zone)


def _part_at(at: datetime, zone: str, parts: Sequence[DayPart]) -> int:
    """The part an instant counts to: the last that has begun; before the first one, the last of the day before."""
    clock = at.astimezone(zone_of(zone)).time()
    begun = [place for place, part in enumerate(parts) if part.start <= clock]
    return begun[-1] if begun else len(parts) - 1


def _parts_from(day: date, zone: str, parts: Sequence[DayPart]) -> Iterator[tuple[datetime, datetime, int]]:
    for offset in range(DAYS_TO_SEARCH):
        on = day + offset * ONE_DAY
        for place, part in enumerate(parts):
            yield instant_of(on, part.start, zone), instant_of(on, part.end, zone), place
