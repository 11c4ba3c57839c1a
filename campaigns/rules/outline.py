"""The outline of a script: lines with indented branches, what is wrong with it, how long it takes (SPEC CAM-5; ux.md 5.13).

A line is read out (``say``), asked (``ask``) with one indented ``answer`` line per reply, a mandatory statement that is ticked
(``check``), or ends the conversation on its path (``end``). Below an ``answer`` stands what is said then; after it the trunk
goes on. Opening and closing are texts of their own around the outline.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Final

from callcenter.texts import ORDER
from surveys.rules.versions import seconds_to_ask

SAY, ASK, ANSWER, CHECK, END = KINDS = ("say", "ask", "answer", "check", "end")
FRIENDLY, LEGAL = WORDINGS = ("friendly", "legal")
MAX_LINES: Final = 60
MAX_LEVEL: Final = 5
BLANK: Final = "____"
"""Stands in the shipped texts where the writer has to fill in a price, a day, a way."""
GUIDE_SECONDS: Final = 90
"""How long a successful call should take (CB-6): a guide, never a cut-off."""

# These keep a version from being approved; the others are said and no more.
BLOCKING: Final = frozenset(
    {
        "empty",
        "blank",
        "answer_alone",
        "not_below_answer",
        "no_answers",
        "answer_twice",
        "unreachable",
        "check_in_branch",
        "no_closing",
        "no_disclosure",
    }
)


@dataclass(frozen=True)
class Line:
    """One line. ``code`` names a mandatory statement; ``wording`` limits a line to young or to old debts ("" = always)."""

    kind: str
    level: int = 0
    text: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    wording: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong: ``place`` counts lines from 0, None means the script as a whole; ``detail`` is a code or language."""

    code: str
    place: int | None = None
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the version cannot be approved like this."""
        return self.code in BLOCKING


@dataclass(frozen=True)
class Node:
    """A line with what stands below it."""

    place: int
    line: Line
    below: tuple["Node", ...] = ()


@dataclass(frozen=True)
class Span:
    """Seconds of the shortest and the longest way through."""

    least: int
    most: int

    def __add__(self, other: "Span") -> "Span":
        return Span(self.least + other.least, self.most + other.most)


def widest(spans: Iterable[Span | None]) -> Span | None:
    """The span that covers all of ``spans``; None without any."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    return Span(min(span.least for span in known), max(span.most for span in known))


# --- reading and writing ------------------------------------------------------------------------------------------------


def clamp(lines: Iterable[Line]) -> list[Line]:
    """The lines with levels that can be: the first at 0, each at most one deeper than the line above it."""
    found: list[Line] = []
    for line in lines:
        most = min(found[-1].level + 1, MAX_LEVEL) if found else 0
        found.append(replace(line, level=max(0, min(line.level, most))))
    return found


