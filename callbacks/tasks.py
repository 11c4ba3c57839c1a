"""The sweeps of the queue: one call each (DESIGN section 2)."""

import logging

from celery import shared_task
from django.utils import timezone

from callbacks import actions
from callbacks.actions import import_calls  # noqa: F401  (registers the job with its handler)
from callbacks.actions.fetch_recordings import clear_recordings as drop_files
from callbacks.actions.fetch_recordings import fetch_recordings as fetch_due
from callcenter.errors import DomainError
from callcenter.sweeps import beat
from campaigns.models import Policy

logger = logging.getLogger(__name__)


@shared_task(name="callbacks.return_expired")
def return_expired():
    """Take back tasks whose page has not been heard of."""
    return actions.return_expired(now=timezone.now())


@shared_task(name="callbacks.obey_customers")
def obey_customers():
    """Take work off the plan that customers have just forbidden."""
    return actions.obey_customers(now=timezone.now())


@shared_task(name="callbacks.release_due")
def release_due():
    """Make what has become due ready."""
    return actions.release_due(now=timezone.now())


@shared_task(name="callbacks.send_messages")
def send_messages():
    """Send what policies promise by SMS or e-mail; end what was answered."""
    return actions.send_messages(now=timezone.now())


@shared_task(name="callbacks.follow_trials")
def follow_trials():
    """Take in what customers answered by message, ask for the confirmations that are due, and end trials (CAM-10)."""
    actions.read_confirmations(now=timezone.now())
    return actions.follow_trials(now=timezone.now())


@shared_task(name="callbacks.fetch_recordings", time_limit=900, soft_time_limit=840)
def fetch_recordings():
    """Fetch recordings that the telephone system keeps."""
    return fetch_due(now=timezone.now())


@shared_task(name="callbacks.clear_recordings")
def clear_recordings():
    """Delete files of recordings that belong to no call."""
    return drop_files(now=timezone.now())


@shared_task(name="callbacks.apply_policies", time_limit=3600, soft_time_limit=3500)
def apply_policies():
    """Turn the day's events into tasks, policy by policy; one that cannot be applied does not stop the others."""
    created = 0
    for policy in Policy.objects.in_force().order_by("id"):
        try:
            created += actions.apply_policy(policy=policy, now=timezone.now(), full=True).created
        except DomainError:
            logger.warning("policy %s could not be applied", policy.pk, exc_info=True)
    beat("callbacks.apply_policies", now=timezone.now(), handled=created)
    return created


@shared_task(name="callbacks.surface_untouched")
def surface_untouched():
    """Tell the leads what was assigned and left lying."""
    return actions.surface_untouched(now=timezone.now())
