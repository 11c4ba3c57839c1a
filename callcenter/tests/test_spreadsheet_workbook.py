"""Report books as the specification of the KPI workbook wants them, looked at with another library (KPI-9)."""

import datetime
import io
import zipfile
import zoneinfo
from decimal import Decimal

import openpyxl
import pytest

from callcenter.spreadsheet.workbook import COLOURS, UNDEFINED, Series, Workbook

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
HEADER = ["日期", "人数", "接通率", "通话时长", "金额", "备注"]
KINDS = ["date", "count", "rate", "duration", "money", "text"]


def make_rows():
    return [
        [datetime.date(2026, 5, day), 1_000 + day, day / 10, 3_661 * day, Decimal("12345.678"), "=1+1"]
        for day in range(1, 8)
    ]


def make_book(build, **options):
    """Returns (workbook as openpyxl reads it, its parts by name) of a book filled by `build(book)`."""
    target = io.BytesIO()
    with Workbook(target, title="回访KPI", **options) as book:
        build(book)
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    return openpyxl.load_workbook(target), parts


def test_table_has_named_formats_and_no_formula():
    book, _parts = make_book(
        lambda book: book.page("日趋势").table(HEADER, make_rows(), KINDS, key_columns=1)
    )
    sheet = book["日趋势"]
    assert [cell.number_format for cell in sheet[2]] == [
        "yyyy-mm-dd",
        "#,##0",
        "0.0%",
        "[h]:mm:ss",
        "#,##0.00",
        "@",
    ]
    assert [cell.value for cell in sheet[2]] == [
        datetime.datetime(2026, 5, 1),
        1_001,
        0.1,
        datetime.timedelta(seconds=3_661),
        12_345.678,
        "=1+1",
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert {cell.font.name for row in sheet.iter_rows() for cell in row} == {"等线"}
    assert [(cell.font.b, cell.fill.fgColor.rgb) for cell in sheet[1]] == [(True, "FFE8EEF5")] * 6


def test_page_is_frozen_filtered_and_set_up_for_print():
    book, _parts = make_book(
        lambda book: book.page("坐席").table(HEADER, make_rows(), KINDS, key_columns=2),
        header_text="A&B 10:00",
    )
    sheet = book["坐席"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:F8")
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
    assert setup.fitToWidth in (None, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == ("&A", "A&&B 10:00")
    assert "&P" in sheet.oddFooter.center.text
    assert "&N" in sheet.oddFooter.center.text


def test_summary_can_be_fitted_on_one_page_without_gridlines():
    book, _parts = make_book(lambda book: book.page("概览", one_page=True, gridlines=False).write(0, 0, "x"))
    assert book["概览"].page_setup.fitToHeight in (None, 1)
    assert book["概览"].sheet_properties.pageSetUpPr.fitToPage
    assert book["概览"].sheet_view.showGridLines is False


@pytest.mark.parametrize("kind", ["count", "rate", "duration", "money", "number"])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), Decimal("NaN")])
def test_undefined_number_is_a_dash_on_the_right(kind, value):
    book, _parts = make_book(lambda book: book.page("a").write(0, 0, value, kind))
    cell = book["a"]["A1"]
    assert (cell.value, cell.data_type, cell.alignment.horizontal) == (UNDEFINED, "s", "right")


@pytest.mark.parametrize("kind", ["date", "text", "general"])
def test_missing_text_or_date_is_blank(kind):
    book, _parts = make_book(lambda book: book.page("a").write(0, 0, None, kind))
    assert book["a"]["A1"].value is None


def test_instants_show_the_clock_of_the_zone():
    moment = datetime.datetime(2026, 5, 1, 1, 2, 3, tzinfo=datetime.UTC)
    book, _parts = make_book(lambda book: book.page("a").write(0, 0, moment), zone=SHANGHAI, created=moment)
    assert book["a"]["A1"].value == datetime.datetime(2026, 5, 1, 9, 2, 3)
    assert book["a"]["A1"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert book.properties.created == datetime.datetime(2026, 5, 1, 1, 2, 3)


def test_numbers_no_program_can_hold_are_text():
    def build(book):
        page = book.page("a")
        page.write(0, 0, 330106199001011234, "count")
        page.write(1, 0, 13800138000, "text")
        page.write(2, 0, datetime.date(1890, 1, 1), "date")

    cells = [row[0] for row in make_book(build)[0]["a"].iter_rows()]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("330106199001011234", "s"),
        ("13800138000", "s"),
        ("1890-01-01", "s"),
    ]


def test_columns_are_as_wide_as_their_content_within_limits():
    def build(book):
        page = book.page("a")
        page.table(["短", "中文列名有十个字哦", "x"], [["a", "b", "很" * 60]], ["text"] * 3)
        page.table(["y"], [["z" * 30]], ["text"], column=3, freeze=False, autofilter=False)
        page.width(3, 12)

    dimensions = make_book(build)[0]["a"].column_dimensions
    widths = [round(dimensions[letter].width) for letter in "ABCD"]
    assert widths == [9, 21, 41, 13]


def test_properties_are_set():
    book, _parts = make_book(lambda book: book.page("a"), subject="周报", author="运营", company="呼叫中心")
    assert (book.properties.title, book.properties.subject, book.properties.creator) == (
        "回访KPI",
        "周报",
        "运营",
    )


def test_sheet_names_are_safe_and_unique():
    book, _parts = make_book(lambda book: [book.page(name) for name in ("明细", "明细", "a/b:c", "名" * 40)])
    assert book.sheetnames == ["明细", "明细 (2)", "a-b-c", "名" * 31]


