"""The file of failed rows: it says what to do, and when that is done it is loaded as if it were the first (I-01, I-02)."""

import csv
import io
import subprocess
import sys

import openpyxl
import pytest
import xlsxwriter

from callcenter.spreadsheet.errors import ADDED, ErrorFile, RowError, row_error
from callcenter.spreadsheet.problems import PROBLEMS
from callcenter.spreadsheet.read import open_table

pytestmark = pytest.mark.usefixtures("english")

HEADER = ["姓名", "电话", "备注"]
SHORT = RowError(3, "电话", "1380", "too_short", "The number has too few digits.", "Add the missing digits.")
UNKNOWN = RowError(3, "备注", "=1+1", "unknown", "The level is not known.", "Choose one of A, B, C.")


@pytest.fixture(params=["csv", "xlsx"])
def path(request, tmp_path):
    return tmp_path / f"errors.{request.param}"


def cells_of(path):
    if path.suffix == ".csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(path).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    return [["" if value is None else str(value) for value in row] for row in sheet.values]


def test_failed_row_has_all_its_reasons_beside_its_cells(path):
    with ErrorFile(path, HEADER) as file:
        file.add(3, ["张三", "1380", "=1+1"], [SHORT, UNKNOWN])
    assert file.count == 1
    header, row = cells_of(path)
    assert [name.rsplit(" ", 1)[1] for name in header[:4]] == ["[#row]", "[#column]", "[#reason]", "[#hint]"]
    assert header[4:] == HEADER
    assert row[:4] == [
        "3",
        "电话 | 备注",
        "The number has too few digits. | The level is not known.",
        "Add the missing digits. | Choose one of A, B, C.",
    ]
    assert row[4:] == ["张三", "1380", "=1+1" if path.suffix == ".xlsx" else "'=1+1"]


def test_error_file_is_loaded_again_without_its_added_columns(path):
    originals = [["张三", "1380", "=1+1"], ["李四", "+86138", ""], ["王五", "'x", "a\nb"]]
    with ErrorFile(path, HEADER) as file:
        for number, cells in enumerate(originals, start=7):
            file.add(number, cells, [SHORT])
    table = open_table(path)
    assert table.is_error_file
    assert [(cell.position, cell.name, cell.letters) for cell in table.header] == [
        (0, "姓名", "E"),
        (1, "电话", "F"),
        (2, "备注", "G"),
    ]
    assert [cells for _number, cells in table.rows()] == originals
    assert table.problems == []


def test_error_file_of_ragged_rows_keeps_what_was_too_much(path):
    with ErrorFile(path, HEADER) as file:
        file.add(2, ["a", "b", "c", "d", "e"], [SHORT])
        file.add(3, ["a", "b", ""], [SHORT])
    table = open_table(path)
    rows = [cells for _number, cells in table.rows()]
    assert rows == [["a", "b", "c", "d", "e"], ["a", "b", ""]]
    assert [error.code for error in table.check(2, rows[0])] == ["too_many_cells"]


def test_doubtful_cell_does_not_pass_when_loaded_again_uncorrected(path, tmp_path):
    source = tmp_path / "source.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["张三", "138", 330106199001011234])
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
    table = open_table(source)
    with ErrorFile(path, HEADER) as file:
        for number, cells in table.rows():
            file.add(number, cells, table.check(number, cells))
    again = open_table(path)
    found = [[error.code for error in again.check(*row)] for row in again.rows()]
    assert found == [["uncorrected"], ["uncorrected"]]


def test_short_row_is_still_short_when_loaded_again(tmp_path):
    source, path = tmp_path / "source.csv", tmp_path / "errors.csv"
    source.write_text("姓名,电话,备注\n张三,138\n", encoding="utf-8")
    table = open_table(source)
    with ErrorFile(path, HEADER) as file:
        for number, cells in table.rows():
            file.add(number, cells, table.check(number, cells))
    again = open_table(path)
    assert [[error.code for error in again.check(*row)] for row in again.rows()] == [["too_few_cells"]]


def test_moved_and_partly_deleted_added_columns_are_still_left_out(tmp_path):
    path = tmp_path / "moved.csv"
    path.write_text("姓名,理由 [#reason] ,电话,行号 [#row]\n张三,x,138,3\n李四,x\n", encoding="utf-8")
    table = open_table(path)
    assert [cell.name for cell in table.header] == ["姓名", "电话"]
    rows = list(table.rows())
    assert rows == [(2, ["张三", "138"]), (3, ["李四", ""])]
    (error,) = table.check(*rows[1])
    assert "1" in error.message
    assert "2" in error.message


def test_ordinary_file_is_no_error_file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("姓名,row,#reason\n张三,1,2\n", encoding="utf-8")
    assert not open_table(path).is_error_file


def test_file_without_errors_has_only_a_header(path):
    with ErrorFile(path, HEADER):
        pass
    assert len(cells_of(path)) == 1
    assert len(ADDED) == 4


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_says_what_and_what_to_do(code):
    error = row_error(code, row=3, column="电话", value="x", found=1, expected=2, letters="C")
    assert (error.row, error.column, error.code) == (3, "电话", code)
    assert error.message.endswith(".")
    assert error.hint.endswith(".")
    assert "%(" not in error.message + error.hint


LARGE = """
import resource
import sys
from pathlib import Path
import django
django.setup()
from callcenter.spreadsheet.errors import ErrorFile, RowError
from callcenter.spreadsheet.read import open_table
source, target = Path(sys.argv[1]), Path(sys.argv[2])
table = open_table(source)
with ErrorFile(target, [cell.name for cell in table.header]) as file:
    for number, cells in table.rows():
        file.add(number, cells, [
            RowError(number, "电话", cells[1], "short", "The number has too few digits.", "Add the missing digits."),
            RowError(number, "备注", cells[2], "unknown", "The level is not known.", "Choose one of A, B, C."),
        ])
again = open_table(target)
assert sum(1 for _ in again.rows()) == file.count == 100_000
used = resource.getrusage(resource.RUSAGE_SELF)
# Of this program alone: the peak of getrusage begins with that of the test run it was started from.
(peak,) = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(used.ru_utime + used.ru_stime, peak)
"""


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_100000_bad_rows_take_little_time_and_memory(tmp_path, suffix):
    source = tmp_path / "bad.csv"
    source.write_text(
        "姓名,电话,备注\n" + "".join(f"张三{n},{n},x\n" for n in range(100_000)), encoding="utf-8"
    )
    command = [sys.executable, "-c", LARGE, source, tmp_path / f"errors.{suffix}"]
    output = subprocess.run(command, check=True, timeout=300, capture_output=True, text=True).stdout
    seconds, kilobytes = map(float, output.split())
    assert seconds < 30
    assert kilobytes < 300_000
