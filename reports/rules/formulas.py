"""How numbers are made of counts: ratios, averages, intervals, scores (SPEC KPI-2 … KPI-7, domain.md sections 4 to 7).

Nothing is rounded before it is shown. What cannot be divided is None, shown as a dash: neither 0 % nor 100 % (rule 7 of section
4). Times are seconds. Numbers are int, Decimal or float; floats are taken at the value they print.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, Self, TypeAlias

Number: TypeAlias = int | float | Decimal

UNDEFINED_TEXT: Final = "—"
Z_95: Final = 1.96


class DataError(ValueError):
    """Counts that cannot be true: a part greater than its whole, or something counted below zero."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A numerator over a denominator, kept apart so that periods and teams can be added up.

    Adding two ratios gives the ratio of the sums, never a mean of rates (domain.md section 4, rule 6).
    """

    numerator: Decimal
    denominator: Decimal

    @classmethod
    def of(cls, numerator: Number, denominator: Number) -> Self:
        """Any quotient, such as seconds per call. Raises `DataError` for a negative denominator."""
        ratio = cls(_exact(numerator), _exact(denominator))
        if ratio.denominator < 0:
            raise DataError(f"A denominator cannot be negative: {denominator}.")
        return ratio

    @classmethod
    def share(cls, part: Number, whole: Number) -> Self:
        """A part of a whole, 0 to 1. Raises `DataError` if the part is negative or greater than the whole."""
        ratio = cls.of(part, whole)
        if not 0 <= ratio.numerator <= ratio.denominator:
            raise DataError(f"{part} of {whole} cannot be: the part must lie between 0 and the whole.")
        return ratio

    @property
    def value(self) -> Decimal | None:
        """The unrounded quotient; None when the denominator is zero."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: Self) -> Self:
        return type(self)(self.numerator + other.numerator, self.denominator + other.denominator)


def _exact(number: Number) -> Decimal:
    return Decimal(str(number)) if isinstance(number, float) else Decimal(number)


def ratio_of_sums(ratios: Iterable[Ratio]) -> Ratio:
    """The ratio of a longer period or a larger team; undefined for none."""
    return sum(ratios, Ratio(Decimal(0), Decimal(0)))


def distinct_by_day(rows: Iterable[tuple[date, Hashable]]) -> dict[date, int]:
    """How many different accounts there are on each day, from (day, account) pairs."""
    seen: dict[date, set[Hashable]] = defaultdict(set)
    for day, account in rows:
        seen[day].add(account)
    return {day: len(accounts) for day, accounts in sorted(seen.items())}


def distinct_in(rows: Iterable[tuple[date, Hashable]], first: date, last: date) -> int:
    """How many different accounts there are from the first to the last day: counted anew, never added up from days."""
    return len({account for day, account in rows if first <= day <= last})


@dataclass(frozen=True, slots=True)
class Funnel:
    """The counts of a campaign and period, from list to sale (domain.md 5.1 and 5.2); all but `attempts` are distinct accounts.

    `unreached_attempts` are the attempts made to accounts that were called and not successfully contacted.
    """

    accounts: int
    useless: int
    called: int
    attempts: int
    reached: int
    completed: int
    sold: int
    unreached_attempts: int

    @property
    def valid(self) -> int:
        """D4 = account size less useless data. Raises `DataError` if there are more useless accounts than accounts."""
        if self.useless > self.accounts:
            raise DataError(f"{self.useless} useless of {self.accounts} accounts cannot be.")
        return self.accounts - self.useless

    @property
    def corruption_rate(self) -> Ratio:
        """D3 = useless / account size."""
        return Ratio.share(self.useless, self.accounts)

    @property
    def reachable_rate(self) -> Ratio:
        """R5 = reachable / valid accounts."""
        return Ratio.share(self.reached, self.valid)

    @property
    def completed_rate(self) -> Ratio:
        """R6 = completed / reachable."""
        return Ratio.share(self.completed, self.reached)

    @property
    def hit_rate(self) -> Ratio:
        """R7 = accounts with a sale / completed."""
        return Ratio.share(self.sold, self.completed)

    @property
    def yield_rate(self) -> Ratio:
        """R8 = completed / valid accounts."""
        return Ratio.share(self.completed, self.valid)

    @property
    def average_attempts(self) -> Ratio:
        """P3 = attempts to called but unreached accounts / those accounts."""
        return Ratio.of(self.unreached_attempts, self.called - self.reached)

    @property
    def average_attempts_of_called(self) -> Ratio:
        """P3b = attempts / accounts called."""
        return Ratio.of(self.attempts, self.called)


