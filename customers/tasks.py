"""Celery's bells of this app. Importing the pipeline here registers its jobs with the worker."""

from celery import shared_task
from django.utils import timezone

from callcenter.sweeps import beat
from customers.actions import imports


@shared_task(name="customers.clear_imports")
def clear_imports():
    """Remove the staging rows and files of imports that nobody came back for."""
    now = timezone.now()
    beat("customers.clear_imports", now=now, handled=imports.clear_imports(now=now))
