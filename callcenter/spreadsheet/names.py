"""Sheet names a spreadsheet program accepts."""

import re
from collections.abc import Iterable

from .cells import clean

MAX_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\n\t]")


def safe_sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Returns the names without []:*?/\\, at most 31 characters, never blank, each different from all others and `taken`.

    Upper and lower case are the same to a spreadsheet program, and "History" is a word of its own.
    """
    used = {name.casefold() for name in taken} | {"history"}
    safe = []
    for name in names:
        stem = _FORBIDDEN.sub("-", clean(name)).strip().strip("'").strip() or "Sheet"
        candidate, count = _fit(stem, ""), 1
        while candidate.casefold() in used:
            count += 1
            candidate = _fit(stem, f" ({count})")
        used.add(candidate.casefold())
        safe.append(candidate)
    return safe


def _fit(stem: str, suffix: str) -> str:
    # The limit counts UTF-16 units: an emoji is two.
    units = stem.encode("utf-16-le")[: (MAX_NAME - len(suffix)) * 2]
    return units.decode("utf-16-le", "ignore").rstrip().rstrip("'") + suffix


def quoted_sheet_name(name: str) -> str:
    """Returns the name as formulas and links write it: in quotes, its own doubled."""
    return "'" + name.replace("'", "''") + "'"
