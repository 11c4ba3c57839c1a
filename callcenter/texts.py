"""Texts kept as data in several languages: ``{"zh-hans": …, "zh-hant": …, "en": …}``."""

from collections.abc import Mapping

from django.utils.translation import get_language

ORDER = ("zh-hans", "en", "zh-hant")


def localized(texts: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in ``language`` (default: the active one), else the first language that has it."""
    if not texts:
        return ""
    if isinstance(texts, str):
        return texts
    wanted = (language or get_language() or ORDER[0]).lower()
    return texts.get(wanted) or next((texts[code] for code in ORDER if texts.get(code)), "")
