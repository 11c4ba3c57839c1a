"""When a problem of many customers becomes a focus issue (关注问题点), and how it ends (SPEC ISS-5, domain.md 1 and 8.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from campaigns.rules.coverage import sample_size

THRESHOLD: Final = 15
SMALLEST_SAMPLE: Final = 10
SAMPLE_MARGIN: Final = Fraction(1, 10)
REOPEN_ABOVE: Final = Fraction(1, 5)


@dataclass(frozen=True, slots=True)
class Report:
    """One customer's report of a problem point."""

    customer_id: int
    reported_at: datetime


def distinct_customers(
    reports: Iterable[Report], *, since: datetime, now: datetime, rolling_days: int | None = None
) -> int:
    """How many different customers reported the point since it was opened or last resolved, up to and including `now`.

    With `rolling_days` only the reports of that many days before `now` count. One customer counts once, however often.
    """
    if rolling_days is not None:
        since = max(since, now - timedelta(days=rolling_days))
    return len({report.customer_id for report in reports if since <= report.reported_at <= now})


def becomes_focus(customers: int, *, threshold: int = THRESHOLD, already_open: bool = False) -> bool:
    """Whether so many distinct customers open a focus issue: strictly more than the threshold, and only once.

    Decide it while holding the lock of the problem point, so that two reports at the same moment open one issue. Later reports
    join the open issue silently.
    """
    return not already_open and customers > threshold


def callback_sample(affected: int) -> int:
    """How many affected customers to call back after the resolution: enough for ± 10 %, at least 10, never more than there are.

    min(n, max(10, n(N, ± 10 %))), domain.md 8.1 and 7.3.
    """
    return min(affected, max(SMALLEST_SAMPLE, sample_size(affected, margin=SAMPLE_MARGIN)))


def reopens(dissatisfied: int, answered: int, *, above: Fraction = REOPEN_ABOVE) -> bool:
    """Whether more than the share of 20 % of those who answered are not satisfied; never while nobody has answered."""
    return answered > 0 and Fraction(dissatisfied, answered) > above
