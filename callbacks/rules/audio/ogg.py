"""Ogg with Vorbis or Opus: pages with their checksums, one stream from its first page to its last."""

import struct
import zlib
from typing import BinaryIO, Final

from callbacks.rules.audio.reading import Audio, NotAudio, exactly, sound

MIRROR: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
FIRST, LAST = 2, 4
NO_POSITION: Final = -1
OPUS_RATE: Final = 48_000


def checksum(data: bytes) -> int:
    """The checksum of a page whose own field is zero: CRC-32 with the bits the other way round than zlib's."""
    mirrored = zlib.crc32(data.translate(MIRROR), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def read(file: BinaryIO, size: int) -> Audio:
    """An Ogg file of ``size`` bytes, from its start. Raises ``NotAudio``."""
    at = number = 0
    serial: int | None = None
    rate = channels = skipped = samples = 0
    ended = False
    while at < size:
        head = exactly(file, 27) if size - at >= 27 else b""
        if head[:5] != b"OggS\x00":
            raise NotAudio("trailing" if number else "unknown")
        flags, position, stream, sequence, _crc, count = struct.unpack("<BqLLLB", head[5:])
        table = exactly(file, count)
        body = exactly(file, sum(table))
        if checksum(head[:22] + b"\0\0\0\0" + head[26:] + table + body) != _crc:
            raise NotAudio("broken")
        if serial is None:
            if not flags & FIRST:
                raise NotAudio("broken")
            serial = stream
            rate, channels, skipped = _identified(body)
        elif ended or stream != serial or flags & FIRST or sequence != number:
            # A second stream is a film, a chain of recordings or something hidden.
            raise NotAudio("trailing")
        if position != NO_POSITION:
            samples = max(samples, position)
        ended = bool(flags & LAST)
        number, at = sequence + 1, at + 27 + count + len(body)
    return sound("ogg", samples - skipped, rate, channels)


def _identified(body: bytes) -> tuple[int, int, int]:
    """Samples per second, channels and samples to leave out, from the first packet. Raises ``NotAudio``."""
    if body[:8] == b"OpusHead" and len(body) >= 19:
        return OPUS_RATE, body[9], int(struct.unpack("<H", body[10:12])[0])
    if body[:7] == b"\x01vorbis" and len(body) == 30:
        return int(struct.unpack("<L", body[12:16])[0]), body[11], 0
    raise NotAudio("coding")