def test_traffic_lights_use_the_targets_and_ignore_what_is_undefined():
    def build(book):
        targets = book.page("目标")
        targets.table(["指标", "目标", "黄线"], [["接通率", 0.5, 0.4]], ["text", "rate", "rate"])
        good, near = book.define_name("good", targets, 1, 1), book.define_name("near", targets, 1, 2)
        page = book.page("概览")
        area = page.table(HEADER, make_rows(), KINDS)
        page.traffic_lights((area.first_row, area.last_row), 2, good=good, near=near, count_column=1)
        page.traffic_lights((area.first_row, area.last_row), 3, good=300, near=400, higher_is_better=False)

    book, _parts = make_book(build)
    assert book.defined_names["good"].attr_text == "'目标'!$B$2"
    rules = {str(each.sqref): each.rules for each in book["概览"].conditional_formatting}
    assert [rule.formula for rule in rules["C2:C8"]] == [
        ["AND(ISNUMBER($C2),$B2>=30,$C2>=good)"],
        ["AND(ISNUMBER($C2),$B2>=30,$C2>=near)"],
        ["AND(ISNUMBER($C2),$B2>=30,$C2<near)"],
    ]
    assert [rule.formula[0] for rule in rules["D2:D8"]] == [
        "AND(ISNUMBER($D2),$D2<=300)",
        "AND(ISNUMBER($D2),$D2<=400)",
        "AND(ISNUMBER($D2),$D2>400)",
    ]
    found = [
        (f"#{rule.dxf.fill.bgColor.rgb[2:]}", f"#{rule.dxf.font.color.rgb[2:]}") for rule in rules["C2:C8"]
    ]
    assert found == [(colour["bg_color"], colour["font_color"]) for colour in COLOURS.values()]
    assert found == [("#C6EFCE", "#006100"), ("#FFEB9C", "#9C5700"), ("#FFC7CE", "#9C0006")]


@pytest.mark.parametrize(
    ("kind", "element"), [("line", "lineChart"), ("column", 'barDir val="col"'), ("bar", 'barDir val="bar"')]
)
def test_charts_are_native_with_titles_and_axis_names(kind, element):
    def build(book):
        page = book.page("日趋势")
        area = page.table(HEADER, make_rows(), KINDS)
        series = [
            Series("接通率", area.column(2), area.column(0)),
            Series("促销!A1", area.column(1), area.column(0)),
        ]
        page.chart(
            kind,
            title="=x!$A$1",
            x_name="日期",
            y_name="比率",
            series=series,
            row=10,
            column=0,
            dates=True,
            alternative="升",
        )

    book, parts = make_book(build)
    assert len(book["日趋势"]._charts) == 1
    xml = parts["xl/charts/chart1.xml"]
    assert element in xml
    assert "'日趋势'!$C$2:$C$8" in xml or "日趋势!$C$2:$C$8" in xml
    for text in ("日期", "比率", "接通率", ">=x！$A$1<", "<c:v>促销！A1</c:v>"):
        assert text in xml
    assert "<c:f>x!$A$1</c:f>" not in xml
    assert 'descr="升"' in parts["xl/drawings/drawing1.xml"]


def test_stacked_bars_are_stacked():
    def build(book):
        page = book.page("漏斗")
        area = page.table(["步骤", "人数"], [["名单", 10], ["有效", 8]], ["text", "count"])
        series = [Series("人数", area.column(1), area.column(0))]
        page.chart(
            "bar", title="漏斗", x_name="步骤", y_name="人数", series=series, row=5, column=0, stacked=True
        )

    assert 'grouping val="stacked"' in make_book(build)[1]["xl/charts/chart1.xml"]


def test_formula_is_written_only_when_asked_and_with_its_value():
    def build(book):
        page = book.page("核对 '1'")
        page.table(["a"], [[1], [2]], ["count"])
        page.formula(4, 0, f"=SUM({page.range(1, 0, 2, 0)})", 3, "count")
        page.formula(5, 0, "=1/0", None, "rate")
        page.write(6, 0, "=SUM(1)")

    target = io.BytesIO()
    with Workbook(target, title="x") as book:
        build(book)
    formulas = openpyxl.load_workbook(target).worksheets[0]
    values = openpyxl.load_workbook(target, data_only=True).worksheets[0]
    assert [formulas.cell(row, 1).data_type for row in (5, 6, 7)] == ["f", "f", "s"]
    assert [values.cell(row, 1).value for row in (5, 6, 7)] == [3, UNDEFINED, "=SUM(1)"]
    assert formulas["A5"].value == "=SUM('核对 ''1'!$A$2:$A$3)"


def test_link_leads_to_the_other_sheet():
    def build(book):
        cover, page = book.page("封面"), book.page("概览 'x' y")
        cover.link(0, 0, page, "=概览")

    sheet = make_book(build)[0]["封面"]
    assert sheet["A1"].hyperlink.location == "'概览 ''x'' y'!A1"
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=概览", "s")


def test_empty_table_is_only_its_header():
    def build(book):
        area = book.page("空").table(HEADER, [], KINDS)
        assert (area.first_row, area.last_row) == (1, 0)
        book.pages["空"].traffic_lights((area.first_row, area.last_row), 2, good=1, near=0)
        book.pages["空"].chart(
            "line",
            title="空",
            x_name="x",
            y_name="y",
            row=3,
            column=0,
            series=[Series("a", area.column(1), area.column(0))],
        )

    assert make_book(build)[0]["空"].max_row == 1
