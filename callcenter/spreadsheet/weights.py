"""How well bytes read under an encoding: what the choice between GB18030 and Big5 is made by."""

from collections import Counter
from functools import cache
from typing import NamedTuple

from .known import COMMON, HEADER_WORDS

HEADER_LINES = 5


class Weight(NamedTuple):
    """How well bytes read under one codec.

    `words` known header words found, `hanzi` the number of characters that are neither ASCII nor punctuation, `usual`
    the share of them on the first level of GB 2312 or Big5, `common` the share among the thousand commonest, `bad` the
    share of lines beyond ASCII that do not decode.
    """

    words: int
    hanzi: int
    usual: float
    common: float
    bad: float = 0.0

    @property
    def points(self) -> float:
        return self.words + 4 * self.common + 2 * self.usual - 4 * self.bad


def commons(text: str) -> int:
    """Returns how many of the characters of `text` are among the thousand commonest."""
    return sum(character in COMMON for character in text)


def weigh(lines: list[bytes], codec: str) -> Weight:
    """Returns the `Weight` of raw `lines` under `codec`."""
    texts, bad = [], 0
    for line in lines:
        try:
            texts.append(line.decode(codec))
        except UnicodeDecodeError:
            bad += 1
            texts.append(line.decode(codec, "replace"))
    wide = sum(not line.isascii() for line in lines)
    return weigh_text("\n".join(texts))._replace(bad=bad / max(wide, 1))


def weigh_text(text: str) -> Weight:
    """Returns the `Weight` of decoded text."""
    head = "\n".join(text.splitlines()[:HEADER_LINES])
    counted = Counter(text)
    hanzi = {character: count for character, count in counted.items() if _counts(character)}
    total = sum(hanzi.values())
    return Weight(
        words=sum(word in head for word in HEADER_WORDS),
        hanzi=total,
        usual=sum(count for character, count in hanzi.items() if _is_usual(character)) / max(total, 1),
        common=sum(count for character, count in hanzi.items() if character in COMMON) / max(total, 1),
    )


def _counts(character: str) -> bool:
    # Punctuation, full-width forms and symbols sit at the same bytes in both encodings and prove nothing.
    return character > "\x7f" and not ("\u2000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef")


@cache
def _is_usual(character: str) -> bool:
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= character.encode(codec)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False
