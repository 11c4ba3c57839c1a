"""Which key does what on the desk: the usual table with a person's own keys in it (WCAG 2.1.4; ux.md section 3.3)."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

# Digits, minus and equals answer questions, M marks an issue as major, P asks for a break, G leads to another page; Enter and
# the rest are no letters.
TAKEN: Final = frozenset("0123456789-=mpg")
MISSING, NOT_ONE_KEY, RESERVED, TWICE = PROBLEMS = ("missing", "not_one_key", "reserved", "twice")


def keys_of(usual: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """The key of every command. Own keys that do not go together are left aside as a whole: the usual ones always work."""
    keys = {command: str(own.get(command, key)) for command, key in usual.items()}
    return dict(usual) if problems_of(keys) else keys


def problems_of(keys: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by command: no key, not a single visible character, a key of the answers, a key given twice."""
    used = Counter(keys.values())
    return {command: problem for command, key in keys.items() if (problem := _problem(key, used))}


def _problem(key: str, used: Counter[str]) -> str:
    if not key:
        return MISSING
    if len(key) != 1 or not key.isascii() or not key.isprintable() or key.isspace() or key != key.lower():
        return NOT_ONE_KEY
    if key in TAKEN:
        return RESERVED
    return TWICE if used[key] > 1 else ""


def own_keys(usual: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """What differs from the usual table: only that is kept, so that a usual key may change for everybody else."""
    return {command: key for command, key in chosen.items() if usual.get(command) not in (None, key)}
