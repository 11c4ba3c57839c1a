"""Report books: formats by name, frozen and filtered headers, print set-up, charts, traffic-light colours (KPI-9).

A small layer over XlsxWriter in which nothing becomes a formula unless `Page.formula` is called, and then with its value,
because other programs and previews show only that. The look is the one of the KPI workbook specification.
"""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from .cells import MAX_EXACT, cell_text, clean, duration_text, is_undefined, local, serial, text_width
from .flat import FONT, FONT_SIZE, FORMATS, HEADER_FILL
from .names import safe_sheet_names

UNDEFINED = "—"
NUMERIC = ("count", "number", "rate", "money", "duration")
MIN_WIDTH, MAX_WIDTH = 8, 40
A4 = 9
COLOURS = {
    "good": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "near": {"bg_color": "#FFEB9C", "font_color": "#9C5700"},
    "missed": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}
_STYLES = {
    **{
        kind: {"num_format": FORMATS[kind]}
        for kind in ("count", "rate", "money", "duration", "date", "datetime", "time", "text")
    },
    "general": {},
    "number": {"num_format": "#,##0.00"},
    "header": {
        "bold": True,
        "bg_color": f"#{HEADER_FILL}",
        "text_wrap": True,
        "valign": "vcenter",
        "bottom": 1,
    },
    "title": {"bold": True, "font_size": 16},
    "note": {"font_color": "#595959", "text_wrap": True, "valign": "top"},
    "bold": {"bold": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "undefined": {"align": "right"},
}
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


class Workbook:
    """A report book written to `target`, a path or binary file, and complete when closed.

    `title`, `subject`, `author`, `company` and `created` go into the file's properties; `header_text` stands at the top
    right of each printed page. Instants are shown on the clock of `zone`. Used as a context manager.
    """

    def __init__(
        self,
        target,
        *,
        title: str,
        subject: str = "",
        author: str = "",
        company: str = "",
        created: datetime.datetime | None = None,
        header_text: str = "",
        zone: datetime.tzinfo | None = None,
    ):
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        }
        self.book = xlsxwriter.Workbook(target, options)
        self.zone = zone
        self.header_text = header_text
        properties = {"title": title, "subject": subject, "author": author, "company": company}
        properties = {name: clean(str(text)) for name, text in properties.items()}
        if created is not None:
            properties["created"] = (
                created.astimezone(datetime.UTC).replace(tzinfo=None) if created.tzinfo else created
            )
        self.book.set_properties(properties)
        self.pages: dict[str, Page] = {}
        self._formats: dict[str, xlsxwriter.format.Format] = {}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.close()

    def format(self, name: str):
        """Returns the cell format called `name` (a key of the formats of this module or of `COLOURS`)."""
        if name not in self._formats:
            style = COLOURS.get(name) or {"font_name": FONT, "font_size": FONT_SIZE, **_STYLES[name]}
            self._formats[name] = self.book.add_format(style)
        return self._formats[name]

    def page(self, name: str, *, gridlines: bool = True, one_page: bool = False) -> "Page":
        """Adds a sheet; its real name, made safe and unique, is the page's `name`. `one_page` prints it on exactly one."""
        (safe,) = safe_sheet_names([str(name)], taken=self.pages)
        page = Page(self, safe, gridlines=gridlines, one_page=one_page)
        self.pages[safe] = page
        return page

    def define_name(self, name: str, page: "Page", row: int, column: int) -> str:
        """Gives a cell a name usable in the bounds of `Page.traffic_lights`, and returns it."""
        self.book.define_name(name, f"={_quoted(page.name)}!{xl_rowcol_to_cell(row, column, True, True)}")
        return name

    def close(self) -> None:
        """Sets the column widths and writes the file."""
        for page in self.pages.values():
            page.finish()
        self.book.close()


class Page:
    """One sheet of a report book. Rows and columns count from 0; every text is written as text."""

    def __init__(self, owner: Workbook, name: str, *, gridlines: bool, one_page: bool):
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
        target = f"internal:{_quoted(page.name)}!A1"
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
        return f"{_quoted(self.name)}!{xl_range_abs(first_row, first_column, last_row, last_column)}"

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


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _label(text: str) -> str:
    # XlsxWriter takes a title such as "Offer!A1" for a reference to a cell; with a wide exclamation mark it does not.
    text = clean(str(text))
    return text.replace("!", "！") if _REFERENCE.match(text) else text


def _printed(text: str) -> str:
    # In headers and footers & begins a code, && is the sign; a program keeps 255 characters.
    return clean(str(text))[:200].replace("&", "&&")
