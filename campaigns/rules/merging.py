"""Merge fields of scripts: which exist, and when the legal wording is read (SPEC CAM-5; ux.md section 5.1)."""

from collections.abc import Iterable
from typing import Final

from customers.rules import merging
from customers.rules.merging import fields_in, merge

__all__ = [
    "FIELDS",
    "fields_in",
    "merge",
    "needs_legal_wording",
    "unknown_fields",
]
FIELDS: Final = ("salutation", "client", "agent", "product", "campaign", "date")


def unknown_fields(texts: Iterable[str]) -> list[str]:
    """Fields that do not exist, so that a script with a slip of the pen cannot be saved."""
    return merging.unknown_fields(texts, FIELDS)


def needs_legal_wording(debt_days: int | None) -> bool:
    """Whether a debt is over three months old, so that the legal wording replaces the friendly one (CAM-5)."""
    return debt_days is not None and debt_days > 92
