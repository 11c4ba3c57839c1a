"""Reading one answer: what was typed, chosen or posted becomes one typed value, or a named mistake (SPEC CAM-6).

Full-width digits and Chinese forms of dates and yes/no are ordinary input (DESIGN section 8). A refusal to answer is a fact of
its own: the question was asked, and it counts as item non-response (domain.md section 6).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

REFUSED: Final = "__refused__"
"""What a form sends for "does not want to answer"; programs may send null instead."""

MAX_TEXT: Final = 2_000
MAX_NUMBER: Final = Decimal("9999999999")
_DATE: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_PLAIN: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_YES: Final = frozenset({"yes", "y", "true", "1", "是", "有", "对", "對"})
_NO: Final = frozenset({"no", "n", "false", "0", "否", "不", "没有", "沒有"})
SCALES: Final[Mapping[str, tuple[str, ...]]] = {
    "scale5": tuple(str(score) for score in range(1, 6)),
    "scale10": tuple(str(score) for score in range(11)),
    "yesno": ("yes", "no"),
}


class BadAnswer(ValueError):
    """The answer does not fit the question. ``code`` names the mistake, ``value`` is what came (shortened)."""

    def __init__(self, code: str, value: object = ""):
        self.code, self.value = code, str(value)[:60]
        super().__init__(f"{code}: {self.value}")


@dataclass(frozen=True)
class Value:
    """One typed answer: the chosen values, a number (score, 1/0 for yes/no), or a text (ISO date for dates)."""

    values: tuple[str, ...] = ()
    number: Decimal | None = None
    text: str = ""
    refused: bool = False


def offered(kind: str, options: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The values a question offers, in order: those of its options, else those of its scale."""
    return tuple(str(option["value"]) for option in options) or SCALES.get(kind, ())


def read(kind: str, raw: object, options: Sequence[Mapping[str, Any]] = ()) -> Value | None:
    """One answer of a question of this kind; None when nothing was answered. Raises ``BadAnswer``.

    ``raw`` is a string, number, bool, list of them, ``REFUSED`` or None (both: declined to answer). Blank is no answer.
    """
    if raw is None or raw == REFUSED or raw == [REFUSED]:
        return Value(refused=True)
    many = raw if isinstance(raw, (list, tuple)) else [raw]
    texts = [text for text in (_clean(kind, one) for one in many) if text]
    if not texts:
        return None
    if kind == "multi":
        return _multi(texts, options)
    if len(texts) > 1:
        raise BadAnswer("one_only", ", ".join(texts))
    return _single(kind, texts[0], options)


def _clean(kind: str, raw: object) -> str:
    """Text without control characters; outside free text also with half-width digits and trimmed."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if not isinstance(raw, (str, int, float, Decimal)):
        raise BadAnswer("not_a_value", type(raw).__name__)
    text = str(raw)
    if kind == "text":
        kept = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in {"Cc", "Cs"})
        return kept.strip()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(one for one in folded if unicodedata.category(one) not in {"Cc", "Cs"}).strip()


def _single(kind: str, text: str, options: Sequence[Mapping[str, Any]]) -> Value:
    if kind == "text":
        if len(text) > MAX_TEXT:
            raise BadAnswer("too_long", text)
        return Value(text=text)
    if kind == "number":
        return Value(number=_number(text))
    if kind == "date":
        return Value(text=_date(text).isoformat())
    if kind == "yesno":
        return _yes_no(text)
    values = offered(kind, options)
    if text not in values:
        raise BadAnswer("not_offered", text)
    return Value(values=(text,), number=_score(kind, text, options))


def _multi(texts: Sequence[str], options: Sequence[Mapping[str, Any]]) -> Value:
    values = offered("multi", options)
    for text in texts:
        if text not in values:
            raise BadAnswer("not_offered", text)
    return Value(values=tuple(value for value in values if value in texts))


def _score(kind: str, text: str, options: Sequence[Mapping[str, Any]]) -> Decimal | None:
    for option in options:
        if str(option["value"]) == text and option.get("score") is not None:
            return Decimal(str(option["score"]))
    return Decimal(text) if kind in ("scale5", "scale10") else None


def _yes_no(text: str) -> Value:
    if text.lower() in _YES:
        return Value(values=("yes",), number=Decimal(1))
    if text.lower() in _NO:
        return Value(values=("no",), number=Decimal(0))
    raise BadAnswer("not_offered", text)


def _number(text: str) -> Decimal:
    """A plain decimal number with at most four places; grouping commas are ignored, exponents are not numbers here."""
    if not _PLAIN.fullmatch(text) or len(text) > 30:
        raise BadAnswer("not_a_number", text)
    try:
        number = Decimal(text.replace(",", "")).quantize(Decimal("0.0001"))
    except InvalidOperation as error:
        raise BadAnswer("number_range", text) from error
    if abs(number) > MAX_NUMBER:
        raise BadAnswer("number_range", text)
    return number


def _date(text: str) -> date:
    match = _DATE.fullmatch(text.replace(" ", ""))
    if match is None:
        raise BadAnswer("not_a_date", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadAnswer("not_a_date", text) from error
