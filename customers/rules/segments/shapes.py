"""What one kind of condition consists of: an operator, and the fields that belong to it (SPEC CUS-5).

A shape is data. The apps above add their own kinds with shapes of the same make, so that the builder, the reading of stored
conditions and their description know no kind by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

GAP: Final = "…"
"""Where an operator's label has its value: “within the last … days”."""

FieldType: TypeAlias = Literal["choice", "reference", "integer", "decimal", "text", "texts"]


@dataclass(frozen=True)
class Field:
    """One value of a condition.

    A ``choice`` is one of ``choices`` (value, label); a ``reference`` is the code of something the database knows; ``texts`` are
    several texts. ``low`` and ``high`` bound numbers, ``length`` texts. With ``when`` the field belongs to those operators only.
    """

    name: str
    type: FieldType
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0
    length: int = 60
    optional: bool = False
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A kind of condition: ``code`` is stored, ``theme`` is its heading in the menu, ``main`` the field in the operator's gap.

    Of a ``span`` (lower and upper limit, both optional) one at least is given, and they do not cross.
    """

    code: str
    theme: str
    label: str
    fields: tuple[Field, ...]
    main: str = ""
    span: tuple[str, str] | None = None

    @property
    def operators(self) -> tuple[tuple[str, str], ...]:
        """The operators with their labels."""
        return next((field.choices for field in self.fields if field.name == "op"), ())


def applies(field: Field, op: str) -> bool:
    """Whether the field belongs to a condition with the operator."""
    return not field.when or op in field.when


def words(
    shape: Shape,
    values: Mapping[str, Any],
    shown: Callable[[Field, Any], str],
    translate: Callable[[str], str],
) -> str:
    """A condition as a reader sees it: “Region: is in 浙江 or below”.

    ``shown`` gives a value as text and ``translate`` a label in the reader's language.
    """
    given = {field.name: shown(field, values[field.name]) for field in shape.fields if field.name in values}
    parts: list[str] = []
    for field in shape.fields:
        if field.name == "op" and field.name in given:
            parts.append(_filled(given["op"], given.get(shape.main, "")))
        elif field.name in given and field.name != shape.main:
            parts.append(given[field.name])
    if shape.span:
        parts = [_span([given.get(name, "") for name in shape.span])]
    return f"{translate(shape.label)}: {' '.join(filter(None, parts))}"


def _filled(operator: str, value: str) -> str:
    if GAP in operator:
        return operator.replace(GAP, value)
    return f"{operator} {value}".strip()


def _span(limits: Sequence[str]) -> str:
    low, high = limits
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else f"≤ {high}"
