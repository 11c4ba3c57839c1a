"""Celery's bells of this app. Importing the pipeline here registers its jobs with the worker."""

from celery import shared_task
from django.utils import timezone

from callcenter.sweeps import beat
from customers.actions import (
    blacklist_import,  # noqa: F401  (registers the job with its handler)
    clear_expired,
    erase_expired,
    find_duplicates,
    imports,
    prune_access_log,
    read_names_due,
)


@shared_task(name="customers.clear_imports")
def clear_imports():
    """Remove the staging rows and files of imports that nobody came back for."""
    now = timezone.now()
    beat("customers.clear_imports", now=now, handled=imports.clear_imports(now=now))


@shared_task(name="customers.erase_expired", time_limit=1800, soft_time_limit=1740)
def erase_expired_customers():
    """Erase customers whose retention period is over."""
    now = timezone.now()
    beat("customers.erase_expired", now=now, handled=erase_expired(now=now))


@shared_task(name="customers.clear_expired", time_limit=1800, soft_time_limit=1740)
def clear_expired_texts():
    """Clear what records say once their own retention period is over, and the oldest rows of the access log."""
    now = timezone.now()
    cleared = clear_expired(now=now) + prune_access_log(now=now)
    beat("customers.clear_expired", now=now, handled=cleared)


@shared_task(name="customers.read_names", time_limit=600, soft_time_limit=570)
def read_names():
    """Make what is searched of the names that an import brought or changed."""
    read_names_due(now=timezone.now())


@shared_task(name="customers.find_duplicates", time_limit=600, soft_time_limit=570)
def look_for_duplicates():
    """Find customers that look like one."""
    now = timezone.now()
    beat("customers.find_duplicates", now=now, handled=find_duplicates(now=now))
