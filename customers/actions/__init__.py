from callcenter.errors import Conflict, Refused
from customers.actions.archive import add_phone, create_customer, prefer_phone, record_event, update_customer
from customers.actions.contact import (
    block,
    grant_consent,
    read_number,
    record_contact,
    set_phone_state,
    unblock,
    withdraw_consent,
)
from customers.actions.duplicates import dismiss_pair, find_duplicates
from customers.actions.merging import MERGEABLE, UNDO_DAYS, merge_customers, undo_merge
from customers.actions.names import read_names, read_names_due
from customers.actions.privacy import erase_customer, erase_expired, reveal_phone

# What a verb raises when it will not do what was asked; forms show it beside the field.
REFUSALS = (Refused, Conflict)

__all__ = [
    "MERGEABLE",
    "REFUSALS",
    "UNDO_DAYS",
    "add_phone",
    "block",
    "create_customer",
    "dismiss_pair",
    "erase_customer",
    "erase_expired",
    "find_duplicates",
    "grant_consent",
    "merge_customers",
    "prefer_phone",
    "read_names",
    "read_names_due",
    "read_number",
    "record_contact",
    "record_event",
    "reveal_phone",
    "set_phone_state",
    "unblock",
    "undo_merge",
    "update_customer",
    "withdraw_consent",
]
