"""How the shipped scripts are written down: texts in three languages and lines of an outline."""


def t(hans: str, hant: str, en: str) -> dict[str, str]:
    """One text in the three languages, as data is kept (``callcenter.texts``)."""
    return {"zh-hans": hans, "zh-hant": hant, "en": en}


def line(kind: str, level: int, text: dict[str, str], code: str = "", wording: str = "") -> dict:
    """One line of an outline, as ``rules.outline`` reads it."""
    return {"kind": kind, "level": level, "text": text, "code": code, "wording": wording}
