"""Whether a customer may be contacted: `permission` decides, from the `facts`, within the `hours`, giving `reasons`."""

from customers.rules.contact.facts import (
    NO_TASK,
    AgreedTime,
    BlacklistFact,
    Cap,
    ConsentFact,
    ContactFacts,
    ContactRequest,
    ContactRules,
    Hold,
    OtherAgent,
    TaskConditions,
)
from customers.rules.contact.hours import (
    DEFAULT_WINDOWS,
    WESTERN_REGIONS,
    CallingHours,
    WindowRule,
    read_ranges,
)
from customers.rules.contact.permission import NUMBERED_CHANNELS, may_contact
from customers.rules.contact.reasons import REASON_TEXTS, Decision, Reason, ReasonCode

__all__ = [
    "DEFAULT_WINDOWS",
    "NO_TASK",
    "NUMBERED_CHANNELS",
    "REASON_TEXTS",
    "WESTERN_REGIONS",
    "AgreedTime",
    "BlacklistFact",
    "CallingHours",
    "Cap",
    "ConsentFact",
    "ContactFacts",
    "ContactRequest",
    "ContactRules",
    "Decision",
    "Hold",
    "OtherAgent",
    "Reason",
    "ReasonCode",
    "TaskConditions",
    "WindowRule",
    "may_contact",
    "read_ranges",
]
