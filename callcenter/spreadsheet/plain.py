"""Streams a worksheet that is written the way spreadsheet programs write tables: plain rows of plain cells.

The fast reader keeps a whole sheet in memory, 80 MB for 100,000 customers. A table needs no such thing: its rows stand one after
another in the XML and are cut out of it as it is unpacked. `survey` goes through a sheet once and says None for anything it
is not sure of (dates, rich text, other prefixes, rows out of order); the fast reader then takes the sheet as before.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from . import refusals, sheets
from .cells import MAX_CELL, Doubtful, cell_text, column_letters, column_position, cut

CHUNK = 262_144
LONGEST_ROW = 16_000_000
STRINGS = "xl/sharedstrings.xml"
STYLES = "xl/styles.xml"

# What the cutting below would not see or not undo, each behind a byte that is quickly looked for: declarations and comments,
# line ends to be normalised, escaped characters, dates written as text.
_ODD = ((b"!", b"<!"), (b"?", b"<?"), (b"\r", b"\r"), (b"_", b"_x00"), (b'"', b't="d"'))
_ROW = re.compile(rb'<row r="([0-9]+)"')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]{1,3})[0-9]+"')
_FORMAT = re.compile(rb"<numFmt\s[^>]*>")
_FORMAT_ID = re.compile(rb'numFmtId="([0-9]+)"')
_FORMAT_CODE = re.compile(rb'formatCode="([^"]*)"')
_STYLE = re.compile(rb"<xf\s[^>]*>")
_STYLE_LIST = re.compile(rb"<cellXfs[\s>].*?</cellXfs>", re.S)
# Formats every program has built in; those of Chinese, Japanese and Korean dates are among them.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_STRING = re.compile(r"<si>(?:<t(?: [^>]*)?>([^<]*)</t>|<t/>)</si>|<si/>|<si>(.*?)</si>", re.S)
_PHONETIC = re.compile(r"<rPh[\s>].*?</rPh>", re.S)
_RUN = re.compile(r"<t(?: [^>]*)?>([^<]*)</t>")
# A cell that holds something: letters, digits, attributes, formula, text. One that holds nothing is not found.
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]+)"([^>]*)>(<f[^>]*>(?:[^<]*</f>)?)?<(?:v|is><t(?: [^>]*)?)>([^<]*)</'
)
_KIND = re.compile(r'\bt="([A-Za-z]+)"')
_ENTITY = re.compile(r"&(#[0-9]+|#x[0-9A-Fa-f]+|lt|gt|amp|quot|apos);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


class Survey(NamedTuple):
    """What is known of a plain sheet before its rows are read: `rows`, `columns`, positions of `hidden` columns, `strings`."""

    rows: int
    columns: int
    hidden: list[int]
    strings: list[str]


def survey(archive: zipfile.ZipFile, sheet: sheets.Sheet) -> Survey | None:
    """Returns the `Survey` of a sheet that `rows` can stream, None for one it cannot.

    All of the sheet is unpacked and checked on the way. Raises `DamagedWorkbook`, for which the archive is to blame.
    """
    parts = {name.lower(): name for name in archive.namelist()}
    part = parts.get(STYLES, "")
    try:
        dates = _date_styles(archive.read(part)) if part else set()
        part = parts.get(STRINGS, "")
        strings = _strings(archive, part) if part else []
        if strings is None:
            return None
        part = sheet.part
        return _survey(archive, part, _dated(dates), strings)
    except sheets.UNREADABLE as error:
        raise refusals.DamagedWorkbook(part=part) from error


def _survey(archive, part: str, dated: re.Pattern[bytes] | None, strings: list[str]) -> Survey | None:
    head, last, letters = b"", 0, b"A"
    for piece, is_head in _pieces(archive, part):
        if is_head:
            head = piece
            if not _is_plain_head(head):
                return None
            continue
        if any(byte in piece and odd in piece for byte, odd in _ODD):
            return None
        if (dated is not None and dated.search(piece)) or (not strings and b't="s"' in piece):
            return None
        # "<r" alone begins a run of rich text, or a row without its number.
        numbers = [int(number) for number in _ROW.findall(piece)]
        if piece.count(b"<r") != len(numbers) or piece.count(b"<c") != piece.count(b'<c r="'):
            return None
        for number in numbers:
            if number <= last:
                return None
            last = number
        letters = sheets.largest(piece, rb'<c r="(%s)[0-9]', letters, b"A", b"Z")
    columns = column_position(letters.decode()) + 1 if last else 0
    if not head or last * columns > sheets.MAX_CELLS:
        return None
    return Survey(last, columns, sheets.hidden(head), strings)


def _is_plain_head(head: bytes) -> bool:
    # One declaration of UTF-8 at most, and the usual namespace without a prefix.
    declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*\?>", head)
    body = head[declared.end() :] if declared else head
    if declared and re.search(rb'encoding=["\'](?!utf-8)', declared[0], re.I):
        return False
    return b"<worksheet" in body and b"<!" not in body and b"<?" not in body and b"\0" not in head


def _pieces(archive, part: str) -> Iterator[tuple[bytes, bool]]:
    """Yields (the XML before the rows, True), then (whole rows, False) as they are unpacked; reads the part to its end."""
    rest, in_rows, done = b"", False, False
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if done:
                continue  # to the end, where the checksum is compared
            rest += chunk
            if not in_rows:
                start = _start_of_rows(rest)
                if start is None:
                    if len(rest) > LONGEST_ROW:
                        raise ValueError("no rows")
                    continue
                yield rest[:start], True
                rest, in_rows = rest[start:], True
            end = rest.find(b"</sheetData>")
            done = end >= 0
            cut_at = end if done else rest.rfind(b"</row>") + 6
            if done or cut_at > 5:
                if cut_at:
                    yield rest[:cut_at], False
                rest = rest[cut_at:]
            elif len(rest) > LONGEST_ROW:
                raise ValueError("a row without end")
    if not done and in_rows and rest.strip():
        yield rest, False


def _start_of_rows(xml: bytes) -> int | None:
    match = re.search(rb"<sheetData(?:\s[^>]*)?(/?)>", xml)
    return match.end() if match else None


def _date_styles(styles: bytes) -> set[int]:
    """Positions of the cell styles that may show a number as a date or a duration."""
    formats = set(_DATE_FORMATS)
    for element in _FORMAT.findall(styles):
        number, code = _FORMAT_ID.search(element), _FORMAT_CODE.search(element)
        if number and code and re.search(rb"[dmyhsDMYHSeEgG]", code[1].replace(b"General", b"")):
            formats.add(int(number[1]))
    listed = _STYLE_LIST.search(styles)
    found = set()
    for position, element in enumerate(_STYLE.findall(listed[0]) if listed else []):
        number = _FORMAT_ID.search(element)
        if number and int(number[1]) in formats:
            found.add(position)
    return found


def _dated(styles: set[int]) -> re.Pattern[bytes] | None:
    if not styles:
        return None
    choices = b"|".join(b"%d" % position for position in sorted(styles))
    return re.compile(rb' s="(?:' + choices + rb')"[^>]*>(?:<f|<v)')


def _strings(archive, part: str) -> list[str] | None:
    """The texts that cells refer to by number; None if some of them are not plain."""
    found: list[str] = []
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            rest += chunk
            end = rest.rfind(b"</si>") + 5
            if end > 4:
                if not _add_strings(rest[:end], found):
                    return None
                rest = rest[end:]
    return found if _add_strings(rest, found) else None


def _add_strings(xml: bytes, found: list[str]) -> bool:
    if b"<!" in xml or b"\r" in xml.partition(b"<si")[2] or b"_x00" in xml or b":si>" in xml:
        return False
    decoded = xml.decode("utf-8")
    before = len(found)
    for plain, rich in _STRING.findall(decoded):
        if rich:
            plain = "".join(_RUN.findall(_PHONETIC.sub("", rich)))
        text = _unescaped(plain) if "&" in plain else plain
        found.append(text if len(text) <= MAX_CELL else cut(text))
    return len(found) - before == decoded.count("<si>") + decoded.count("<si/>")


def rows(path, part: str, found: Survey) -> Iterator[tuple[int, list[str]]]:
    """Yields (row number, cells from column A) for every row of a surveyed sheet, blank ones between them included.

    Cells whose text is not what a person saw are `Doubtful`.
    """
    reader = _RowReader(found)
    last = 0
    with zipfile.ZipFile(path) as archive:
        for piece, is_head in _pieces(archive, part):
            if is_head:
                continue
            for text in piece.decode("utf-8").split("</row>"):
                start = text.rfind('<row r="')
                if start < 0:
                    continue
                end = text.index('"', start + 8)
                number = int(text[start + 8 : end])
                for blank in range(last + 1, number):
                    yield blank, [""] * found.columns
                yield number, reader.cells(text[start + 8 : end], text[text.index(">", end) + 1 :])
                last = number
    for blank in range(last + 1, found.rows + 1):
        yield blank, [""] * found.columns


class _RowReader:
    """Makes the XML of a row into its cells. The rows of a table have the same cells, so what is learnt of one is kept."""

    def __init__(self, found: Survey):
        self.strings, self.blank = found.strings, [""] * found.columns
        self.every = tuple(column_letters(position) for position in range(found.columns))
        self.places = {letters: position for position, letters in enumerate(self.every)}
        self.letters: tuple[str, ...] = ()
        self.attributes: tuple[str, ...] = ()
        self.kinds: list[str] = []
        self.only = ""

    def cells(self, row: str, xml: str) -> list[str]:
        """The cells of the row of this number, from what stands between its tags."""
        found = _CELL.findall(xml)
        if len(found) != xml.count("</c>"):
            found = _cells_of(xml)
        if not found:
            return self.blank.copy()
        letters, digits, attributes, formulas, texts = zip(*found, strict=True)
        if digits.count(row) != len(digits):
            raise refusals.DamagedWorkbook(part=f"<row {row}>")
        if attributes != self.attributes:
            self._learn(attributes)
        if self.only == "inlineStr" and "&" not in xml and len(xml) <= MAX_CELL:
            values = list(texts)
        elif self.only == "s":
            values = [self.strings[int(text)] for text in texts]
        else:
            values = list(map(self._value, self.kinds, texts, formulas))
        return values if letters == self.every else self._placed(letters, values)

    def _learn(self, attributes: tuple[str, ...]) -> None:
        matches = [_KIND.search(each) for each in attributes]
        self.attributes, self.kinds = attributes, [match[1] if match else "n" for match in matches]
        self.only = self.kinds[0] if len(set(self.kinds)) == 1 else ""

    def _placed(self, letters: tuple[str, ...], values: list[str]) -> list[str]:
        cells, places = self.blank.copy(), self.places
        for column, value in zip(letters, values, strict=True):
            cells[places[column]] = value
        return cells

    def _value(self, kind: str, text: str, formula: str) -> str:
        if kind == "s":
            return self.strings[int(text)]
        if kind == "n":
            if text.isdigit() and len(text) <= 15 and text[0] != "0":
                return text
            if text:
                return cell_text(float(text))
            return Doubtful.make("", "not_calculated") if formula else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        if "&" in text:
            text = _unescaped(text)
        if kind == "e":
            return Doubtful.make(text, "error_value")
        return text if len(text) <= MAX_CELL else cut(text)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return _NAMED[name]
    return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))


def _cells_of(xml: str) -> list[tuple[str, ...]]:
    """The cells of a row the exact way, in the shape of `_CELL`'s groups: for a row with more in it than plain cells."""
    found: list[list[str]] = []
    inside: list[str] = []

    def start(name, attributes):
        inside.append(name)
        if name == "c":
            place = attributes.pop("r")
            letters = place.rstrip("0123456789")
            words = "".join(f' {key}="{value}"' for key, value in attributes.items())
            found.append([letters, place[len(letters) :], words, "", ""])
        elif name == "f" and found:
            found[-1][3] = name

    def end(_name):
        inside.pop()

    def text(data):
        if inside[-1] in ("v", "t"):
            # It is read; what looks like an entity in it is not one any more.
            found[-1][4] += data.replace("&", "&amp;")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        parser.Parse(f"<row>{xml}</row>", True)
    except (expat.ExpatError, KeyError, IndexError) as error:
        raise refusals.DamagedWorkbook(part="<row>") from error
    return [tuple(cell) for cell in found if cell[3] or cell[4]]
