"""Telling the formats apart by what is in the file, never by its name."""

from typing import BinaryIO, Final

from callbacks.rules.audio import mp3, ogg, wav
from callbacks.rules.audio.reading import Audio, NotAudio


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# What each kind is served as; the file's own word for it is never passed on.
TYPES: Final = {"wav": "audio/wav", "mp3": "audio/mpeg", "ogg": "audio/ogg"}

PROBLEMS: Final[dict[str, str]] = {
    "unknown": _(
        "The file is no WAV, MP3 or Ogg sound, whatever its name says. Choose the recording itself."
    ),
    "empty": _("The file holds no sound. Choose another recording."),
    "truncated": _("The file ends before its sound does. Copy it again and upload the whole file."),
    "trailing": _("Something else follows the sound in this file. Save the recording again as sound only."),
    "broken": _("The file is damaged: its parts contradict each other. Copy it again or save it anew."),
    "coding": _(
        "Browsers cannot play the coding of this file. Save it as WAV (PCM, A-law or µ-law), MP3, Ogg Vorbis or Opus."
    ),
    "too_large": _("The file is larger than %(limit)s MB. Save it as MP3 or Ogg."),
    "too_long": _("The recording is longer than %(limit)s minutes. Choose the recording of this one call."),
}


def examine(file: BinaryIO, size: int) -> Audio:
    """What the opened file of ``size`` bytes is. Raises ``NotAudio`` with a code of ``PROBLEMS``."""
    if not size:
        raise NotAudio("empty")
    start = file.read(4)
    file.seek(0)
    if start == b"RIFF":
        return wav.read(file, size)
    if start == b"OggS":
        return ogg.read(file, size)
    return mp3.read(file, size)
