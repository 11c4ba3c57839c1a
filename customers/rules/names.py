"""Under what a customer's name is found: any part of it, its pinyin, the initials of its pinyin (SPEC CUS-1). Pure: no Django.

王小明 is found by 王小明, 小明, 明, wangxiaoming, wang xiao, xiaoming, wxm, xm. Each is the beginning of a stored key, so that
an ordinary index on the keys answers every search.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

LONGEST_KEY: Final = 40
MOST_STARTS: Final = 12
"""Characters of a long (company's) name at which a part may begin."""

_UNITS: Final = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]|[^\W_㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_HAN: Final = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
# As a surname these are not read as they are elsewhere.
SURNAMES: Final = {
    "尉迟": "yuchi",
    "尉遲": "yuchi",
    "万俟": "moqi",
    "澹台": "tantai",
    "单于": "chanyu",
    "單于": "chanyu",
    "单": "shan",
    "單": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "區": "ou",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "蓋": "ge",
    "乐": "yue",
    "樂": "yue",
    "翟": "zhai",
    "缪": "miao",
    "繆": "miao",
    "种": "chong",
    "覃": "qin",
    "洗": "xian",
    "员": "yun",
    "員": "yun",
    "秘": "bi",
    "繁": "po",
    "折": "she",
    "黑": "he",
    "祭": "zhai",
    "召": "shao",
    "重": "chong",
    "都": "du",
}


def plain(text: str) -> str:
    """Text as keys are made of it: full-width and capital letters levelled, ü as v, accents gone."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    if text.isascii() or _HAN.search(text):
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def typed_key(text: str) -> str:
    """What somebody typed into the search, as the beginning of a key; "" when nothing of it can be looked for."""
    return "".join(_UNITS.findall(plain(text)))[:LONGEST_KEY]


def name_keys(name: str) -> list[str]:
    """The keys of a name, each once: from every character (or Latin word) on, the rest as written, in pinyin, as initials."""
    units = _UNITS.findall(plain(name))
    if not units:
        return []
    starts = range(min(len(units), MOST_STARTS))
    found = {"".join(units[start:])[:LONGEST_KEY] for start in starts}
    for read in _readings(units):
        found.update("".join(read[start:])[:LONGEST_KEY] for start in starts)
        # One initial alone begins its syllable's key already.
        initials = "".join(each[0] for each in read)
        found.update(initials[start : start + LONGEST_KEY] for start in starts if start + 1 < len(read))
    return sorted(found)


def _readings(units: list[str]) -> Iterator[list[str]]:
    """The name syllable by syllable: as its characters are usually read, and with the surname's own reading."""
    usual = [_syllable(unit) for unit in units]
    yield usual
    for length in (2, 1):
        surname = "".join(units[:length])
        if len(units) > length - 1 and surname in SURNAMES:
            own = SURNAMES[surname]
            if own != "".join(usual[:length]):
                # Two characters are one entry here, and yet two syllables for the initials.
                first = [own] if length == 1 else _halves(own)
                yield [*first, *usual[length:]]
            return


def _halves(syllables: str) -> list[str]:
    """A surname of two syllables, divided before the consonant that begins the second."""
    at = re.search(r"(?<=[aeiouvng])(?:zh|ch|sh|[bpmfdtlkhjqxrzcsyw])", syllables[1:])
    cut = at.start() + 1 if at else len(syllables)
    return [part for part in (syllables[:cut], syllables[cut:]) if part]


@lru_cache(maxsize=30_000)
def _syllable(unit: str) -> str:
    if not _HAN.match(unit):
        return unit
    return plain(_dictionary()(unit)[0]) or unit


@lru_cache(maxsize=1)
def _dictionary() -> Callable[[str], list[str]]:
    """The dictionary of single characters, loaded with the first name that is read; that of phrases (45 MB) is not needed."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lambda char: list(lazy_pinyin(char))
