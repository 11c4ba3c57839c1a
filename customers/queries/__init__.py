from customers.queries.archive import (
    blacklist_of,
    customer_list,
    customer_page,
    latest_consents,
    recent_contacts,
)
from customers.queries.completeness import completeness_by_team, completeness_of
from customers.queries.contact import contact_facts, decide_many, may_contact
from customers.queries.custom_fields import fields_of, shown_fields
from customers.queries.duplicates import duplicate_pairs, duplicates_looked_for, merges, rows_beside
from customers.queries.imports import (
    archiving_counts,
    first_errors,
    guessed_mapping,
    importable_teams,
    importable_units,
)
from customers.queries.timeline import kinds_for, read_cursor, timeline

__all__ = [
    "archiving_counts",
    "blacklist_of",
    "completeness_by_team",
    "completeness_of",
    "contact_facts",
    "customer_list",
    "customer_page",
    "decide_many",
    "duplicate_pairs",
    "duplicates_looked_for",
    "fields_of",
    "first_errors",
    "guessed_mapping",
    "importable_teams",
    "importable_units",
    "kinds_for",
    "latest_consents",
    "may_contact",
    "merges",
    "read_cursor",
    "recent_contacts",
    "rows_beside",
    "shown_fields",
    "timeline",
]
