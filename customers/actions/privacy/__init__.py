"""Personal data: seen, erased, kept for a time, held and handed out; every one of these is a reasoned and logged act (CUS-11)."""

from customers.actions.privacy.auditing import export_protection
from customers.actions.privacy.copying import start_copy
from customers.actions.privacy.erasing import erase_customer
from customers.actions.privacy.holding import lift_hold, place_hold
from customers.actions.privacy.resealing import reseal
from customers.actions.privacy.retaining import clear_expired, erase_expired, prune_access_log
from customers.actions.privacy.revealing import reveal, reveal_phone

__all__ = [
    "clear_expired",
    "erase_customer",
    "erase_expired",
    "export_protection",
    "lift_hold",
    "place_hold",
    "prune_access_log",
    "reseal",
    "reveal",
    "reveal_phone",
    "start_copy",
]
