"""The values of a client's own fields: stored as text, read from what somebody typed (SPEC CUS-1, CUS-4). Pure: no Django."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

LONGEST: Final = 2_000
PREFIX: Final = "custom:"
"""Before the name of such a field where names of columns stand: "custom:险种"."""

_DATES: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?")


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


FAULTS: Final = {
    "too_long": _("At most 2,000 characters."),
    "not_a_number": _("Enter a number, such as 12000.50."),
    "not_a_date": _("Enter a date, such as 2026-03-04."),
    "not_a_choice": _("Choose one of the values offered."),
}


class BadValue(ValueError):
    """The value does not fit the field; `code` is a key of `FAULTS`."""

    def __init__(self, code: str) -> None:
        self.code, self.message = code, FAULTS[code]
        super().__init__(code)


def read_value(kind: str, text: str, options: Sequence[str] = ()) -> str:
    """What is stored for `text`: numbers without grouping, dates as 2026-03-04, "" for nothing. Raises `BadValue`."""
    plain = unicodedata.normalize("NFKC", text).strip() if kind in ("number", "date") else text.strip()
    if len(plain) > LONGEST:
        raise BadValue("too_long")
    if not plain:
        return ""
    if kind == "number":
        return _number(plain)
    if kind == "date":
        return _date(plain).isoformat()
    if kind == "choice" and plain not in options:
        raise BadValue("not_a_choice")
    return plain


def _number(plain: str) -> str:
    if re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise BadValue("not_a_number")
    try:
        return str(Decimal(plain))
    except InvalidOperation:
        raise BadValue("not_a_number") from None


def _date(plain: str) -> date:
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise BadValue("not_a_date")
