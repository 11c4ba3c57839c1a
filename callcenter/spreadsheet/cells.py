"""One cell: making text safe to write, and turning what a workbook holds into text (P-05, reliability.md finding 7)."""

import datetime
import math
import re
import unicodedata
from decimal import Decimal

_EPOCH = datetime.date(1899, 12, 30)
_FIRST_DATE = datetime.date(1900, 3, 1)  # before it a workbook counts a day that never was
MAX_CELL = 32_767  # characters a spreadsheet program keeps in a cell, in UTF-16 units
SHOWN = 200  # characters kept of a text that is too long to be one
MAX_EXACT = 10**15  # a spreadsheet program keeps 15 digits of a number

# What turns into a formula when a CSV file is opened, also behind blanks, invisible characters or quotes we wrote.
_INVISIBLE = r"\s\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad"
_DANGEROUS = re.compile(rf"(?:[\t\r]|'*[{_INVISIBLE}]*[=+\-@＝＋－＠]|'+[\t\r])")
_GUARDED = re.compile(rf"'(?:[\t\r]|'*[{_INVISIBLE}]*[=+\-@＝＋－＠]|'+[\t\r])")
_LINE_END = re.compile(r"\r\n?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Doubtful(str):
    """The text of a cell that does not say what the person saw; `problem` is why, a code of `read.PROBLEMS`."""

    problem = ""

    @classmethod
    def make(cls, text: str, problem: str) -> "Doubtful":
        cell = cls(text)
        cell.problem = problem
        return cell


def clean(text: str) -> str:
    """Returns `text` with LF line ends, without control characters and half characters, and at most `MAX_CELL` long."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    text = _FORBIDDEN.sub("", text)
    if len(text) * 2 > MAX_CELL:
        units = text.encode("utf-16-le")
        if len(units) > MAX_CELL * 2:
            text = units[: (MAX_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"
    return text


def defuse(text: str) -> str:
    """Returns `text` with ' before anything a spreadsheet program would take for a formula; `restore` undoes it.

    Text that already has such a ' gets another, so that what is written can always be read back as it was.
    """
    return "'" + text if _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """Returns `text` without the ' that `defuse` (ours or another program's) put before it."""
    return text[1:] if _GUARDED.match(text) else text


def cut(text: str) -> Doubtful:
    """Returns the beginning of a text too long for a cell, marked as such."""
    return Doubtful.make(text[:SHOWN] + "…", "cell_too_long")


def number_text(value: float) -> str:
    """Returns a workbook's number as people write it: no exponent, no .0, the 15 digits a spreadsheet program shows.

    From 16 digits on the workbook itself no longer holds the number that was typed; such a cell is `Doubtful`.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return Doubtful.make(str(value), "error_value")
    if abs(value) >= MAX_EXACT:
        return Doubtful.make(f"{Decimal(repr(value)):f}".removesuffix(".0"), "lost_precision")
    return f"{Decimal(f'{value:.15g}'):f}"


def moment_text(value: datetime.datetime) -> str:
    """Returns a workbook's date with time as ISO text with a blank between; milliseconds only where there are any."""
    if not value.microsecond:
        return value.isoformat(sep=" ")
    value = value.replace(microsecond=0) + datetime.timedelta(milliseconds=round(value.microsecond / 1000))
    return value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond else "seconds")


def duration_text(value: datetime.timedelta) -> str:
    """Returns a duration as [h]:mm:ss, whole seconds, hours beyond 24 kept: 1 day 12 hours is 36:00:00."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def cell_text(value) -> str:
    """Returns the text of a value read from a workbook: dates and times in ISO form, booleans TRUE and FALSE."""
    kind = type(value)
    if kind is float and -MAX_EXACT < value < MAX_EXACT and value == (whole := int(value)):
        return str(whole)
    if kind is str:
        return value if len(value) <= MAX_CELL else cut(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        return moment_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return moment_text(datetime.datetime.combine(datetime.date.min, value))[11:]
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    return "" if value is None else str(value)


def column_letters(position: int) -> str:
    """Returns the letters a spreadsheet program shows for the column at `position` (0 is A, 26 is AA)."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_position(letters: str) -> int:
    """Returns the position of a column from its letters: A is 0, AA is 26."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position - 1


def text_width(text: str) -> int:
    """Returns how many narrow characters wide the longest line of `text` is: a Chinese character counts 2."""
    return max(
        sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
        for line in text.split("\n")
    )


def is_undefined(value) -> bool:
    """Says whether a number is none: NaN or infinite."""
    return isinstance(value, float | Decimal) and not math.isfinite(value)


def local(value: datetime.datetime, zone: datetime.tzinfo | None) -> datetime.datetime:
    """Returns an instant as the naive clock time of `zone`; naive datetimes are clock times already."""
    if value.tzinfo is None:
        return value
    if zone is None:
        raise ValueError("an aware datetime needs the zone whose clock the reader of the file lives by")
    return value.astimezone(zone).replace(tzinfo=None)


def serial(value: datetime.date | datetime.time | datetime.timedelta) -> float | int | None:
    """Returns a naive date or time as a workbook's number, days since 1899-12-30; None before 1900-03-01, which has none."""
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 86_400
    if isinstance(value, datetime.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
    if isinstance(value, datetime.datetime):
        day, clock = serial(value.date()), serial(value.time())
        return None if day is None or clock is None else day + clock
    return (value - _EPOCH).days if value >= _FIRST_DATE else None
