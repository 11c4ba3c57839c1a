"""Decides in which encoding a text file is written, or says that it cannot be decided (reliability.md section 5, P-03).

A byte order mark is believed, then strict UTF-8, then UTF-16 where every second byte tells. What is left is weighed as
GB18030 against Big5, because each accepts most of the other's bytes: known header words, common characters and lines that
do not decode. A close race is not guessed, the person is asked.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from . import refusals
from .weights import HEADER_LINES, Weight, commons, weigh, weigh_text

# The name a person chooses and the codecs tried for it, the widest first.
ENCODINGS = {
    "utf-8": ("utf-8",),
    "utf-16-le": ("utf-16-le",),
    "utf-16-be": ("utf-16-be",),
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "windows-1252": ("cp1252",),
}
ALIASES = {
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "cp950": "big5",
}
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CHUNK = 1_000_000
SAMPLE = 256_000
PREVIEW_LINES = 3
PREVIEW_WIDTH = 200

_UTF8_RUN = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Encoding(NamedTuple):
    """`codec` is Python's name, `name` the one shown and chosen, `mark` the bytes of the byte order mark to skip."""

    codec: str
    name: str
    mark: bytes = b""


def detect(path, *, encoding: str | None = None) -> Encoding:
    """Returns the encoding of the text file at `path`; the whole file decodes strictly under it.

    `encoding` is a choice already made (a key of `ENCODINGS` or a usual alias); it is checked, not believed. Raises
    `AmbiguousEncoding`, `MixedEncodings`, `BadBytes`, `NulByte` or `UnknownEncoding`.
    """
    with open(path, "rb") as file:
        start = file.read(SAMPLE)
    mark, marked = next(((mark, codec) for mark, codec in MARKS if start.startswith(mark)), (b"", None))
    if encoding is not None:
        name = ALIASES.get(encoding.lower(), encoding.lower())
        if name not in ENCODINGS:
            raise refusals.UnknownEncoding(encoding=encoding[:40], encodings=", ".join(ENCODINGS))
        return _strictly(path, name, ENCODINGS[name], mark if marked in ENCODINGS[name] else b"")
    if marked:
        return _strictly(path, marked, (marked,), mark)
    wide = _wide(path, start)
    if wide:
        return _strictly(path, wide, (wide,), b"")
    if first_bad_line(path, "utf-8") is None:
        _refuse_look_alike(start)
        return Encoding("utf-8", "utf-8")
    return _legacy(path)


