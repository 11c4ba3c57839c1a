"""The gate of exports: reason, line in the file, row with hash and count (CUS-11)."""

import hashlib
from datetime import UTC, datetime

import openpyxl
import pytest

from callcenter.errors import Refused
from callcenter.exports import export_csv, export_workbook
from callcenter.models import AccessLog
from callcenter.spreadsheet.write import Sheet
from people.tests.make import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
ROWS = [["王", 1], ["李", 2]]


def gate(by, **fields):
    return {"what": "list", "by": by, "reason": "audit", "filters": {"team": 3}, "now": NOW} | fields


def test_workbook_carries_its_line_and_is_logged(tmp_path):
    by, path = make_user(full_name="周经理"), tmp_path / "a.xlsx"
    done = export_workbook(path, Sheet("A", ["name", "n"], ROWS), Sheet("B", ["name"], []), **gate(by))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert done == {"rows": 2, "sha256": digest}
    line = "Exported for 周经理 on 2026-03-04 10:00 (Asia/Shanghai). Reason: audit"
    book = openpyxl.load_workbook(path)
    assert [row[0].value for row in book["A"].iter_rows()] == ["name", "王", "李", line]
    assert [row[0].value for row in book["B"].iter_rows()] == ["name", line]
    row = AccessLog.objects.get()
    assert (row.action, row.user, row.subject, row.reason) == ("export", by, "list", "audit")
    assert row.facts == {"rows": 2, "sha256": digest, "filters": {"team": 3}}


def test_csv_likewise(tmp_path):
    path = tmp_path / "a.csv"
    done = export_csv(path, iter(ROWS), header=["name", "n"], **gate(make_user(full_name="周")))
    text = path.read_text(encoding="utf-8-sig").splitlines()
    assert text[:3] == ["name,n", "王,1", "李,2"]
    assert text[3].startswith("Exported for 周 on 2026-03-04 10:00")
    assert len(text) == 4
    assert done == {"rows": 2, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert AccessLog.objects.get().facts["rows"] == 2


def test_a_reason_cannot_become_a_formula(tmp_path):
    path = tmp_path / "a.csv"
    export_csv(path, [], header=["name"], **gate(make_user(full_name="=1+1"), reason='=HYPERLINK("x")\r\n=2'))
    assert all(not line.startswith(("=", "+", "-", "@")) for line in path.read_text("utf-8-sig").splitlines())


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_without_a_reason_nothing_is_written(tmp_path, reason):
    by, sheet = make_user(), Sheet("A", ["n"], ROWS)
    with pytest.raises(Refused):
        export_workbook(tmp_path / "a.xlsx", sheet, **gate(by, reason=reason))
    with pytest.raises(Refused):
        export_csv(tmp_path / "a.csv", ROWS, header=["n"], **gate(by, reason=reason))
    assert list(tmp_path.iterdir()) == []
    assert not AccessLog.objects.exists()
