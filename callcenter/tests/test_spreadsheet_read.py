"""Tables as people's programs write them (CUS-3, I-01, reliability.md section 5: headers, structure, values)."""

import datetime
import threading
import zipfile

import openpyxl
import pytest
import xlsxwriter

from callcenter.spreadsheet import refusals, sheets
from callcenter.spreadsheet.cells import Doubtful
from callcenter.spreadsheet.read import open_table


def make_csv(tmp_path, content, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_xlsx(tmp_path, fill, name="book.xlsx", **options):
    """Writes a workbook with XlsxWriter; `fill(book, sheet)` fills its first sheet."""
    path = tmp_path / name
    with xlsxwriter.Workbook(path, options) as book:
        fill(book, book.add_worksheet("名单"))
    return path


def read(path, **options):
    return list(open_table(path, **options).rows())


def codes(errors):
    return [error.code for error in errors]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path, delimiter, end):
    lines = [["姓名", "电话", "备注"], ["张三", "13800138000", "a b"], ["李四", "13900139000", ""]]
    path = make_csv(tmp_path, end.join(delimiter.join(line) for line in lines) + end)
    table = open_table(path)
    assert table.delimiter == delimiter
    assert [cell.name for cell in table.header] == lines[0]
    assert list(table.rows()) == [(2, lines[1]), (3, lines[2])]


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path):
    assert read(make_csv(tmp_path, "name;amount\nA;1,5\nB;2,5\n")) == [(2, ["A", "1,5"]), (3, ["B", "2,5"])]


def test_sep_line_names_the_delimiter_and_counts_as_a_row(tmp_path):
    table = open_table(make_csv(tmp_path, "sep=|\r\na,x|b\r\n1|2\r\n"))
    assert (table.delimiter, table.header_row) == ("|", 2)
    assert [cell.name for cell in table.header] == ["a,x", "b"]
    assert list(table.rows()) == [(3, ["1", "2"])]


def test_given_delimiter_is_used(tmp_path):
    assert read(make_csv(tmp_path, "a,b|c\n1,2|3\n"), delimiter="|") == [(2, ["1,2", "3"])]


def test_quoted_cells_keep_delimiters_quotes_and_line_ends(tmp_path):
    path = make_csv(tmp_path, 'a,b\r\n"x,y","say ""hi"""\r\n"two\r\nlines",z\r\nlast,row\r\n')
    assert read(path) == [(2, ["x,y", 'say "hi"']), (3, ["two\nlines", "z"]), (4, ["last", "row"])]


def test_quotation_mark_inside_a_cell_is_text(tmp_path):
    assert read(make_csv(tmp_path, 'a,b\n12" screen,1\n')) == [(2, ['12" screen', "1"])]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('a,b\n1,2\n"open,3\n4,5\n', 3),
        ('a,b\n1,2\n"open,3\n4,5\n"x",6\n', 3),
        ('a,b\n"two\nlines",2\n"shut"x,3\n', 4),
    ],
)
def test_unclosed_quote_is_refused_with_its_line(tmp_path, content, line):
    with pytest.raises(refusals.BadQuotes) as caught:
        read(make_csv(tmp_path, content))
    assert caught.value.details["line"] == line


def test_nul_byte_is_refused_with_its_line(tmp_path):
    with pytest.raises(refusals.NulByte) as caught:
        read(make_csv(tmp_path, b"name,phone\nA,1\nB\0,2\n"))
    assert caught.value.details["line"] == 3


def test_nul_byte_after_thousands_of_rows_is_refused_with_its_line(tmp_path):
    path = make_csv(tmp_path, b"name,phone\n" + b"A,1\n" * 20_000 + b"B\0,2\n")
    table = open_table(path)
    with pytest.raises(refusals.NulByte) as caught:
        list(table.rows())
    assert caught.value.details["line"] == 20_002


