"""Reading a segment's conditions, from a form or from the database, and everything that is wrong with them (SPEC CUS-5).

A definition is data: ``{"groups": [{"match": "any", "conditions": [{"kind": "region", "op": "in", "value": "CN-ZJ"}]}]}``. Every
group must hold, and in a group all of its conditions or any one of them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from customers.rules.segments.shapes import Field, Shape, applies

MAX_GROUPS: Final = 6
MAX_CONDITIONS: Final = 30
MAX_TEXTS: Final = 20
MATCHES: Final = ("all", "any")
LONGEST_RAW: Final = 5_000

_PLAIN: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_COMMAS: Final = re.compile(r"[,，、;；\n]")


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


FAULTS: Final[dict[str, str]] = {
    "no_kind": _("Choose what the condition is about."),
    "unknown_kind": _("There is no such condition (any more). Choose another one."),
    "missing": _("Fill this in."),
    "not_offered": _("Choose one of the values offered."),
    "not_a_number": _("This is not a number. Write it like 30 or 12000.50."),
    "not_whole": _("Enter a whole number."),
    "too_precise": _("Two decimals are possible."),
    "out_of_range": _("Enter a number from %(low)s to %(high)s."),
    "too_long": _("At most %(limit)s characters are possible."),
    "too_many": _("At most %(limit)s values are possible."),
    "unreadable": _("This cannot be read. Type it again."),
    "no_limit": _("Fill in one of the two limits at least."),
    "crossed": _("The upper limit lies below the lower one."),
    "empty": _("Add a condition first."),
    "too_many_groups": _("A segment has at most %(limit)s groups."),
    "too_many_conditions": _("A segment has at most %(limit)s conditions."),
    "not_a_segment": _("The conditions of this segment cannot be read. Write them anew."),
}
# What is only not there yet: a page that counts while somebody types does not complain about it.
UNFINISHED: Final = frozenset({"no_kind", "missing", "no_limit", "empty"})


class Fault(NamedTuple):
    """What is wrong with one field: a code of `FAULTS` and what its text needs."""

    code: str
    params: Mapping[str, Any] = {}

    @property
    def unfinished(self) -> bool:
        return self.code in UNFINISHED


class Unread(Exception):
    """A condition that cannot be read; ``faults`` by field ("kind" for the condition itself)."""

    def __init__(self, faults: Mapping[str, Fault]):
        self.faults = dict(faults)
        super().__init__(", ".join(f"{name}: {fault.code}" for name, fault in self.faults.items()))


class BadDefinition(ValueError):
    """A definition with faults, by (group, condition, field); (-1, -1, "") is the definition as a whole.

    ``readable`` is the definition without the conditions that have faults.
    """

    def __init__(self, faults: Mapping[tuple[int, int, str], Fault], readable: "Definition"):
        self.faults, self.readable = dict(faults), readable
        super().__init__(", ".join(fault.code for fault in self.faults.values()))


@dataclass(frozen=True)
class Condition:
    """One condition that can be asked: its kind and its typed, JSON-able values."""

    kind: str
    values: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.values}


@dataclass(frozen=True)
class Group:
    """Conditions of which all or any must hold."""

    match: str
    conditions: tuple[Condition, ...]

    def as_json(self) -> dict[str, Any]:
        return {"match": self.match, "conditions": [one.as_json() for one in self.conditions]}


@dataclass(frozen=True)
class Definition:
    """Groups all of which must hold; without any group everybody is meant."""

    groups: tuple[Group, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"groups": [group.as_json() for group in self.groups]}


def read_definition(raw: object, shapes: Mapping[str, Shape]) -> Definition:
    """The definition in ``raw``; groups without conditions are left out. Raises ``BadDefinition``, whatever ``raw`` is."""
    faults: dict[tuple[int, int, str], Fault] = {}
    groups = []
    for place, (match, conditions) in enumerate(_groups(raw, faults)):
        read = []
        for number, one in enumerate(conditions):
            try:
                read.append(read_condition(one, shapes))
            except Unread as unread:
                faults |= {(place, number, name): fault for name, fault in unread.faults.items()}
        if read:
            groups.append(Group(match, tuple(read)))
    definition = Definition(tuple(groups))
    if not groups and not faults:
        faults[-1, -1, ""] = Fault("empty")
    if faults:
        raise BadDefinition(faults, definition)
    return definition


def _groups(raw: object, faults: dict[tuple[int, int, str], Fault]) -> list[tuple[str, Sequence[Any]]]:
    """Match and raw conditions of each group, as far as ``raw`` is made like that; else a fault of the whole."""
    whole = (-1, -1, "")
    groups = raw.get("groups") if isinstance(raw, Mapping) else None
    if not isinstance(groups, list):
        faults[whole] = Fault("not_a_segment")
        return []
    if len(groups) > MAX_GROUPS:
        faults[whole] = Fault("too_many_groups", {"limit": MAX_GROUPS})
        return []
    found: list[tuple[str, Sequence[Any]]] = []
    for group in groups:
        conditions = group.get("conditions") if isinstance(group, Mapping) else None
        match = group.get("match") if isinstance(group, Mapping) else None
        if not isinstance(conditions, list) or match not in MATCHES:
            faults[whole] = Fault("not_a_segment")
            return []
        found.append((match, conditions))
    if sum(len(conditions) for _match, conditions in found) > MAX_CONDITIONS:
        faults[whole] = Fault("too_many_conditions", {"limit": MAX_CONDITIONS})
        return []
    return found


def read_condition(raw: object, shapes: Mapping[str, Shape]) -> Condition:
    """One condition, its values typed: whole numbers, decimals as plain text, texts and lists of them. Raises ``Unread``.

    Values may be texts as a form sends them; those of other operators and unknown names are dropped.
    """
    if not isinstance(raw, Mapping):
        raise Unread({"kind": Fault("unknown_kind")})
    kind = raw.get("kind")
    if not kind:
        raise Unread({"kind": Fault("no_kind")})
    shape = shapes.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Unread({"kind": Fault("unknown_kind")})
    op = raw.get("op")
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for field in shape.fields:
        if not applies(field, op if isinstance(op, str) else ""):
            continue
        try:
            value = _value(field, raw.get(field.name))
        except _Wrong as wrong:
            faults[field.name] = wrong.fault
        else:
            if value is not None:
                values[field.name] = value
    if shape.span and not faults:
        faults |= _span_faults(shape.span, values)
    if faults:
        raise Unread(faults)
    return Condition(shape.code, values)


class _Wrong(Exception):
    def __init__(self, code: str, **params: Any):
        self.fault = Fault(code, params)
        super().__init__(code)


def _span_faults(span: tuple[str, str], values: Mapping[str, Any]) -> dict[str, Fault]:
    low, high = (values.get(name) for name in span)
    if low is None and high is None:
        return {span[0]: Fault("no_limit")}
    if low is not None and high is not None and Decimal(high) < Decimal(low):
        return {span[1]: Fault("crossed")}
    return {}


def _value(field: Field, raw: object) -> Any:
    """The typed value; None when an optional one is not given."""
    if field.type == "texts":
        return _texts(field, raw)
    if isinstance(raw, (bool, float)) or not isinstance(raw, (str, int, Decimal, type(None))):
        raise _Wrong("unreadable")
    text = _text("" if raw is None else _plain(raw))
    if not text:
        if field.optional:
            return None
        raise _Wrong("missing")
    if field.type == "choice":
        if text not in dict(field.choices):
            raise _Wrong("not_offered")
        return text
    if field.type in ("integer", "decimal"):
        return _number(field, unicodedata.normalize("NFKC", text).replace(" ", ""))
    if len(text) > field.length:
        raise _Wrong("too_long", limit=field.length)
    return text


def _plain(raw: str | int | Decimal) -> str:
    # A whole number beyond any column would take Python long to write out, or be refused by it.
    if isinstance(raw, int) and abs(raw) > 10**30:
        raise _Wrong("unreadable")
    return str(raw)


def _text(text: str) -> str:
    if len(text) > LONGEST_RAW:
        raise _Wrong("too_long", limit=LONGEST_RAW)
    text = text.strip()
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in text):
        raise _Wrong("unreadable")
    return text


def _texts(field: Field, raw: object) -> list[str]:
    if isinstance(raw, str):
        many: Sequence[object] = _COMMAS.split(raw[: LONGEST_RAW + 1])
    elif isinstance(raw, list):
        many = raw[: MAX_TEXTS * 10]
    else:
        many = [] if raw is None else [raw]
    found: list[str] = []
    for one in many:
        if not isinstance(one, str):
            raise _Wrong("unreadable")
        text = _text(one)
        if len(text) > field.length:
            raise _Wrong("too_long", limit=field.length)
        if text and text not in found:
            found.append(text)
    if not found:
        raise _Wrong("missing")
    if len(found) > MAX_TEXTS:
        raise _Wrong("too_many", limit=MAX_TEXTS)
    return found


def _number(field: Field, text: str) -> int | str:
    if len(text) > 40 or not _PLAIN.fullmatch(text) or not text.isascii():
        raise _Wrong("not_a_number")
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _Wrong("not_a_number") from None
    if not field.low <= number <= field.high:
        raise _Wrong("out_of_range", low=field.low, high=field.high)
    if field.type == "integer":
        if number != number.to_integral_value():
            raise _Wrong("not_whole")
        return int(number)
    if number != round(number, 2):
        raise _Wrong("too_precise")
    return f"{number.normalize():f}"
