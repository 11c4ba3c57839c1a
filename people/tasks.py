"""The sweeps over agents' time: one call each (DESIGN section 2)."""

from celery import shared_task
from django.utils import timezone

from people import actions


@shared_task(name="people.close_lost")
def close_lost():
    """End the time of pages that have gone silent."""
    return actions.close_lost(now=timezone.now())


@shared_task(name="people.flag_late")
def flag_late():
    """Tell leads of forms not sent, of people away and of rest used up."""
    return actions.flag_late(now=timezone.now())
