"""What differs between two texts, line by line (ORG-8)."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Change:
    """A line that went (``sign`` "−") or came ("+")."""

    sign: str
    text: str


def changes(old: str, new: str) -> list[Change]:
    """The lines of ``old`` that are gone and those of ``new`` that have come, in the order of the texts."""
    before, after = old.splitlines(), new.splitlines()
    found = []
    for tag, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            found += [Change("−", line) for line in before[a:b]]
            found += [Change("+", line) for line in after[c:d]]
    return found
