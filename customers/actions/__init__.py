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
from customers.actions.privacy import (
    clear_expired,
    erase_customer,
    erase_expired,
    export_protection,
    lift_hold,
    place_hold,
    prune_access_log,
    reseal,
    reveal,
    reveal_phone,
    set_identity,
    start_copy,
)

# What a verb raises when it will not do what was asked; forms show it beside the field.
REFUSALS = (Refused, Conflict)

__all__ = [
    "REFUSALS",
    "add_phone",
    "block",
    "clear_expired",
    "create_customer",
    "erase_customer",
    "erase_expired",
    "export_protection",
    "grant_consent",
    "lift_hold",
    "place_hold",
    "prefer_phone",
    "prune_access_log",
    "read_number",
    "record_contact",
    "record_event",
    "reseal",
    "reveal",
    "reveal_phone",
    "set_identity",
    "set_phone_state",
    "start_copy",
    "unblock",
    "update_customer",
    "withdraw_consent",
]
