"""Recordings: taken only when they are what they claim, kept under random names, every play on record (CB-6, CB-13)."""

import hashlib
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.models import Recording
from callbacks.queries import lists
from callbacks.rules.audio import PROBLEMS, Audio, NotAudio, examine
from callcenter.errors import Conflict, Refused
from callcenter.files import new_path
from callcenter.models import AccessLog
from callcenter.notify import log_access

FOLDER = "recordings"


def store_recording(*, call, chunks, by, now, source="upload") -> tuple[Recording, bool]:
    """Keep the bytes as the call's recording; returns (recording, created). The same file again changes nothing.

    Raises ``Refused`` for what is no playable sound or too much of it (nothing is kept then), and ``Conflict`` when the call
    has another recording: what was said is evidence and is not replaced.
    """
    path, digest, size = _written(chunks)
    try:
        audio = _examined(path, size)
        path = path.rename(path.with_suffix(f".{audio.kind}"))
        with transaction.atomic():
            recording, created = _keep(call, path, digest, size, audio, by, now)
            if created:
                log_access(
                    by,
                    AccessLog.Action.IMPORT,
                    "recording",
                    recording.pk,
                    now=now,
                    source=source,
                    sha256=digest,
                )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not created:
        path.unlink(missing_ok=True)
    return recording, created


def _written(chunks) -> tuple[Path, str, int]:
    """The chunks on disk. Raises ``Refused`` as soon as there are too many."""
    path, digest, size = new_path(FOLDER, ""), hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.MAX_RECORDING_BYTES:
                    raise refused("too_large", limit=settings.MAX_RECORDING_BYTES // 1024**2)
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest(), size


def _examined(path, size) -> Audio:
    try:
        with path.open("rb") as file:
            audio = examine(file, size)
    except NotAudio as wrong:
        raise refused(wrong.code) from wrong
    if audio.seconds > settings.MAX_RECORDING_SECONDS:
        raise refused("too_long", limit=settings.MAX_RECORDING_SECONDS // 60)
    return audio


def refused(problem, **limits) -> Refused:
    """The refusal of a file, said in the reader's language; ``facts`` name the problem."""
    message = _(PROBLEMS[problem]) % limits
    return Refused(message, code="recording_refused", fields={"file": [message]}, facts={"problem": problem})


def _keep(call, path, digest, size, audio, by, now):
    # The call's row is the lock: two uploads at once are one after the other.
    type(call).objects.select_for_update(of=("self",)).get(pk=call.pk)
    call = lists.versions_of(call)[-1]
    known = Recording.objects.filter(call=call).first()
    if known and known.state == Recording.State.STORED:
        if known.sha256 == digest:
            return known, False
        raise Conflict(
            _("This call already has another recording. It is evidence and is not replaced."),
            code="recording_exists",
        )
    if known and known.state == Recording.State.DELETED:
        raise Conflict(
            _(
                "The recording of this call has been deleted for good: its time was over or the person asked for it."
            ),
            code="recording_deleted",
        )
    values = {
        "state": Recording.State.STORED,
        "path": str(path.relative_to(settings.MEDIA_ROOT)),
        "kind": audio.kind,
        "size": size,
        "seconds": min(audio.seconds, Decimal(999_999)),
        "sha256": digest,
        "due_at": None,
        "problem": "",
        "stored_at": now,
        "stored_by": by,
    }
    recording, _made = Recording.objects.update_or_create(
        call=call, defaults=values, create_defaults=values | {"created_at": now}
    )
    return recording, True


def log_play(*, recording, play, by, now, request=None) -> bool:
    """Put one line in the access log for each play, however many pieces of the file the browser asks for (CUS-11)."""
    lines = AccessLog.objects.filter(
        subject="recording",
        subject_id=str(recording.pk),
        action=AccessLog.Action.LISTEN,
        user=by,
        facts__play=play,
    )
    if lines.exists():
        return False
    with transaction.atomic():
        Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
        if lines.exists():
            return False
        log_access(
            by,
            AccessLog.Action.LISTEN,
            "recording",
            recording.pk,
            now=now,
            request=request,
            play=play,
            call=recording.call_id,
        )
    return True
