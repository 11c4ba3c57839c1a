"""The sweeps of the outbox: one call each (DESIGN section 2)."""

from celery import shared_task
from django.utils import timezone

from messaging import actions  # the job of batches registers itself with its handler


@shared_task(name="messaging.send", time_limit=300, soft_time_limit=280)
def send():
    """Send what is due, for about a minute: a gateway that hangs must not be cut off in the middle of a message."""
    return actions.send_due(now=timezone.now(), limit=5_000)


@shared_task(name="messaging.read_events")
def read_events():
    """Make something of receipts and replies that could not be handled when they came."""
    return actions.read_events(now=timezone.now())
