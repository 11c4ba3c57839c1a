"""Time allowed for a complaint, and who may decide in it (CMP-1, CMP-3; domain.md section 1, rules 12 and 23)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

# Wall-clock hours per preset: urgent 24 h, fault repair 48 h urban and 72 h rural, a request of a callback one day,
# and the 15, 30 and 60 days of finance complaints.
HOURS: Final = {
    "urgent": 24,
    "fault_urban": 48,
    "fault_rural": 72,
    "request": 24,
    "simple": 15 * 24,
    "complex": 30 * 24,
    "extended": 60 * 24,
}


def complaint_deadline(term: str, registered_at: datetime) -> datetime:
    """When a complaint registered at this instant must be done. Raises KeyError for an unknown preset."""
    return registered_at + timedelta(hours=HOURS[term])


def deadline_after_pause(deadline: datetime, paused_at: datetime, resumed_at: datetime) -> datetime:
    """The deadline moves by as long as the clock stood: only the time waiting for the customer is given back."""
    return deadline + max(timedelta(0), resumed_at - paused_at)


def approval_obstacle(
    approver: int, *, proposers: Collection[int], handler: int | None, concerned_agent: int | None
) -> str:
    """Why this person may not decide on the proposal: ``proposer``, ``handler``, ``concerned``; empty when they may.

    A second person decides, and nobody decides about a complaint against themselves.
    """
    if approver in proposers:
        return "proposer"
    if approver == concerned_agent:
        return "concerned"
    return "handler" if approver == handler else ""
