"""What differs between two versions of a questionnaire, and how long one takes to ask (ux.md 5.13)."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

CHARACTERS_PER_SECOND: Final = 4.5
WORDS_PER_SECOND: Final = 2.5
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
USUAL_SIZE: Final = 6
"""The default size of a questionnaire (SPEC CAM-7); more is possible, and said."""


@dataclass(frozen=True)
class Line:
    """One item as a reader compares it. ``condition`` is (code of the question depended on, values) or None."""

    code: str
    place: int
    required: bool
    condition: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Change:
    """``kind`` is added, removed or changed; ``what`` lists order, required, condition for a changed one."""

    kind: str
    code: str
    what: tuple[str, ...] = ()


def differences(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """Changes from ``old`` to ``new``, removed ones first, then in the new order. Order is compared among what stayed."""
    before = {line.code: line for line in old}
    after = {line.code: line for line in new}
    stayed_before = [line.code for line in old if line.code in after]
    stayed_after = [line.code for line in new if line.code in before]
    moved = {code for place, code in enumerate(stayed_after) if stayed_before[place] != code}
    changes = [Change("removed", code) for code in before if code not in after]
    for code, line in after.items():
        if code not in before:
            changes.append(Change("added", code))
        elif what := _what(before[code], line, code in moved):
            changes.append(Change("changed", code, what))
    return changes


def _what(old: Line, new: Line, moved: bool) -> tuple[str, ...]:
    found = ["order"] if moved else []
    if old.required != new.required:
        found.append("required")
    if old.condition != new.condition:
        found.append("condition")
    return tuple(found)


def seconds_to_ask(texts: Iterable[str]) -> int:
    """How long reading the questions aloud takes, rounded up: 4.5 Chinese characters or 2.5 words per second (ux.md 5.13)."""
    characters = words = 0
    for text in texts:
        characters += len(_HAN.findall(text))
        words += len(_WORD.findall(_HAN.sub(" ", text)))
    return math.ceil(characters / CHARACTERS_PER_SECOND + words / WORDS_PER_SECOND)
