"""MP3: frame after frame, each beginning where the one before ends."""

from typing import BinaryIO, Final

from callbacks.rules.audio.reading import Audio, NotAudio, exactly, sound

# kbit/s by index, for layer III of MPEG 1 and of MPEG 2 and 2.5.
RATES_1: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES_2: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# Samples per second by version bits (3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5).
FREQUENCIES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
MOST_TAG: Final = 2 * 1024 * 1024
FEWEST_FRAMES: Final = 3
SHORTEST_TAIL: Final = 4


def read(file: BinaryIO, size: int) -> Audio:
    """An MP3 file of ``size`` bytes, from its start. Raises ``NotAudio``."""
    at = _skip_tag(file)
    samples = frames = rate = channels = 0
    while at + SHORTEST_TAIL <= size:
        head = exactly(file, 4)
        if head[:3] == b"TAG" and size - at == 128:
            at = size
            break
        length, frame_rate, frame_channels, frame_samples = _frame(head, first=not frames)
        if frames and frame_rate != rate:
            raise NotAudio("broken")
        rate, channels = frame_rate, max(channels, frame_channels)
        if at + length > size:
            # A recorder that is stopped leaves half a frame; a header that lies has no whole ones before it.
            at = size
            break
        samples, frames, at = samples + frame_samples, frames + 1, at + length
        file.seek(at)
    if frames < FEWEST_FRAMES:
        raise NotAudio("truncated" if frames else "unknown")
    if size - at >= SHORTEST_TAIL:
        raise NotAudio("trailing")
    return sound("mp3", samples, rate, channels)


def _skip_tag(file: BinaryIO) -> int:
    """Where the first frame begins, behind an ID3v2 tag."""
    head = file.read(10)
    at = 0
    if len(head) == 10 and head[:3] == b"ID3":
        if any(byte & 0x80 for byte in head[6:10]):
            raise NotAudio("broken")
        at = 10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        if at > MOST_TAG:
            raise NotAudio("broken")
    file.seek(at)
    return at


def _frame(head: bytes, *, first: bool) -> tuple[int, int, int, int]:
    """Length in bytes, samples per second, channels and samples of the frame with this header. Raises ``NotAudio``."""
    wrong = NotAudio("unknown" if first else "trailing")
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        raise wrong
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    strength, frequency = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer != 1 or frequency == 3 or not 0 < strength < 15:
        raise wrong
    rate = FREQUENCIES[version][frequency]
    kilobits = (RATES_1 if version == 3 else RATES_2)[strength]
    length = (144 if version == 3 else 72) * kilobits * 1_000 // rate + (head[2] >> 1 & 1)
    channels = 1 if head[3] >> 6 == 3 else 2
    return length, rate, channels, 1_152 if version == 3 else 576
