from customers.actions.contact import (
    block,
    grant_consent,
    read_number,
    record_contact,
    set_phone_state,
    unblock,
    withdraw_consent,
)
from customers.actions.privacy import reveal_phone

__all__ = [
    "block",
    "grant_consent",
    "read_number",
    "record_contact",
    "reveal_phone",
    "set_phone_state",
    "unblock",
    "withdraw_consent",
]
