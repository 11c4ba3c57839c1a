"""Reads a workbook's XML just far enough to know what the fast reader would not say or not survive.

The fast reader lays a sheet out as one rectangle, so one cell in the last row and column would take all memory, and it
gives an empty cell for an error or a formula nobody has calculated. Both are found here, before it runs.
"""

import posixpath
import re
import zipfile
import zlib
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from . import refusals
from .cells import column_letters, column_position

WORKBOOK = "xl/workbook.xml"
MAX_CELLS = 12_000_000  # of the rectangle, about 400 MB in the fast reader
MAX_NOTED = 100_000
MAX_CLIMBS = 200
# What zipfile raises for an archive that lies about itself, is cut off, or uses a method unknown here.
UNREADABLE = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}[1-9][0-9]{0,6}")[^A-Za-z]')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_HIDDEN = re.compile(rb"<col\s([^>]*\bhidden=\"(?:1|true)\"[^>]*)>")
_BOUND = re.compile(rb'\b(min|max)="([0-9]+)"')


class Sheet(NamedTuple):
    """A worksheet of a workbook: its `name`, the `part` of the archive that holds it, and whether people see it."""

    name: str
    part: str
    visible: bool


class Extent(NamedTuple):
    """What a sheet's XML tells: its size, the cells (row from 1, position from 0) that hold `notes`, hidden columns.

    A note is (problem, shown text): ("error_value", "#N/A") or ("not_calculated", "").
    """

    rows: int
    columns: int
    notes: dict[tuple[int, int], tuple[str, str]]
    hidden: list[int]


def list_sheets(archive: zipfile.ZipFile) -> list[Sheet]:
    """Returns the worksheets in the workbook's order; chart sheets and the like are left out.

    Raises `DamagedWorkbook` when the archive names another part as its workbook: the fast reader would follow that.
    """
    roots = [
        relation.get("Target", "").lstrip("/")
        for relation in _parse(archive, "_rels/.rels")
        if relation.get("Type", "").endswith("/officeDocument")
    ]
    if roots != [WORKBOOK]:
        raise refusals.DamagedWorkbook(part="_rels/.rels")
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _parse(archive, "xl/_rels/workbook.xml.rels")
        if relation.get("Type", "").endswith("/worksheet")
    }
    found = []
    for element in _parse(archive, WORKBOOK).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION))
        if target:
            part = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join("xl", target))
            )
            found.append(Sheet(element.get("name", ""), part, element.get("state", "visible") == "visible"))
    return found


def verify(archive: zipfile.ZipFile) -> None:
    """Unpacks the parts every sheet needs, so that one whose real size is not the declared one is refused here."""
    for part in archive.infolist():
        if part.filename.lower() in ("xl/sharedstrings.xml", "xl/styles.xml"):
            read_part(archive, part.filename)


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Returns a part's bytes; raises `DamagedWorkbook` or `EntityDeclaration`."""
    try:
        data = archive.read(name)
    except UNREADABLE as error:
        raise refusals.DamagedWorkbook(part=name) from error
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise refusals.EntityDeclaration(part=name)
    return data


