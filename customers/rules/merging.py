"""Texts written to customers: filling in their merge fields (SPEC CAM-5, CB-9; ux.md 5.1).

How a customer is addressed is `customers.rules.salutation`.
"""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Final

from customers.rules.salutation import without_double_you

_FIELD: Final = re.compile(r"\{([^{}\n]{0,60})\}")
_SPACES: Final = re.compile(r"[ \t]{2,}")


def fields_in(text: str) -> list[str]:
    """The merge fields a text uses, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in _FIELD.findall(text)))


def unknown_fields(texts: Iterable[str], known: Container[str]) -> list[str]:
    """Fields that are not among the known ones, so that a text with a slip of the pen cannot be saved."""
    return list(dict.fromkeys(name for text in texts for name in fields_in(text) if name not in known))


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a value leaves nothing behind."""
    filled = _FIELD.sub(lambda match: str(values.get(match[1].strip(), "") or ""), text)
    return without_double_you(_SPACES.sub(" ", filled).strip())
