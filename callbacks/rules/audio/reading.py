"""What the readers of the formats share: the result, the refusal, and reading exactly so many bytes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, Final

# Telephone to studio; anything else is a broken header.
RATES: Final = range(4_000, 192_001)
CHANNELS: Final = range(1, 9)


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound file that was read to its end: ``kind`` is wav, mp3 or ogg."""

    kind: str
    seconds: Decimal
    rate: int
    channels: int


class NotAudio(ValueError):
    """The file is no recording that can be kept; ``code`` is one of ``telling.PROBLEMS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def exactly(file: BinaryIO, size: int) -> bytes:
    """The next ``size`` bytes. Raises ``NotAudio`` ``truncated`` when the file ends before."""
    data = file.read(size)
    if len(data) != size:
        raise NotAudio("truncated")
    return data


def sound(kind: str, samples: int, rate: int, channels: int) -> Audio:
    """The result for so many samples per channel. Raises ``NotAudio`` for impossible headers and for silence of no length."""
    if rate not in RATES or channels not in CHANNELS:
        raise NotAudio("broken")
    if samples <= 0:
        raise NotAudio("empty")
    return Audio(kind, (Decimal(samples) / rate).quantize(Decimal("0.001")), rate, channels)
