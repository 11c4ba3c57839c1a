"""Merge fields of scripts: which exist, and how they are filled in (SPEC CAM-5; ux.md section 5.1).

How a customer is addressed is the archive's rule (`customers.rules.salutation`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from customers.rules.salutation import without_double_you

FIELDS: Final = ("salutation", "client", "agent", "product", "campaign", "date")
_FIELD: Final = re.compile(r"\{([^{}\n]{0,60})\}")
_SPACES: Final = re.compile(r"[ \t]{2,}")


def fields_in(text: str) -> list[str]:
    """The merge fields a text uses, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in _FIELD.findall(text)))


def unknown_fields(texts: Iterable[str]) -> list[str]:
    """Fields that do not exist, so that a script with a slip of the pen cannot be saved."""
    return list(dict.fromkeys(name for text in texts for name in fields_in(text) if name not in FIELDS))


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a value leaves nothing behind."""
    filled = _FIELD.sub(lambda match: str(values.get(match[1].strip(), "") or ""), text)
    return without_double_you(_SPACES.sub(" ", filled).strip())


def needs_legal_wording(debt_days: int | None) -> bool:
    """Whether a debt is over three months old, so that the legal wording replaces the friendly one (CAM-5)."""
    return debt_days is not None and debt_days > 92
