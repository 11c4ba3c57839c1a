"""What of a question is looked for in articles, and the piece of an article that shows why it was found (ORG-8)."""

import re
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 60
MOST = 12
AROUND = 40
CHINESE = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[0-9a-z\u00c0-\u024f]+(?:[-_.][0-9a-z\u00c0-\u024f]+)*")


def terms(question: str) -> list[str]:
    """The words of a question in lower case, Chinese ones as pairs of characters, at most ``MOST`` of them.

    "怎么退保" finds "退保" wherever it stands: of 怎么, 么退, 退保 an article about surrender has one, the others none.
    """
    text = question.casefold()[:LONGEST]
    found = WORD.findall(text)
    for run in CHINESE.findall(text):
        found += [run] if len(run) < 3 else ["".join(pair) for pair in pairwise(run)]
    return list(dict.fromkeys(found))[:MOST]


@dataclass(frozen=True)
class Piece:
    """Plain text before the hit, the hit, and what follows it."""

    before: str
    hit: str
    after: str


def piece_of(body: str, wanted: list[str]) -> Piece:
    """The surroundings of the first term that stands in the body, on one line; its beginning where none does."""
    text = " ".join(body.split())
    lower = text.casefold()
    at, length = min(((lower.index(term), len(term)) for term in wanted if term in lower), default=(0, 0))
    if not length or len(lower) != len(text):
        return Piece("", "", text[: 3 * AROUND])
    start, end = max(0, at - AROUND), at + length + 2 * AROUND
    before = ("…" if start else "") + text[start:at]
    return Piece(before, text[at : at + length], text[at + length : end] + ("…" if end < len(text) else ""))
