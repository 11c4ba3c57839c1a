"""Writes tables as CSV and XLSX, a row at a time, so that a large export costs time but no memory (P-05).

Text is text: nothing a customer or agent typed can become a formula, in either format. Numbers stay numbers, dates are
true dates, None is a blank cell. Books with charts and formats are `workbook.Workbook`'s.
"""

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from .cells import MAX_CELL, cell_text, clean, defuse, is_undefined, local, moment_text
from .flat import FlatWorkbook

CHUNK = 65_536
BOM = b"\xef\xbb\xbf"

# Anything but a text that neither starts like a formula nor holds what is to be stripped, quoted or escaped.
_NEEDS_LOOK = re.compile(r"""^[^\w("（【]|[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff",;|]|\s$""")
_NEEDS_QUOTES = re.compile(r'[",;|\t\n]|^\s|\s$')


class Sheet(NamedTuple):
    """One sheet of a detail export.

    `kinds` names a format of `parts.FORMATS` for each column (missing or None: by the value); a duration column takes
    seconds or timedeltas, a rate column fractions. `widths` are in characters; missing ones follow the header.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence]
    kinds: Sequence[str | None] = ()
    widths: Sequence[float] = ()


def stream_csv(
    rows: Iterable[Sequence], *, header: Sequence[str] | None = None, zone: datetime.tzinfo | None = None
) -> Iterator[bytes]:
    """Yields a UTF-8 CSV file with a byte order mark, in pieces of about 64 kB, one line per row, CRLF line ends.

    Text gets ' before what would open as a formula (`cells.defuse`; reading it back takes it off), numbers do not.
    Instants are shown on the clock of `zone`; an aware datetime without a `zone` is a ValueError.
    """
    pieces, size = [BOM], 0
    for row in rows if header is None else chain((header,), rows):
        line = (",".join([_csv_cell(value, zone) for value in row]) + "\r\n").encode()
        pieces.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join(pieces)


def _csv_cell(value, zone) -> str:
    kind = type(value)
    if kind is str:
        if not _NEEDS_LOOK.search(value) and len(value) * 2 <= MAX_CELL:
            return value
        text = defuse(clean(value))
        return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
    if value is None or is_undefined(value):
        return ""
    if kind is int:
        return str(value)
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):f}".removesuffix(".0")
    if isinstance(value, datetime.datetime):
        return moment_text(local(value, zone))
    if isinstance(value, bool | datetime.date | datetime.time | datetime.timedelta):
        return cell_text(value)
    return _csv_cell(str.__str__(value) if isinstance(value, str) else str(value), zone)


def write_xlsx(target, *sheets: Sheet, zone: datetime.tzinfo | None = None, title: str = "") -> int:
    """Writes the sheets to `target`, a path or binary file, and returns the number of data rows written.

    Each sheet has a bold, frozen, filtered header row and prints on A4 landscape, one page wide. Rows beyond what a
    sheet holds (1,048,576) go on in a further sheet. A file at a path is removed again if the rows raise. `zone` as in
    `stream_csv`; `title` is the title in the file's properties.
    """
    count = 0
    try:
        with FlatWorkbook(target, zone=zone, title=title) as book:
            for sheet in sheets:
                book.start_sheet(sheet.name, sheet.header, kinds=sheet.kinds, widths=sheet.widths)
                for row in sheet.rows:
                    book.write_row(row)
                    count += 1
    except BaseException:
        if isinstance(target, str | os.PathLike):
            with suppress(FileNotFoundError):
                os.remove(target)
        raise
    return count
