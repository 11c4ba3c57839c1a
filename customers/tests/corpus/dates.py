"""40 files with dates: one declared way per column, everything else is rejected and not guessed."""

from collections.abc import Iterator
from datetime import date, datetime, time

from openpyxl.utils.datetime import CALENDAR_MAC_1904

from customers.tests.corpus.file import HEADER, File, bad, good, person, text_file, workbook

COLUMNS = {"客户编号": "external_id", "姓名": "name", "手机": "phone"}
# In text: (declared order, what is written, what is stored).
READ = (
    ("ymd", "2026-05-01", "2026-05-01"),
    ("ymd", "2026/5/1", "2026-05-01"),
    ("ymd", "2026.05.01", "2026-05-01"),
    ("ymd", "2026年5月1日", "2026-05-01"),
    ("ymd", "20260501", "2026-05-01"),
    ("ymd", " ２０２６－０５－０１ ", "2026-05-01"),
    ("ymd", "2026-05-01 00:00:00", "2026-05-01"),
    ("ymd", "2024-02-29", "2024-02-29"),
    ("dmy", "01/05/2026", "2026-05-01"),
    ("dmy", "31.12.2026", "2026-12-31"),
    ("dmy", "2026-05-01", "2026-05-01"),
    ("mdy", "05/01/2026", "2026-05-01"),
    ("mdy", "12-31-2026", "2026-12-31"),
    ("ymd", "", ""),
)
REJECTED = (
    ("ymd", "01/05/2026", "date_order"),
    ("ymd", "5月1日", "date_order"),
    ("ymd", "明天", "date_order"),
    ("dmy", "2026/5/1", "date_order"),
    ("dmy", "05/31/2026", "no_such_day"),
    ("mdy", "31/05/2026", "no_such_day"),
    ("ymd", "2026-02-30", "no_such_day"),
    ("ymd", "2025/2/29", "no_such_day"),
    ("ymd", "26/5/1", "date_short_year"),
    ("dmy", "1/5/26", "date_short_year"),
    ("ymd", "46143", "date_serial"),
    ("ymd", "46143.5", "date_serial"),
    ("ymd", "2026-05-01 10:30", "date_has_time"),
    ("ymd", "2026-05-01T00:00:00+08:00", "date_has_time"),
    ("ymd", "2026-05-01T00:00:00Z", "date_has_time"),
    ("ymd", "1026-05-01", "date_far"),
    ("ymd", "民國115年5月1日", "date_order"),
)


def mapping(order: str, column: str = "到期日") -> dict:
    return {"columns": COLUMNS | {column: f"date_{order}"}}


def files() -> Iterator[File]:
    """14 that are read, 17 that are not, 6 from cells of workbooks, 3 about whole columns."""
    for number, (order, written, kept) in enumerate(READ, start=1):
        rows = [[*HEADER, "到期日"], [*person(1), written]]
        expected = good(1, stored={"A1": {"custom.到期日": kept}})
        yield File(f"read-{number:02}-{order}.csv", text_file(rows), expected, mapping(order))
    for number, (order, written, code) in enumerate(REJECTED, start=1):
        rows = [[*HEADER, "到期日"], [*person(1), "2026-05-01"], [*person(2), written]]
        yield File(f"rejected-{number:02}-{order}.csv", text_file(rows), bad(**{code: 1}), mapping(order))
    yield from _cells()
    yield from _columns()


def _cells() -> Iterator[File]:
    def mac(book):
        book.epoch = CALENDAR_MAC_1904

    cells = (
        ("date", date(2026, 5, 1), "2026-05-01", None),
        ("date-1904", date(2026, 5, 1), "2026-05-01", mac),
        ("midnight", datetime(2026, 5, 1), "2026-05-01", None),
    )
    for order in ("ymd", "dmy"):
        for label, cell, kept, change in cells[:2]:
            rows = [[*HEADER, "到期日"], [*person(1), cell]]
            expected = good(1, stored={"A1": {"custom.到期日": kept}})
            yield File(f"cell-{label}-{order}.xlsx", workbook(rows, change=change), expected, mapping(order))
    rows = [
        [*HEADER, "到期日"],
        [*person(1), datetime(2026, 5, 1)],
        [*person(2), datetime(2026, 5, 1, 10, 30)],
    ]
    yield File("cell-with-time.xlsx", workbook(rows), bad(date_has_time=1), mapping("ymd"))
    rows = [[*HEADER, "到期日"], [*person(1), date(2026, 5, 1)], [*person(2), time(10, 30)]]
    yield File("cell-time-only.xlsx", workbook(rows), bad(date_order=1), mapping("ymd"))


def _columns() -> Iterator[File]:
    """Two ways in one column, a birth in the future, and a column nobody has declared: kept as it is written."""
    rows = [
        [*HEADER, "到期日"],
        [*person(1), "31/05/2026"],
        [*person(2), "05/31/2026"],
        [*person(3), "13/13/2026"],
    ]
    yield File("mixed-in-one-column.csv", text_file(rows), bad(no_such_day=2), mapping("dmy"))
    rows = [[*HEADER, "生日"], [*person(1), "1980-05-01"], [*person(2), "2099-05-01"]]
    yield File("birth-in-the-future.csv", text_file(rows), bad(future_birth=1), mapping("ymd", "生日"))
    rows = [[*HEADER, "到期日"], [*person(1), "3/5/26"], [*person(2), "46143"]]
    expected = good(2, stored={"A1": {"custom.到期日": "3/5/26"}, "A2": {"custom.到期日": "46143"}})
    yield File("undeclared.csv", text_file(rows), expected)
