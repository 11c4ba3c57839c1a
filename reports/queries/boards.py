"""One snapshot per team for all its viewers: built anew after two seconds, whoever asks first (ux.md section 5.4)."""

import hashlib
import time
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache

from reports.queries.floor import snapshot
from reports.queries.floor_rows import Snapshot

KEPT = 60
LOCKED = 5
STEP = 0.05


def shared_snapshot(team_id, *, now) -> tuple[Snapshot, str]:
    """The team's snapshot, at most two seconds old, and a mark that changes only when what it shows does.

    When it has grown old one asker builds it and the others get the old one; without an old one they wait for the new.
    """
    key = f"board:{team_id}"
    kept = cache.get(key)
    if kept and timedelta() <= now - kept[0].built_at < timedelta(seconds=settings.BOARD_SECONDS):
        return kept
    if not cache.add(f"{key}:building", 1, LOCKED):
        if kept:
            return kept
        for _wait in range(int(LOCKED / STEP)):
            time.sleep(STEP)
            if kept := cache.get(key):
                return kept
    try:
        built = snapshot(team_id, now=now)
        kept = (built, mark_of(built))
        cache.set(key, kept, KEPT)
        return kept
    finally:
        cache.delete(f"{key}:building")


def mark_of(built) -> str:
    """A digest of everything but the instant of building."""
    return hashlib.sha256(repr(replace(built, built_at=None)).encode()).hexdigest()[:24]


def forget(team_id) -> None:
    """The next asker builds anew: something has just been decided on the board."""
    cache.delete(f"board:{team_id}")


def shared_text(team_id, mark, kind, make) -> str:
    """What ``make()`` renders for the mark, kept for everybody who reads the same language."""
    key = f"board:{team_id}:{kind}:{mark}"
    text = cache.get(key)
    if text is None:
        text = make()
        cache.set(key, text, KEPT)
    return text
