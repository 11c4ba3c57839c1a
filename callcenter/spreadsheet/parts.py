"""The parts of a plain .xlsx file other than its sheets: formats, properties, and the lists that hold it together."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from .cells import clean, column_letters
from .names import quoted_sheet_name

# The formats of cells: code and style number, which is its place in `_STYLES`.
FORMATS = {
    "general": "General",
    "text": "@",
    "header": "@",
    "count": "#,##0",
    "rate": "0.0%",
    "money": "#,##0.00",
    "duration": "[h]:mm:ss",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm:ss",
}
KINDS = {kind: number for number, kind in enumerate(FORMATS)}
HEADER_FILL = "E8EEF5"
FONT, FONT_SIZE = "等线", 10

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook_parts(sheets: Sequence[tuple[str, int, int]], title: str) -> dict[str, str]:
    """Returns the parts by name for `sheets` of (safe name, columns, rows), the sheet parts being sheet1.xml and on."""
    numbers = range(1, len(sheets) + 1)
    return {
        "xl/workbook.xml": XML + _workbook(sheets),
        "xl/_rels/workbook.xml.rels": XML + _relations(numbers),
        "xl/styles.xml": XML + _STYLES,
        "docProps/core.xml": XML + _core(title),
        "_rels/.rels": XML + _ROOT,
        "[Content_Types].xml": XML + _content_types(numbers),
    }


def _workbook(sheets) -> str:
    listed, defined = [], []
    for index, (name, columns, rows) in enumerate(sheets):
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{index + 1}" r:id="rId{index + 1}"/>')
        quoted = escape(quoted_sheet_name(name))
        area = f"{quoted}!$A$1:${column_letters(max(columns, 1) - 1)}${rows}"
        scope = f'localSheetId="{index}"'
        defined.append(f'<definedName name="_xlnm._FilterDatabase" {scope} hidden="1">{area}</definedName>')
        defined.append(f'<definedName name="_xlnm.Print_Titles" {scope}>{quoted}!$1:$1</definedName>')
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{''.join(listed)}</sheets><definedNames>{''.join(defined)}</definedNames></workbook>"
    )


def _styles() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode={quoteattr(code)}/>'
        for i, code in enumerate(FORMATS.values())
    )
    cells = "".join(
        f'<xf numFmtId="{0 if kind == "general" else 164 + i}" fontId="{int(kind == "header")}" '
        f'fillId="{2 if kind == "header" else 0}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        for i, kind in enumerate(FORMATS)
    )
    font = f'<sz val="{FONT_SIZE}"/><name val="{FONT}"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(FORMATS)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{HEADER_FILL}"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(FORMATS)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


_STYLES = _styles()
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)


def _relations(numbers) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    last = f'<Relationship Id="rId{len(numbers) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{last}</Relationships>'


def _content_types(numbers) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{sheets}</Types>"
    )


def _core(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(clean(title))}</dc:title></cp:coreProperties>"
    )
