"""Dates in a column whose one way of writing them somebody has declared (reliability.md section 5, "dates").

A list that mixes 3/5/2026 with 5/3/2026 cannot be read without guessing, so nothing is: a column is declared once, and a
cell written in another way is a `BadDate`. What a workbook keeps as a date arrives as year-month-day and fits every way.
"""

import re
import unicodedata
from datetime import date
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# order: (what a person chooses, how a date in it looks)
ORDERS: Final[dict[str, tuple[str, str]]] = {
    "ymd": (_("keep as a date: year, month, day"), "2026-05-31"),
    "dmy": (_("keep as a date: day, month, year"), "31/05/2026"),
    "mdy": (_("keep as a date: month, day, year"), "05/31/2026"),
}
DATE_FAULTS: Final[dict[str, tuple[str, str]]] = {
    "date_order": (
        _("The date is not written as declared for this column, such as %(example)s."),
        _("Write it so, or declare another way for the whole column."),
    ),
    "date_short_year": (_("The year has only two digits."), _("Write all four digits of the year.")),
    "date_serial": (
        _("This is a spreadsheet's number for a day, not a date."),
        _("Format the column as date and send the file again."),
    ),
    "date_has_time": (
        _("The cell holds a time of day beside the date."),
        _("Keep the date alone, in the local time of the customer."),
    ),
    "no_such_day": (_("The calendar has no such day."), _("Correct the day or the month.")),
    "date_far": (
        _("The year is not between %(first)s and %(last)s."),
        _("Correct the year; Chinese and other eras are not understood."),
    ),
    "future_birth": (_("The day of birth lies in the future."), _("Correct the year.")),
}
# A further field of one of these names is a day of birth, which nobody has ahead.
BIRTH_NAMES: Final = frozenset(
    [
        "生日",
        "出生日期",
        "出生年月日",
        "客户生日",
        "客戶生日",
        "birthday",
        "birth_date",
        "birthdate",
        "date_of_birth",
        "dob",
    ]
)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:([/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号號]|(\d{2})(\d{2}))"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{1,2}|\d{2}年\d{1,2}月\d{1,2}[日号號]")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_AT_MIDNIGHT = re.compile(r"(.+?)[ T]0{1,2}:00(?::00(?:\.0+)?)?")
_WITH_TIME = re.compile(r"(.*\d[日号號]?)[ T]\s*\d{1,2}:\d{2}.*")


class BadDate(ValueError):
    """The text is no date as declared: `code` of `DATE_FAULTS`, `params` for its sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code, self.params = code, params
        super().__init__(code)


def read_date(text: str, order: str, *, until: date | None = None) -> str:
    """The date in `text` as YYYY-MM-DD, "" for blank text; `order` is a key of `ORDERS`.

    Midnight behind a date is what workbooks write for a day and is dropped; any other time of day would be lost, so it
    is refused. `until` is the last possible day of a birth. Raises `BadDate`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return ""
    midnight = _AT_MIDNIGHT.fullmatch(plain)
    year, month, day = _parts(midnight[1] if midnight else plain, order)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate("date_far", first=FIRST_YEAR, last=LAST_YEAR)
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadDate("no_such_day") from None
    if until is not None and found > until:
        raise BadDate("future_birth")
    return found.isoformat()


def _parts(text: str, order: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if order == "ymd" and (match := _YEAR_FIRST.fullmatch(text)):
        year, month, day = (int(each) for each in match.groups() if each is not None and each.isdigit())
        return year, month, day
    if order != "ymd" and (match := _YEAR_LAST.fullmatch(text)):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        return (year, second, first) if order == "dmy" else (year, first, second)
    if _SERIAL.fullmatch(text):
        raise BadDate("date_serial")
    if _SHORT_YEAR.fullmatch(text):
        raise BadDate("date_short_year")
    if _WITH_TIME.fullmatch(text):
        raise BadDate("date_has_time")
    raise BadDate("date_order", example=ORDERS[order][1])
