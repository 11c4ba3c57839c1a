"""40 files of phone numbers as spreadsheets and people write them: one stored form, or rejected with its reason."""

from collections.abc import Iterator

from customers.tests.corpus.file import HEADER, File, bad, good, person, text_file, workbook

MOBILE = "+8613800138000"
# In a CSV or as text: what is written, what is stored.
READ = (
    ("13800138000", MOBILE),
    ("１３８００１３８０００", MOBILE),
    ("+8613800138000", MOBILE),
    ("+86 138 0013 8000", MOBILE),
    ("008613800138000", MOBILE),
    ("8613800138000", MOBILE),
    ("138-0013-8000", MOBILE),
    ("138 0013 8000", MOBILE),
    ("(138)00138000", MOBILE),
    ("013800138000", MOBILE),
    ("'13800138000", MOBILE),
    ("\u200b13800138000\u202c", MOBILE),
    ("13800138000.0", MOBILE),
    ("0571-88888888", "+8657188888888"),
    ("(0571) 8888 8888", "+8657188888888"),
    ("0571-88888888-8001", "+8657188888888;8001"),
    ("0571-88888888转8001", "+8657188888888;8001"),
    ("0571-88888888 ext. 12", "+8657188888888;12"),
    ("010 65529988", "+861065529988"),
    ("4008123123", "+864008123123"),
    ("95588", "+8695588"),
    ("+852 2345 6789", "+85223456789"),
    ("+886 2 2345 6789", "+886223456789"),
    ("+1 212-555-0123", "+12125550123"),
)
REJECTED = (
    ("1.38E+10", "phone_scientific"),
    ("1380013800", "phone_too_short"),
    ("138001380001", "phone_too_long"),
    ("57188888888", "phone_lost_zero"),
    ("1380013800O", "phone_letters"),
    ("13800138000/13900139000", "phone_several"),
    ("13800138000 13900139000", "phone_several"),
    ("电话", "phone_letters"),
    ("12345678901", "phone_invalid"),
    ("0000000000000000000000", "phone_invalid"),
)


def files() -> Iterator[File]:
    """24 that are read, 10 that are not, 6 cells of a workbook that are numbers."""
    for number, (written, kept) in enumerate(READ, start=1):
        rows = [HEADER, ["A1", "王芳", written], ["A2", "李娜", "13900000002"]]
        data, kind = (text_file(rows), "csv") if number % 2 else (workbook(rows), "xlsx")
        yield File(f"read-{number:02}.{kind}", data, good(2, phones={"A1": [kept]}))
    for number, (written, code) in enumerate(REJECTED, start=1):
        rows = [HEADER, person(2), ["A1", "王芳", written]]
        data, kind = (text_file(rows), "csv") if number % 2 else (workbook(rows), "xlsx")
        yield File(f"rejected-{number:02}-{code}.{kind}", data, bad(**{code: 1}))
    yield from _number_cells()


def _number_cells() -> Iterator[File]:
    for label, cell in (("int", 13_800_138_000), ("float", 13_800_138_000.0)):
        rows = [HEADER, ["A1", "王芳", cell]]
        yield File(f"cell-{label}.xlsx", workbook(rows), good(1, phones={"A1": [MOBILE]}))
    cells = (
        ("lost-zero", 57_188_888_888, "phone_lost_zero"),
        ("short", 1_380_013_800, "phone_too_short"),
        ("fraction", 13_800_138_000.5, "phone_too_long"),
        ("eighteen-digits", 138_001_380_001_380_013, "lost_precision"),
    )
    for label, cell, code in cells:
        rows = [HEADER, person(2), ["A1", "王芳", cell]]
        yield File(f"cell-{label}.xlsx", workbook(rows), bad(**{code: 1}))
