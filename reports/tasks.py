"""Celery's bells of the rollups."""

from celery import shared_task
from django.utils import timezone

from reports import actions


@shared_task(name="reports.roll_dirty")
def roll_dirty():
    """Roll the days that have changed."""
    return actions.roll_dirty(now=timezone.now())


@shared_task(name="reports.roll_provisional")
def roll_provisional():
    """Roll the last days again, nightly."""
    return actions.roll_provisional(now=timezone.now())