def read(rows: Iterable[Mapping[str, object]]) -> list[Line]:
    """Lines from stored data; what cannot be read becomes a plain line."""
    return clamp(
        Line(
            kind=str(row.get("kind")) if row.get("kind") in KINDS else SAY,
            level=_whole(row.get("level")),
            text=_texts(row.get("text")),
            code=str(row.get("code") or ""),
            wording=str(row.get("wording")) if row.get("wording") in WORDINGS else "",
        )
        for row in rows
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _texts(value: object) -> dict[str, str]:
    return (
        {str(code): str(text) for code, text in value.items() if text} if isinstance(value, Mapping) else {}
    )


def written(lines: Iterable[Line]) -> list[dict[str, object]]:
    """Lines as they are stored."""
    return [
        {
            "kind": line.kind,
            "level": line.level,
            "text": dict(line.text),
            "code": line.code,
            "wording": line.wording,
        }
        for line in lines
    ]


def tree(lines: Sequence[Line]) -> tuple[Node, ...]:
    """The lines as a tree; each belongs to the nearest line above it that is less indented."""
    nodes, _end = _nodes(lines, 0, -1)
    return nodes


def _nodes(lines: Sequence[Line], start: int, above: int) -> tuple[tuple[Node, ...], int]:
    found: list[Node] = []
    place = start
    while place < len(lines) and lines[place].level > above:
        below, after = _nodes(lines, place + 1, lines[place].level)
        found.append(Node(place, lines[place], below))
        place = after
    return tuple(found), place


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, in the order of the lines."""
    for node in nodes:
        yield node
        yield from walk(node.below)


def in_wording(lines: Sequence[Line], legal: bool) -> list[Line]:
    """The lines read for a young or an old debt; a line left out takes what stands below it with it."""
    other = FRIENDLY if legal else LEGAL
    found: list[Line] = []
    hidden: int | None = None
    for line in lines:
        if hidden is not None and line.level > hidden:
            continue
        hidden = line.level if line.wording == other else None
        if hidden is None:
            found.append(line)
    return found


# --- editing ------------------------------------------------------------------------------------------------------------


def _end_of(lines: Sequence[Line], place: int) -> int:
    """The place after the line and everything below it."""
    after = place + 1
    while after < len(lines) and lines[after].level > lines[place].level:
        after += 1
    return after


def add(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """An empty line after ``place`` (-1: first) and the place of the new line: an answer below a question, and so on."""
    if len(lines) >= MAX_LINES:
        return list(lines), place
    if place < 0:
        new = Line(SAY)
    elif lines[place].kind == ASK:
        new = Line(ANSWER, min(lines[place].level + 1, MAX_LEVEL))
    elif lines[place].kind == ANSWER:
        new = Line(SAY, min(lines[place].level + 1, MAX_LEVEL))
    else:
        new = Line(SAY, lines[place].level)
    return clamp([*lines[: place + 1], new, *lines[place + 1 :]]), place + 1


def remove(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """Without the line and what stands below it; the focus goes to the line above."""
    return clamp([*lines[:place], *lines[_end_of(lines, place) :]]), max(place - 1, 0)


def indent(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """The line and what stands below it one deeper, where the line above allows it."""
    deepest = max(line.level for line in lines[place : _end_of(lines, place)])
    if place == 0 or lines[place].level > lines[place - 1].level or deepest >= MAX_LEVEL:
        return list(lines), place
    return _shifted(lines, place, 1), place


def outdent(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """The line and what stands below it one less deep."""
    return (_shifted(lines, place, -1) if lines[place].level else list(lines)), place


def _shifted(lines: Sequence[Line], place: int, by: int) -> list[Line]:
    after = _end_of(lines, place)
    moved = [replace(line, level=line.level + by) for line in lines[place:after]]
    return clamp([*lines[:place], *moved, *lines[after:]])


def up(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """The line and what stands below it before its neighbour above on the same level; at the edge nothing happens."""
    before = place - 1
    while before >= 0 and lines[before].level > lines[place].level:
        before -= 1
    if before < 0 or lines[before].level < lines[place].level:
        return list(lines), place
    after = _end_of(lines, place)
    return [*lines[:before], *lines[place:after], *lines[before:place], *lines[after:]], before


def down(lines: Sequence[Line], place: int) -> tuple[list[Line], int]:
    """The line and what stands below it after its neighbour below on the same level; at the edge nothing happens."""
    after = _end_of(lines, place)
    if after >= len(lines) or lines[after].level < lines[place].level:
        return list(lines), place
    further = _end_of(lines, after)
    return [
        *lines[:place],
        *lines[after:further],
        *lines[place:after],
        *lines[further:],
    ], place + further - after


EDITS: Final = {"add": add, "remove": remove, "indent": indent, "outdent": outdent, "up": up, "down": down}


# --- judging ------------------------------------------------------------------------------------------------------------


def problems(
    lines: Sequence[Line],
    *,
    opening: Mapping[str, str],
    closing: Mapping[str, str],
    required: Collection[str] = (),
) -> list[Problem]:
    """What is wrong with an outline, in the order of its lines; then what concerns the script as a whole.

    ``required`` are the codes of the statements that must be on everybody's way through the script.
    """
    nodes = tree(lines)
    found: list[Problem] = []
    goes_on = _flow(nodes, found)
    for node in nodes:
        _structure(node, None, found)
    languages = {code for code, text in opening.items() if text}
    for place, line in enumerate(lines):
        if line.kind == CHECK and line.level:
            found.append(Problem("check_in_branch", place))
        if not any(line.text.values()):
            found.append(Problem("empty", place))
        else:
            if any(BLANK in text for text in line.text.values()):
                found.append(Problem("blank", place))
            missing = [code for code in ORDER if code in languages and not line.text.get(code)]
            found.extend(Problem("language", place, code) for code in missing)
    found.sort(key=lambda one: one.place if one.place is not None else len(lines))
    if goes_on and not any(closing.values()):
        found.append(Problem("no_closing"))
    elif goes_on:
        found.extend(
            Problem("language_of_closing", None, code)
            for code in ORDER
            if code in languages and not closing.get(code)
        )
    said = {line.code for line in lines if line.kind == CHECK}
    found.extend(Problem("no_disclosure", None, code) for code in required if code not in said)
    return found


def _flow(nodes: Sequence[Node], found: list[Problem]) -> bool:
    """Whether the conversation goes on after these lines. Notes the first line of each stretch that nobody can reach."""
    goes_on = True
    for node in nodes:
        if not goes_on:
            found.append(Problem("unreachable", node.place))
            return False
        below = _flow(node.below, found) if node.line.kind != ASK else _any_way_on(node, found)
        if node.line.kind == END or (node.line.kind == ASK and not below):
            goes_on = False
    return goes_on


def _any_way_on(ask: Node, found: list[Problem]) -> bool:
    ways = [_flow(answer.below, found) for answer in ask.below]
    return any(ways) if ways else True


def _structure(node: Node, parent: Node | None, found: list[Problem]) -> None:
    if node.line.kind == ANSWER and (parent is None or parent.line.kind != ASK):
        found.append(Problem("answer_alone", node.place))
    elif node.line.kind != ANSWER and parent is not None and parent.line.kind != ANSWER:
        found.append(Problem("not_below_answer", node.place))
    if node.line.kind == ASK:
        _answers(node, found)
    for one in node.below:
        _structure(one, node, found)


def _answers(ask: Node, found: list[Problem]) -> None:
    answers = [one for one in ask.below if one.line.kind == ANSWER]
    if not answers:
        found.append(Problem("no_answers", ask.place))
    seen: set[tuple[str, str]] = set()
    for one in answers:
        words = {(code, " ".join(text.split()).casefold()) for code, text in one.line.text.items() if text}
        if words & seen:
            found.append(Problem("answer_twice", one.place))
        seen |= words


def seconds(
    lines: Sequence[Line], *, opening: Mapping[str, str], closing: Mapping[str, str], language: str
) -> Span:
    """How long reading the script aloud takes on its shortest and longest way, in one language; answers are the customer's."""
    spans = []
    for legal in (False, True):
        through, ended = _span(tree(in_wording(lines, legal)), language)
        end = _spoken(closing, language)
        spans.append(widest([through + Span(end, end) if through else None, ended]))
    start = _spoken(opening, language)
    return (widest(spans) or Span(0, 0)) + Span(start, start)


def _spoken(text: Mapping[str, str], language: str) -> int:
    return seconds_to_ask([text.get(language) or next((text[code] for code in ORDER if text.get(code)), "")])


def _span(nodes: Sequence[Node], language: str) -> tuple[Span | None, Span | None]:
    """Seconds of the ways that go on after the lines, and of those that end within them."""
    through: Span | None = Span(0, 0)
    ended: list[Span] = []
    for node in nodes:
        if through is None:
            break
        own = 0 if node.line.kind == ANSWER else _spoken(node.line.text, language)
        through = through + Span(own, own)
        if node.line.kind == ASK and node.below:
            ways = [_span(answer.below, language) for answer in node.below]
            ended += [through + end for _on, end in ways if end]
            on = widest(on for on, _end in ways)
            through = through + on if on else None
        elif node.line.kind == END:
            ended.append(through)
            through = None
    return through, widest(ended)


# --- comparing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One line of a comparison: ``kind`` is same, added, removed or changed; ``old`` and ``new`` its two versions."""

    kind: str
    old: Line | None = None
    new: Line | None = None


def differences(old: Sequence[Line], new: Sequence[Line]) -> list[Difference]:
    """The lines of both versions side by side, in reading order."""
    keys = [
        [(line.kind, line.level, line.code, line.wording, tuple(sorted(line.text.items()))) for line in side]
        for side in (old, new)
    ]
    found: list[Difference] = []
    for tag, start, end, begin, stop in SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes():
        before, after = old[start:end], new[begin:stop]
        if tag == "equal":
            found += [Difference("same", one, other) for one, other in zip(before, after, strict=True)]
            continue
        pairs = min(len(before), len(after))
        found += [
            Difference("changed", one, other)
            for one, other in zip(before[:pairs], after[:pairs], strict=True)
        ]
        found += [Difference("removed", one) for one in before[pairs:]]
        found += [Difference("added", None, other) for other in after[pairs:]]
    return found
