"""The kinds of conditions there are. The archive brings its own; an app above registers its kinds when it is ready.

A kind is its shape (pure data), its condition as a ``Q`` on customers, and what its fields may offer to a person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from customers.models import Client, Region
from customers.rules.segments import Field, Shape
from people.models import Team, Unit

Options = Callable[[Any], list[tuple[str, str]]]


@dataclass(frozen=True)
class Run:
    """One asking of conditions: at ``now``, by ``user`` (None: by the system, for a policy or quota).

    Codes are looked up once, however many conditions name them.
    """

    now: datetime
    user: Any = None
    _known: dict = field(default_factory=dict, compare=False)

    def ago(self, days: int) -> datetime:
        """The instant so many days of 24 hours before ``now``."""
        return self.now - timedelta(days=days)

    def ahead(self, days: int) -> datetime:
        """The instant so many days of 24 hours after ``now``."""
        return self.now + timedelta(days=days)

    def _once(self, key, read):
        if key not in self._known:
            self._known[key] = read()
        return self._known[key]

    @cached_property
    def _regions(self) -> list[tuple[int, str, int | None]]:
        return list(Region.objects.order_by("id").values_list("pk", "code", "parent_id"))

    def regions_below(self, code: str) -> list[int]:
        """The ids of the region with the code and of all below it; none when there is no such region."""
        found = [pk for pk, own, _parent in self._regions if own == code]
        for place in found:
            found += [pk for pk, _code, parent in self._regions if parent == place and pk not in found]
        return found

    def units_below(self, code: str) -> list[int]:
        """The ids of the unit with the code and of all below it."""
        return self._once(("unit", code), lambda: self._units(code))

    @staticmethod
    def _units(code):
        path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
        return list(Unit.objects.filter(path__startswith=path).values_list("pk", flat=True)) if path else []

    def client_ids(self, code: str) -> list[int]:
        """The id of the client with the code, or none."""
        return self._once(("client", code), lambda: _ids(Client, code))

    def team_ids(self, code: str) -> list[int]:
        """The id of the team with the code, or none."""
        return self._once(("team", code), lambda: _ids(Team, code))


def _ids(model, code):
    return list(model.objects.filter(code=code).values_list("pk", flat=True))


@dataclass(frozen=True)
class Kind:
    """``condition(values, run)`` keeps the customers for whom it holds.

    ``options`` gives the values of a reference field as (code, name), ``suggestions`` what a text field may propose, both for a
    person. ``check(values)`` finds faults that only the database knows: sentences by field.
    """

    shape: Shape
    condition: Callable[[Mapping[str, Any], Run], Q]
    options: Mapping[str, Options] = field(default_factory=dict)
    suggestions: Mapping[str, Options] = field(default_factory=dict)
    check: Callable[[Mapping[str, Any]], dict[str, str]] | None = None


KINDS: dict[str, Kind] = {}
_SUGGESTED: dict[tuple[str, str], Options] = {}


def register(kind: Kind) -> None:
    """Offer a kind of condition; an app calls this from ``AppConfig.ready``. The same code again replaces it."""
    KINDS[kind.shape.code] = kind


def suggest(kind: str, name: str, options: Options) -> None:
    """Let an app above propose values for a text field of a kind it does not own (the event kinds of the presets)."""
    _SUGGESTED[kind, name] = options


def shapes() -> dict[str, Shape]:
    """Every shape by its code."""
    return {code: kind.shape for code, kind in KINDS.items()}


class Choices:
    """What fields offer to one person, read once per page however many conditions there are."""

    def __init__(self, user):
        self.user = user
        self._read: dict[Options, list[tuple[str, str]]] = {}

    def _of(self, options: Options) -> list[tuple[str, str]]:
        if options not in self._read:
            self._read[options] = options(self.user)
        return self._read[options]

    def offered(self, kind: Kind, one: Field) -> list[tuple[str, str]]:
        """The values of a choice or reference field with their names in the reader's language."""
        if one.type == "choice":
            return [(value, _(label)) for value, label in one.choices]
        options = kind.options.get(one.name)
        return self._of(options) if options else []

    def suggested(self, kind: Kind, one: Field) -> list[tuple[str, str]]:
        """What a text field proposes; the person may type something else."""
        options = kind.suggestions.get(one.name) or _SUGGESTED.get((kind.shape.code, one.name))
        return self._of(options) if options else []

    def shown(self, kind: Kind, one: Field, value: Any) -> str:
        """A stored value as text; a code outside the person's choices stays a code."""
        if isinstance(value, list):
            return ", ".join(value)
        if one.type == "decimal":
            return number_format(Decimal(value), force_grouping=True)
        known = self.offered(kind, one) or self.suggested(kind, one)
        return dict(known).get(str(value), str(value))
