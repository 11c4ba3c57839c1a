"""30 files whose header is not one: every column finds its field or stays under its own name, none is lost."""

from collections.abc import Iterator

from openpyxl.worksheet.worksheet import Worksheet

from customers.tests.corpus.file import HEADER, Expected, File, good, patched, person, text_file, workbook

SHEET = "xl/worksheets/sheet1.xml"
NAMED = (
    ("simplified", ("客户编号", "姓名", "手机号码")),
    ("traditional", ("客戶編號", "姓名", "行動電話")),
    ("english", ("Customer No", "Full Name", "Mobile")),
    ("english-upper", ("CUSTOMER_ID", "NAME", "PHONE")),
    ("full-width", ("客户编号", "ＮＡＭＥ", "ＰＨＯＮＥ")),
    ("blanks-around", (" 客户编号 ", "姓名\u3000", "\t手机")),
    ("insurance", ("保单号", "投保人", "联系电话")),
    ("insurance-traditional", ("保單號", "要保人", "聯絡電話")),
)


def files() -> Iterator[File]:
    """8 languages, 8 with columns too many or too few, 8 with rows around the header, 6 of workbooks."""
    for label, header in NAMED:
        expected = good(1, stored={"A1": {"name": "客户1"}}, phones={"A1": ["+8613800000001"]})
        yield File(f"{label}.csv", text_file([header, person(1)]), expected)
    yield from _columns()
    yield from _rows_around()
    yield from _workbooks()


def _columns() -> Iterator[File]:
    def one(label, header, row, expected, mapping=None):
        return File(f"{label}.csv", text_file([header, row]), expected, mapping)

    twice = good(1, phones={"A1": ["+8613800000001", "+8613900000002"]})
    yield one("phone-twice", [*HEADER, "手机"], [*person(1), "13900000002"], twice)
    kept = good(1, stored={"A1": {"custom.备注 [D]": "茶", "custom.备注 [E]": "酒"}})
    yield one("field-twice", [*HEADER, "备注", "备注"], [*person(1), "茶", "酒"], kept)
    kept = good(
        1, stored={"A1": {"custom.备注 [E]": "酒", "custom.备注 [D] [D]": "茶", "custom.备注 [E] [E]": "水"}}
    )
    yield one(
        "field-twice-and-lettered",
        [*HEADER, "备注", "备注", "备注 [E]"],
        [*person(1), "茶", "水", "酒"],
        good(
            1, stored={"A1": {"custom.备注 [D]": "茶", "custom.备注 [E] [E]": "水", "custom.备注 [E]": "酒"}}
        ),
    )
    yield one(
        "name-twice",
        [*HEADER, "姓名"],
        [*person(1), "别名"],
        good(1, stored={"A1": {"custom.姓名 [D]": "别名"}}),
    )
    yield one("one-without-name", [*HEADER, ""], [*person(1), ""], good(1))
    yield one(
        "unnamed-with-data",
        [*HEADER, "", "备注"],
        [*person(1), "甲", "乙"],
        good(1, stored={"A1": {"custom.[D]": "甲"}}),
    )
    yield one("no-phone-no-number", ["姓名", "备注"], ["王芳", "x"], Expected(refused=("mapping_nobody",)))
    yield one(
        "no-name-no-number", ["手机", "备注"], ["13800000001", "x"], Expected(refused=("mapping_nameless",))
    )


def _rows_around() -> Iterator[File]:
    names = [HEADER, person(1), person(2)]
    yield File("blank-rows-first.csv", text_file([[], [], *names]), good(2))
    yield File("title-first.csv", text_file([["2026年5月客户名单"], *names]), good(2))
    yield File("title-and-blank.csv", text_file([["客户名单", "", ""], [], *names]), good(2))
    second = text_file([["客户", "", "联系"], HEADER, person(1)])
    yield File("two-header-rows.csv", second, good(1), reading={"header_row": 2})
    yield File("header-only.csv", text_file([HEADER]), good(0))
    yield File("header-twice.csv", text_file([HEADER, person(1), HEADER, person(2)]), Expected(
        counts={"accepted": 2, "rejected": 1}, reasons={"phone_letters": 1}
    ))  # fmt: skip
    long = "这是一个非常长的列名" * 15
    expected = good(1, stored={"A1": {f"custom.{long[:90]}… [4]": "x", f"custom.{long[:90]}… [5]": "y"}})
    yield File("long-names.csv", text_file([[*HEADER, long, long + "二"], [*person(1), "x", "y"]]), expected)
    yield File("too-many-columns.csv", text_file([[*HEADER, *(f"c{n}" for n in range(600))], person(1)]), Expected(
        refused=("too_many_columns",)
    ))  # fmt: skip


def _workbooks() -> Iterator[File]:
    rows = [HEADER, person(1), person(2)]

    def hidden(book):
        book.active.column_dimensions["C"].hidden = True

    def merged(book):
        sheet: Worksheet = book.active
        sheet.insert_rows(1)
        sheet["A1"] = "客户名单"
        sheet.merge_cells("A1:C1")

    def other_first(book):
        book.create_sheet("空", 0)

    def hidden_sheet(book):
        book.create_sheet("旧", 0).append(["别的", "东西"])
        book.worksheets[0].sheet_state = "hidden"
        book.active = 1

    yield File(
        "hidden-column.xlsx", workbook(rows, change=hidden), good(2, phones={"A1": ["+8613800000001"]})
    )
    yield File("merged-title.xlsx", workbook(rows, change=merged), good(2))
    yield File("empty-sheet-first.xlsx", workbook(rows, change=other_first), good(2))
    yield File("hidden-sheet-first.xlsx", workbook(rows, change=hidden_sheet), good(2))
    yield File("numbers-as-names.xlsx", workbook([[*HEADER, 2026], [*person(1), 5]]), good(
        1, stored={"A1": {"custom.2026": "5"}}
    ))  # fmt: skip
    formula = workbook([[*HEADER, '="备"&"注"'], [*person(1), "茶"]])
    calculated = patched(
        formula, SHEET, (b"<v />", "<v>备注</v>".encode()), (b'<c r="D1"', b'<c t="str" r="D1"')
    )
    yield File("formula-as-name.xlsx", calculated, good(1, stored={"A1": {"custom.备注": "茶"}}))
