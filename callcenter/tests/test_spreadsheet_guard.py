"""Files that must be refused before any parser sees them, each built here (I-01)."""

import pickle
import struct
import time
import zipfile

import openpyxl
import pytest

from callcenter.spreadsheet import guard, refusals
from callcenter.spreadsheet.read import open_table
from callcenter.spreadsheet.write import Sheet, write_xlsx

pytestmark = pytest.mark.usefixtures("english")

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
ROOT = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row></sheetData></worksheet>'
)


def make_workbook(path, parts=None):
    """Writes a minimal workbook; `parts` adds or replaces parts of the archive by name."""
    content = {
        CONTENT_TYPES: "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": ROOT,
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": SHEET,
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def make_bomb(path, name, size, block=b"<row/>" * 170_000):
    """Writes a workbook with a part of `size` bytes that packs to almost nothing."""
    make_workbook(path)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(size // len(block) + 1):
            part.write(block)
    return path


def refused_quickly(path, kind, **options):
    start = time.process_time()
    with pytest.raises(kind) as caught:
        guard.inspect(path, **options)
    elapsed = time.process_time() - start
    assert elapsed < 0.1, f"took {elapsed:.3f} s"
    assert caught.value.message
    assert caught.value.hint
    assert "%(" not in caught.value.message + caught.value.hint
    return caught.value


def test_minimal_workbook_is_read(tmp_path):
    table = open_table(make_workbook(tmp_path / "w.xlsx"))
    assert [cell.name for cell in table.header] == ["a", "b"]
    assert list(table.rows()) == [(2, ["1", "2"])]


def test_bomb_of_rows_is_refused_by_its_directory(tmp_path):
    path = make_bomb(tmp_path / "b.xlsx", "xl/worksheets/sheet2.xml", 210_000_000)
    assert path.stat().st_size < 2_000_000
    assert "MB" in refused_quickly(path, refusals.UnpackedTooLarge).message


def test_bomb_of_many_parts_is_refused_by_their_sum(tmp_path):
    noise = bytes(range(256)) * 4_000
    parts = {f"xl/media/{n}.bin": noise * 8 for n in range(25)}
    refused_quickly(make_workbook(tmp_path / "b.xlsx", parts), refusals.UnpackedTooLarge)


def test_bomb_of_shared_strings_is_refused_by_its_ratio(tmp_path):
    path = make_bomb(tmp_path / "b.xlsx", "xl/sharedStrings.xml", 60_000_000, b"<si><t>x</t></si>" * 60_000)
    assert refused_quickly(path, refusals.SuspiciousCompression).details["part"] == "xl/sharedStrings.xml"


def test_high_ratio_of_many_small_parts_is_refused(tmp_path):
    parts = {f"xl/media/{number}.xml": "<a>" + " " * 3_000_000 + "</a>" for number in range(5)}
    refused_quickly(make_workbook(tmp_path / "b.xlsx", parts), refusals.SuspiciousCompression)


def test_high_ratio_of_small_part_is_accepted(tmp_path):
    path = make_workbook(tmp_path / "w.xlsx", {"xl/theme/theme1.xml": "<a>" + " " * 5_000_000 + "</a>"})
    assert guard.inspect(path) == "xlsx"


def test_repetitive_real_workbook_is_accepted(tmp_path):
    path = tmp_path / "w.xlsx"
    write_xlsx(path, Sheet("名单", ["姓名", "状态"], (["张三", "已完成"] for _ in range(60_000))))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/worksheets/sheet1.xml").file_size > guard.RATIO_FLOOR / 2
    assert sum(1 for _ in open_table(path).rows()) == 60_000


def test_workbook_of_another_program_is_accepted(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    book.active.append(["张三", "13800138000"])
    book.save(tmp_path / "w.xlsx")
    assert list(open_table(tmp_path / "w.xlsx").rows()) == [(2, ["张三", "13800138000"])]


def test_declared_size_that_lies_is_refused(tmp_path):
    path = tmp_path / "b.xlsx"
    make_workbook(path, {"xl/sharedStrings.xml": b"<sst>" + b" " * 9_000_000 + b"</sst>"})
    data = bytearray(path.read_bytes())
    real = struct.pack("<I", 9_000_011)
    assert data.count(real) == 2
    path.write_bytes(bytes(data).replace(real, struct.pack("<I", 100_000)))
    assert guard.inspect(path) == "xlsx"
    with pytest.raises(refusals.DamagedWorkbook) as caught:
        open_table(path)
    assert caught.value.details["part"] == "xl/sharedStrings.xml"


def test_too_many_parts_are_refused(tmp_path):
    parts = {f"xl/media/{number}.png": b"" for number in range(2_001)}
    refused_quickly(make_workbook(tmp_path / "b.xlsx", parts), refusals.TooManyParts)


def test_nested_archive_is_refused(tmp_path):
    inner = make_bomb(tmp_path / "inner.zip", "big", 20_000_000)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.write(inner, "inner.zip")
    refused_quickly(tmp_path / "b.xlsx", refusals.NotASpreadsheet)


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(tmp_path, part):
    refused_quickly(make_workbook(tmp_path / "m.xlsx", {part: b"x"}), refusals.MacroWorkbook)


@pytest.mark.parametrize(
    "name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "xl\\..\\evil", "C:evil.xml"]
)
def test_path_traversal_names_are_refused(tmp_path, name):
    refused_quickly(make_workbook(tmp_path / "p.xlsx", {name: b"x"}), refusals.UnsafePartName)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/Workbook.XML"])
def test_duplicate_parts_are_refused(tmp_path, name):
    path = make_workbook(tmp_path / "d.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "<workbook/>")
    refused_quickly(path, refusals.DuplicatePart)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "docProps/app.xml", "xl/_rels/workbook.xml.rels"]
)
def test_entity_declaration_is_refused(tmp_path, part, encoding):
    attack = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'.encode(
        encoding
    )
    refused_quickly(make_workbook(tmp_path / "e.xlsx", {part: attack}), refusals.EntityDeclaration)


def test_entity_declaration_far_into_the_sheet_is_refused(tmp_path):
    attack = "<!--" + " " * 10_000 + '--><!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET
    with pytest.raises(refusals.EntityDeclaration):
        open_table(make_workbook(tmp_path / "e.xlsx", {"xl/worksheets/sheet1.xml": attack}))


def test_external_links_are_tolerated(tmp_path):
    link = '<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    path = make_workbook(tmp_path / "l.xlsx", {"xl/externalLinks/externalLink1.xml": link})
    assert list(open_table(path).rows()) == [(2, ["1", "2"])]


def test_encrypted_workbook_is_refused(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(guard.OLE + b"\0" * 5_000 + guard.ENCRYPTED_STREAM + b"\0" * 500)
    assert "password" in refused_quickly(path, refusals.EncryptedWorkbook).message


def test_encrypted_archive_is_refused(tmp_path):
    path = make_workbook(tmp_path / "x.xlsx")
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refused_quickly(path, refusals.EncryptedWorkbook)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (guard.OLE + b"\0" * 600, refusals.LegacyWorkbook),
        (b"%PDF-1.7 ...", refusals.NotASpreadsheet),
        (b"<html><table><tr><td>a</td></tr></table></html>", refusals.NotASpreadsheet),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", refusals.NotASpreadsheet),
        (b'<?xml version="1.0"?><Workbook/>', refusals.NotASpreadsheet),
        (b"\x89PNG\r\n\x1a\n", refusals.NotASpreadsheet),
        (b"PK\x05\x06" + b"\0" * 18, refusals.NotASpreadsheet),
        (b"PK\x03\x04" + b"\0" * 50, refusals.DamagedWorkbook),
        (b"", refusals.EmptyFile),
    ],
)
def test_other_content_with_workbook_name_is_refused(tmp_path, content, kind):
    path = tmp_path / "renamed.xlsx"
    path.write_bytes(content)
    refused_quickly(path, kind)


