"""Small sound files for the tests, made here byte by byte: real ones, and ones that lie."""

import io
import math
import struct
import wave
import zipfile

from callbacks.rules.audio.ogg import checksum


def wav(seconds=2, rate=8_000, tone=440) -> bytes:
    """A tone of 16-bit PCM."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(9_000 * math.sin(2 * math.pi * tone * n / rate)) for n in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


def wav_of(
    coding, data=b"\x55" * 800, *, rate=8_000, channels=1, bits=8, promised=None, length=None
) -> bytes:
    """A WAV file of any coding, with a header that may say anything."""
    block = channels * bits // 8 % 65_536
    form = struct.pack("<HHLLHH", coding, channels, rate, rate * block % 2**32, block, bits)
    body = b"WAVEfmt " + struct.pack("<L", len(form)) + form
    body += b"data" + struct.pack("<L", len(data) if length is None else length) + data
    return b"RIFF" + struct.pack("<L", len(body) if promised is None else promised) + body


def mp3(frames=40, *, tag=b"", tail=b"") -> bytes:
    """Silent frames of MPEG 2 layer III, 32 kbit/s, 16 kHz, mono: 0.036 s each."""
    frame = b"\xff\xf3\x48\xc4" + bytes(72 * 32_000 // 16_000 - 4)
    return tag + frame * frames + tail


def ogg_page(body, *, number, flags=0, position=0, serial=7) -> bytes:
    """One page with a right checksum."""
    count, rest = divmod(len(body), 255)
    table = bytes([255] * count + [rest])
    head = b"OggS\0" + struct.pack("<BqLL", flags, position, serial, number)
    whole = head + b"\0\0\0\0" + bytes([len(table)]) + table + body
    return whole[:22] + struct.pack("<L", checksum(whole)) + whole[26:]


def opus(seconds=3, *, body=b"\0" * 100) -> bytes:
    """Pages of an Opus stream; the sound in them is none, the pages are right."""
    head = b"OpusHead" + bytes([1, 1]) + struct.pack("<HLhB", 312, 16_000, 0, 0)
    pages = [ogg_page(head, number=0, flags=2), ogg_page(b"OpusTags" + bytes(8), number=1)]
    last = 312 + seconds * 48_000
    pages.append(ogg_page(body, number=2, position=last, flags=4))
    return b"".join(pages)


def archive() -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("x.html", "<script>alert(1)</script>" * 50)
    return out.getvalue()
