"""Serving a private file in pieces, so that a player can seek (RFC 9110, sections 13 and 14)."""

import re
from pathlib import Path

from django.http import HttpResponse, StreamingHttpResponse

CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


class Unsatisfiable(ValueError):
    """The range lies behind the end of the file."""


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole file: no range, several, or one that cannot be read.

    Raises ``Unsatisfiable``.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        if not int(match[2]) or not size:
            raise Unsatisfiable
        return max(size - int(match[2]), 0), size - 1
    first = int(match[1])
    if match[2] and int(match[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(int(match[2]), size - 1) if match[2] else size - 1


def serve(request, path: Path, *, content_type: str, name: str, tag: str):
    """The file or the piece asked for: 200, 206 or 416; shown in the page, never executed. ``tag`` changes with the bytes."""
    size = path.stat().st_size
    etag = f'"{tag}"'
    header = request.headers.get("Range", "")
    condition = request.headers.get("If-Range", "").strip()
    if request.method != "GET" or (condition and condition != etag):
        header = ""
    try:
        piece = wanted(header, size)
    except Unsatisfiable:
        refusal = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _marked(refusal, etag)
    first, last = piece or (0, size - 1)
    body = () if request.method == "HEAD" else _read(path, first, last)
    response = StreamingHttpResponse(body, status=206 if piece else 200, content_type=content_type)
    response.headers["Content-Length"] = str(last - first + 1)
    if piece:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return _marked(response, etag)


def _marked(response, etag):
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _read(path, first, last):
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (data := file.read(min(CHUNK, left))):
            left -= len(data)
            yield data
