"""Delimited text: finds the delimiter, then streams records; nothing is accepted that a lenient parser would garble."""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from . import refusals
from .cells import MAX_CELL, cut, restore
from .encodings import Encoding

DELIMITERS = (",", ";", "\t", "|")
HARD_CELL = 1_048_576
MAX_FIELDS = 16_384
SAMPLE = 65_536
CHUNK = 1_048_576

_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.I)


class DelimitedFile:
    """A text file at `path` in `encoding`, cut into records by `delimiter` (found when not given)."""

    def __init__(self, path, encoding: Encoding, delimiter: str | None = None):
        self.path = path
        self.encoding = encoding
        self.size = os.path.getsize(path)
        self.bytes_read = 0
        lines = self._sample()
        self.line_count = self._count_lines()
        self._separator = _SEPARATOR_LINE.match(lines[0]) if lines else None
        if delimiter is None:
            delimiter = self._separator[1] if self._separator else find_delimiter(lines)
        self.delimiter = delimiter

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (row number, cells) for every record, blank ones included.

        Rows are numbered from 1 as a spreadsheet program numbers them: a record whose quoted cells span lines is one
        row. A `sep=` line counts but is not yielded. Raises `NulByte`, `BadQuotes`, `CellTooLarge`, `TooManyColumns`.
        """
        # The parser's limit is one number for the whole process: it is only raised, never lowered under others.
        csv.field_size_limit(max(csv.field_size_limit(), HARD_CELL))
        self.bytes_read = 0
        with self._open() as (raw, text):
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            number = 0
            while True:
                start = lines.number + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as error:
                    raise _refusal(error, start) from error
                number += 1
                if lines.special or lines.number > start:
                    cells = lines.look(cells, start)
                if not number % 256:
                    self.bytes_read = raw.tell()
                if number > 1 or not self._separator:
                    yield number, cells
            self.bytes_read = self.size

    def _sample(self) -> list[str]:
        lines: list[str] = []
        size = 0
        with self._open() as (_raw, text):
            for line in text:
                lines.append(line)
                size += len(line)
                if size > SAMPLE:
                    break
        return lines

    def _count_lines(self) -> int:
        """Returns the number of lines: that of the records, but for cells that span lines."""
        end, old_end = ("\n".encode(self.encoding.codec), "\r".encode(self.encoding.codec))
        counts, last = [0, 0], b""
        with open(self.path, "rb") as raw:
            raw.seek(len(self.encoding.mark))
            while chunk := raw.read(CHUNK):
                counts = [counts[0] + chunk.count(end), counts[1] + chunk.count(old_end)]
                last = chunk
        if not last:
            return 0
        return (counts[0] or counts[1]) + (not last.endswith((end, old_end)))

    @contextmanager
    def _open(self):
        with open(self.path, "rb") as raw:
            raw.seek(len(self.encoding.mark))
            yield raw, io.TextIOWrapper(raw, encoding=self.encoding.codec, newline=None)


class _Lines:
    """Feeds lines to the parser, counts them, and remembers whether the record being read needs a second look."""

    def __init__(self, text):
        self._text = iter(text)
        self.number = 0
        self.special = False

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.number += 1
        if "\0" in line:
            raise refusals.NulByte(line=self.number)
        if "'" in line or len(line) > MAX_CELL:
            self.special = True
        return line

    def look(self, cells: list[str], start: int) -> list[str]:
        """Returns `cells` with our own ' taken off and cells no spreadsheet can hold cut short and marked."""
        self.special = False
        if len(cells) > MAX_FIELDS:
            raise refusals.TooManyColumns(row=start, count=len(cells), limit=MAX_FIELDS)
        return [restore(cell) if len(cell) <= MAX_CELL else cut(cell) for cell in cells]


def _refusal(error: csv.Error, line: int) -> refusals.Refused:
    if "field limit" in str(error):
        return refusals.CellTooLarge(line=line, limit=MAX_CELL)
    return refusals.BadQuotes(line=line)


def find_delimiter(lines: list[str]) -> str:
    """Returns the delimiter under which the most lines of the sample have the same number of cells, at least two."""

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(cells)]
        except csv.Error:
            return 0.0, 0
        several = [width for width in widths if width > 1]
        if not several:
            return 0.0, 0
        usual = max(set(several), key=lambda width: (several.count(width), width))
        return several.count(usual) / len(widths), usual

    return max(DELIMITERS, key=fit)
