"""Celery's bell of the daily draw."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from callcenter.workdays import local_day
from qa import actions

CATCH_UP_DAYS = 3


@shared_task(name="qa.draw_samples")
def draw_samples():
    """Draw the samples of yesterday, and of days a stopped beat has missed."""
    now = timezone.now()
    today = local_day(now, settings.TIME_ZONE)
    return sum(
        actions.draw_samples(day=today - timedelta(days=back), now=now)
        for back in range(CATCH_UP_DAYS, 0, -1)
    )
