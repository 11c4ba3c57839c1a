"""30 files that would hurt a parser or deceive a person: refused by what they are, in less than a tenth of a second."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from customers.tests.corpus.file import HEADER, Expected, File, person, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLOCK = 1_000_000
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


def refused(*codes: str) -> Expected:
    return Expected(refused=codes, quickly=True)


def plain() -> bytes:
    return workbook([HEADER, person(1)])


def with_part(name: str, content: bytes, *, data: bytes | None = None) -> bytes:
    """A good workbook with one part more, or in place of its own."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or plain())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return stream.getvalue()


def bomb(name: str, size: int, *, data: bytes | None = None) -> bytes:
    """A workbook (or `data`) with a part that unpacks to `size` bytes of nothing and takes a thousandth of it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    repeat = packer.compress(b" " * BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = block + repeat * (size // BLOCK - 1) + packer.flush()
    return claiming(with_part(name, b"", data=data), name, size=size, packed=packed)


def claiming(data: bytes, name: str, *, size: int, packed: bytes | None = None) -> bytes:
    """The archive with other words about a part in its directory: `size` unpacked, and perhaps other packed bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        content = old.read(name) if packed is None else packed
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_STORED
        new.writestr(info, content)
        entry = new.getinfo(name)
        entry.file_size = size
        if packed is not None:
            entry.compress_type = zipfile.ZIP_DEFLATED
    return stream.getvalue()


def flagged(data: bytes, flag: int) -> bytes:
    """The archive with a flag set for every part in its directory, as an encrypting program does."""
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        (flags,) = struct.unpack_from("<H", data, at + 8)
        data = data[: at + 8] + struct.pack("<H", flags | flag) + data[at + 10 :]
        at += 4
    return data


def files() -> Iterator[File]:
    """9 that unpack to too much, 7 that declare or hide, 14 that are something else."""
    yield from _too_much()
    yield from _hidden()
    yield from _something_else()


def _too_much() -> Iterator[File]:
    sheet, strings = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
    yield File("1-gb-of-rows.xlsx", bomb(sheet, 1_000 * BLOCK), refused("unpacked_too_large"))
    yield File("1.5-gb-of-strings.xlsx", bomb(strings, 1_500 * BLOCK), refused("unpacked_too_large"))
    yield File("150-mb-packed-well.xlsx", bomb(sheet, 150 * BLOCK), refused("suspicious_compression"))
    yield File("styles.xlsx", bomb("xl/styles.xml", 60 * BLOCK), refused("suspicious_compression"))
    yield File("picture.xlsx", bomb("xl/media/image1.png", 300 * BLOCK), refused("unpacked_too_large"))
    inner = bomb(strings, 300 * BLOCK, data=with_part("inner.zip", bomb(sheet, 300 * BLOCK)))
    yield File("nested.xlsx", inner, refused("unpacked_too_large"))
    many = io.BytesIO(plain())
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(5_000):
            archive.writestr(f"xl/x{number}.xml", b"")
    yield File("5000-parts.xlsx", many.getvalue(), refused("too_many_parts"))
    claims = claiming(plain(), sheet, size=4_000_000_000)
    yield File("claims-4-gb.xlsx", claims, refused("unpacked_too_large", "damaged"))
    yield File("claims-too-little.xlsx", claiming(plain(), sheet, size=10), Expected(refused=("damaged",)))


def _hidden() -> Iterator[File]:
    yield File(
        "entities-in-sheet.xlsx",
        with_part("xl/worksheets/sheet1.xml", DOCTYPE),
        refused("entity_declaration"),
    )
    yield File(
        "entities-in-strings.xlsx", with_part("xl/sharedStrings.xml", DOCTYPE), refused("entity_declaration")
    )
    wide = DOCTYPE.decode().encode("utf-16")
    yield File("entities-in-utf-16.xlsx", with_part("xl/styles.xml", wide), refused("entity_declaration"))
    yield File("macros.xlsm", with_part("xl/vbaProject.bin", OLE), refused("macros"))
    yield File("macro-sheet.xlsx", with_part("xl/macrosheets/sheet1.xml", b"<x/>"), refused("macros"))
    yield File("climbing-part.xlsx", with_part("../../etc/passwd", b"x"), refused("unsafe_part_name"))
    yield File("encrypted-parts.xlsx", flagged(plain(), 1), refused("encrypted"))


def _something_else() -> Iterator[File]:
    other = refused("not_a_spreadsheet")
    yield File("old.xls", OLE + bytes(4_096), refused("legacy_workbook"))
    yield File("old-renamed.xlsx", OLE + bytes(4_096), refused("legacy_workbook"))
    stream = "EncryptedPackage".encode("utf-16-le")
    yield File("password.xlsx", OLE + bytes(2_000) + stream + bytes(2_000), refused("encrypted"))
    yield File("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", other)
    yield File("page-renamed.xlsx", b"\xef\xbb\xbf<!DOCTYPE html><html></html>", other)
    yield File("xml-2003.xls", b'<?xml version="1.0"?><Workbook></Workbook>', other)
    yield File("document.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", other)
    yield File("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), other)
    yield File("program.csv", b"MZ\x90\0\x03" + bytes(100), other)
    yield File("archive.xlsx", _archive("名单.csv", b"a,b\r\n1,2\r\n"), other)
    yield File("document.xlsx", _archive("word/document.xml", b"<w/>"), other)
    yield File("binary.xlsb", with_part("xl/workbook.bin", b"\x83\x01\x00"), other)
    yield File("cut-off.xlsx", plain()[:2_000], refused("damaged"))
    yield File("gzip.csv", b"\x1f\x8b\x08\0" + bytes(100), other)


def _archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()
