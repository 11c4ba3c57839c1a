"""What staff see of a message: addresses hidden, and no way into a customer's own questionnaire (SPEC CUS-11)."""

import re
from typing import Final

from customers.rules.phones import mask

_TOKEN: Final = re.compile(r"(/s/)[A-Za-z0-9_-]{16,}(/?)")


def masked_address(address: str) -> str:
    """A number as 138****8000, an e-mail as k****@example.com; a postal address up to its first digit."""
    if "@" in address:
        name, _at, domain = address.rpartition("@")
        return f"{name[:1]}****@{domain}"
    if address.startswith("+"):
        return mask(address)
    street = re.split(r"\d", address, maxsplit=1)[0]
    return street if street == address else f"{street}***"


def without_tokens(text: str) -> str:
    """The text with the secret of every invitation left out: who has it could answer in the customer's name."""
    return _TOKEN.sub(r"\1…\2", text)
