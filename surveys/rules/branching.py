"""Which questions are asked, given the answers so far (SPEC CAM-6, CAM-7; ux.md 5.1 "Branching scripts").

A condition may depend only on an earlier single choice, scale or yes/no, so that one forward pass decides everything and no
questionnaire can loop.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

BRANCHING_KINDS: Final = frozenset({"single", "scale5", "scale10", "yesno"})


class Asked(Protocol):
    """What branching needs to know of an item; ``depends_on`` is the id of an earlier item or None."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def depends_on(self) -> int | None: ...
    @property
    def when_values(self) -> Collection[str]: ...


def visible(items: Iterable[Asked], answers: Mapping[int, Collection[str]]) -> list[int]:
    """The ids of the items to ask, in order, in one forward pass.

    ``items`` come in the order they are asked; ``answers`` maps item ids to the chosen values. An item with a condition is
    asked when the item it depends on is itself asked and one of its chosen values is in ``when_values``; the answer of a
    hidden item decides nothing.
    """
    shown: list[int] = []
    reached: set[int] = set()
    for item in items:
        if item.depends_on is not None and (
            item.depends_on not in reached
            or set(item.when_values).isdisjoint(answers.get(item.depends_on, ()))
        ):
            continue
        reached.add(item.id)
        shown.append(item.id)
    return shown


def problems(items: Sequence[Asked], values_of: Mapping[int, Collection[str]]) -> list[tuple[int, str]]:
    """What is wrong with the conditions of an ordered questionnaire, as (item id, code).

    ``values_of`` maps item ids to the values their question offers. Codes: ``later`` (depends on itself or an item that is
    not earlier), ``kind`` (depends on a question that is not a single choice, scale or yes/no), ``empty`` (a condition
    without values), ``value`` (a value the question does not offer).
    """
    found: list[tuple[int, str]] = []
    earlier: dict[int, Asked] = {}
    for item in items:
        if item.depends_on is not None:
            found.extend(
                (item.id, code) for code in _condition(item, earlier.get(item.depends_on), values_of)
            )
        earlier[item.id] = item
    return found


def _condition(item: Asked, source: Asked | None, values_of: Mapping[int, Collection[str]]) -> list[str]:
    if source is None:
        return ["later"]
    if source.kind not in BRANCHING_KINDS:
        return ["kind"]
    if not item.when_values:
        return ["empty"]
    return [] if set(item.when_values) <= set(values_of.get(source.id, ())) else ["value"]
