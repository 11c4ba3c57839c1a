"""The recording of a call and the ticket with which a page plays it."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing

from callbacks.models import Recording
from callbacks.queries.lists import versions_of

_SIGNER = signing.TimestampSigner(salt="callbacks.play")
# A page may be open for a whole session; who may listen is asked again for every piece.
LIFETIME = timedelta(hours=12)


def recording_of(call, versions=None) -> Recording | None:
    """The recording of a call, whichever of its versions is asked about."""
    if versions is None:
        versions = versions_of(call) if call.superseded or call.corrects_id else [call]
    return Recording.objects.filter(call__in=versions).order_by("-id").first()


def play_ticket(recording, user) -> str:
    """One play by this person: minted with the page, so that every opening of a recording is a line of its own in the log."""
    return _SIGNER.sign(f"{recording.pk}:{user.pk}:{uuid.uuid4().hex}")


def play_of(ticket, recording, user) -> str:
    """The number of the play; "" for a ticket that is not for this recording and person, made up or too old."""
    try:
        pk, owner, play = _SIGNER.unsign(ticket, max_age=LIFETIME).split(":")
    except (signing.BadSignature, ValueError):
        return ""
    return play if (pk, owner) == (str(recording.pk), str(user.pk)) else ""


def file_of(recording) -> Path:
    """Where the file is."""
    return Path(settings.MEDIA_ROOT) / recording.path


def playable(recording, user) -> dict | None:
    """What the player shows: the recording, and the ticket if there is something to play."""
    if recording is None:
        return None
    stored = recording.state == Recording.State.STORED
    return {"recording": recording, "ticket": play_ticket(recording, user) if stored else ""}
