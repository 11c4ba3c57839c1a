from customers.queries.archive import (
    blacklist_of,
    customer_list,
    customer_page,
    latest_consents,
    recent_contacts,
)
from customers.queries.blacklist import entry_history, entry_list, entry_page, entry_verbs, not_listed
from customers.queries.completeness import completeness_by_team, completeness_of
from customers.queries.consents import consent_history, usable_channels
from customers.queries.contact import contact_facts, decide_many, may_contact
from customers.queries.custom_fields import fields_of, shown_fields
from customers.queries.duplicates import duplicate_pairs, duplicates_looked_for, merges, rows_beside
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
from customers.queries.timeline import kinds_for, read_cursor, timeline

__all__ = [
    "archiving_counts",
    "blacklist_of",
    "completeness_by_team",
    "completeness_of",
    "consent_history",
    "contact_facts",
    "customer_list",
    "customer_page",
    "decide_many",
    "duplicate_pairs",
    "duplicates_looked_for",
    "entry_history",
    "entry_list",
    "entry_page",
    "entry_verbs",
    "fields_of",
    "first_errors",
    "guessed_mapping",
    "holds_of",
    "importable_teams",
    "importable_units",
    "kinds_for",
    "latest_consents",
    "may_contact",
    "merges",
    "not_listed",
    "offered_mapping",
    "protection_log",
    "read_cursor",
    "reasons",
    "recent_contacts",
    "rows_beside",
    "shown_fields",
    "timeline",
    "usable_channels",
]
