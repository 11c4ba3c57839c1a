"""The kinds of conditions the archive itself answers: columns, places, events, contacts (SPEC CUS-1, CUS-2, CUS-4, CUS-5)."""

from typing import Final

from customers.rules.importing import TARGETS
from customers.rules.segments.shapes import Field, Shape


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


CUSTOMER: Final = _("The customer")
PLACE: Final = _("Where the customer belongs")
HISTORY: Final = _("What happened")
RECORD: Final = _("The record")

LONGEST_DAYS: Final = 36_500
LARGEST: Final = 999_999_999_999

IS: Final = ("is", _("is …"))
IS_NOT: Final = ("is_not", _("is not …"))
ONE_OF: Final = (("one_of", _("is one of …")), ("none_of", _("is none of …")))
BELOW: Final = (("in", _("is in … or below")), ("not_in", _("is not in … or below")))
AGES: Final = (
    ("within", _("within the last … days")),
    ("not_within", _("not within the last … days, or never")),
    ("longer", _("once, but not within the last … days")),
    ("never", _("never")),
)
EVENT_AGES: Final = (
    ("within", _("happened within the last … days")),
    ("longer", _("happened, the last time longer ago than … days")),
    ("never", _("has never happened")),
    ("ahead", _("will happen within the next … days")),
)
# Columns a record may lack; those with a value of their own for "nothing" are not among them.
GAPS: Final = tuple(
    (name, label)
    for name, (label, _words) in TARGETS.items()
    if name not in ("phone2", "phone3", "key_customer", "nature", "consent")
)


def _operator(*choices: tuple[str, str]) -> Field:
    return Field("op", "choice", _("How"), choices=choices)


def _days(*when: str) -> Field:
    return Field("days", "integer", _("Days"), low=1, high=LONGEST_DAYS, when=when)


def _list(code: str, label: str, length: int) -> Shape:
    values = Field("values", "texts", _("Values, divided by commas"), length=length)
    return Shape(code, CUSTOMER, label, (_operator(*ONE_OF), values), main="values")


def _choice(code: str, label: str, choices: tuple[tuple[str, str], ...]) -> Shape:
    value = Field("value", "choice", _("Value"), choices=choices)
    return Shape(code, CUSTOMER, label, (_operator(IS, IS_NOT), value), main="value")


def _contact(code: str, label: str) -> Shape:
    ages = ("within", "not_within", "longer")
    return Shape(code, HISTORY, label, (_operator(*AGES), _days(*ages)), main="days")


_ALL: Final = (
    Shape(
        "amount",
        CUSTOMER,
        _("Insured amount or spend"),
        (
            Field("low", "decimal", _("At least"), low=-LARGEST, high=LARGEST, optional=True),
            Field("high", "decimal", _("At most"), low=-LARGEST, high=LARGEST, optional=True),
        ),
        span=("low", "high"),
    ),
    _list("level", _("Level"), 30),
    Shape("key_customer", CUSTOMER, _("Key customer"), (_operator(("yes", _("yes")), ("no", _("no"))),)),
    _choice("nature", _("Nature"), (("individual", _("individual")), ("company", _("company")))),
    _choice(
        "relation",
        _("New, renewal or potential"),
        (
            ("new", _("new")),
            ("renewal", _("renewal")),
            ("potential", _("potential")),
            ("unknown", _("not known")),
        ),
    ),
    _list("language", _("Language"), 10),
    _list("source", _("Source"), 60),
    Shape(
        "region",
        PLACE,
        _("Region"),
        (_operator(*BELOW), Field("value", "reference", _("Region"), length=20)),
        main="value",
    ),
    Shape(
        "client",
        PLACE,
        _("Client"),
        (_operator(IS, IS_NOT), Field("value", "reference", _("Client"), length=30)),
        main="value",
    ),
    Shape(
        "unit",
        PLACE,
        _("Unit"),
        (_operator(*BELOW), Field("value", "reference", _("Unit"), length=30)),
        main="value",
    ),
    Shape(
        "team",
        PLACE,
        _("Team"),
        (
            _operator(IS, IS_NOT, ("none", _("has no team"))),
            Field("value", "reference", _("Team"), length=30, when=("is", "is_not")),
        ),
        main="value",
    ),
    Shape(
        "event",
        HISTORY,
        _("Service event"),
        (
            Field("event", "text", _("Event"), length=40),
            _operator(*EVENT_AGES),
            _days("within", "longer", "ahead"),
        ),
        main="days",
    ),
    _contact("contact", _("Last contact")),
    _contact("completed", _("Last completed contact")),
    Shape(
        "custom",
        RECORD,
        _("Further field"),
        (
            Field("field", "text", _("Name of the field"), length=100),
            _operator(IS, IS_NOT, ("filled", _("is filled in")), ("empty", _("is empty"))),
            Field("value", "text", _("Value"), length=200, when=("is", "is_not")),
        ),
        main="value",
    ),
    Shape(
        "missing",
        RECORD,
        _("Completeness"),
        (
            Field("field", "choice", _("Field"), choices=GAPS),
            _operator(("missing", _("is missing")), ("filled", _("is filled in"))),
        ),
    ),
)

SHAPES: Final = {shape.code: shape for shape in _ALL}
