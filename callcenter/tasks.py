"""Celery's doorbell for long jobs."""

from celery import shared_task
from django.utils import timezone

from callcenter import jobs
from callcenter.sweeps import beat


@shared_task(name="callcenter.run_jobs", time_limit=6 * 3600, soft_time_limit=6 * 3600 - 60)
def run_jobs():
    """Run waiting jobs until there is none."""
    count = 0
    while job := jobs.claim(now=timezone.now()):
        jobs.run(job)
        count += 1
    beat("jobs", now=timezone.now(), handled=count)


@shared_task(name="callcenter.clear_files")
def clear_files():
    """Delete the files of jobs that ended some days ago."""
    now = timezone.now()
    beat("callcenter.clear_files", now=now, handled=jobs.clear_files(now=now))
