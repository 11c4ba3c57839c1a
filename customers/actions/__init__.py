from callcenter.errors import Conflict, Refused
from customers.actions.archive import add_phone, create_customer, prefer_phone, record_event, update_customer
from customers.actions.blacklist import (
    ENTRY_VERBS,
    approve_entry,
    ask_not_to_contact,
    block,
    confirm_removal,
    decide_entry,
    keep_entry,
    mark_entries_obeyed,
    propose_entry,
    propose_removal,
    reject_entry,
)
from customers.actions.contact import (
    grant_consent,
    mark_withdrawals_obeyed,
    read_number,
    record_consent,
    record_contact,
    set_phone_state,
    withdraw_consent,
)
from customers.actions.privacy import erase_customer, erase_expired, reveal_phone

# What a verb raises when it will not do what was asked; forms show it beside the field.
REFUSALS = (Refused, Conflict)

__all__ = [
    "ENTRY_VERBS",
    "REFUSALS",
    "add_phone",
    "approve_entry",
    "ask_not_to_contact",
    "block",
    "confirm_removal",
    "create_customer",
    "decide_entry",
    "erase_customer",
    "erase_expired",
    "grant_consent",
    "keep_entry",
    "mark_entries_obeyed",
    "mark_withdrawals_obeyed",
    "prefer_phone",
    "propose_entry",
    "propose_removal",
    "read_number",
    "record_consent",
    "record_contact",
    "record_event",
    "reject_entry",
    "reveal_phone",
    "set_phone_state",
    "update_customer",
    "withdraw_consent",
]
