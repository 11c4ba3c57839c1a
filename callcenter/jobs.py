"""Long work with progress, cancel and resume.

A job is a row. ``start`` writes it and rings; a worker takes the oldest job that waits or whose worker has been
silent for a minute, with a new fencing token, and calls its handler. The handler reports through ``Progress``;
``cursor`` is whatever it needs to go on after a crash.
"""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callcenter.errors import Conflict, DomainError, Refused
from callcenter.models import Job, JobState, Notification
from callcenter.notify import notify

logger = logging.getLogger(__name__)
SILENT_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 5
HANDLERS = {}


class Cancelled(Exception):
    """The owner asked to stop; raised by ``Progress.save`` at the end of a chunk."""


class Superseded(Exception):
    """Another worker has taken the job over; this one must stop without writing anything more."""


def handler(kind):
    """Register ``function(job, progress)`` as the handler of jobs of ``kind``."""

    def register(function):
        HANDLERS[kind] = function
        return function

    return register


class Progress:
    """What a handler reports through: counters, cursor, stage; every save proves the job is still ours."""

    def __init__(self, job, watch=None):
        self.job = job
        self.cursor = dict(job.cursor)
        self.watch = watch

    def save(self, *, cursor=None, **fields):
        """Store counters (absolute values), stage and cursor; renew the heartbeat.

        Call it inside the transaction of the chunk it speaks of. Raises ``Superseded`` or ``Cancelled``.
        """
        if cursor is not None:
            self.cursor = cursor
            fields["cursor"] = cursor
        mine = Job.objects.filter(pk=self.job.pk, token=self.job.token, state=JobState.RUNNING)
        if not mine.update(heartbeat_at=timezone.now(), **fields):
            raise Superseded
        for name, value in fields.items():
            setattr(self.job, name, value)
        if self.watch is not None:
            self.watch(self.job)

    def stop_if_cancelled(self):
        """Raise ``Cancelled`` when the owner has asked for it. Call between chunks, outside their transactions."""
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


def start(kind, title, *, owner, now, **fields) -> Job:
    """Write a queued job and ring the worker once the transaction is committed."""
    job = Job.objects.create(kind=kind, title=title[:200], owner=owner, created_at=now, **fields)
    transaction.on_commit(ring)
    return job


def must_have_room(owner) -> None:
    """Raise ``Refused`` when the person has as many unfinished jobs as one person may have.

    Call it in the transaction that starts the job: the person's row is locked, so that twenty requests at once count.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)
    limit = settings.OPEN_JOBS_PER_PERSON
    if Job.objects.filter(owner=owner).open().count() >= limit:
        raise Refused(
            _("%(count)s of your jobs are waiting or running. Wait until one has ended, or stop one.")
            % {"count": limit},
            code="too_many_jobs",
        )


def ring():
    """Wake a worker. A lost ring only delays: beat rings every few seconds as well."""
    from callcenter.tasks import run_jobs  # noqa: PLC0415  (tasks import jobs; the bell is the one way back)

    try:
        run_jobs.apply_async(retry=False, expires=60)
    except Exception:
        logger.warning("the job bell could not be rung; beat will", exc_info=True)


def cancel(job, *, by, now):
    """Ask a job to stop at the end of its chunk; a job nobody has begun stops at once."""
    if not job.is_open:
        raise Conflict(_("This job has already ended."), code="job_ended")
    stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, cancel_requested=True, finished_at=now
    )
    if not stopped:
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)


def claim(*, now) -> Job | None:
    """Take the oldest job that waits, or whose worker is silent; None when there is none."""
    silent = now - SILENT_AFTER
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(kind__in=HANDLERS)
            .filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=silent))
            .order_by("created_at", "id")
            .first()
        )
        return _take(job, now) if job else None


def _take(job, now):
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING,
        token=F("token") + 1,
        attempts=F("attempts") + 1,
        heartbeat_at=now,
        started_at=job.started_at or now,
    )
    job.refresh_from_db()
    return job


def run(job, watch=None) -> Job:
    """Run a claimed job to its end in this process and record how it ended; ``watch(job)`` is called at every save."""
    progress = Progress(job, watch)
    if job.attempts > MAX_ATTEMPTS:
        return _finish(job, JobState.FAILED, _("The work was interrupted too often. Start it again."))
    try:
        HANDLERS[job.kind](job, progress)
    except Superseded:
        return job
    except Cancelled:
        return _finish(job, JobState.CANCELLED, _("Stopped on request; what was done before is kept."))
    except DomainError as error:
        return _finish(job, JobState.FAILED, str(error.message))
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        return _finish(
            job, JobState.FAILED, _("Something unexpected happened. Job number: %(id)s") % {"id": job.pk}
        )
    return _finish(job, JobState.PARTLY if job.failed else JobState.DONE, job.message)


def run_now(job, watch=None) -> Job:
    """Run a queued job in this process (commands). The worker cannot take it meanwhile."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk, state=JobState.QUEUED)
        job = _take(job, timezone.now())
    return run(job, watch)


def _finish(job, state, message):
    now = timezone.now()
    ended = Job.objects.filter(pk=job.pk, token=job.token, state=JobState.RUNNING).update(
        state=state, message=message, finished_at=now, heartbeat_at=now
    )
    job.refresh_from_db()
    if ended and job.owner:
        level = Notification.Level.WARNING if state == JobState.FAILED else Notification.Level.INFO
        text = gettext_noop("%(title)s: finished")
        notify(
            [job.owner],
            text,
            key=f"job:{job.pk}",
            now=now,
            level=level,
            url=f"/jobs/{job.pk}/",
            title=job.title,
        )
    return job


def clear_files(*, now) -> int:
    """Delete uploads, error files and results of jobs that ended ``FILE_DAYS`` ago; returns how many jobs had any.

    They are copies of personal data; what they were made from is still there (CUS-11).
    """
    old = Job.objects.filter(finished_at__lt=now - timedelta(days=settings.FILE_DAYS))
    old = old.exclude(input_path="", error_path="", result_path="").order_by("created_at", "id")
    count = 0
    for job in old[:500]:
        for path in (job.input_path, job.error_path, job.result_path):
            if path and Path(path).is_relative_to(Path(settings.MEDIA_ROOT)):
                Path(path).unlink(missing_ok=True)
        Job.objects.filter(pk=job.pk).update(input_path="", error_path="", result_path="")
        count += 1
    return count
