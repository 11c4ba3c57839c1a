"""Phone numbers: `reading` makes the stored form, `showing` masks or formats it. Pure: no Django."""

from customers.rules.phones.reading import (
    MESSAGES,
    Kind,
    Phone,
    PhoneError,
    PhoneRejected,
    mainland_mobile,
    normalise,
)
from customers.rules.phones.showing import display, mask

__all__ = [
    "MESSAGES",
    "Kind",
    "Phone",
    "PhoneError",
    "PhoneRejected",
    "display",
    "mainland_mobile",
    "mask",
    "normalise",
]
