"""Uploads, error files and workbooks: stored under random names outside the web root, served by checked views."""

import hashlib
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import FileResponse


def new_path(folder: str, suffix: str) -> Path:
    """A fresh path ``MEDIA_ROOT/folder/<random><suffix>`` whose directory exists."""
    directory = Path(settings.MEDIA_ROOT) / folder
    directory.mkdir(parents=True, exist_ok=True)
    return directory / f"{uuid.uuid4().hex}{suffix}"


def store_upload(upload, folder: str, suffix: str) -> tuple[Path, str]:
    """Write an uploaded file to disk in chunks; return its path and SHA-256."""
    path, digest = new_path(folder, suffix), hashlib.sha256()
    with path.open("wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    return path, digest.hexdigest()


def checksum(path) -> str:
    """SHA-256 of a file, read in chunks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(path, name) -> FileResponse:
    """A private attachment with the right UTF-8 file name and no caching."""
    response = FileResponse(open(path, "rb"), as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def unlink_later(paths) -> None:
    """Delete files below ``MEDIA_ROOT``, named whole or from there, once the transaction is committed; others are not ours."""
    root = Path(settings.MEDIA_ROOT)
    stored = [root / path for path in list(paths)]
    ours = [path for path in stored if path.is_relative_to(root) and ".." not in path.parts]
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in ours])
