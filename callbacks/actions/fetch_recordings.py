"""Recordings that a telephone system keeps: looked for until they are there, for half a day (CB-13).

The row is the schedule. The name under which the system keeps a file is checked letter by letter, a file must lie below the
configured folder when every link is followed, an address is never followed elsewhere.
"""

import http.client
import logging
import re
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from callbacks.actions.recordings import FOLDER, store_recording
from callbacks.models import Recording
from callcenter.errors import Conflict, Refused
from callcenter.sweeps import beat

logger = logging.getLogger(__name__)
# An exchange closes the file some seconds after the call; a copy over the network may take hours.
RETRIES = [timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3_600, 6 * 3_600)]
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", re.ASCII)
TIMEOUT = 20
CHUNK = 256 * 1024
# A file this young may still be written.
SETTLED = 3
LEASE = timedelta(minutes=10)


class NotThere(Exception):
    """The recording cannot be had now; perhaps later."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Only the configured server is asked."""

    def redirect_request(self, *_args):
        return None


OPENER = urllib.request.build_opener(_NoRedirects)


def is_reference(text: str) -> bool:
    """Whether a name can be looked for: no folders, no dots that lead upwards."""
    return bool(REFERENCE.fullmatch(text)) and ".." not in text


def await_recording(*, call, reference, now) -> Recording | None:
    """Note that the telephone system has a recording of the call; None where there is nowhere to look or nothing to look for."""
    if not settings.RECORDING_SOURCE or not is_reference(reference):
        return None
    recording, _created = Recording.objects.get_or_create(
        call=call,
        defaults={
            "state": Recording.State.AWAITED,
            "reference": reference,
            "due_at": now + RETRIES[0],
            "created_at": now,
        },
    )
    return recording


def await_recordings(named, *, now) -> None:
    """The same for many new calls, as (call, reference), in one statement."""
    if not settings.RECORDING_SOURCE:
        return
    Recording.objects.bulk_create(
        [
            Recording(
                call=call,
                state=Recording.State.AWAITED,
                reference=reference,
                due_at=now + RETRIES[0],
                created_at=now,
            )
            for call, reference in named
            if is_reference(reference)
        ],
        batch_size=1_000,
    )


def fetch_recordings(*, now, limit=200) -> int:
    """Fetch what is due; returns how many rows were handled, found or not. Safe to run twice, late or in parallel.

    A row is taken in a transaction of its own and fetched outside of it: a slow server holds up nobody.
    """
    handled = 0
    while settings.RECORDING_SOURCE and handled < limit and (recording := _take(now)):
        try:
            _fetch(recording, now)
        except Exception:
            # The row comes back when its lease is over.
            logger.exception("recording %s could not be fetched", recording.pk)
        handled += 1
    beat("callbacks.fetch_recordings", now=now, handled=handled)
    return handled


@transaction.atomic
def _take(now) -> Recording | None:
    """The next row that is due, leased, its attempt counted before it is made."""
    due = Recording.objects.filter(state=Recording.State.AWAITED, due_at__lte=now).order_by("due_at", "id")
    recording = due.select_for_update(skip_locked=True, of=("self",)).select_related("call").first()
    if recording is not None:
        recording.attempts += 1
        recording.due_at = now + LEASE
        recording.save(update_fields=["attempts", "due_at"])
    return recording


def _fetch(recording, now):
    try:
        store_recording(call=recording.call, chunks=_chunks_of(recording), by=None, now=now, source="fetched")
    except NotThere as missing:
        _later(recording, str(missing), now)
    except Refused as wrong:
        problem = wrong.facts.get("problem", "")
        if problem in ("truncated", "empty"):
            # Still being written or copied.
            return _later(recording, problem, now)
        _mine(recording).update(state=Recording.State.REFUSED, problem=problem[:20], due_at=None)
    except Conflict:
        # Somebody has uploaded it, or it has been deleted meanwhile.
        _mine(recording).update(due_at=None)


def _mine(recording):
    return Recording.objects.filter(pk=recording.pk, state=Recording.State.AWAITED)


def _later(recording, problem, now):
    over = recording.attempts >= len(RETRIES)
    _mine(recording).update(
        problem=problem[:20],
        state=Recording.State.MISSING if over else Recording.State.AWAITED,
        due_at=None if over else now + RETRIES[recording.attempts],
    )


def _chunks_of(recording):
    """The bytes of a recording. Raises ``NotThere``."""
    if not is_reference(recording.reference):
        raise NotThere("reference")
    source, day = settings.RECORDING_SOURCE, recording.call.local_day
    places = {
        "{id}": recording.reference,
        "{year}": f"{day:%Y}",
        "{month}": f"{day:%m}",
        "{day}": f"{day:%d}",
    }
    found = source
    for place, value in places.items():
        found = found.replace(place, value)
    if source.startswith(("https://", "http://")):
        yield from _from_address(found)
    else:
        yield from _from_folder(Path(found), Path(source.partition("{")[0]))


def _from_folder(path, folder):
    root = folder if folder.is_dir() else folder.parent
    try:
        whole = path.resolve(strict=True)
        if not whole.is_relative_to(root.resolve()) or not whole.is_file():
            raise NotThere("outside")
        if time.time() - whole.stat().st_mtime < SETTLED:
            raise NotThere("unsettled")
        with whole.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise NotThere("no_file") from error


def _from_address(address):
    try:
        with OPENER.open(address, timeout=TIMEOUT) as answer:
            while chunk := answer.read(CHUNK):
                yield chunk
    except urllib.error.HTTPError as error:
        raise NotThere(f"http_{error.code}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotThere("no_answer") from error


def clear_recordings(*, now, limit=20_000) -> int:
    """Delete files of recordings of which no row speaks: a process died between the file and its row; returns how many.

    Only files older than a day: a younger one may be on its way into its row.
    """
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    before = (now - timedelta(days=1)).timestamp()
    gone = 0
    batch = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.stat().st_mtime < before:
            batch.append(path)
        if len(batch) == 500:
            gone += _drop_unknown(batch)
            batch = []
        if gone >= limit:
            break
    return gone + _drop_unknown(batch)


def _drop_unknown(paths) -> int:
    names = {f"{FOLDER}/{path.name}": path for path in paths}
    known = set(Recording.objects.filter(path__in=names).values_list("path", flat=True))
    unknown = [path for name, path in names.items() if name not in known]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)