def _parse(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        # Safe without defusedxml: read_part has refused every part that declares a DTD or an entity.
        return ElementTree.fromstring(read_part(archive, name))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise refusals.DamagedWorkbook(part=name) from error


def measure(archive: zipfile.ZipFile, sheet: Sheet) -> Extent:
    """Returns the `Extent` of a sheet; raises `TooManyCells` when the rectangle to its last cell is too large."""
    data = read_part(archive, sheet.part)
    odd = _ODD_CELL.search(data) or b":c " in data or b":row " in data
    extent = _measure_any(data, sheet) if odd else _measure_plain(data)
    if extent.rows * extent.columns > MAX_CELLS:
        raise refusals.TooManyCells(
            sheet=sheet.name, row=extent.rows, column=column_letters(extent.columns - 1)
        )
    return extent


def _measure_plain(data: bytes) -> Extent:
    """The fast way, for XML as all spreadsheet programs write it: every cell opens with <c r="A1"."""
    start = data.find(b"<sheetData")
    letters, digits = b"", b""
    for match in _CELL.finditer(data, 0, start + 100_000):
        letters = max(letters, match[1], key=_by_length)
    last = data.rfind(b'<c r="')
    if (final := _CELL.match(data, max(last, 0))) is not None:
        digits = final[2]
    if not digits:
        return Extent(0, 0, {}, [])
    letters = largest(data, rb'<c r="(%s)[0-9]', letters, b"A", b"Z")
    digits = largest(data, rb'<c r="[A-Z]+(%s)"', digits, b"0", b"9")
    notes = {}
    if b't="e"' in data:
        for match in _ERROR.finditer(data):
            notes[int(match[2]), column_position(match[1].decode())] = (
                "error_value",
                match[3].decode("utf-8", "replace"),
            )
    if b"</f>" in data or b"<f " in data:
        for match in _UNCALCULATED.finditer(data):
            if b't="str"' not in match[3] and len(notes) < MAX_NOTED:
                notes[int(match[2]), column_position(match[1].decode())] = ("not_calculated", "")
    return Extent(int(digits), column_position(letters.decode()) + 1, notes, hidden(data[: max(start, 0)]))


def _by_length(value: bytes) -> tuple[int, bytes]:
    return len(value), value


def largest(data: bytes, around: bytes, known: bytes, low: bytes, high: bytes) -> bytes:
    """Returns the largest letters or digits in `data`, by searching again and again for something beyond `known`.

    In a sheet in the usual order that is one search; one made to climb is gone through once, cell by cell.
    """
    position = 0
    for _climb in range(MAX_CLIMBS):
        match = re.compile(around % _beyond(known, low, high)).search(data, position)
        if match is None:
            return known
        known, position = match[1], match.end()
    every = re.compile(around % (b"[%s-%s]+" % (low, high)))
    return max([known, *(match[1] for match in every.finditer(data, position))], key=_by_length)


def _beyond(known: bytes, low: bytes, high: bytes) -> bytes:
    # Longer, or as long with a larger symbol somewhere: beyond AD lie [A-Z]{3,}, [B-Z][A-Z] and A[E-Z].
    choices = [b"[%s-%s]{%d,}" % (low, high, len(known) + 1)]
    for index in range(len(known)):
        symbol = known[index : index + 1]
        if symbol != high:
            following = bytes([symbol[0] + 1])
            rest = b"[%s-%s]{%d}" % (low, high, len(known) - index - 1)
            choices.append(known[:index] + b"[%s-%s]" % (following, high) + rest)
    return b"|".join(choices)


def hidden(head: bytes) -> list[int]:
    """Returns the positions of hidden columns named in the XML before a sheet's rows."""
    positions: list[int] = []
    for match in _HIDDEN.finditer(head):
        bounds = {name: int(value) for name, value in _BOUND.findall(match[1])}
        if b"min" in bounds and b"max" in bounds:
            positions.extend(range(bounds[b"min"] - 1, min(bounds[b"max"], bounds[b"min"] + 500)))
    return positions


def _measure_any(data: bytes, sheet: Sheet) -> Extent:
    """The exact way, for any XML a sheet may legally be: prefixed names, other quotes, cells without a reference."""
    scan = _Scan()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise refusals.DamagedWorkbook(part=sheet.part) from error
    return Extent(scan.rows, scan.columns, scan.notes, scan.hidden)


class _Scan:
    def __init__(self):
        self.rows = self.columns = self.row = self.column = 0
        self.notes: dict[tuple[int, int], tuple[str, str]] = {}
        self.hidden: list[int] = []
        self.kind = ""
        self.formula = False
        self.value: list[str] | None = None
        self.shown = ""

    def start(self, name, attributes):
        name = name.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789")
            if letters.isascii() and letters.isalpha():
                self.column = column_position(letters.upper()) + 1
                self.row = int(attributes["r"][len(letters) :] or self.row)
            else:
                self.column += 1
            self.rows = max(self.rows, self.row)
            self.columns = max(self.columns, self.column)
            self.kind, self.formula, self.shown = attributes.get("t", ""), False, ""
        elif name == "f":
            self.formula = True
        elif name == "v":
            self.value = []
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.hidden.extend(range(first - 1, min(last, first + 500)))

    def text(self, text):
        if self.value is not None:
            self.value.append(text)

    def end(self, name):
        name = name.rpartition(":")[2]
        if name == "v" and self.value is not None:
            self.shown, self.value = "".join(self.value), None
        elif name == "c" and len(self.notes) < MAX_NOTED:
            if self.kind == "e":
                self.notes[self.row, self.column - 1] = ("error_value", self.shown)
            elif self.formula and not self.shown and self.kind != "str":
                self.notes[self.row, self.column - 1] = ("not_calculated", "")
