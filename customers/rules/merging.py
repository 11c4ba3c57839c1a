"""Texts written to customers: filling in their merge fields, and how a customer is addressed (SPEC CAM-5, CB-9; ux.md 5.1).

A customer is addressed by surname and honorific, never by the bare name.
"""

import re
from collections.abc import Container, Iterable, Mapping
from typing import Final

_FIELD: Final = re.compile(r"\{([^{}\n]{0,60})\}")
_SPACES: Final = re.compile(r"[ \t]{2,}")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_ENGLISH_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
# Surnames of two characters, so that 欧阳女士 is not called 欧女士.
_COMPOUND: Final = (
    "欧阳歐陽司马司馬上官诸葛諸葛司徒东方東方独孤獨孤南宫南宮夏侯皇甫尉迟尉遲公孙公孫慕容长孙長孫宇文令狐轩辕軒轅钟离鍾離端木申屠太史淳于单于單于公羊赫连赫連澹台澹臺"
    "濮阳濮陽呼延闾丘閭丘第五百里东郭東郭西门西門南门南門拓跋完颜完顏纳兰納蘭张简張簡范姜"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"f": "女士", "m": "先生", "": "先生/女士"},
    "en": {"f": "Ms", "m": "Mr", "": "Mr/Ms"},
}
COMPANY: Final[Mapping[str, str]] = {"zh-hans": "贵公司", "zh-hant": "貴公司", "en": "your company"}


def fields_in(text: str) -> list[str]:
    """The merge fields a text uses, in order, each once."""
    return list(dict.fromkeys(match.strip() for match in _FIELD.findall(text)))


def unknown_fields(texts: Iterable[str], known: Container[str]) -> list[str]:
    """Fields that are not among the known ones, so that a text with a slip of the pen cannot be saved."""
    return list(dict.fromkeys(name for text in texts for name in fields_in(text) if name not in known))


def merge(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a field without a value leaves nothing behind."""
    filled = _FIELD.sub(lambda match: str(values.get(match[1].strip(), "") or ""), text)
    return _SPACES.sub(" ", filled).strip()


def surname(name: str) -> str:
    """The family name: one Chinese character, two for compound surnames, else the last word of the name."""
    bare = name.strip()
    if _HAN.match(bare):
        return bare[:2] if bare[:2] in COMPOUND_SURNAMES and len(bare) > 2 else bare[:1]
    words = [
        word for word in bare.replace(",", " ").split() if word.lower().strip(".") not in _ENGLISH_TITLES
    ]
    return words[-1] if words else ""


def salutation(
    *, name: str, gender: str, own: str = "", company: bool = False, language: str = "zh-hans"
) -> str:
    """How the customer is addressed: 王女士, Ms Wang; never the bare name.

    ``gender`` is f, m or "" (both honorifics then). ``own`` is a form of address on record and wins, unless it is only the
    name. Companies are addressed as such. A customer without a name gets the honorific alone.
    """
    own = own.strip()
    if own and own != name.strip():
        return own
    if company:
        return COMPANY.get(language, COMPANY["en"])
    family = surname(name)
    if language.startswith("zh"):
        return f"{family}{TITLES['zh'].get(gender, TITLES['zh'][''])}"
    return f"{TITLES['en'].get(gender, TITLES['en'][''])} {family}".strip()