@dataclass(frozen=True, slots=True)
class CallTime:
    """One coded attempt, in seconds."""

    prep: Number = 0
    talk: Number = 0
    hold: Number = 0
    acw: Number = 0
    connected: bool = True


def aht_full(calls: Iterable[CallTime]) -> Ratio:
    """W6, the average handle time of the essays: preparation, talk, hold and after-call work per coded attempt."""
    rows = list(calls)
    return Ratio.of(sum(_exact(c.prep) + _handled(c) for c in rows), len(rows))


def aht_standard(calls: Iterable[CallTime]) -> Ratio:
    """W7, the common average handle time: talk, hold and after-call work of connected calls per connected call."""
    rows = [call for call in calls if call.connected]
    return Ratio.of(sum(_handled(c) for c in rows), len(rows))


def average_talk(calls: Iterable[CallTime]) -> Ratio:
    """W8, ATT: talk of connected calls per connected call."""
    rows = [call for call in calls if call.connected]
    return Ratio.of(sum(_exact(c.talk) for c in rows), len(rows))


def _handled(call: CallTime) -> Decimal:
    return _exact(call.talk) + _exact(call.hold) + _exact(call.acw)


def long_share(talk_seconds: Iterable[Number], limit: Number = 90) -> Ratio:
    """R12: successful recordings longer than the limit, by unrounded seconds, of all successful recordings."""
    rows = list(talk_seconds)
    return Ratio.share(sum(_exact(seconds) > _exact(limit) for seconds in rows), len(rows))


@dataclass(frozen=True, slots=True)
class Hours:
    """An agent's or team's time in seconds, sliced to the period (domain.md 5.3).

    `other` is all time that is known and not for dialling: breaks, meals, training, meetings, paperwork.
    """

    paid: Decimal
    prep: Decimal = Decimal(0)
    ring: Decimal = Decimal(0)
    talk: Decimal = Decimal(0)
    hold: Decimal = Decimal(0)
    acw: Decimal = Decimal(0)
    wait: Decimal = Decimal(0)
    other: Decimal = Decimal(0)

    @property
    def handle(self) -> Decimal:
        """Preparation, ring, talk, hold and after-call work."""
        return self.prep + self.ring + self.talk + self.hold + self.acw

    @property
    def productive(self) -> Decimal:
        """W2 = handle + wait."""
        return self.handle + self.wait

    @property
    def unexplained(self) -> Decimal:
        """Paid time that no state accounts for (W3); it must be shown. Negative means more was done than was paid."""
        return self.paid - self.productive - self.other

    @property
    def utilisation(self) -> Ratio:
        """W10 = productive / paid. More productive than paid time is a bad roster: a value above 1, for a data note."""
        return Ratio.of(self.productive, self.paid)

    @property
    def occupancy(self) -> Ratio:
        """W11 = handle / productive."""
        return Ratio.share(self.handle, self.productive)

    def per_hour(self, count: int) -> Ratio:
        """W4 and W5: completed or sold per productive hour."""
        return Ratio.of(count, self.productive / 3600)


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def wilson(successes: int, n: int) -> Interval | None:
    """The Wilson interval of a proportion (domain.md 7.3), None for n = 0. Raises `DataError` unless 0 ≤ successes ≤ n."""
    if not 0 <= successes <= n:
        raise DataError(f"{successes} of {n} cannot be: the part must lie between 0 and the whole.")
    if n == 0:
        return None
    p, z2 = successes / n, Z_95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def mean_interval(values: Iterable[Number]) -> tuple[float, Interval | None] | None:
    """Mean and its 95 % interval x̄ ± 1.96·s/√n (domain.md section 6); None for no values, no interval for one."""
    rows = [float(value) for value in values]
    if not rows:
        return None
    mean = math.fsum(rows) / len(rows)
    if len(rows) == 1:
        return mean, None
    deviation = math.sqrt(math.fsum((row - mean) ** 2 for row in rows) / (len(rows) - 1))
    half = Z_95 * deviation / math.sqrt(len(rows))
    return mean, Interval(mean - half, mean + half)


