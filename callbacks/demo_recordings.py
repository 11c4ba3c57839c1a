"""The demo's recordings: a soft tone as long as the talk, so that the player has something to play and seek in."""

import math
import struct

from callbacks.actions.recordings import store_recording
from callbacks.models import Recording

RATE = 8_000
QUIET = b"\xff"


def add_recordings(calls, *, now) -> None:
    """Recordings of these calls, once."""
    if Recording.objects.exists():
        return
    for call in calls:
        store_recording(call=call, chunks=[_sound(float(call.talk_seconds))], by=None, now=now, source="demo")


def _sound(seconds) -> bytes:
    """A WAV in µ-law: two notes and a pause each second, as a telephone line carries them."""
    second = bytes(_mu_law(n) for n in range(RATE // 2)) + QUIET * (RATE - RATE // 2)
    data = (second * (int(seconds) + 1))[: int(seconds * RATE)]
    form = struct.pack("<HHLLHH", 7, 1, RATE, RATE, 1, 8)
    body = b"WAVEfmt " + struct.pack("<L", len(form)) + form + b"data" + struct.pack("<L", len(data)) + data
    body += b"\0" * (len(data) & 1)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _mu_law(n) -> int:
    """Sample ``n`` of two soft notes in G.711 µ-law."""
    height = 2_000 * (math.sin(2 * math.pi * 440 * n / RATE) + math.sin(2 * math.pi * 554 * n / RATE)) / 2
    size = min(abs(int(height)) + 132, 32_635)
    exponent = size.bit_length() - 8
    return ~((0x80 if height < 0 else 0) | exponent << 4 | (size >> (exponent + 3)) & 0x0F) & 0xFF
