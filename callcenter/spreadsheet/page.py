"""One sheet of a report book: tables, numbers that may be undefined, charts and traffic lights."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from django.utils.translation import gettext_lazy as _
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from .cells import MAX_EXACT, cell_text, clean, duration_text, is_undefined, local, serial, text_width
from .names import quoted_sheet_name

if TYPE_CHECKING:
    from .workbook import Workbook

UNDEFINED = "—"
NUMERIC = ("count", "number", "rate", "money", "duration")
MIN_WIDTH, MAX_WIDTH = 8, 40
A4 = 9
_REFERENCE = re.compile(r"=?[^!]+!\$?[A-Z]+\$?\d")


class Area(NamedTuple):
    """Where a table was written, rows and columns from 0, `first_row` being the first row below its header."""

    sheet: str
    header_row: int
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def column(self, index: int) -> list:
        """Returns the cells of the table's column `index` in the form charts take."""
        place = self.first_column + index
        return [self.sheet, self.first_row, place, max(self.last_row, self.first_row), place]


class Series(NamedTuple):
    """One line or set of bars: its name, its values and the categories under them, as `Area.column` gives them."""

    name: str
    values: list
    categories: list
    colour: str | None = None


class Page:
    """One sheet of a report book. Rows and columns count from 0; every text is written as text."""

    def __init__(self, owner: "Workbook", name: str, *, gridlines: bool, one_page: bool):
        self.owner = owner
        self.name = name
        self.sheet = owner.book.add_worksheet(name)
        self._widths: dict[int, int] = {}
        self._fixed: set[int] = set()
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 1 if one_page else 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        self.sheet.set_header(f"&L&A&R{_printed(owner.header_text)}")
        footer = str(_("Page %(page)s of %(pages)s"))
        self.sheet.set_footer("&C" + _printed(footer) % {"page": "&P", "pages": "&N"})
        if not gridlines:
            self.sheet.hide_gridlines(2)

    def write(self, row: int, column: int, value, kind: str = "general") -> None:
        """Writes one value in the format `kind`.

        A number that is None, NaN or infinite is shown as "—" in a numeric format and blank in others. Durations are
        seconds or timedeltas, rates fractions, instants aware datetimes (the book needs a zone) or clock times.
        """
        if value is None or is_undefined(value):
            if kind in NUMERIC:
                self._put(row, column, UNDEFINED, "undefined")
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, self.owner.format(kind))
            self._widen(column, 5)
        elif isinstance(value, int | float | Decimal) and kind not in ("text", "header"):
            self._number(row, column, value, kind)
        elif isinstance(value, datetime.date | datetime.time | datetime.timedelta):
            self._moment(row, column, value, kind)
        else:
            self._put(row, column, str(value), kind)

    def _number(self, row: int, column: int, value, kind: str) -> None:
        if isinstance(value, int) and abs(value) >= MAX_EXACT:
            self._put(row, column, str(value), "text")
            return
        number = value / 86_400 if kind == "duration" else value
        self.sheet.write_number(row, column, number, self.owner.format(kind))
        self._widen(column, _number_width(value, kind))

    def _moment(self, row: int, column: int, value, kind: str) -> None:
        if isinstance(value, datetime.datetime):
            value, own = local(value, self.owner.zone), "datetime"
        else:
            kinds = {datetime.date: "date", datetime.time: "time", datetime.timedelta: "duration"}
            own = next(name for each, name in kinds.items() if isinstance(value, each))
        number = serial(value)
        shown = cell_text(value)
        if number is None or kind in ("text", "header"):
            self._put(row, column, shown, kind if kind == "header" else "text")
            return
        self.sheet.write_number(row, column, number, self.owner.format(own if kind == "general" else kind))
        self._widen(column, len(shown))

    def _put(self, row: int, column: int, text: str, kind: str) -> None:
        text = clean(text)
        if not text:
            return
        # A number's format does not stop the program from reading typed-over text as a number; the text format does.
        style = "text" if kind in NUMERIC or kind in ("general", "date", "datetime", "time") else kind
        self.sheet.write_string(row, column, text, self.owner.format(style))
        if kind not in ("title", "note"):
            self._widen(column, text_width(text))

    def table(
        self,
        header: Sequence[str],
        rows,
        kinds: Sequence[str],
        *,
        row: int = 0,
        column: int = 0,
        key_columns: int = 0,
        freeze: bool = True,
        autofilter: bool = True,
    ) -> Area:
        """Writes a header and rows and returns the `Area` they take.

        The header row is frozen with the first `key_columns`, filtered, and repeated on each printed page. A sheet has
        one such table; further ones on it are written with `freeze=False, autofilter=False`.
        """
        for index, label in enumerate(header):
            self._put(row, column + index, str(label), "header")
        current = row
        for current, values in enumerate(rows, start=row + 1):
            for index, value in enumerate(values):
                self.write(current, column + index, value, kinds[index])
        last_column = column + max(len(header), 1) - 1
        if freeze:
            self.sheet.freeze_panes(row + 1, column + key_columns)
            self.sheet.repeat_rows(row)
            if key_columns:
                self.sheet.repeat_columns(column, column + key_columns - 1)
        if autofilter:
            self.sheet.autofilter(row, column, max(current, row), last_column)
        return Area(self.name, row, row + 1, current, column, last_column)

    def formula(self, row: int, column: int, formula: str, value, kind: str = "general") -> None:
        """Writes a live formula with the `value` it has now; never called with anything a user typed."""
        stored = UNDEFINED if value is None or is_undefined(value) else value
        self.sheet.write_formula(row, column, formula, self.owner.format(kind), stored)
        self._widen(
            column,
            _number_width(value, kind)
            if isinstance(value, int | float | Decimal)
            else text_width(str(stored)),
        )

    def link(self, row: int, column: int, page: "Page", text: str) -> None:
        """Writes `text` as a link to the first cell of another sheet of the book."""
        target = f"internal:{quoted_sheet_name(page.name)}!A1"
        self.sheet.write_url(row, column, target, self.owner.format("link"), clean(str(text)))
        self._widen(column, text_width(str(text)))

    def width(self, column: int, characters: float) -> None:
        """Fixes a column's width instead of letting its content decide."""
        self.sheet.set_column(column, column, characters)
        self._fixed.add(column)

    def traffic_lights(
        self,
        rows: tuple[int, int],
        column: int,
        *,
        good: float | Decimal | str,
        near: float | Decimal | str,
        higher_is_better: bool = True,
        count_column: int | None = None,
        minimum: int = 30,
    ) -> None:
        """Colours the cells of `column` in rows (first, last): green from `good`, amber from `near`, else red.

        Bounds are numbers or names made by `Workbook.define_name`. Text ("—") gets no colour, nor does a value whose
        count in `count_column` is below `minimum`. Colour is never alone: the caller writes the verdict as text, too.
        """
        first, last = rows
        cell = xl_rowcol_to_cell(first, column, col_abs=True)
        tests = [f"ISNUMBER({cell})"]
        if count_column is not None:
            tests.append(f"{xl_rowcol_to_cell(first, count_column, col_abs=True)}>={minimum}")
        reached, below = (">=", "<") if higher_is_better else ("<=", ">")
        lights = (("good", reached, good), ("near", reached, near), ("missed", below, near))
        for name, comparison, bound in lights:
            criteria = f"=AND({','.join([*tests, f'{cell}{comparison}{bound}'])})"
            rule = {
                "type": "formula",
                "criteria": criteria,
                "format": self.owner.format(name),
                "stop_if_true": True,
            }
            self.sheet.conditional_format(first, column, max(last, first), column, rule)

    def chart(
        self,
        kind: Literal["line", "column", "bar"],
        *,
        title: str,
        x_name: str,
        y_name: str,
        series: Sequence[Series],
        row: int,
        column: int,
        stacked: bool = False,
        dates: bool = False,
        number_format: str | None = None,
        alternative: str = "",
        width: int = 720,
        height: int = 320,
    ) -> None:
        """Places a native chart with its top left corner in a cell.

        `dates` says that the categories are dates, `number_format` formats the values' axis (a code such as "0%"),
        `alternative` is read out where the chart cannot be seen.
        """
        options = {"type": kind, "subtype": "stacked"} if stacked else {"type": kind}
        chart = self.owner.book.add_chart(options)
        for each in series:
            data: dict = {"name": _label(each.name), "values": each.values, "categories": each.categories}
            if each.colour:
                data["line" if kind == "line" else "fill"] = {"color": each.colour}
            chart.add_series(data)
        chart.set_title({"name": _label(title), "overlay": False})
        # Bars lie on their side: XlsxWriter's x axis is then the upright one, as the categories are.
        chart.set_x_axis(
            {"name": _label(x_name), **({"date_axis": True, "num_format": "mm-dd"} if dates else {})}
        )
        chart.set_y_axis({"name": _label(y_name), **({"num_format": number_format} if number_format else {})})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        chart.set_size({"width": width, "height": height})
        chart.show_na_as_empty_cell()
        self.sheet.insert_chart(row, column, chart, {"description": clean(str(alternative or title))})

    def range(self, first_row: int, first_column: int, last_row: int, last_column: int) -> str:
        """Returns the absolute reference of a range, with the sheet's name, for a formula."""
        return (
            f"{quoted_sheet_name(self.name)}!{xl_range_abs(first_row, first_column, last_row, last_column)}"
        )

    def _widen(self, column: int, characters: int) -> None:
        self._widths[column] = max(self._widths.get(column, 0), characters)

    def finish(self) -> None:
        """Sets every column as wide as its longest content, between 8 and 40 characters."""
        for column, characters in self._widths.items():
            if column not in self._fixed:
                self.sheet.set_column(column, column, min(max(characters + 2, MIN_WIDTH), MAX_WIDTH))


def _number_width(value, kind: str) -> int:
    if kind == "duration":
        return len(duration_text(datetime.timedelta(seconds=float(value))))
    if kind == "rate":
        return len(f"{value:.1%}")
    if kind in ("money", "number"):
        return len(f"{value:,.2f}")
    return len(f"{value:,.0f}") if kind == "count" else len(str(value))


def _label(text: str) -> str:
    # XlsxWriter takes a title such as "Offer!A1" for a reference to a cell; with a wide exclamation mark it does not.
    text = clean(str(text))
    return text.replace("!", "！") if _REFERENCE.match(text) else text


def _printed(text: str) -> str:
    # In headers and footers & begins a code, && is the sign; a program keeps 255 characters.
    return clean(str(text))[:200].replace("&", "&&")
