"""Opens a customer list, call record or any other table people send, whatever program wrote it (CUS-3, I-01)."""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from . import encodings, guard, refusals
from .cells import Doubtful, column_letters
from .delimited import DelimitedFile
from .excel import WorkbookFile
from .problems import DOUBT_MARK, RowError, row_error

MAX_COLUMNS = 500
HEADER_SEARCH = 50

# The columns an error file adds; the mark survives translation of the words before it (see `errors`).
ADDED_COLUMN = re.compile(r"\[#(?:row|column|reason|hint)\]\s*$")


class HeaderCell(NamedTuple):
    """A column: `position` of its cell in the rows, `name` without blanks around, `raw` as written, `letters` in the file."""

    position: int
    name: str
    raw: str
    letters: str


class ShortRow(list):
    """A row with fewer cells in the file than the header, filled up with blanks; `found` is how many there were."""

    found = 0


class Table:
    """A header and rows of text.

    `header`       list of `HeaderCell`; `header_row` its row number (from 1)
    `kind`         "csv" or "xlsx"; `encoding`, `delimiter` of a CSV; `sheet`, `sheets` (visible names) of a workbook
    `total_rows`   data rows including blank ones: for a CSV its lines, so more than rows where cells span lines
    `problems`     list of `RowError` about the header and the file; none of them prevents reading
    `is_error_file` true for a corrected error file: its added columns are left out of header and rows
    `blank_rows`   rows skipped by the last run of `rows()` because nothing was in them
    """

    def __init__(self, source, *, kind: str, header_row: int | None):
        self._source = source
        self.kind = kind
        self.sheet = getattr(source, "sheet", None)
        self.sheets = getattr(source, "sheets", [])
        self.encoding = source.encoding.name if kind == "csv" else None
        self.delimiter = getattr(source, "delimiter", None)
        self.blank_rows = 0
        top = list(itertools.islice(source.records(), max(HEADER_SEARCH, header_row or 0) + 1))
        self.header_row, names = find_header(top, header_row)
        self._width = len(names)
        self._kept = [index for index, name in enumerate(names) if not ADDED_COLUMN.search(name)]
        self.is_error_file = len(self._kept) < self._width
        self.header = [
            HeaderCell(position, str(names[index]).strip(), names[index], column_letters(index))
            for position, index in enumerate(self._kept)
        ]
        self.problems = self._look_over(top)
        total = source.line_count if kind == "csv" else source.total_rows
        self.total_rows = max(total - self.header_row, 0)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (row number in the file, cells) for every row below the header that is not blank.

        Cells are text, in the order of `header`, at least as many as it has; more only where the row has more. A cell
        whose text cannot be trusted is a `cells.Doubtful`. Can be called again to read from the start. A CSV may still
        raise `NulByte`, `BadQuotes` or `CellTooLarge` here.
        """
        self.blank_rows = 0
        width, kept, cut = self._width, self._kept, self.is_error_file
        for number, cells in self._source.records():
            if number <= self.header_row:
                continue
            if not any(cells) or not "".join(cells).strip():
                self.blank_rows += 1
                continue
            found = len(cells)
            if found < width:
                short = ShortRow(cells + [""] * (width - found))
                # The added columns of an error file are not the person's: they do not count as missing.
                short.found = sum(index < found for index in kept)
                cells = short
            elif found > width:
                while len(cells) > width and not cells[-1].strip():
                    cells.pop()
            if cut:
                cells[:] = [_seen_again(cells[index]) for index in kept] + cells[width:]
            yield number, cells

    def check(self, number: int, cells: list[str], positions: Iterable[int] | None = None) -> list[RowError]:
        """Returns what is wrong with a row as a row: too few or too many cells, cells whose text cannot be trusted.

        `positions` are the columns that matter (None: all); a doubtful cell elsewhere is not reported.
        """
        errors = []
        expected = len(self.header)
        if type(cells) is ShortRow:
            errors.append(row_error("too_few_cells", row=number, found=cells.found, expected=expected))
        elif len(cells) > expected:
            value = str(cells[expected])[:200]
            errors.append(
                row_error("too_many_cells", row=number, value=value, found=len(cells), expected=expected)
            )
        for position, cell in enumerate(cells[:expected]):
            if type(cell) is Doubtful and (positions is None or position in positions):
                errors.append(
                    row_error(cell.problem, row=number, column=self.header[position].name, value=str(cell))
                )
        return errors

    @property
    def progress(self) -> float:
        """How much of the file the last run of `rows()` has read, 0 to 1: by bytes for CSV, by rows for XLSX."""
        source = self._source
        done, whole = (
            (source.bytes_read, source.size) if self.kind == "csv" else (source.rows_read, source.total_rows)
        )
        return min(done / whole, 1.0) if whole else 1.0

    def _look_over(self, top) -> list[RowError]:
        problems = []
        row = self.header_row
        seen: dict[str, HeaderCell] = {}
        for cell in self.header:
            key = unicodedata.normalize("NFKC", cell.name).casefold()
            if not key:
                problems.append(row_error("blank_header", row=row, column=cell.letters, letters=cell.letters))
                continue
            if cell.raw != cell.name:
                problems.append(row_error("padded_header", row=row, column=cell.name, value=cell.name))
            if key in seen:
                problems.append(row_error("duplicate_header", row=row, column=cell.name, value=cell.name))
            seen[key] = cell
        following: list[str] = next((cells for number, cells in top if number == row + 1), [])
        if _is_second_header([cell.name for cell in self.header], following):
            problems.append(row_error("two_header_rows", row=row + 1))
        if self.kind == "xlsx":
            shown = {cell.letters: cell.name for cell in self.header}
            for letters in map(column_letters, self._source.hidden):
                if letters in shown:
                    problems.append(
                        row_error("hidden_column", row=row, column=shown[letters], letters=letters)
                    )
            if len(self.sheets) > 1:
                problems.append(row_error("several_sheets", row=row, value=str(self.sheet)))
        return problems


def open_table(
    path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    max_bytes: int | None = None,
) -> Table:
    """Returns the `Table` in the CSV or XLSX file at `path`; what it is, is told by its content, not by its name.

    Everything given is a choice a person made after a question or a wrong guess: the `sheet` (else the first visible one
    that is not empty), the `header_row` (from 1, else the first row with two filled cells), the `encoding` and
    `delimiter` of a CSV. `max_bytes` is the largest file taken. Raises a `refusals.Refused`.
    """
    kind = guard.inspect(path, max_bytes=max_bytes)
    if kind == "xlsx":
        return Table(WorkbookFile(path, sheet), kind=kind, header_row=header_row)
    source = DelimitedFile(path, encodings.detect(path, encoding=encoding), delimiter)
    return Table(source, kind=kind, header_row=header_row)


def find_header(top: Sequence[tuple[int, list[str]]], header_row: int | None = None) -> tuple[int, list[str]]:
    """Returns (row number, names) of the header among the first records of a file.

    It is the row asked for, else the first with two filled cells, else (a file of one column) the first filled one.
    Blank cells at its end are cut. Raises `NoHeader` or `TooManyColumns`.
    """
    filled: list[tuple[int, int, list[str]]] = []
    for number, cells in top:
        count = sum(1 for cell in cells if cell.strip())
        if count:
            filled.append((number, count, cells))
    tests: tuple[Callable[[int, int], bool], ...] = (
        (lambda number, count: number == header_row,)
        if header_row is not None
        else (lambda number, count: count > 1, lambda number, count: True)
    )
    for test in tests:
        for number, count, cells in filled:
            if test(number, count):
                names = list(cells)
                while not names[-1].strip():
                    names.pop()
                if len(names) > MAX_COLUMNS:
                    raise refusals.TooManyColumns(row=number, count=len(names), limit=MAX_COLUMNS)
                return number, names
    raise refusals.NoHeader(rows=header_row or HEADER_SEARCH)


def _is_second_header(names: list[str], following: list[str]) -> bool:
    # A header over two rows has merged, so blank, cells above whose parts the second row names; data has digits.
    text = "".join(following)
    fills = any(
        not name and position < len(following) and following[position].strip()
        for position, name in enumerate(names)
    )
    return fills and not any(character.isdigit() for character in text)


def _seen_again(cell: str) -> str:
    return Doubtful.make(cell, "uncorrected") if cell.endswith(DOUBT_MARK) else cell
