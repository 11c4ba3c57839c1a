"""Handle times and hours, in seconds (SPEC KPI-5, domain.md 5.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.rules.formulas.ratios import Number, Ratio, exact


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
    return Ratio.of(sum(exact(c.prep) + _handled(c) for c in rows), len(rows))


def aht_standard(calls: Iterable[CallTime]) -> Ratio:
    """W7, the common average handle time: talk, hold and after-call work of connected calls per connected call."""
    rows = [call for call in calls if call.connected]
    return Ratio.of(sum(_handled(c) for c in rows), len(rows))


def average_talk(calls: Iterable[CallTime]) -> Ratio:
    """W8, ATT: talk of connected calls per connected call."""
    rows = [call for call in calls if call.connected]
    return Ratio.of(sum(exact(c.talk) for c in rows), len(rows))


def _handled(call: CallTime) -> Decimal:
    return exact(call.talk) + exact(call.hold) + exact(call.acw)


def long_share(talk_seconds: Iterable[Number], limit: Number = 90) -> Ratio:
    """R12: successful recordings longer than the limit, by unrounded seconds, of all successful recordings."""
    rows = list(talk_seconds)
    return Ratio.share(sum(exact(seconds) > exact(limit) for seconds in rows), len(rows))


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
