"""Report books: formats by name, frozen and filtered headers, print set-up, charts, traffic-light colours (KPI-9).

A small layer over XlsxWriter in which nothing becomes a formula unless `Page.formula` is called, and then with its value,
because other programs and previews show only that. The look is the one of the KPI workbook specification.
"""

import datetime

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from .cells import clean
from .names import quoted_sheet_name, safe_sheet_names
from .page import UNDEFINED, Area, Page, Series
from .parts import FONT, FONT_SIZE, FORMATS, HEADER_FILL

__all__ = ["COLOURS", "UNDEFINED", "Area", "Page", "Series", "Workbook"]

COLOURS = {
    "good": {"bg_color": "#C6EFCE", "font_color": "#006100"},
    "near": {"bg_color": "#FFEB9C", "font_color": "#9C5700"},
    "missed": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
}
_STYLES: dict[str, dict] = {
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
        texts = {"title": title, "subject": subject, "author": author, "company": company}
        properties: dict = {name: clean(str(text)) for name, text in texts.items()}
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
            style: dict = COLOURS.get(name) or {"font_name": FONT, "font_size": FONT_SIZE, **_STYLES[name]}
            self._formats[name] = self.book.add_format(style)
        return self._formats[name]

    def page(self, name: str, *, gridlines: bool = True, one_page: bool = False) -> Page:
        """Adds a sheet; its real name, made safe and unique, is the page's `name`. `one_page` prints it on exactly one."""
        (safe,) = safe_sheet_names([str(name)], taken=self.pages)
        page = Page(self, safe, gridlines=gridlines, one_page=one_page)
        self.pages[safe] = page
        return page

    def define_name(self, name: str, page: Page, row: int, column: int) -> str:
        """Gives a cell a name usable in the bounds of `Page.traffic_lights`, and returns it."""
        self.book.define_name(
            name, f"={quoted_sheet_name(page.name)}!{xl_rowcol_to_cell(row, column, True, True)}"
        )
        return name

    def close(self) -> None:
        """Sets the column widths and writes the file."""
        for page in self.pages.values():
            page.finish()
        self.book.close()
