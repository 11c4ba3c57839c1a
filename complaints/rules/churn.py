"""Signs that a customer may leave, in words (SPEC CUS-10). Pure: no Django."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

SPEND_DAYS: Final = 30
BEFORE_DAYS: Final = 90
"""Spend of the last 30 days against a third of the 90 days before: rolling, so that no day of the month looks bad."""


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


SENTENCES: Final[Mapping[str, str]] = {
    "contract_end": _("The contract ends on %(ends_on)s."),
    "spend_down": _(
        "Spent %(recent)s in the last 30 days, %(percent)s %% less than the monthly average %(average)s before."
    ),
    "low_scores": _("%(count)s replies with a mean of %(score)s or lower; the last one %(last_on)s."),
    "complaints": _("Open complaints: %(count)s."),
}
"""Kind of a rule → English sentence with the named values of ``ChurnReason.facts``."""

USES: Final[Mapping[str, frozenset[str]]] = {
    "contract_end": frozenset({"days", "event_kind", "field"}),
    "spend_down": frozenset({"percent", "event_kind", "field"}),
    "low_scores": frozenset({"days", "times", "score", "in_a_row"}),
    "complaints": frozenset({"times"}),
}
"""Kind of a rule → the columns that count for it."""


def contract_days(today: date, days: int) -> tuple[str, str]:
    """The first and last day, as written, on which a contract "ends within `days` days": today counts."""
    return today.isoformat(), (today + timedelta(days=days)).isoformat()


def percent_down(recent_cents: int, before_cents: int) -> int:
    """By how many whole percent the spend of 30 days lies below the monthly average of the 90 days before it.

    Rounded down, so that nobody is warned of who has not reached the limit; 0 when nothing was spent before.
    """
    if before_cents <= 0:
        return 0
    return max(0, 100 - -(-recent_cents * 300 // before_cents))
