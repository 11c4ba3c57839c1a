"""Survey answers by SMS: "5", "5 4 5", "5 thanks" (SPEC CB-9, CAM-7; reliability.md W-02).

Read or left to a person, never guessed: as many scores as the questionnaire requires, each on the scale, and nothing that could
mean something else. Words may follow only where the questionnaire has a place for them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_NUMERALS: Final = {
    one: str(value)
    for value, group in enumerate(("零〇", "一壹", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for one in group
} | {"十": "10", "两": "2", "兩": "2"}  # fmt: skip
# A score ends with its unit, a sign or a blank; "5星级" or "5年" is no score.
_SCORE: Final = re.compile(r"(10|\d)(?:\s*(?:分|points?\b|pts?\b|stars?\b|星(?!级|級)))?")
_BETWEEN: Final = re.compile(r"[\s,、;/|.+·\uff0c\u3002-]*")
_ENDING: Final = re.compile(r"[\s.!\u3002\uff01]+$")
_WORDS_BEGIN: Final = re.compile(r"[\s,、;:.!~\uff0c\u3002\uff01-]")


@dataclass(frozen=True)
class Scores:
    """The scores in the order of the questions, and the words behind them."""

    values: tuple[str, ...]
    words: str = ""


def read_scores(text: str, scales: Sequence[Sequence[str]], *, takes_words: bool) -> Scores | None:
    """The scores for questions with the given scales (their values in order), or None when a person must read it.

    ``scales`` are those of the required questions, at least one. Full-width digits and Chinese numerals are digits.
    """
    plain = _ENDING.sub("", unicodedata.normalize("NFKC", text)).strip()
    folded, at, found = _folded(plain), 0, []
    if not scales:
        return None
    for scale in scales:
        match = _SCORE.match(folded, at)
        if match is None or match[1] not in scale:
            return None
        found.append(match[1])
        at = match.end()
        if len(found) < len(scales):
            at = _BETWEEN.match(folded, at).end()  # type: ignore[union-attr]
    rest = folded[at:]
    if not rest:
        return Scores(tuple(found))
    words = rest.strip().lstrip(",、;:.!~-\uff0c\u3002\uff01 ")
    # Another number behind the scores ("5 4" for one question, "5-3", "5 or 4") may change what they mean.
    if not takes_words or not _WORDS_BEGIN.match(rest) or any(one.isdigit() for one in rest):
        return None
    return Scores(tuple(found), words) if words else Scores(tuple(found))


def _folded(text: str) -> str:
    """Chinese numerals at the beginning become digits; within words they stay words."""
    head = ""
    for place, one in enumerate(text):
        if one in _NUMERALS:
            head += _NUMERALS[one]
        elif one.isdigit() or one in " ,、;/分星点點" or unicodedata.category(one)[0] in "PZ":
            head += one
        else:
            return head + text[place:]
    return head
