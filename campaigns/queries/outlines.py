"""What is wrong with a script version, how long it takes, and what differs from another one, in words (CAM-5; ux.md 5.13)."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter.texts import localized
from campaigns.catalogue import STATEMENTS
from campaigns.models import Script, ScriptVersion
from campaigns.rules import outline
from campaigns.script_presets import REQUIRED

DEFAULT_LANGUAGE = "zh-hans"
TEXTS = ("opening", "legal_opening", "closing", "apology")


@dataclass(frozen=True)
class Remark:
    """One thing to mend; ``number`` is the line it stands in, from 1, or None for the script as a whole."""

    text: str
    blocks: bool
    number: int | None = None


def outline_of(version: ScriptVersion) -> list[outline.Line]:
    """The lines of a version; those of versions from before outlines are their mandatory statements."""
    if version.steps:
        return outline.read(version.steps)
    rows = [one | {"kind": outline.CHECK, "level": 0} for one in version.statements]
    return outline.read(rows)


def problems_of(version: ScriptVersion) -> list[Remark]:
    """What is wrong with a version, as sentences in the reader's language."""
    return remarks(
        outline_of(version), opening=version.opening, closing=version.closing, kind=version.script.kind
    )


def remarks(lines, *, opening, closing, kind) -> list[Remark]:
    """The problems of an outline, then whether it takes longer than the guide, as sentences."""
    found = outline.problems(lines, opening=opening, closing=closing, required=REQUIRED.get(kind, ()))
    said = [Remark(_sentence(one), one.blocks, None if one.place is None else one.place + 1) for one in found]
    span = seconds_of(lines, opening=opening, closing=closing)
    if span.most > outline.GUIDE_SECONDS:
        text = _("Reading it takes up to %(most)d seconds; a call should take about %(guide)d.")
        said.append(Remark(text % {"most": span.most, "guide": outline.GUIDE_SECONDS}, blocks=False))
    return said


def seconds_of(lines, *, opening, closing) -> outline.Span:
    """How long reading a script aloud takes, in the reader's language."""
    language = (get_language() or DEFAULT_LANGUAGE).lower()
    return outline.seconds(lines, opening=opening, closing=closing, language=language)


def _sentence(problem) -> str:
    languages = {
        "zh-hans": _("Simplified Chinese"),
        "zh-hant": _("Traditional Chinese"),
        "en": _("English"),
    }
    sentences = {
        "empty": _("Line %(line)s has no text."),
        "blank": _("Line %(line)s still has a blank to fill in."),
        "answer_alone": _("Line %(line)s is an answer, but no question stands above it."),
        "not_below_answer": _("Line %(line)s must stand below an answer, or further to the left."),
        "no_answers": _("Line %(line)s is a question without answers. Indent at least one answer below it."),
        "answer_twice": _("Line %(line)s is the same answer as one above it; nobody gets there."),
        "unreachable": _("Nobody gets to line %(line)s: every way ends before it."),
        "check_in_branch": _(
            "Line %(line)s is a mandatory statement in a branch. Everybody must hear it: move it to the left edge."
        ),
        "language": _("Line %(line)s has no text in %(detail)s."),
        "language_of_closing": _("The closing has no text in %(detail)s."),
        "no_closing": _("The closing is missing."),
        "no_disclosure": _("The mandatory statement “%(detail)s” is missing."),
    }
    detail = problem.detail
    if problem.code == "no_disclosure":
        detail = localized(STATEMENTS.get(detail)) or detail
    line = "" if problem.place is None else problem.place + 1
    return sentences[problem.code] % {"line": line, "detail": languages.get(detail, detail)}


@dataclass(frozen=True)
class Compared:
    """One line of a comparison. ``kind`` is same, added, removed or changed."""

    kind: str
    label: str
    old: str = ""
    new: str = ""
    level: int = 0


def comparison(old: ScriptVersion, new: ScriptVersion, language: str | None = None) -> list[Compared]:
    """What differs between two versions of a script, line by line, in the language of the reader."""
    labels = {
        "opening": _("Opening"),
        "legal_opening": _("Opening for debts over three months"),
        "closing": _("Closing"),
        "apology": _("Closing after dissatisfaction"),
    }
    found = [_compared_text(labels[name], getattr(old, name), getattr(new, name), language) for name in TEXTS]
    lines = [
        Compared(
            one.kind,
            kind_label((one.new or one.old).kind),
            _words(one.old, language),
            _words(one.new, language),
            (one.new or one.old).level,
        )
        for one in outline.differences(outline_of(old), outline_of(new))
    ]
    return [*found[:2], *lines, *found[2:]]


def _compared_text(label, before, after, language) -> Compared:
    kind = "same" if before == after else "added" if not before else "removed" if not after else "changed"
    return Compared(kind, label, localized(before, language), localized(after, language))


def _words(line, language) -> str:
    return localized(line.text, language) if line else ""


def kind_label(kind: str) -> str:
    """What a kind of line is called."""
    return {
        outline.SAY: _("say"),
        outline.ASK: _("ask"),
        outline.ANSWER: _("answer"),
        outline.CHECK: _("mandatory statement"),
        outline.END: _("end of the call"),
    }[kind]


def previous_of(version: ScriptVersion) -> ScriptVersion | None:
    """The version before this one."""
    rows = ScriptVersion.objects.filter(script=version.script_id, number__lt=version.number)
    return rows.order_by("-number", "-id").first()


def required_of(script: Script) -> list[str]:
    """The names of the statements a script's versions must contain."""
    return [localized(STATEMENTS[code]) for code in REQUIRED.get(script.kind, ())]
