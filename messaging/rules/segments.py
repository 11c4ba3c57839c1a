"""How many SMS a text costs: GSM-7 or UCS-2, one part or several (SPEC CB-9; 3GPP TS 23.038 and 23.040).

A part alone holds 160 GSM-7 characters or 70 UCS-2 units; in a chain each part gives 6 bytes to its header and holds 153 or 67.
A character of the extension table takes two places, one outside the basic plane (most emoji) two units; neither is cut in two.
"""

from dataclasses import dataclass
from typing import Final

from messaging.rules.alphabets import GSM7, UCS2, encoding_of, weight

_SIZES: Final = {GSM7: (160, 153), UCS2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Cost:
    """The alphabet, the length in its units, the number of parts, and how many units the last part still takes."""

    encoding: str
    units: int
    segments: int
    left: int


def _units(text: str, encoding: str) -> int:
    return sum(weight(one, encoding) for one in text)


def parts_of(text: str) -> list[str]:
    """The text as the parts that are sent; an empty text is one empty part."""
    encoding = encoding_of(text)
    alone, chained = _SIZES[encoding]
    if _units(text, encoding) <= alone:
        return [text]
    parts, part, used = [], "", 0
    for one in text:
        size = weight(one, encoding)
        if used + size > chained:
            parts.append(part)
            part, used = "", 0
        part += one
        used += size
    return [*parts, part]


def cost_of(text: str) -> Cost:
    """What a text costs; an empty one costs nothing."""
    encoding = encoding_of(text)
    alone, chained = _SIZES[encoding]
    parts = parts_of(text) if text else []
    last = _units(parts[-1], encoding) if parts else 0
    size = alone if len(parts) <= 1 else chained
    return Cost(encoding, _units(text, encoding), len(parts), size - last)
