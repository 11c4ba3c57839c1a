"""WAV: RIFF chunks that fill the file, and a coding that a browser plays."""

import struct
from typing import BinaryIO, Final

from callbacks.rules.audio.reading import Audio, NotAudio, exactly, sound

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
# coding: the bits a sample may have.
BITS: Final = {PCM: (8, 16, 24, 32), FLOAT: (32,), A_LAW: (8,), MU_LAW: (8,)}
MOST_CHUNKS: Final = 200


def read(file: BinaryIO, size: int) -> Audio:
    """A WAV file of ``size`` bytes, from its start. Raises ``NotAudio``."""
    head = exactly(file, 12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise NotAudio("unknown")
    promised = struct.unpack("<L", head[4:8])[0] + 8
    if promised > size + (promised & 1):
        raise NotAudio("truncated")
    if promised < size - 1:
        raise NotAudio("trailing")
    form: tuple[int, int, int] | None = None
    data: int | None = None
    at = 12
    for _chunk in range(MOST_CHUNKS):
        if at >= promised - 1:
            break
        name, length = struct.unpack("<4sL", exactly(file, 8))
        at += 8 + length + (length & 1)
        if at > promised + 1:
            raise NotAudio("truncated")
        if name == b"fmt " and form is None:
            body = exactly(file, min(length, 40))
            form = _form(body)
            file.seek(length - len(body) + (length & 1), 1)
            continue
        if name == b"data":
            if data is not None:
                raise NotAudio("broken")
            data = length
        file.seek(length + (length & 1), 1)
    else:
        raise NotAudio("broken")
    if form is None or data is None:
        raise NotAudio("broken")
    rate, channels, block = form
    return sound("wav", data // block, rate, channels)


def _form(body: bytes) -> tuple[int, int, int]:
    """Sample rate, channels and bytes per sample of all channels. Raises ``NotAudio``."""
    if len(body) < 16:
        raise NotAudio("broken")
    coding, channels, rate, _per_second, block, bits = struct.unpack("<HHLLHH", body[:16])
    if coding == EXTENSIBLE and len(body) >= 26:
        coding = struct.unpack("<H", body[24:26])[0]
    if coding not in BITS:
        raise NotAudio("coding")
    if bits not in BITS[coding] or block != channels * bits // 8 or not block:
        raise NotAudio("broken")
    return rate, channels, block
