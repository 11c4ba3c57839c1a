"""The file of rows to correct, and what an import leaves on its job (CUS-3, reliability.md I-01)."""

from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from callcenter.files import new_path
from callcenter.spreadsheet.errors import ErrorFile
from customers.actions.imports.opening import keys_of, open_file
from customers.models import Import
from customers.queries.imports import rows_to_correct


def write_error_file(batch: Import, outcomes) -> dict:
    """Write every staged row with one of ``outcomes`` and its errors; returns the job's fields for it, {} without such rows.

    Cells that staging did not keep are read from the file again, both being in the order of its rows.
    """
    rows = rows_to_correct(batch, outcomes)
    first = next(rows, None)
    if first is None:
        return {}
    keys_of(batch)  # makes sure that the header is known
    kind, header = batch.table["kind"], [raw for raw, _letters in batch.table["header"]]
    path, lines = new_path("imports", f".{kind}"), _lines(batch)
    with ErrorFile(path, header) as file:
        for number, errors, cells in chain([first], rows):
            file.add(number, cells if cells is not None else _cells_of(number, lines), errors)
    name = _("%(file)s to correct.%(kind)s") % {"file": Path(batch.name).stem[:100], "kind": kind}
    return {"error_path": str(path), "error_name": name}


def _lines(batch):
    """The file's rows; it is opened when the first of them is asked for."""
    yield from open_file(batch).rows()


def _cells_of(number, lines):
    return next((cells for row, cells in lines if row == number), [])
