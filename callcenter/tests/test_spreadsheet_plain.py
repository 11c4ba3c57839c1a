"""The streamed way of reading a sheet tells the same as the fast reader, and leaves to it what it is not sure of."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from callcenter.spreadsheet import excel, plain, refusals
from callcenter.spreadsheet.flat import FlatWorkbook
from callcenter.tests.test_spreadsheet_guard import SHEET, make_workbook

# No spreadsheet program writes control characters or line ends other than LF into a cell.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("&<>\"'\n _x"),
    max_size=12,
)  # fmt: skip
NUMBERS = (
    st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.sampled_from([0, -0.5, 1e21, 1.5e-9, 13_800_138_000, 123_456_789_012_345_678])
)
CELLS = st.none() | TEXTS | NUMBERS | st.booleans()
TABLES = st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8)


def by_openpyxl(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(
            [" " + cell if isinstance(cell, str) and cell.startswith("=") else cell for cell in row]
        )
    book.save(path)


def by_xlsxwriter(path, rows):
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()


def by_ourselves(path, rows):
    with FlatWorkbook(path) as book:
        book.start_sheet("名单", [f"c{number}" for number in range(6)])
        for row in rows:
            book.write_row(row)


def read(path, *, streamed):
    """(number, cells without blanks at their end, what is doubtful) of every row that is not blank."""
    with pytest.MonkeyPatch.context() as patch:
        if not streamed:
            patch.setattr(plain, "survey", lambda archive, sheet: None)
        book = excel.WorkbookFile(path)
        found = []
        for number, cells in book.records():
            while cells and cells[-1] == "" and not getattr(cells[-1], "problem", ""):
                cells.pop()
            if cells:
                found.append(
                    (number, list(map(str, cells)), [getattr(cell, "problem", "") for cell in cells])
                )
        return found, book.total_rows, book.hidden


def is_streamed(path):
    return excel.WorkbookFile(path)._plain is not None


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter, by_ourselves])
@given(rows=TABLES)
@settings(max_examples=60)
def test_both_ways_read_the_same(tmp_path_factory, write, rows):
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    write(path, rows)
    streamed, total, _hidden = read(path, streamed=True)
    fast, fast_total, _hidden = read(path, streamed=False)
    assert streamed == fast
    assert not fast or total >= fast_total or total == fast_total


def test_ordinary_table_is_streamed(tmp_path):
    for write in (by_openpyxl, by_xlsxwriter, by_ourselves):
        path = tmp_path / f"{write.__name__}.xlsx"
        write(path, [["姓名", "手机"], ["王 & 李 <1>", 13_800_138_000], [None, True], [], ["x", 0.5]])
        assert is_streamed(path)
        assert read(path, streamed=True) == read(path, streamed=False)


def save(tmp_path, change):
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    change(book)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_sheet_with_dates_is_left_to_the_fast_reader(tmp_path):
    path = save(tmp_path, lambda book: book.active.append([date(2026, 5, 1), 1, "x"]))
    assert not is_streamed(path)
    assert read(path, streamed=True)[0][1][1] == ["2026-05-01", "1", "x"]


@pytest.mark.parametrize("number", [14, 22, 31, 46, 58])
def test_built_in_date_formats_are_seen(tmp_path, number):
    path = save(tmp_path, lambda book: book.active.append([46_143, 1]))
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                xf = b'<cellXfs count="1"><xf numFmtId="0"'
                assert xf in content
                content = content.replace(
                    xf, b'<cellXfs count="2"><xf numFmtId="%d" /><xf numFmtId="0"' % number
                )
            elif name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<c r="A2"', b'<c r="A2" s="0"')
            new.writestr(name, content)
    path.write_bytes(data.getvalue())
    assert not is_streamed(path)


def test_rich_text_in_shared_strings_is_joined(tmp_path):
    def change(book):
        book.active["A2"] = CellRichText("王", TextBlock(InlineFont(b=True), "芳"), " 女士")

    path = save(tmp_path, change)
    assert read(path, streamed=True) == read(path, streamed=False)
    assert read(path, streamed=True)[0][1][1] == ["王芳 女士"]


ROW = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'


@pytest.mark.parametrize(
    "row",
    [
        '<row r="2"><c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
        '<row><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2"><!-- x --><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[<a>]]></t></is></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a_x000D_b</t></is></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a\r\nb</t></is></c></row>',
        '<row r="2"><c r="A2" t="d"><v>2026-05-01</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
    ],
)
def test_what_is_not_plain_is_not_streamed(tmp_path, row):
    path = make_workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": SHEET.replace(ROW, row)})
    assert row in SHEET.replace(ROW, row)
    try:
        assert not is_streamed(path)
    except refusals.DamagedWorkbook:
        assert 't="s"' in row  # refers to a text the workbook does not have


@pytest.mark.parametrize(
    ("row", "cells", "problem"),
    [
        ('<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>', ["2"], ""),
        ('<row r="2"><c r="A2"><f>1+1</f></c></row>', [""], "not_calculated"),
        ('<row r="2"><c r="A2"><f>1+1</f><v/></c></row>', [""], "not_calculated"),
        ('<row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>', ["2"], ""),
        ('<row r="2"><c r="A2" t="str"><f>A1</f><v>a&amp;b</v></c></row>', ["a&b"], ""),
        ('<row r="2"><c r="A2" t="e"><f>NA()</f><v>#N/A</v></c></row>', ["#N/A"], "error_value"),
        ('<row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c></row>', ["#DIV/0!"], "error_value"),
        ('<row r="2"><c r="A2" s="1"/><c r="B2" t="b"><v>1</v></c></row>', ["", "TRUE"], ""),
        ('<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> a&#65;&#x42; </t></is></c></row>', [" aAB "], ""),
        ('<row r="2"/><row r="5" spans="1:2" x14ac:dyDescent="0.2"><c r="B5"><v>7</v></c></row>', ["", "7"], ""),
        ('<row r="2"><c r="A2" t="n"><v>1.5E3</v></c><c r="B2"><v>007</v></c></row>', ["1500", "7"], ""),
    ],
)  # fmt: skip
def test_plain_cells_are_streamed_as_the_fast_reader_tells_them(tmp_path, row, cells, problem):
    path = make_workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": SHEET.replace(ROW, row)})
    assert is_streamed(path)
    streamed, _total, _hidden = read(path, streamed=True)
    rows = {number: (found, problems) for number, found, problems in streamed}
    found, problems = rows.get(2) or rows.get(5) or ([""], ["not_calculated"])
    assert (found or [""], (problems or [""])[0]) == (cells, problem)
    # The fast reader drops a last row in which nothing was calculated, and takes no prefix that is not declared.
    if problem != "not_calculated" and "x14ac" not in row:
        assert streamed == read(path, streamed=False)[0]


def test_cell_that_claims_another_row_is_refused(tmp_path):
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="B3"><v>2</v></c></row>'
    path = make_workbook(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": SHEET.replace(ROW, row)})
    with pytest.raises(refusals.DamagedWorkbook):
        list(excel.WorkbookFile(path).records())


def test_hidden_columns_are_known_of_a_streamed_sheet(tmp_path):
    def change(book):
        book.active.column_dimensions["B"].hidden = True
        book.active.append([1, 2, 3])

    path = save(tmp_path, change)
    assert is_streamed(path)
    assert excel.WorkbookFile(path).hidden == [1]
