"""Draining due rows: the row is the schedule, Celery only rings (DESIGN section 2, reliability R1 and R2).

One row per transaction, taken with SKIP LOCKED (an immediate transaction on SQLite), so a sweep may run twice, late
or beside itself. A row that fails is tried again later and parked after five attempts; it never blocks the others.
"""

import logging
from datetime import timedelta

from django.db import transaction

from callcenter.masking import mask_text
from callcenter.models import Pulse, StuckRow

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


def drain(name, due, handle, *, now, limit=500) -> int:
    """Handle up to ``limit`` rows of the queryset ``due``, each in a transaction of its own; return how many.

    ``due`` must be ordered and must stop matching a row once ``handle(row)`` has done its work. ``now`` dates the
    retries. Errors of one row are logged and recorded in ``StuckRow``; they never stop the sweep.
    """
    handled = failed = 0
    while handled + failed < limit:
        row = None
        try:
            with transaction.atomic():
                waiting = StuckRow.objects.filter(sweep=name).exclude(retry_at__lte=now).values("subject_id")
                blocked = [row["subject_id"] for row in waiting]
                rows = due.exclude(pk__in=blocked) if blocked else due
                row = rows.select_for_update(skip_locked=True, of=("self",)).first()
                if row is None:
                    break
                handle(row)
                handled += 1
        except Exception as error:
            if row is None:
                raise
            failed += 1
            logger.exception("sweep %s could not handle row %s", name, row.pk)
            _remember_failure(name, row.pk, error, now)
    Pulse.objects.update_or_create(name=name, defaults={"ran_at": now, "handled": handled, "failed": failed})
    return handled


def _remember_failure(name, pk, error, now):
    text = mask_text(repr(error))
    stuck, created = StuckRow.objects.get_or_create(
        sweep=name,
        subject_id=str(pk),
        defaults={"error": text, "retry_at": now + timedelta(minutes=1)},
    )
    if not created:
        stuck.attempts += 1
        stuck.error = text
        parked = stuck.attempts >= MAX_ATTEMPTS
        stuck.retry_at = None if parked else now + timedelta(minutes=2**stuck.attempts)
        stuck.save(update_fields=["attempts", "error", "retry_at"])


def beat(name, *, now, handled=0):
    """Record that a sweep without rows of its own (a rollup, a set-based release) has run."""
    Pulse.objects.update_or_create(name=name, defaults={"ran_at": now, "handled": handled, "failed": 0})


def last_beat(name):
    """The instant a sweep last recorded with ``beat``; None when it has never run."""
    return Pulse.objects.filter(name=name).values_list("ran_at", flat=True).first()