def test_other_archives_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    refused_quickly(tmp_path / "a.xlsx", refusals.NotASpreadsheet)
    refused_quickly(make_workbook(tmp_path / "b.xlsx", {"xl/workbook.bin": b"x"}), refusals.NotASpreadsheet)


def test_truncated_workbook_is_refused(tmp_path):
    path = make_workbook(tmp_path / "t.xlsx")
    path.write_bytes(path.read_bytes()[:-40])
    refused_quickly(path, refusals.DamagedWorkbook)


def test_every_cut_of_a_workbook_is_refused(tmp_path):
    data = make_workbook(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(len(guard.ZIP), len(data), 23):
        path.write_bytes(data[:size])
        with pytest.raises(refusals.Refused):
            list(open_table(path).rows())


def test_flipped_bytes_never_crash_the_reader(tmp_path):
    data = make_workbook(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "flipped.xlsx"
    refused = 0
    for place in range(0, len(data), 5):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            list(open_table(path).rows())
        except refusals.Refused:
            refused += 1
    assert refused > 50


def test_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "big.csv"
    path.write_bytes(b"a,b\n" * 300_000)
    assert refused_quickly(path, refusals.FileTooLarge, max_bytes=1_000_000).details == {
        "size": "1.2",
        "limit": "1",
    }
    assert guard.inspect(path, max_bytes=1_200_000) == "csv"


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        '<c r="ZZ0900000"><v>1</v></c><c r="A1"><v>1</v></c>',
        '<c r="B900000"><v>1</v></c><c r="ZZ2"><v>1</v></c><c r="A1"><v>1</v></c>',
        "<c/>" * 20_000 + '<c r="A1000000"><v>1</v></c>',
    ],
)
def test_far_away_cells_are_refused_before_they_take_memory(tmp_path, cells):
    sheet = SHEET.replace('<row r="2">', '<row r="2">' + cells)
    with pytest.raises((refusals.TooManyCells, refusals.DamagedWorkbook)):
        open_table(make_workbook(tmp_path / "far.xlsx", {"xl/worksheets/sheet1.xml": sheet}))


def test_rows_in_an_odd_order_are_measured_in_time(tmp_path):
    cells = "".join(f'<c r="A{row}"/>' for row in range(3, 60_000))
    sheet = SHEET.replace("</sheetData>", f'<row>{cells}<c r="B1"/></row></sheetData>')
    start = time.process_time()
    table = open_table(make_workbook(tmp_path / "w.xlsx", {"xl/worksheets/sheet1.xml": sheet}))
    assert time.process_time() - start < 3
    assert list(table.rows()) == [(2, ["1", "2"])]


def test_workbook_part_elsewhere_is_refused(tmp_path):
    # The fast reader would follow this to a sheet that was never measured.
    path = make_workbook(
        tmp_path / "w.xlsx",
        {"_rels/.rels": ROOT.replace("xl/workbook.xml", "xl/other.xml"), "xl/other.xml": WORKBOOK},
    )
    with pytest.raises(refusals.DamagedWorkbook):
        open_table(path)


def test_refusal_survives_being_sent_to_another_process():
    refusal = pickle.loads(pickle.dumps(refusals.FileTooLarge(size="2", limit="1")))
    assert refusal.code == "file_too_large"
    assert "2 MB" in refusal.message
    question = refusals.AmbiguousEncoding(candidates=[refusals.Candidate("gb18030", "姓名")])
    assert pickle.loads(pickle.dumps(question)).candidates == question.candidates
