"""The demo's figures: its calls rolled up into days, and the clients' months settled."""

from reports import demo_settlement
from reports.actions import roll_dirty


def load(*, now, rng) -> str:
    """Roll up what the demo has called, and settle it; returns one line about what there is."""
    days = roll_dirty(now=now)
    return f"{days} days rolled up, {demo_settlement.load(now=now)} statements"