def test_ragged_rows_are_reported_each(tmp_path):
    table = open_table(make_csv(tmp_path, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n"))
    rows = list(table.rows())
    assert rows == [
        (2, ["1", "2", ""]),
        (3, ["1", "2", "3"]),
        (4, ["1", "2", "3", "4"]),
        (5, ["1", "2", "3"]),
    ]
    errors = [table.check(*row) for row in rows]
    assert list(map(codes, errors)) == [["too_few_cells"], [], ["too_many_cells"], []]
    assert (errors[0][0].row, errors[2][0].value) == (2, "4")
    assert "2" in errors[0][0].message
    assert "3" in errors[0][0].message
    assert errors[0][0].hint


def test_cell_over_the_limit_is_reported_and_the_rest_read(tmp_path):
    table = open_table(make_csv(tmp_path, f"a,b\n{'x' * 200_000},1\n{'y' * 32_767},2\n3,4\n"))
    rows = list(table.rows())
    assert codes(table.check(*rows[0])) == ["cell_too_long"]
    assert len(rows[0][1][0]) < 300
    assert rows[1] == (3, ["y" * 32_767, "2"])
    assert table.check(*rows[1]) == []
    assert rows[2] == (4, ["3", "4"])


def test_long_cell_over_many_lines_is_reported(tmp_path):
    body = "\n".join(["line"] * 10_000)
    table = open_table(make_csv(tmp_path, f'a,b\n"{body}",1\n3,4\n'))
    rows = list(table.rows())
    assert codes(table.check(*rows[0])) == ["cell_too_long"]
    assert rows[1] == (3, ["3", "4"])


def test_enormous_cell_is_refused_with_its_line(tmp_path):
    with pytest.raises(refusals.CellTooLarge) as caught:
        read(make_csv(tmp_path, "a,b\n1,2\n" + "x" * 1_100_000 + ",1\n"))
    assert caught.value.details["line"] == 3


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(refusals.TooManyColumns):
        open_table(make_csv(tmp_path, ",".join(f"c{n}" for n in range(501)) + "\n"))
    assert len(open_table(make_csv(tmp_path, ",".join(f"c{n}" for n in range(500)) + ",,,\n")).header) == 500
    with pytest.raises(refusals.TooManyColumns):
        open_table(
            make_xlsx(tmp_path, lambda book, sheet: sheet.write_row(0, 0, [f"c{n}" for n in range(16_384)]))
        )


def test_row_of_a_million_delimiters_is_refused(tmp_path):
    with pytest.raises(refusals.TooManyColumns):
        read(make_csv(tmp_path, "a,b\n" + "," * 1_000_000 + "\n"))


def test_blank_rows_are_skipped_and_counted(tmp_path):
    table = open_table(make_csv(tmp_path, "\n,,\na,b\n\n1,2\n , \n,,,,\n3,4\n\n"))
    assert table.header_row == 3
    assert list(table.rows()) == [(5, ["1", "2"]), (8, ["3", "4"])]
    assert table.blank_rows == 4


def test_title_above_the_header_is_passed_over(tmp_path):
    table = open_table(make_csv(tmp_path, "客户名单 2026\n\n姓名,电话\n张三,1\n"))
    assert (table.header_row, list(table.rows())) == (3, [(4, ["张三", "1"])])


def test_file_of_one_column_is_read(tmp_path):
    table = open_table(make_csv(tmp_path, "手机\n13800138000\n"))
    assert [cell.name for cell in table.header] == ["手机"]
    assert list(table.rows()) == [(2, ["13800138000"])]


def test_given_header_row_is_used(tmp_path):
    path = make_csv(tmp_path, "客户,,联系\n姓名,等级,电话\n张三,A,1\n")
    first = open_table(path)
    assert codes(first.problems) == ["blank_header", "two_header_rows"]
    table = open_table(path, header_row=2)
    assert ([cell.name for cell in table.header], list(table.rows())) == (
        ["姓名", "等级", "电话"],
        [(3, ["张三", "A", "1"])],
    )
    for wrong in (0, -1, 9, 10**9):
        with pytest.raises(refusals.NoHeader):
            open_table(path, header_row=wrong)


@pytest.mark.parametrize("content", ["\n\n\n", ",,,\n,,\n", " \n", "\ufeff"])
def test_file_without_any_text_has_no_header(tmp_path, content):
    with pytest.raises(refusals.NoHeader):
        open_table(make_csv(tmp_path, content))


def test_header_problems_are_reported_with_their_place(tmp_path):
    table = open_table(make_csv(tmp_path, "姓名 ,电话,,電話,姓名,Ｎａｍｅ,name\n1,2,3,4,5,6,7\n"))
    found = [(error.code, error.column) for error in table.problems]
    assert found == [
        ("padded_header", "姓名"),
        ("blank_header", "C"),
        ("duplicate_header", "姓名"),
        ("duplicate_header", "name"),
    ]
    assert table.header[0] == (0, "姓名", "姓名 ", "A")
    assert table.header[4] == (4, "姓名", "姓名", "E")


def test_rows_can_be_read_again(tmp_path):
    table = open_table(make_csv(tmp_path, "a,b\n1,2\n"))
    assert list(table.rows()) == list(table.rows()) == [(2, ["1", "2"])]


def test_progress_and_total_of_a_large_file_are_near(tmp_path):
    path = make_csv(tmp_path, "姓名,电话\n" + "".join(f"张三{n},13800{n:06d}\n" for n in range(60_000)))
    table = open_table(path)
    assert table.total_rows == 60_000
    seen = [table.progress for number, _cells in table.rows() if number in (15_000, 30_000, 45_000)]
    assert seen == pytest.approx([0.25, 0.5, 0.75], abs=0.05)
    assert table.progress == 1.0


def test_small_file_has_an_exact_total(tmp_path):
    assert open_table(make_csv(tmp_path, "a,b\n1,2\n3,4\n")).total_rows == 2
    assert open_table(make_csv(tmp_path, "a,b\n")).total_rows == 0
    assert open_table(make_csv(tmp_path, "a,b\r1,2\r3,4")).total_rows == 2
    assert open_table(make_csv(tmp_path, "姓名,b\r\n上,上\r\n".encode("utf-16"))).total_rows == 1


def test_two_files_can_be_read_at_once(tmp_path):
    paths = [make_csv(tmp_path, "a,b\n" + f"{n},x\n" * 20_000, f"{n}.csv") for n in range(4)]
    results = {}

    def run(index):
        results[index] = {cells[0] for _number, cells in open_table(paths[index]).rows()}

    threads = [threading.Thread(target=run, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {index: {str(index)} for index in range(4)}


def test_workbook_values_become_faithful_text(tmp_path):
    def fill(book, sheet):
        day, moment, span, clock = (
            book.add_format({"num_format": code})
            for code in ("yyyy/m/d", "yyyy-mm-dd hh:mm:ss", "[h]:mm:ss", "hh:mm")
        )
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_row(1, 0, [13800138000, 12.5, -5])
        sheet.write_row(2, 0, [0.1 + 0.2, 1e-7, 999_999_999_999_999])
        sheet.write_datetime(3, 0, datetime.date(2026, 5, 1), day)
        sheet.write_datetime(3, 1, datetime.datetime(2026, 5, 1, 9, 30, 15), moment)
        sheet.write_number(3, 2, 1.5, span)
        sheet.write_datetime(4, 0, datetime.time(9, 30), clock)
        sheet.write_boolean(4, 1, True)
        sheet.write_string(4, 2, "=1+1")
        sheet.write_formula(5, 0, "=1+1", None, 2)
        sheet.write_formula(5, 1, '="x"&"y"', None, "xy")
        sheet.write_row(6, 0, ["0013800138000", " x ", "😀\n‏עברית\u200b<script>"])

    table = open_table(make_xlsx(tmp_path, fill))
    rows = list(table.rows())
    assert rows == [
        (2, ["13800138000", "12.5", "-5"]),
        (3, ["0.3", "0.0000001", "999999999999999"]),
        (4, ["2026-05-01", "2026-05-01 09:30:15", "36:00:00"]),
        (5, ["09:30:00", "TRUE", "=1+1"]),
        (6, ["2", "xy", ""]),
        (7, ["0013800138000", " x ", "😀\n‏עברית\u200b<script>"]),
    ]
    assert [table.check(*row) for row in rows] == [[]] * 6
    assert table.total_rows == 6
    assert table.progress == 1.0


def test_dates_of_the_1904_system_are_right(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_datetime(1, 0, datetime.date(2026, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    assert read(make_xlsx(tmp_path, fill, date_1904=True)) == [(2, ["2026-05-01", ""])]


def test_number_beyond_15_digits_is_flagged(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["id", "x"])
        sheet.write_row(1, 0, [330106199001011234, 1e308])

    table = open_table(make_xlsx(tmp_path, fill))
    ((number, cells),) = table.rows()
    assert isinstance(cells[0], Doubtful)
    assert cells[0].isdigit()
    assert len(cells[0]) == 18
    assert [(error.code, error.column) for error in table.check(number, cells)] == [
        ("lost_precision", "id"),
        ("lost_precision", "x"),
    ]
    assert codes(table.check(number, cells, positions={1})) == ["lost_precision"]
    assert table.check(number, cells, positions=set()) == []


def test_error_cells_and_uncalculated_formulas_are_flagged(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_string(1, 2, "#N/A")

    table = open_table(make_xlsx(tmp_path, fill))
    ((number, cells),) = table.rows()
    assert cells == ["#N/A", "#DIV/0!", "#N/A"]
    assert [(error.code, error.column) for error in table.check(number, cells)] == [
        ("error_value", "a"),
        ("error_value", "b"),
    ]

    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["x", "=1+1"])
    book.active.append(["", "=1+1"])
    book.save(tmp_path / "open.xlsx")
    table = open_table(tmp_path / "open.xlsx")
    assert [codes(table.check(*row)) for row in table.rows()] == [["not_calculated"]]


def test_sheet_that_starts_away_from_the_corner_keeps_its_row_numbers(tmp_path):
    def fill(book, sheet):
        sheet.write_row(3, 2, ["姓名", "电话"])
        sheet.write_row(6, 2, ["张三", "1"])

    table = open_table(make_xlsx(tmp_path, fill))
    assert [(cell.letters, cell.name) for cell in table.header] == [
        ("A", ""),
        ("B", ""),
        ("C", "姓名"),
        ("D", "电话"),
    ]
    assert list(table.rows()) == [(7, ["", "", "张三", "1"])]
    assert table.blank_rows == 2


def test_sheets_are_offered_and_chosen(tmp_path):
    def fill(book, sheet):
        second, third = book.add_worksheet("客户"), book.add_worksheet("隐藏")
        second.write_row(0, 0, ["姓名", "电话"])
        second.write_row(1, 0, ["张三", "1"])
        third.write_row(0, 0, ["x", "y"])
        third.hide()

    path = make_xlsx(tmp_path, fill)
    table = open_table(path)
    assert (table.sheet, table.sheets) == ("客户", ["名单", "客户"])
    assert codes(table.problems) == ["several_sheets"]
    assert [cell.name for cell in open_table(path, sheet="隐藏").header] == ["x", "y"]
    with pytest.raises(refusals.NoHeader):
        open_table(path, sheet="名单")
    with pytest.raises(refusals.UnknownSheet) as caught:
        open_table(path, sheet="没有")
    assert "客户" in caught.value.hint


def test_hidden_columns_are_reported(tmp_path):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.set_column(1, 1, 8, None, {"hidden": True})

    problems = open_table(make_xlsx(tmp_path, fill)).problems
    assert [(error.code, error.column) for error in problems] == [("hidden_column", "b")]


def test_formula_as_header_is_its_value(tmp_path):
    def fill(book, sheet):
        sheet.write_formula(0, 0, '="姓"&"名"', None, "姓名")
        sheet.write_string(0, 1, "电话")

    assert [cell.name for cell in open_table(make_xlsx(tmp_path, fill)).header] == ["姓名", "电话"]


def test_name_of_the_file_does_not_matter(tmp_path):
    book = make_xlsx(tmp_path, lambda book, sheet: sheet.write_row(0, 0, ["a", "b"]), name="book.csv")
    assert open_table(book).kind == "xlsx"
    assert open_table(make_csv(tmp_path, "a,b\n1,2\n", "list.xlsx")).kind == "csv"


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


PLAIN = '<c r="A3" t="e"><v>#N/A</v></c><c r="B3"><f>1+1</f></c><c r="C3" t="str"><f>x</f><v></v></c>'


@pytest.mark.parametrize(
    "row",
    [
        f'<row r="3">{PLAIN}</row>',
        '<row r="3"><c r="A3" t="e"><f>NA()</f><v>#N/A</v></c><c r="B3"><f ca="1"/><v/></c><c r="C3"><v>1</v></c></row>',
        "<row r='3'><c r='A3' t='e'><v>#N/A</v></c><c><f>1+1</f></c><c t='str'><f>x</f><v></v></c></row>",
        f'<x:row r="3">{PLAIN}</x:row>'.replace("<", "<x:").replace("<x:/", "</x:").replace("x:x:", "x:"),
    ],
)
def test_sheets_of_all_writers_are_measured_alike(tmp_path, row):
    sheet = (
        f'<worksheet xmlns="{NAMESPACE}" xmlns:x="{NAMESPACE}"><cols><col min="2" max="3" hidden="1"/></cols>'
        f"<sheetData>{row}</sheetData></worksheet>"
    )
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("s.xml", sheet)
    with zipfile.ZipFile(tmp_path / "s.zip") as archive:
        extent = sheets.measure(archive, sheets.Sheet("S", "s.xml", True))
    assert extent == (3, 3, {(3, 0): ("error_value", "#N/A"), (3, 1): ("not_calculated", "")}, [1, 2])
