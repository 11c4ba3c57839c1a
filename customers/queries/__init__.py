from customers.queries.archive import (
    blacklist_of,
    customer_list,
    customer_page,
    latest_consents,
    recent_contacts,
)
from customers.queries.completeness import completeness_by_team
from customers.queries.contact import contact_facts, decide_many, may_contact
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
    "contact_facts",
    "customer_list",
    "customer_page",
    "decide_many",
    "first_errors",
    "guessed_mapping",
    "importable_teams",
    "importable_units",
    "kinds_for",
    "latest_consents",
    "may_contact",
    "read_cursor",
    "recent_contacts",
    "timeline",
]
