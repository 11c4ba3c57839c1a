"""What the decision is made from: plain values that the queries fill in (SPEC CUS-6 … CUS-8, domain.md 8.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from callcenter.workdays import TimeRange


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """One row of consent history; the latest row of a channel and purpose counts. An empty purpose means any."""

    channel: str
    purpose: str
    granted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class BlacklistFact:
    """A do-not-call entry that names this customer or number. What it leaves empty, it forbids altogether.

    `number` only if the entry is about one number and not the person. `expires_at` None means never.
    """

    number: str = ""
    client_id: int | None = None
    campaign_code: str = ""
    purpose: str = ""
    category: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` contacts in any `seconds`, rolling, across all campaigns; a limit of 0 forbids them."""

    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class ContactRules:
    """The settings: caps and gap for everybody, and stricter ones for key customers (SPEC CUS-7).

    Defaults are the carriers' limits, 5 in 24 hours and 3 in 5 minutes (reliability.md section 7).
    """

    caps: tuple[Cap, ...] = (Cap(5, 86_400), Cap(3, 300))
    key_caps: tuple[Cap, ...] = (Cap(2, 86_400), Cap(2, 300))
    gap_days: int = 0
    key_gap_days: int = 0
    consent_required: bool = True


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What is known of the customer and of the number or address to be used.

    `zone` and `regions` (codes, own first, root last) choose the calling hours. `contacts` are instants of recent contacts by the
    capped channels, in any order, at least as far back as the longest cap. `refusals` maps a purpose to the instant the refusal
    ends (None: never). `number_state` is "valid", another word for a closed number, or "" if there is none.
    `restriction` names why the data may not be used (erased, deceased …).
    """

    zone: str
    regions: tuple[str, ...] = ()
    key_customer: bool = False
    consents: Sequence[ConsentFact] = ()
    blacklist: Sequence[BlacklistFact] = ()
    refusals: Mapping[str, datetime | None] = field(default_factory=dict)
    rest_hours: tuple[TimeRange, ...] = ()
    contacts: Sequence[datetime] = ()
    last_completed_at: datetime | None = None
    number_state: str = "valid"
    restriction: str = ""


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """What somebody wants to do: by which channel, what for, on whose behalf, to which number (E.164)."""

    channel: str
    purpose: str
    client_id: int | None = None
    campaign_code: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class AgreedTime:
    """A time the customer asked for. With the request on record it opens the hours around itself, and nothing else.

    It lasts from `early` before to `lasts` after the agreed instant.
    """

    at: datetime
    recorded: bool
    early: timedelta = timedelta(minutes=10)
    lasts: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a task waits (level-3 result, focus issue …), and until when if that is known."""

    code: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherAgent:
    """Somebody else holds this customer, until their lease ends."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TaskConditions:
    """What campaign and task add from above. The window is half-open: not before `not_before`, and before `deadline`.

    `campaign_hours` narrow the calling hours of region and purpose, on the customer's wall clock.
    """

    campaign_open: bool = True
    closed: bool = False
    attempts: int = 0
    attempts_max: int | None = None
    not_before: datetime | None = None
    deadline: datetime | None = None
    holds: Sequence[Hold] = ()
    other_agent: OtherAgent | None = None
    agreed: AgreedTime | None = None
    gap_applies: bool = True
    campaign_hours: TimeRange | None = None


NO_TASK: Final = TaskConditions()
