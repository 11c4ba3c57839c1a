"""A file of the corpus, what must become of it, and the ways such files are written."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import openpyxl

HEADER = ("客户编号", "姓名", "手机")


@dataclass(frozen=True)
class Expected:
    """What an import must come to.

    `refused`: the file as a whole, with one of these codes, and nothing stored; `quickly` means before any parsing.
    `encoding`: if it asks, this is the right answer. `counts` are accepted, updated, duplicate, rejected and blank rows (0
    when left out), `reasons` the codes against rejected rows. `stored` says of a customer number which columns and
    further fields ("custom.…") it must have, `phones` which numbers, "e164" or "e164;extension".
    """

    refused: tuple[str, ...] = ()
    quickly: bool = False
    encoding: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    stored: dict[str, dict[str, str]] = field(default_factory=dict)
    phones: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file: its `name`, its bytes, and how it is imported. `mapping` None means: as the columns are recognised.

    `before` prepares the archive for a client; `reading` is how a person says it is to be read.
    """

    name: str
    data: bytes
    expected: Expected
    mapping: dict | None = None
    duplicates: str = "skip"
    scope: str = "client"
    keep_good: bool = True
    reading: dict = field(default_factory=dict)
    before: Callable | None = None


def good(count: int, **more) -> Expected:
    """All `count` rows are new customers."""
    return Expected(counts={"accepted": count}, **more)


def bad(**reasons: int) -> Expected:
    """One good row, and one rejected row for each reason."""
    return Expected(counts={"accepted": 1, "rejected": sum(reasons.values())}, reasons=reasons)


def text_file(rows: Iterable[Sequence], *, encoding="utf-8", delimiter=",", line_end="\r\n") -> bytes:
    """Rows as a delimited file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Iterable[Sequence], *, change: Callable | None = None) -> bytes:
    """Rows as a workbook with cells of their own type; `change(book)` does to it what people do."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change is not None:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def patched(data: bytes, part: str, *changes: tuple[bytes, bytes]) -> bytes:
    """A workbook in whose XML `part` bytes are replaced: what other programs write and this one's writer would not."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                for before, after in changes:
                    if before not in content:
                        raise AssertionError(f"{before!r} is not in {part}")
                    content = content.replace(before, after, 1)
            new.writestr(name, content)
    return stream.getvalue()


def person(number: int) -> list[str]:
    """A good row."""
    return [f"A{number}", f"客户{number}", str(13_800_000_000 + number)]
