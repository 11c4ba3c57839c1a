"""The demo's figures: its calls rolled up into days."""

from reports.actions import roll_dirty


def load(*, now, rng) -> str:
    """Roll up what the demo has called; returns one line about what there is."""
    return f"{roll_dirty(now=now)} days rolled up"
