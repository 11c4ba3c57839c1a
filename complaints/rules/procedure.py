"""Who may decide in a complaint, and which time it has (CMP-1, CMP-3; domain.md section 1, rules 12 and 23)."""

from collections.abc import Collection, Mapping
from typing import Final

from complaints.rules.deadlines import COMPLAINT_PROMISES, ISSUE_PROMISES, Promise

TERMS: Final[Mapping[str, Promise]] = {**COMPLAINT_PROMISES, "request": ISSUE_PROMISES["own"]}
"""The presets a complaint may be registered with; a request raised in a callback has one working day."""


def approval_obstacle(
    approver: int, *, proposers: Collection[int], handler: int | None, concerned_agent: int | None
) -> str:
    """Why this person may not decide on the proposal: ``proposer``, ``concerned``, ``handler``; empty when they may.

    A second person decides, and nobody decides about a complaint against themselves (recusal, domain.md section 2).
    """
    if approver in proposers:
        return "proposer"
    if approver == concerned_agent:
        return "concerned"
    return "handler" if approver == handler else ""
