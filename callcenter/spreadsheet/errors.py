"""The file of the rows that failed: their own cells, and beside them what to correct; it can be loaded again (I-01, I-02)."""

import os
from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .cells import Doubtful
from .flat import FlatWorkbook
from .problems import DOUBT_MARK, RowError, row_error
from .read import ShortRow
from .write import stream_csv

__all__ = ["ADDED", "ErrorFile", "RowError", "as_written", "row_error"]

# The columns added before the file's own. The marks let the reader leave them out again in any language.
ADDED = (
    ("[#row]", _("Row number")),
    ("[#column]", _("Column")),
    ("[#reason]", _("Reason")),
    ("[#hint]", _("What to do")),
)
SEPARATOR = " | "
WIDTHS = (12, 20, 40, 40)


def as_written(cells: Sequence[str]) -> list[str]:
    """Returns the cells of a failing row as they go into its file: doubtful ones marked, a row that was too short still short."""
    found = cells.found if isinstance(cells, ShortRow) else len(cells)
    return [cell + DOUBT_MARK if isinstance(cell, Doubtful) else cell for cell in cells[:found]]


class ErrorFile:
    """Writes failing rows to `path` (.csv or .xlsx, by its name) as they come, in constant memory.

    One line per failing row with all its errors, in their order, divided by " | ": so the corrected file holds each row
    once. `header` are the names of the file's own columns. Used as a context manager; `count` is the rows written.
    """

    def __init__(self, path, header: Sequence[str]):
        self.count = 0
        names = [f"{label} {mark}" for mark, label in ADDED] + list(header)
        self._book: FlatWorkbook | None = None
        self._file: BinaryIO | None = None
        if os.fspath(path).lower().endswith(".xlsx"):
            self._book = FlatWorkbook(path)
            self._book.start_sheet(str(_("Errors")), names, widths=WIDTHS)
        else:
            self._file = open(path, "wb")  # noqa: SIM115  closed by close()
            self._write_csv([names], mark=True)
        self._lines: list[list] = []

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def add(self, number: int, cells: Sequence[str], errors: Sequence[RowError]) -> None:
        """Adds the row `number` with its original `cells` and everything that is wrong with it.

        A cell whose text cannot be trusted is marked, and a row that was too short stays so: neither can pass unseen
        when the file is loaded again.
        """
        line = [
            number,
            SEPARATOR.join(error.column for error in errors),
            SEPARATOR.join(error.message for error in errors),
            SEPARATOR.join(error.hint for error in errors),
            *as_written(cells),
        ]
        self.count += 1
        if self._book is not None:
            self._book.write_row(line)
            return
        self._lines.append(line)
        if len(self._lines) >= 1_000:
            self._write_csv(self._lines)
            self._lines.clear()

    def close(self) -> None:
        """Completes the file."""
        if self._book is not None:
            self._book.close()
        elif self._file is not None:
            self._write_csv(self._lines)
            self._file.close()

    def _write_csv(self, rows, *, mark: bool = False) -> None:
        data = b"".join(stream_csv(rows))
        if self._file is not None:
            self._file.write(data if mark else data.removeprefix(b"\xef\xbb\xbf"))
