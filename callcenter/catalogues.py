"""Translation catalogues without GNU gettext: found in the source, kept in locale/, compiled at set-up.

English msgids; ``zh_Hans`` is translated by hand and ``zh_Hant`` starts as a conversion of it (ux.md section 10).
Only ``compile_all`` runs at a user's; finding strings needs Babel and converting them needs OpenCC, both for
development, so they are imported where they are used.
"""

import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

LANGUAGES = ["zh_Hans", "zh_Hant"]
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
SKIPPED = {
    "bench",
    "deploy",
    "locale",
    "migrations",
    "node_modules",
    "static",
    "staticfiles",
    "tests",
    "tools",
    "var",
}
PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*(%\(\w+\)[a-z]|%[sdf])|\{(\w*)\}")


@dataclass
class Message:
    """One string to translate, with the files it stands in."""

    context: str
    text: str
    plural: str = ""
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)


def catalogue_path(root: Path, language: str) -> Path:
    """Where the catalogue of ``language`` is kept."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def find_messages(root: Path) -> dict[tuple[str, str], Message]:
    """Every translatable string of the Python files and templates below ``root``, by context and text."""
    found: dict[tuple[str, str], Message] = {}
    for path in _sources(root):
        name = path.relative_to(root).as_posix()
        for context, text, plural, comments in _strings_of(path):
            message = found.setdefault((context, text), Message(context, text))
            message.plural = message.plural or plural
            message.files.add(name)
            message.comments += [comment for comment in comments if comment not in message.comments]
    return found


def _sources(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith((".py", ".html", ".txt")) and (
                name.endswith(".py") or "templates" in Path(folder).parts
            ):
                yield Path(folder, name)


def _strings_of(path):
    from babel.messages.extract import extract  # noqa: PLC0415  (a development package)

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What templatize leaves of the markup keeps its indentation, which Python overlooks inside brackets.
        source = f"(\n{templatize(source, origin=str(path))}\n)"
    for _line, text, comments, context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS, ["Translators:"]
    ):
        singular, plural = text if isinstance(text, tuple) else (text, "")
        if singular:
            yield context or "", singular, plural, comments


def update(root: Path, language: str) -> polib.POFile:
    """Write the catalogue anew: new strings empty, known ones with their translation, the rest dropped.

    There is no guessing ("fuzzy") and no line number, so a change of the file is a change of the words.
    """
    path = catalogue_path(root, language)
    known = {_key(entry): entry for entry in polib.pofile(str(path))} if path.is_file() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    found = find_messages(root)
    for key in sorted(found, key=lambda key: (min(found[key].files), key[1].lower(), key)):
        catalogue.append(_entry(found[key], known.get(key)))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return catalogue


def _key(entry):
    return entry.msgctxt or "", entry.msgid


def _entry(message, known):
    """A catalogue entry for ``message`` with the translation of the ``known`` entry, if there is one."""
    translation = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        occurrences=[(name, "") for name in sorted(message.files)],
        comment="\n".join(message.comments),
        tcomment=known.tcomment if known else "",
    )
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: translation}
    else:
        entry.msgstr = translation
    if "%(" in message.text or re.search(r"(?<!%)%[sd]", message.text):
        entry.flags.append("python-format")
    return entry


def compile_all(root: Path) -> int:
    """Compile each catalogue that is newer than its compiled form; return how many were."""
    count = 0
    for language in LANGUAGES:
        source = catalogue_path(root, language)
        target = source.with_suffix(".mo")
        if source.is_file() and not (target.is_file() and target.stat().st_mtime > source.stat().st_mtime):
            fresh = target.with_name(f".{os.getpid()}.mo")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
            count += 1
    return count


def fill_traditional(root: Path, *, again: bool = False) -> int:
    """Translate ``zh_Hant`` from ``zh_Hans`` where it has nothing yet, or everywhere (``again``); return how many."""
    to_traditional = _converter(root)
    simplified = {_key(entry): entry for entry in polib.pofile(str(catalogue_path(root, "zh_Hans")))}
    path = catalogue_path(root, "zh_Hant")
    catalogue = polib.pofile(str(path), wrapwidth=110)
    count = 0
    for entry in catalogue:
        source = simplified.get(_key(entry))
        if source and _translation(source) and (again or not _translation(entry)):
            text = to_traditional(_translation(source))
            if entry.msgid_plural:
                entry.msgstr_plural = {0: text}
            else:
                entry.msgstr = text
            count += 1
    catalogue.save(str(path))
    return count


def _translation(entry):
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def _converter(root):
    """A function from simplified to traditional text: the term list first, the phrases of OpenCC for the rest."""
    from opencc import OpenCC  # noqa: PLC0415  (a development package)

    lines = (root / "locale" / "zh_Hant" / "terms.txt").read_text(encoding="utf-8").splitlines()
    terms = dict(line.split("\t") for line in lines if line and not line.startswith("#"))
    pattern = re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))))
    convert = OpenCC("s2twp").convert

    def to_traditional(text):
        result, end = [], 0
        for match in pattern.finditer(text):
            result += [convert(text[end : match.start()]), terms[match[0]]]
            end = match.end()
        return "".join(result) + convert(text[end:])

    return to_traditional


def problems(root: Path) -> list[str]:
    """What keeps the catalogues from being complete and right, one line each; empty when all is well."""
    found = find_messages(root)
    lines: list[str] = []
    for language in LANGUAGES:
        path = catalogue_path(root, language)
        entries = {_key(entry): entry for entry in polib.pofile(str(path))} if path.is_file() else {}
        lines += [
            f"{language}: not in the catalogue: {text!r}" for _, text in sorted(found.keys() - entries.keys())
        ]
        lines += [
            f"{language}: no longer used: {text!r}" for _, text in sorted(entries.keys() - found.keys())
        ]
        for key in sorted(entries.keys() & found.keys()):
            lines += [
                f"{language}: {flaw}: {key[1]!r}" for flaw in _flaws(entries[key], found[key], language)
            ]
    return lines


def _flaws(entry, message, language):
    text = _translation(entry)
    if not text:
        yield "not translated"
    if entry.fuzzy:
        yield "marked fuzzy"
    if (entry.msgid_plural or "") != message.plural:
        yield "another plural than in the source"
    if text and _placeholders(text) != _placeholders(message.plural or message.text):
        yield "other placeholders in the translation"
    if language == "zh_Hant" and (wrong := sorted(filter(is_simplified_only, set(text)))):
        yield f"simplified characters {''.join(wrong)}"


def _placeholders(text):
    return {match[0].replace("%%", "") for match in PLACEHOLDER.finditer(text)}


def is_simplified_only(character: str) -> bool:
    """Whether a Chinese character exists in the mainland's basic set (GB 2312) but not in Taiwan's (Big5)."""
    return (
        "\u4e00" <= character <= "\u9fff"
        and _encodes(character, "gb2312")
        and not _encodes(character, "cp950")
    )


def _encodes(character, encoding):
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
