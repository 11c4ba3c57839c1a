"""A plain .xlsx file written a row at a time, in constant memory.

The sheet's XML is made here rather than by XlsxWriter: a table without charts needs a dozen lines of it, and they take a
quarter of the time (performance.md section 4). Text is always an inline string, never a formula, a link or a number.
"""

import datetime
import re
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape

from .cells import (
    MAX_CELL,
    MAX_EXACT,
    cell_text,
    clean,
    column_letters,
    is_undefined,
    local,
    serial,
    text_width,
)
from .names import safe_sheet_names
from .parts import KINDS, MAIN, OFFICE, XML, workbook_parts

MAX_ROWS = 1_048_576
# Of a sheet's XML: beyond 2 GB the archive would need an extension that some spreadsheet programs ask to repair.
MAX_SIZE = 1_900_000_000
BATCH = 1_000
COMPRESSION = 1  # most of the gain at a third of the time

_NEEDS_CARE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff&<>]|_x[0-9A-Fa-f]{4}_|^\s|\s$"
)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class FlatWorkbook:
    """Writes sheets one after another to `target`, a path or binary file; the file is complete when closed.

    Instants are shown on the clock of `zone`. Used as a context manager.
    """

    def __init__(self, target, *, zone: datetime.tzinfo | None = None, title: str = ""):
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION)
        self._zone = zone
        self._title = title
        self._sheets: list[tuple[str, int, int]] = []
        self._stream: IO[bytes] | None = None
        self._buffer: list[str] = []
        self._row = self._size = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.close()
        else:
            self._abandon()

    def start_sheet(
        self,
        name: str,
        header: Sequence[str],
        *,
        kinds: Sequence[str | None] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """Begins a sheet with its header row; `name` is made safe and different from the sheets before."""
        self._end_sheet()
        (safe,) = safe_sheet_names([name], taken=[sheet[0] for sheet in self._sheets])
        self._stem, self._name, self._header, self._widths = name, safe, list(header), list(widths)
        count = len(self._header)
        self._kinds = [kinds[index] if index < len(kinds) else None for index in range(count)]
        self._letters = [column_letters(index) for index in range(count)]
        self._stream = self._zip.open(f"xl/worksheets/sheet{len(self._sheets) + 1}.xml", "w")
        self._size = 0
        self._buffer = [self._head()]
        self._row = 1
        cells = [
            f'<c r="{self._letters[index]}1" s="{KINDS["header"]}" t="inlineStr"><is>{_text(str(label))}</is></c>'
            for index, label in enumerate(self._header)
        ]
        self._buffer.append(f'<row r="1">{"".join(cells)}</row>')

    def write_row(self, values: Sequence) -> None:
        """Writes one row; values beyond the header's columns are written as well."""
        if self._row >= MAX_ROWS or self._size >= MAX_SIZE:
            self.start_sheet(self._stem, self._header, kinds=self._kinds, widths=self._widths)
        self._row += 1
        row = self._row
        while len(self._letters) < len(values):
            self._letters.append(column_letters(len(self._letters)))
            self._kinds.append(None)
        cells = []
        for letters, kind, value in zip(self._letters, self._kinds, values, strict=False):
            if value is None or value == "":
                continue
            if type(value) is str:
                cells.append(f'<c r="{letters}{row}" s="1" t="inlineStr"><is>{_text(value)}</is></c>')
            else:
                cells.append(self._cell(f"{letters}{row}", kind, value))
        self._buffer.append(f'<row r="{row}">{"".join(cells)}</row>')
        if len(self._buffer) >= BATCH:
            self._flush()

    def _cell(self, reference: str, kind: str | None, value) -> str:
        if kind == "text":
            return self._string(reference, cell_text(value))
        if isinstance(value, bool):
            return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
        if is_undefined(value):
            return ""
        if isinstance(value, int | float | Decimal):
            if isinstance(value, int) and abs(value) >= MAX_EXACT:
                return self._string(reference, str(value))
            number = float(value) / 86_400 if kind == "duration" else value
            return f'<c r="{reference}" s="{KINDS[kind or "general"]}"><v>{number}</v></c>'
        if isinstance(value, datetime.datetime):
            value, own = local(value, self._zone), "datetime"
        elif isinstance(value, datetime.date):
            own = "date"
        elif isinstance(value, datetime.time):
            own = "time"
        elif isinstance(value, datetime.timedelta):
            own = "duration"
        else:
            return self._string(reference, str(value))
        days = serial(value)
        if days is None:
            return self._string(reference, cell_text(value))
        return f'<c r="{reference}" s="{KINDS[kind or own]}"><v>{days!r}</v></c>'

    def _string(self, reference: str, text: str) -> str:
        return f'<c r="{reference}" s="{KINDS["text"]}" t="inlineStr"><is>{_text(text)}</is></c>'

    def _flush(self) -> None:
        data = "".join(self._buffer).encode()
        self._buffer.clear()
        self._size += len(data)
        if self._stream is not None:
            self._stream.write(data)

    def _head(self) -> str:
        columns = []
        for index, label in enumerate(self._header):
            width = (
                self._widths[index]
                if index < len(self._widths)
                else min(max(text_width(str(label)) + 3, 8), 40)
            )
            columns.append(f'<col min="{index + 1}" max="{index + 1}" width="{width}" customWidth="1"/>')
        return (
            f'{XML}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView tabSelected="{int(not self._sheets)}" workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            '<sheetFormatPr defaultRowHeight="15"/>'
            f"{'<cols>' + ''.join(columns) + '</cols>' if columns else ''}<sheetData>"
        )

    def _end_sheet(self) -> None:
        if self._stream is None:
            return
        area = f"A1:{self._letters[max(len(self._header), 1) - 1] if self._letters else 'A'}{self._row}"
        self._buffer.append(
            f'</sheetData><autoFilter ref="{area}"/><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
            'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
        )
        self._flush()
        self._stream.close()
        self._stream = None
        self._sheets.append((self._name, len(self._header), self._row))

    def close(self) -> None:
        """Ends the last sheet and writes the parts that list the sheets."""
        if not self._sheets and self._stream is None:
            self.start_sheet("Sheet", [])
        self._end_sheet()
        for part, content in workbook_parts(self._sheets, self._title).items():
            self._zip.writestr(part, content)
        self._zip.close()

    def _abandon(self) -> None:
        if self._stream is not None:
            self._stream.close()
        self._zip.close()


def _text(value: str) -> str:
    """Returns the <t> element of a text, cleaned and escaped; what looks like the format's own escape is escaped too."""
    if len(value) * 2 > MAX_CELL:
        value = clean(value)
    if not _NEEDS_CARE.search(value):
        return f"<t>{value}</t>"
    value = _LOOKS_ESCAPED.sub("_x005F_", escape(clean(value)))
    return f'<t xml:space="preserve">{value}</t>'
