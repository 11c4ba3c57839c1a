"""Looks at a file before any parser does and refuses what could hurt or mislead (I-01, ASVS 5.2).

Only the zip directory and the first bytes of each part are read, so a bomb costs milliseconds, not memory.
"""

import os
import re
import zipfile
import zlib
from typing import Literal

from django.utils.translation import gettext_lazy as _

from . import refusals

MEGABYTE = 1_000_000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
MAX_PARTS = 2_000
# A real workbook repeats itself most in small parts (an empty theme, a styles part grown by copying): a high ratio below
# this size costs nothing and says nothing.
RATIO_FLOOR = 10 * MEGABYTE
PROLOGUE = 4_096
XML_SUFFIXES = (".xml", ".rels", ".vml")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
FOREIGN = (
    (b"%PDF", _("a PDF document")),
    (b"{\\rtf", _("a rich text document")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"PK\x05\x06", _("an empty archive")),
    (b"Rar!", _("an archive")),
    (b"7z\xbc\xaf\x27\x1c", _("an archive")),
    (b"\x1f\x8b", _("an archive")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90", _("a program")),
    (b"SQLite format 3", _("a database")),
)
MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!doctype|<!--|<html|<head|<meta|<body|<table|<script|<style|<svg)",
    re.I,
)
DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def inspect(path, *, max_bytes: int | None = None) -> Literal["csv", "xlsx"]:
    """Returns what the file is by its content, or raises the `Refused` that says why it is not taken.

    `max_bytes` is the largest file size accepted (None: any). The name of the file plays no part: a CSV called .xlsx is
    read as the CSV it is, an .xls or web page called .xlsx is refused.
    """
    size = os.path.getsize(path)
    if size == 0:
        raise refusals.EmptyFile()
    if max_bytes is not None and size > max_bytes:
        raise refusals.FileTooLarge(size=_megabytes(size), limit=_megabytes(max_bytes))
    with open(path, "rb") as file:
        start = file.read(PROLOGUE)
        if start.startswith(OLE):
            file.seek(0)
            raise refusals.EncryptedWorkbook() if _is_encrypted(file) else refusals.LegacyWorkbook()
    for magic, found in FOREIGN:
        if start.startswith(magic):
            raise refusals.NotASpreadsheet(found=found)
    if MARKUP.match(start):
        raise refusals.NotASpreadsheet(found=_("a web page or XML"))
    if not start.startswith(ZIP):
        return "csv"
    _inspect_archive(path)
    return "xlsx"


def _inspect_archive(path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _refuse_directory(parts)
            for part in parts:
                if part.filename.lower().endswith(XML_SUFFIXES):
                    with archive.open(part) as stream:
                        refuse_declarations(stream.read(PROLOGUE), part.filename)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise refusals.DamagedWorkbook(part=_("the archive")) from error


def _refuse_directory(parts) -> None:
    if len(parts) > MAX_PARTS:
        raise refusals.TooManyParts(count=len(parts), limit=MAX_PARTS)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise refusals.UnpackedTooLarge(size=_megabytes(unpacked), limit=_megabytes(MAX_UNPACKED))
    seen = set()
    for part in parts:
        name = part.filename
        if _is_unsafe(part.orig_filename):
            raise refusals.UnsafePartName(part=ascii(part.orig_filename)[1:-1][:200])
        if name.lower() in seen:
            raise refusals.DuplicatePart(part=name)
        seen.add(name.lower())
        if part.flag_bits & 0x1:
            raise refusals.EncryptedWorkbook()
        _refuse_ratio(name, part.file_size, part.compress_size)
    largest = max(parts, key=lambda part: part.file_size, default=None)
    if largest is not None:
        _refuse_ratio(largest.filename, unpacked, sum(part.compress_size for part in parts))
    for name in seen:
        if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            raise refusals.MacroWorkbook(part=name)
    if "xl/workbook.bin" in seen:
        raise refusals.NotASpreadsheet(found=_("a binary workbook (.xlsb)"))
    if "xl/workbook.xml" not in seen:
        raise refusals.NotASpreadsheet(found=_("an archive or another kind of document"))


def _refuse_ratio(name: str, unpacked: int, packed: int) -> None:
    ratio = unpacked // max(packed, 1)
    if unpacked > RATIO_FLOOR and ratio > MAX_RATIO:
        raise refusals.SuspiciousCompression(part=name, ratio=ratio)


def refuse_declarations(data: bytes, part: str) -> None:
    """Raises `EntityDeclaration` if `data`, a piece of an XML part in any UTF encoding, declares a DTD or an entity."""
    if DECLARATION.search(data) or (b"\0" in data and DECLARATION.search(data.replace(b"\0", b""))):
        raise refusals.EntityDeclaration(part=part)


def _is_unsafe(name: str) -> bool:
    pieces = name.replace("\\", "/").split("/")
    return "\\" in name or "\0" in name or ".." in pieces or name.startswith("/") or ":" in name


def _is_encrypted(file) -> bool:
    # The directory of an OLE file may lie anywhere in it; an encrypted workbook names this stream in UTF-16.
    tail = b""
    while chunk := file.read(MEGABYTE):
        if ENCRYPTED_STREAM in tail + chunk:
            return True
        tail = chunk[-len(ENCRYPTED_STREAM) :]
    return False


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f}".removesuffix(".0")
