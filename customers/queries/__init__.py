from customers.queries.archive import (
    blacklist_of,
    customer_list,
    customer_page,
    latest_consents,
    recent_contacts,
    recent_events,
)
from customers.queries.blacklist import entry_history, entry_list, entry_page, entry_verbs, not_listed
from customers.queries.completeness import completeness_by_team
from customers.queries.consents import consent_history, usable_channels
from customers.queries.contact import contact_facts, decide_many, may_contact
from customers.queries.imports import (
    archiving_counts,
    first_errors,
    guessed_mapping,
    importable_teams,
    importable_units,
    offered_mapping,
    reasons,
)
from customers.queries.privacy import holds_of, protection_log

__all__ = [
    "archiving_counts",
    "blacklist_of",
    "completeness_by_team",
    "consent_history",
    "contact_facts",
    "customer_list",
    "customer_page",
    "decide_many",
    "entry_history",
    "entry_list",
    "entry_page",
    "entry_verbs",
    "first_errors",
    "guessed_mapping",
    "holds_of",
    "importable_teams",
    "importable_units",
    "latest_consents",
    "may_contact",
    "not_listed",
    "protection_log",
    "offered_mapping",
    "reasons",
    "recent_contacts",
    "recent_events",
    "usable_channels",
]