def first_bad_line(path, codec: str, mark: bytes = b"") -> int | None:
    """Returns the number of the first line that does not decode under `codec`, or None."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with open(path, "rb") as file:
        file.seek(len(mark))
        try:
            while chunk := file.read(CHUNK):
                text = decoder.decode(chunk)
                line += text.count("\n") or text.count("\r")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            good = error.object[: error.start].decode(codec, "replace")
            return line + (good.count("\n") or good.count("\r"))
    return None


def _strictly(path, name: str, tries: tuple[str, ...], mark: bytes) -> Encoding:
    bad = None
    for codec in tries:
        line = first_bad_line(path, codec, mark)
        if line is None:
            return Encoding(codec, name, mark)
        bad = bad or line
    raise refusals.BadBytes(line=bad, encoding=name.upper())


def _wide(path, start: bytes) -> str | None:
    """Returns the UTF-16 byte order the NUL bytes of a file without a mark betray, None if it has none.

    Every comma, digit and line end of UTF-16 has a NUL beside it, always on the same side; a stray NUL in other text
    does not, and is left for the reader to refuse with its line.
    """
    body = start[: len(start) // 2 * 2]
    even, odd = body[0::2].count(0), body[1::2].count(0)
    if not even and not odd or min(even, odd) * 20 > max(even, odd) or max(even, odd) * 40 < len(body):
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = body.decode(codec, "replace")
    plain = sum(character.isascii() for character in text)
    weight = weigh_text(text)
    if "\0" in text or (
        weight.hanzi and not (weight.words or weight.common > 0.3 or plain > 0.8 * len(text))
    ):
        return None
    return codec


def _refuse_look_alike(start: bytes) -> None:
    """Raises `AmbiguousEncoding` for the few short GB18030 and Big5 texts whose bytes happen to be valid UTF-8.

    They hold characters of two bytes only, several in a row: as UTF-8 no Chinese, as GB18030 or Big5 nothing else.
    """
    if start.isascii() or re.search(rb"[\xe0-\xf4]", start) or not re.search(rb"[\x80-\xff]{4}", start):
        return
    for name in ("gb18030", "big5"):
        weight = weigh(start.splitlines(), ENCODINGS[name][0])
        if not weight.bad and (weight.words or weight.usual > 0.9 or weight.common > 0.3):
            raise _ambiguous(start)


def _legacy(path) -> Encoding:
    sample = _sample(path)
    body = b"\n".join(sample)
    weights = {name: weigh(sample, ENCODINGS[name][0]) for name in ("gb18030", "big5")}
    best, other = sorted(weights, key=lambda name: weights[name].points, reverse=True)
    if _utf8_share(body) > 0.5 and weigh_text(body.decode("utf-8", "ignore")).points > weights[best].points:
        raise refusals.BadBytes(line=first_bad_line(path, "utf-8"), encoding="UTF-8")
    if not _is_clear(weights[best], weights[other]):
        raise _ambiguous(body)
    return _strictly(path, best, ENCODINGS[best], b"")


def _is_clear(best: Weight, other: Weight) -> bool:
    if best.bad > 0.3 or best.usual < 0.6:
        return False
    if best.words or other.words:
        return best.words >= 3 * other.words and best.common > other.common
    return best.hanzi >= 4 and best.common >= 0.25 and best.common >= 2 * other.common + 0.1


def _ambiguous(body: bytes) -> refusals.AmbiguousEncoding:
    """Returns the question to ask: every encoding the bytes could be in, with its first lines as they would read."""
    names = [name for name in ENCODINGS if b"\0" in body or not name.startswith("utf-16")]
    names.sort(key=lambda name: weigh_text(body.decode(ENCODINGS[name][0], "replace")).points, reverse=True)
    return refusals.AmbiguousEncoding(
        candidates=[refusals.Candidate(name, _preview(body, name)) for name in names]
    )


def _preview(body: bytes, name: str) -> str:
    lines = body.decode(ENCODINGS[name][0], "replace").splitlines()[:PREVIEW_LINES]
    return "\n".join(line[:PREVIEW_WIDTH] for line in lines)


def _sample(path) -> list[bytes]:
    """Returns the first lines and as many lines beyond ASCII as fit; refuses a file in which UTF-8 lines are mixed in."""
    sample: list[bytes] = []
    size = 0
    first: dict[bool | None, int] = {}
    for number, line in enumerate(_byte_lines(path), start=1):
        if line.isascii():
            if number <= HEADER_LINES:
                sample.append(line)
            continue
        first.setdefault(_is_utf8(line), number)
        if True in first and False in first:
            raise refusals.MixedEncodings(line=max(first[True], first[False]))
        if size < SAMPLE:
            sample.append(line[:SAMPLE])
            size += len(line)
    return sample


def _is_utf8(line: bytes) -> bool | None:
    """Says whether a line is UTF-8; None if it could be by chance, and then reads no better than in another encoding."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if sum(character > "\u07ff" for character in text) < 2:
        return None
    others = (line.decode(codec, "replace") for codec in ("gb18030", "big5hkscs"))
    return True if commons(text) > max(map(commons, others)) else None


def _utf8_share(body: bytes) -> float:
    total = len(_NOT_ASCII.findall(body))
    return sum(map(len, _UTF8_RUN.findall(body))) / total if total else 0.0


def _byte_lines(path) -> Iterator[bytes]:
    # Safe on bytes: no trailing byte of GB18030, Big5 or UTF-8 is a line end.
    rest = b""
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            lines = (rest + chunk).splitlines()
            rest = b"" if chunk.endswith((b"\n", b"\r")) else lines.pop()
            yield from lines
    if rest:
        yield rest
