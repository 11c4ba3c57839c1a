"""Celery's rings for what falls due in issues and complaints."""

from celery import shared_task
from django.utils import timezone

from callcenter.sweeps import beat
from complaints import actions
from complaints.actions import churn


@shared_task(name="complaints.open_second_contacts")
def open_second_contacts():
    """Turn the second contacts that are due into tasks (CB-10)."""
    return actions.open_second_contacts(now=timezone.now())


@shared_task(name="complaints.escalate_overdue")
def escalate_overdue():
    """Send silent issues up, warn, and put passed deadlines on record (ISS-3)."""
    return actions.escalate_overdue(now=timezone.now())


@shared_task(name="complaints.follow_up")
def follow_up():
    """Follow focus issues and the deadlines of complaints (ISS-5, CMP-3)."""
    now = timezone.now()
    return actions.follow_focus_issues(now=now) + actions.mark_breaches(now=now)


@shared_task(name="complaints.warn_of_churn", time_limit=3600, soft_time_limit=3500)
def warn_of_churn():
    """Look for customers who may leave (CUS-10)."""
    now = timezone.now()
    beat("complaints.warn_of_churn", now=now, handled=churn.warn_of_churn(now=now).signs)


@shared_task(name="complaints.settle_warnings")
def settle_warnings():
    """Take over what retention tasks came to (CUS-10)."""
    now = timezone.now()
    beat("complaints.settle_warnings", now=now, handled=churn.settle_by_tasks(now=now))
