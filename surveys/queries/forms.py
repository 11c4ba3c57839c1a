"""The questionnaire as a form: plain values ready for the desk, a web page, a message or JSON (CAM-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callcenter.texts import localized
from surveys.models import Question, QuestionnaireVersion
from surveys.rules import answers, branching, versions

YES_NO = {
    "yes": {"zh-hans": "是", "zh-hant": "是", "en": "Yes"},
    "no": {"zh-hans": "否", "zh-hant": "否", "en": "No"},
}
DIGITS = frozenset("123456789")


@dataclass(frozen=True)
class Option:
    """What can be chosen: the stored value, its text by language, its score if any, and the digit that picks it.

    On a scale the digit is the score; 0 and 10 have none, for 0 means "declined" (ux.md 3.3).
    """

    value: str
    text: Mapping[str, str] | str
    score: str | None = None
    key: str = ""


@dataclass(frozen=True)
class FormItem:
    """One question at its place. ``text`` is by language; ``depends_on`` is the id of an earlier item or None."""

    id: int
    position: int
    question_id: int
    code: str
    kind: str
    purpose: str
    text: Mapping[str, str]
    options: tuple[Option, ...]
    required: bool
    depends_on: int | None
    when_values: tuple[str, ...]
    raw_options: list = field(default_factory=list, repr=False, compare=False)

    @property
    def branches(self) -> bool:
        """Whether a later question may depend on this one."""
        return self.kind in branching.BRANCHING_KINDS

    @property
    def kind_label(self):
        return Question.Kind(self.kind).label

    def read(self, raw):
        """The typed answer, None for none. Raises ``rules.answers.BadAnswer``."""
        return answers.read(self.kind, raw, self.raw_options)

    def label(self, value: str) -> str:
        """How a stored value reads in the active language."""
        return next((localized(one.text) for one in self.options if one.value == value), value)


def form_of(version: QuestionnaireVersion) -> list[FormItem]:
    """The items of a version in the order they are asked; one query."""
    rows = version.items.select_related("question").order_by("position", "id")
    return [
        FormItem(
            id=row.id,
            position=row.position,
            question_id=row.question_id,
            code=row.question.code,
            kind=row.question.kind,
            purpose=row.question.purpose,
            text=row.question.text,
            options=options_of(row.question),
            required=row.required,
            depends_on=row.depends_on_id,
            when_values=tuple(str(value) for value in row.when_values),
            raw_options=row.question.options,
        )
        for row in rows
    ]


def options_of(question: Question) -> tuple[Option, ...]:
    """What a question offers, in order: its own options, else the points of its scale or yes and no."""
    scale = question.kind in (Question.Kind.SCALE5, Question.Kind.SCALE10)
    given = question.options or [{"value": value} for value in answers.offered(question.kind, ())]
    return tuple(_option(one, place, scale) for place, one in enumerate(given, start=1))


def _option(one, place, scale) -> Option:
    value = str(one["value"])
    text = one.get("text") or YES_NO.get(value, value)
    digit = value if scale else str(place)
    score = None if one.get("score") is None else str(one["score"])
    return Option(value, text, score, digit if digit in DIGITS else "")


def form_json(items: Sequence[FormItem], language: str | None = None) -> list[dict]:
    """The same as JSON in one language (default: the active one), for scripts and the API."""
    return [
        {
            "id": item.id,
            "position": item.position,
            "code": item.code,
            "kind": item.kind,
            "purpose": item.purpose,
            "text": localized(item.text, language),
            "options": [
                {
                    "value": one.value,
                    "text": localized(one.text, language),
                    "score": one.score,
                    "key": one.key,
                }
                for one in item.options
            ],
            "required": item.required,
            "depends_on": item.depends_on,
            "when_values": list(item.when_values),
        }
        for item in items
    ]


def lines_of(items: Sequence[FormItem]) -> list[versions.Line]:
    """The version as lines that ``rules.versions.differences`` compares."""
    codes = {item.id: item.code for item in items}
    return [
        versions.Line(
            item.code,
            item.position,
            item.required,
            (codes.get(item.depends_on, ""), item.when_values) if item.depends_on else None,
        )
        for item in items
    ]


def values_offered(items: Sequence[FormItem]) -> dict[int, tuple[str, ...]]:
    """What each item's question offers, by item id."""
    return {item.id: tuple(one.value for one in item.options) for item in items}


def changes(old: QuestionnaireVersion, new: QuestionnaireVersion) -> list[dict]:
    """What differs between two versions, with the questions' texts; two queries."""
    before, after = form_of(old), form_of(new)
    texts = {item.code: item.text for item in (*before, *after)}
    found = versions.differences(lines_of(before), lines_of(after))
    return [{"kind": one.kind, "code": one.code, "what": one.what, "text": texts[one.code]} for one in found]


@dataclass(frozen=True)
class Facts:
    """How large a version is: questions, seconds to read them aloud, and whether it is larger than usual."""

    count: int
    seconds: int
    large: bool


def facts_of(items: Sequence[FormItem]) -> Facts:
    """Size and estimated reading time, in the active language (ux.md 5.13)."""
    texts = [localized(item.text) for item in items]
    texts += [localized(option.text) for item in items for option in item.options]
    return Facts(len(items), versions.seconds_to_ask(texts), len(items) > versions.USUAL_SIZE)


def shown_items(items: Sequence[FormItem], query) -> list[dict]:
    """The items a customer would be asked after the answers of an address (``q12=3``), with what was chosen.

    Answers that cannot be read count as none.
    """
    given = {}
    for item in items:
        try:
            value = item.read(query.getlist(f"q{item.id}"))
        except answers.BadAnswer:
            value = None
        given[item.id] = value.values if value else ()
    asked = set(branching.visible(items, given))
    deciding = {item.depends_on for item in items}
    return [
        {"item": item, "chosen": given[item.id], "deciding": item.id in deciding}
        for item in items
        if item.id in asked
    ]
