"""30 files of values that break programs: they are stored as text, or rejected; nothing is calculated or executed."""

from collections.abc import Iterator

from customers.tests.corpus.file import HEADER, File, bad, good, patched, person, text_file, workbook

SHEET = "xl/worksheets/sheet1.xml"
AMOUNT = [*HEADER, "金额"]
# What stands in the name, what is stored.
NAMES = (
    ("formula", "=1+1", "=1+1"),
    ("formula-command", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ("formula-at", "@SUM(1,2)", "@SUM(1,2)"),
    ("formula-minus", "-2+3", "-2+3"),
    ("script", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("sql", "'; DROP TABLE customers_customer; --", "'; DROP TABLE customers_customer; --"),
    ("template", "{{ 7*7 }}{% debug %}", "{{ 7*7 }}{% debug %}"),
    ("emoji", "王👨‍👩‍👧芳", "王👨👩👧芳"),
    ("right-to-left", "\u202eמחמד\u202c", "מחמד"),
    ("zero-width", "王\u200b\u200d芳\ufeff", "王芳"),
    ("combining", "Zoë", "Zoë"),
    ("percent", "100%s %(name)s", "100%s %(name)s"),
    ("backslash", "C:\\temp\\n", "C:\\temp\\n"),
    ("none", "None", "None"),
)
AMOUNTS = (
    ("negative", "-8019.5", "-8019.50"),
    ("grouped", "1,234,567.89", "1234567.89"),
    ("full-width", "￥１２３４", "1234.00"),
    ("zero", "0", "0.00"),
)
WRONG_AMOUNTS = (
    ("1e308", "not_a_number"),
    ("NaN", "not_a_number"),
    ("9999999999999", "too_large"),
    ("0.001", "too_precise"),
    ("一万", "not_a_number"),
)


def files() -> Iterator[File]:
    """14 names, 4 amounts that are read, 5 that are not, 7 cells of workbooks."""
    for label, written, kept in NAMES:
        rows = [HEADER, ["A1", written, "13800000001"]]
        data, kind = (
            (workbook(rows), "xlsx") if label in ("emoji", "script", "sql") else (text_file(rows), "csv")
        )
        yield File(f"name-{label}.{kind}", data, good(1, stored={"A1": {"name": kept}}))
    for label, written, kept in AMOUNTS:
        rows = [AMOUNT, [*person(1), written]]
        yield File(f"amount-{label}.csv", text_file(rows), good(1, stored={"A1": {"amount": kept}}))
    for written, code in WRONG_AMOUNTS:
        rows = [AMOUNT, [*person(1), "1"], [*person(2), written]]
        yield File(f"amount-{code}-{written}.csv", text_file(rows), bad(**{code: 1}))
    yield from _cells()


def _cells() -> Iterator[File]:
    def error(book):
        book.active["B3"].data_type = "e"

    yield File("cell-error.xlsx", workbook([HEADER, person(1), ["A2", "#N/A", 13_800_000_002]], change=error), bad(
        error_value=1
    ))  # fmt: skip
    formula = workbook([HEADER, person(1), ["A2", '=A1&"x"', 13_800_000_002]])
    yield File("cell-formula-not-calculated.xlsx", formula, bad(not_calculated=1))
    calculated = patched(
        formula, SHEET, (b"<v />", "<v>王芳</v>".encode()), (b'<c r="B3"', b'<c t="str" r="B3"')
    )
    yield File("cell-formula.xlsx", calculated, good(2, stored={"A2": {"name": "王芳"}}))
    yield File("cell-boolean.xlsx", workbook([[*HEADER, "重点客户"], [*person(1), True]]), good(
        1, stored={"A1": {"key_customer": "True"}}
    ))  # fmt: skip
    yield File("cell-boolean-as-name.xlsx", workbook([HEADER, ["A1", False, 13_800_000_001]]), good(
        1, stored={"A1": {"name": "FALSE"}}
    ))  # fmt: skip
    yield File("cell-amount.xlsx", workbook([AMOUNT, [*person(1), 12_345.678]]), bad_only(too_precise=1))
    yield File(
        "name-too-long.csv",
        text_file([HEADER, person(1), ["A2", "王" * 121, "13800000002"]]),
        bad(too_long=1),
    )


def bad_only(**reasons: int):
    expected = bad(**reasons)
    expected.counts["accepted"] = 0
    return expected
