"""How a customer is addressed, in scripts and letters: one rule for every app (SPEC CAM-5, CUS-1; ux.md section 5.1). Pure.

王女士, 王先生, or the salutation on record; never the bare name. Where the gender is not known nobody is called 先生/女士 like a
form to fill in: it is the full name with 您, which the text around it may already have (`without_double_you`).
"""

import re
from collections.abc import Mapping
from typing import Final

_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_ENGLISH_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
# Surnames of two characters, so that 欧阳女士 is not called 欧女士.
_COMPOUND: Final = (
    "欧阳歐陽司马司馬上官诸葛諸葛司徒东方東方独孤獨孤南宫南宮夏侯皇甫尉迟尉遲公孙公孫慕容长孙長孫宇文令狐轩辕軒轅钟离鍾離端木申屠太史淳于单于單于公羊赫连赫連澹台澹臺"
    "濮阳濮陽呼延闾丘閭丘第五百里东郭東郭西门西門南门南門拓跋完颜完顏纳兰納蘭张简張簡范姜"
)
COMPOUND_SURNAMES: Final = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))
TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"f": "女士", "m": "先生"},
    "en": {"f": "Ms", "m": "Mr"},
}
COMPANY: Final[Mapping[str, str]] = {"zh-hans": "贵公司", "zh-hant": "貴公司", "en": "your company"}
YOU: Final = "您"
_NOBODY_YOU: Final = re.compile(rf"(^|[^\w{YOU}]){YOU}[,，、]?(?={YOU})")
_DOUBLE_YOU: Final = re.compile(rf"{YOU}([,，、]?)(?={YOU})")


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
    """How the customer is addressed: 王女士, Ms Wang; 王小明您 when ``gender`` (f, m or "") is not known.

    ``own`` is a form of address on record and wins, unless it is only the name. Companies are addressed as such. Without a name
    the honorific stands alone, without a gender too it is 您. English has no such word: there it is the full name.
    """
    bare, own = name.strip(), own.strip()
    if own and own != bare:
        return own
    if company:
        return COMPANY.get(language, COMPANY["en"])
    chinese = language.startswith("zh")
    title = TITLES["zh" if chinese else "en"].get(gender, "")
    if chinese:
        return f"{surname(bare)}{title}" if title else f"{bare}{YOU}"
    if title:
        return f"{title} {surname(bare)}".strip()
    return bare or "dear customer"


def shown_name(
    *, name: str, gender: str, own: str = "", company: bool = False, language: str = "zh-hans"
) -> str:
    """The same for the eyes of the agent: who has no honorific stands there by the full name, to be asked for."""
    spoken = salutation(name=name, gender=gender, own=own, company=company, language=language)
    return spoken.removesuffix(YOU) or spoken if spoken == f"{name.strip()}{YOU}" else spoken


def without_double_you(text: str) -> str:
    """A text in which 王小明您 met another 您: 王小明您,您好 becomes 王小明,您好, and 您,您好 becomes 您好."""
    return _DOUBLE_YOU.sub(r"\1", _NOBODY_YOU.sub(r"\1", text))