@dataclass(frozen=True, slots=True)
class Nps:
    """Answers 0-10: promoters 9-10, passives 7-8, detractors 0-6."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> Decimal | None:
        """-100 to 100, unrounded; None without answers."""
        return 100 * Decimal(self.promoters - self.detractors) / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        """95 % interval of the score: variance (p₊ + p₋ - (p₊ - p₋)²)/n (domain.md section 6)."""
        if not self.n:
            return None
        up, down = self.promoters / self.n, self.detractors / self.n
        half = 100 * Z_95 * math.sqrt(max(0.0, up + down - (up - down) ** 2) / self.n)
        centre = 100 * (up - down)
        return Interval(max(-100.0, centre - half), min(100.0, centre + half))


def nps(answers: Iterable[int | None]) -> Nps:
    """Net Promoter Score of answers on 0-10; None is not answered. Raises `DataError` for a number off the scale."""
    rows = _on_scale(answers, 0, 10)
    promoters = sum(row >= 9 for row in rows)
    passives = sum(7 <= row <= 8 for row in rows)
    return Nps(promoters, passives, len(rows) - promoters - passives)


@dataclass(frozen=True, slots=True)
class Csat:
    """Satisfaction on 1-5. Always say which of the three numbers is printed (domain.md section 6)."""

    n: int
    total: int
    top: int
    bottom: int

    @property
    def top_two(self) -> Ratio:
        """满意率: answers 4 and 5 of all answers."""
        return Ratio.share(self.top, self.n)

    @property
    def dissatisfied(self) -> Ratio:
        """不满意率: answers 1 and 2 of all answers."""
        return Ratio.share(self.bottom, self.n)

    @property
    def mean(self) -> Ratio:
        """满意度均分: mean of the answers, 1 to 5."""
        return Ratio.of(self.total, self.n)

    @property
    def index(self) -> Decimal | None:
        """(mean - 1) / 4 x 100."""
        mean = self.mean.value
        return None if mean is None else (mean - 1) / 4 * 100


def csat(answers: Iterable[int | None]) -> Csat:
    """Satisfaction of answers on 1-5; None and 0 are not answered. Raises `DataError` for a number off the scale."""
    rows = _on_scale((answer or None for answer in answers), 1, 5)
    return Csat(len(rows), sum(rows), sum(row >= 4 for row in rows), sum(row <= 2 for row in rows))


def _on_scale(answers: Iterable[int | None], lowest: int, highest: int) -> list[int]:
    rows = [answer for answer in answers if answer is not None]
    for row in rows:
        if not lowest <= row <= highest:
            raise DataError(f"{row} is not on the scale from {lowest} to {highest}.")
    return rows


def half_up(value: Number | Fraction, places: int = 0) -> Decimal:
    """Rounded for display, halves away from zero (domain.md section 4, rule 9)."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return _exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent_text(value: Number | None) -> str:
    """A share as text with one decimal, such as 17.3%; a dash when it is undefined."""
    return UNDEFINED_TEXT if value is None else f"{half_up(_exact(value) * 100, 1)}%"
