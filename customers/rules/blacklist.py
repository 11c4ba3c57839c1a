"""Who may put whom on the do-not-call list, and who decides about it (SPEC CUS-6, CMP-4)."""

from typing import Final

AT_ONCE: Final = frozenset({"asked", "requested", "refusals", "legal"})
"""The customer's own word and the law hold from the same moment (domain.md section 2); the centre's own judgement about a
customer needs a second person first."""


def needs_approval(category: str) -> bool:
    """Whether an entry of this category is only a proposal until a second person has approved it."""
    return category not in AT_ONCE


def decision_obstacle(person: int, *, asked_by: int | None) -> str:
    """Why this person may not decide on the proposal: ``proposer``, or empty when they may.

    A second person decides, about putting somebody on the list as about taking somebody off it.
    """
    return "proposer" if person == asked_by else ""
