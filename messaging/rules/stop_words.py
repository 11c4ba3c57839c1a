"""Whether a reply says "no more messages" (SPEC CB-9, CUS-8; reliability.md section 7).

The words are data. What is clear is obeyed at once; a reply that only contains such a word somewhere is shown to a person, never
guessed at.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

CLEAR: Final = "stop"
UNCLEAR: Final = "unclear"
_QUIET: Final = re.compile(r"[\s\W_]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_PREFIX: Final = re.compile(r"^(?:回复|回覆|回|reply|please|pls|请|請)+", re.IGNORECASE)


def folded(text: str) -> str:
    """The text as it is compared: half-width, upper case, without blanks, signs and symbols."""
    return _QUIET.sub("", unicodedata.normalize("NFKC", text)).upper()


def stop_in(text: str, words: Iterable[str]) -> str:
    """``CLEAR`` for a stop word alone or at the beginning, ``UNCLEAR`` for one within another sentence, else "".

    A word of one or two Latin letters ("N", "TD") counts only alone. Longer Latin words must end where a word ends.
    """
    whole = folded(text)
    alone = _PREFIX.sub("", whole).upper() or whole
    first = folded((unicodedata.normalize("NFKC", text).split() or [""])[0])
    verdict = ""
    for word in map(folded, words):
        if not word:
            continue
        if word in (whole, alone):
            return CLEAR
        chinese = bool(_HAN.search(word))
        if len(word) > 2 and not chinese and first == word:
            return CLEAR
        if chinese and len(word) > 1 and alone.startswith(word):
            return CLEAR
        if (chinese or len(word) > 2) and word in whole:
            verdict = UNCLEAR
    return verdict
