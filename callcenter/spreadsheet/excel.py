"""A worksheet of an .xlsx file as rows of text, by the fast reader, with what it hides put back."""

import zipfile
from collections.abc import Iterator

from python_calamine import CalamineWorkbook

from . import plain, refusals, sheets
from .cells import MAX_CELL, Doubtful, cell_text


class WorkbookFile:
    """The sheet called `sheet` of the workbook at `path`; without a name the first visible one that holds anything.

    `total_rows` is the number of its last filled row, `hidden` the positions of hidden columns.
    """

    def __init__(self, path, sheet: str | None = None):
        self.path = path
        self.rows_read = 0
        with _archive(path) as archive:
            found = sheets.list_sheets(archive)
            if not found:
                raise refusals.DamagedWorkbook(part="xl/workbook.xml")
            self.sheets = [each.name for each in found if each.visible] or [each.name for each in found]
            chosen, self._plain, self._extent = _choose(archive, found, sheet)
            self.sheet, self._part = chosen.name, chosen.part
            if self._plain is None:
                sheets.verify(archive)
        if self._plain is not None:
            self.total_rows, self.hidden = self._plain.rows, self._plain.hidden
            return
        self.hidden = self._extent.hidden
        self._grid = self._load()
        self.total_rows = self._grid.end[0] + 1 if self._grid.end else 0

    def _load(self):
        try:
            with CalamineWorkbook.from_path(self.path) as workbook:
                return workbook.get_sheet_by_name(self.sheet)
        except Exception as error:
            raise refusals.DamagedWorkbook(part=self.sheet) from error
        except BaseException as error:
            # A panic of the reader's native code is no Exception; it must cost this file, not the worker.
            if type(error).__name__ != "PanicException":
                raise
            raise refusals.DamagedWorkbook(part=self.sheet) from error

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Yields (row number as the program shows it, cells from column A) for every row up to the last filled one."""
        self.rows_read = 0
        if self._plain is not None:
            yield from self._streamed()
            return
        if not self._grid.start:
            return
        margin = [""] * self._grid.start[1]
        noted: dict[int, list[int]] = {}
        for row, position in self._extent.notes:
            noted.setdefault(row, []).append(position)
        for number, values in enumerate(self._grid.iter_rows(), start=1):
            cells = margin + [
                value if type(value) is str and len(value) <= MAX_CELL else cell_text(value)
                for value in values
            ]
            if number in noted:
                self._note(number, cells, noted[number])
            self.rows_read = number
            yield number, cells

    def _streamed(self) -> Iterator[tuple[int, list[str]]]:
        try:
            for number, cells in plain.rows(self.path, self._part, self._plain):
                self.rows_read = number
                yield number, cells
        except (*sheets.UNREADABLE, IndexError) as error:
            raise refusals.DamagedWorkbook(part=self.sheet) from error

    def _note(self, number: int, cells: list[str], positions: list[int]) -> None:
        for position in positions:
            problem, shown = self._extent.notes[number, position]
            cells.extend([""] * (position + 1 - len(cells)))
            cells[position] = Doubtful.make(shown, problem)


def _archive(path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except sheets.UNREADABLE as error:
        raise refusals.DamagedWorkbook(part="zip") from error


def _choose(
    archive, found: list[sheets.Sheet], name: str | None
) -> tuple[sheets.Sheet, plain.Survey | None, sheets.Extent | None]:
    """The sheet to read, and what is known of it: a survey if it can be streamed, else its extent."""
    if name is not None:
        for sheet in found:
            if sheet.name == name:
                return sheet, *_look(archive, sheet)
        raise refusals.UnknownSheet(sheet=name[:100], sheets=", ".join(sheet.name for sheet in found[:20]))
    visible = [sheet for sheet in found if sheet.visible] or found
    for sheet in visible:
        survey, extent = _look(archive, sheet)
        if (survey or extent).rows:
            return sheet, survey, extent
    return visible[0], survey, extent


def _look(archive, sheet: sheets.Sheet) -> tuple[plain.Survey | None, sheets.Extent | None]:
    survey = plain.survey(archive, sheet)
    return survey, None if survey is not None else sheets.measure(archive, sheet)
