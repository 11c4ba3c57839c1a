"""Why a contact is refused: the codes, their words, and the answer that carries them (SPEC CUS-7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


class ReasonCode:
    """Stable codes: pages, API, counts per campaign and `Task.blocked_by` use them."""

    NO_PURPOSE: Final = "no_purpose"
    NO_CONSENT: Final = "no_consent"
    CONSENT_WITHDRAWN: Final = "consent_withdrawn"
    CUSTOMER_RESTRICTED: Final = "customer_restricted"
    NO_NUMBER: Final = "no_number"
    NUMBER_CLOSED: Final = "number_closed"
    BLACKLISTED: Final = "blacklisted"
    REFUSED: Final = "refused"
    CAMPAIGN_CLOSED: Final = "campaign_closed"
    TASK_CLOSED: Final = "task_closed"
    ATTEMPTS_USED: Final = "attempts_used"
    NOT_YET: Final = "not_yet"
    WINDOW_OVER: Final = "window_over"
    NO_TIME_LEFT: Final = "no_time_left"
    ON_HOLD: Final = "on_hold"
    OTHER_AGENT: Final = "other_agent"
    BEFORE_APPOINTMENT: Final = "before_appointment"
    CLOSED_DAY: Final = "closed_day"
    OUTSIDE_HOURS: Final = "outside_hours"
    CAMPAIGN_HOURS: Final = "campaign_hours"
    REST_HOURS: Final = "rest_hours"
    DAY_CAP: Final = "day_cap"
    BURST_CAP: Final = "burst_cap"
    RECENT_CONTACT: Final = "recent_contact"


REASON_TEXTS: Final[Mapping[str, str]] = {
    ReasonCode.NO_PURPOSE: _("No purpose is given for the contact."),
    ReasonCode.NO_CONSENT: _("The customer has not agreed to this channel for this purpose."),
    ReasonCode.CONSENT_WITHDRAWN: _("The customer has withdrawn consent for this channel and purpose."),
    ReasonCode.CUSTOMER_RESTRICTED: _("The customer's data may only be stored, not used."),
    ReasonCode.NO_NUMBER: _("The customer has no usable number."),
    ReasonCode.NUMBER_CLOSED: _("The number is not in use or not the customer's."),
    ReasonCode.BLACKLISTED: _("The customer is on the do-not-call list."),
    ReasonCode.REFUSED: _("The customer has refused contacts for this purpose."),
    ReasonCode.CAMPAIGN_CLOSED: _("The campaign is not running."),
    ReasonCode.TASK_CLOSED: _("The task is closed."),
    ReasonCode.ATTEMPTS_USED: _("All %(maximum)s attempts are used."),
    ReasonCode.NOT_YET: _("The task is not due yet."),
    ReasonCode.WINDOW_OVER: _("The time for this contact is over."),
    ReasonCode.NO_TIME_LEFT: _("No permitted time is left before the deadline."),
    ReasonCode.ON_HOLD: _("The task is on hold."),
    ReasonCode.OTHER_AGENT: _("Another agent is working with this customer."),
    ReasonCode.BEFORE_APPOINTMENT: _("The customer asked to be contacted later."),
    ReasonCode.CLOSED_DAY: _("There are no contacts on this kind of day."),
    ReasonCode.OUTSIDE_HOURS: _("It is outside the permitted hours of the customer's region."),
    ReasonCode.CAMPAIGN_HOURS: _("The campaign calls from %(start)s to %(end)s only."),
    ReasonCode.REST_HOURS: _("The customer rests from %(start)s to %(end)s."),
    ReasonCode.DAY_CAP: _("The customer was contacted %(limit)s times in %(hours)s hours."),
    ReasonCode.BURST_CAP: _("The customer was contacted %(limit)s times in %(minutes)s minutes."),
    ReasonCode.RECENT_CONTACT: _("The customer was reached less than %(days)s days ago."),
}
"""Code → English sentence with the named placeholders of `Reason.params`; the instant is in `Reason.until`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that says no. `until` is the first instant at which it no longer does; None if time cannot help."""

    code: str
    until: datetime | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the customer may be contacted, every reason against it, and when all reasons that pass will have passed.

    `next_at` is the moment asked about when allowed, and None when a reason is permanent.
    """

    allowed: bool
    reasons: tuple[Reason, ...]
    next_at: datetime | None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes alone, for `Task.blocked_by` and for counts."""
        return tuple(reason.code for reason in self.reasons)
