"""Conditions about what customers answered (SPEC CUS-5). Pure data; `queries.segments` asks them."""

from collections.abc import Mapping
from typing import Any, Final

from customers.rules.segments import Field, Shape


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


SAID: Final = _("What the customer said")
LARGEST: Final = 9_999_999_999
COMPARED: Final = ("at_least", "at_most")
VALUED: Final = ("is", "is_not", *COMPARED, "contains")

# Which operators make sense for which kind of question.
FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    "single": ("is", "is_not"),
    "multi": ("is", "is_not"),
    "yesno": ("is", "is_not"),
    "scale5": ("is", "is_not", *COMPARED),
    "scale10": ("is", "is_not", *COMPARED),
    "number": ("is", "is_not", *COMPARED),
    "text": ("contains",),
    "date": ("is", "is_not", *COMPARED),
}
SCORED: Final = frozenset({"single", "scale5", "scale10", "yesno", "number"})

ANSWER: Final = Shape(
    "answer",
    SAID,
    _("Answer to a question"),
    (
        Field("question", "reference", _("Question"), length=40),
        Field(
            "op",
            "choice",
            _("How"),
            choices=(
                ("is", _("the latest answer is …")),
                ("is_not", _("the latest answer is not …")),
                ("at_least", _("the latest answer is at least …")),
                ("at_most", _("the latest answer is at most …")),
                ("contains", _("the latest answer contains …")),
                ("answered", _("was answered")),
                ("not_answered", _("was not answered")),
            ),
        ),
        Field("value", "text", _("Value"), length=200, when=VALUED),
    ),
    main="value",
)
SCORE: Final = Shape(
    "score",
    SAID,
    _("Score of a question"),
    (
        Field("question", "reference", _("Question"), length=40),
        Field(
            "which",
            "choice",
            _("Which"),
            choices=(("latest", _("latest score")), ("mean", _("mean of all scores"))),
        ),
        Field("op", "choice", _("How"), choices=(("at_most", _("at most …")), ("at_least", _("at least …")))),
        Field("value", "decimal", _("Score"), low=-LARGEST, high=LARGEST),
    ),
    main="value",
)


def fits(kind: str, values: Mapping[str, Any]) -> bool:
    """Whether the operator can be asked of a question of this kind."""
    return values["op"] not in VALUED or values["op"] in FITTING.get(kind, ())
