"""The sweeps of this app: worn-out questions, and answers by SMS (CAM-8, CAM-7)."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from callcenter.sweeps import beat
from callcenter.workdays import ONE_DAY, local_day
from surveys import actions


@shared_task(name="surveys.propose_rotation")
def propose_rotation():
    """Propose replacements from the results up to yesterday; running it again proposes nothing twice."""
    now = timezone.now()
    until = local_day(now, settings.TIME_ZONE) - ONE_DAY
    beat("surveys.propose_rotation", now=now, handled=actions.propose_everywhere(until=until, now=now))


@shared_task(name="surveys.read_replies")
def read_replies():
    """Read the SMS replies that are plain answers."""
    return actions.read_replies(now=timezone.now())
