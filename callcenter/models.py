"""What every app leans on: history rows, long jobs, notifications, the access log and the pulse of the sweeps."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Step(models.Model):
    """One move of a case, written by ``workflow.advance`` and by nothing else. Concrete per kind of case."""

    from_state = models.CharField(_("from"), max_length=32)
    to_state = models.CharField(_("to"), max_length=32)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        abstract = True


class JobState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    PARTLY = "partly", _("done with rejected rows")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A job belongs to the person who started it; administrators see all (DESIGN section 3)."""
        return self if user.scope().everything else self.filter(owner=user)

    def open(self):
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class Job(models.Model):
    """Long work with progress, cancel and resume; the row is the queue, Celery only rings."""

    State = JobState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    params = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs", verbose_name=_("owner")
    )
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(_("stage"), max_length=200, blank=True)
    total = models.PositiveBigIntegerField(_("total"), default=0)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    ok = models.PositiveBigIntegerField(_("accepted"), default=0)
    skipped = models.PositiveBigIntegerField(_("skipped"), default=0)
    failed = models.PositiveBigIntegerField(_("rejected"), default=0)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    input_path = models.CharField(max_length=300, blank=True)
    input_name = models.CharField(max_length=200, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    result_path = models.CharField(max_length=300, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    error_path = models.CharField(max_length=300, blank=True)
    error_name = models.CharField(max_length=200, blank=True)
    message = models.TextField(_("message"), blank=True)
    token = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            # The worker asks for the oldest job that waits or whose worker has died.
            models.Index(
                fields=["created_at"],
                name="job_open",
                condition=Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
            ),
            models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
        ]

    def __str__(self):
        return self.title

    @property
    def percent(self):
        """Whole percent done, or None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def is_open(self):
        return self.state in (JobState.QUEUED, JobState.RUNNING)


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def unread(self):
        return self.filter(read_at=None)


class Notification(models.Model):
    """One line in somebody's bell. ``key`` makes it once-only per recipient."""

    class Level(models.TextChoices):
        INFO = "info", _("information")
        WARNING = "warning", _("warning")
        URGENT = "urgent", _("urgent")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    level = models.CharField(max_length=8, choices=Level, default=Level.INFO)
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notification_once")]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at"], name="notification_bell", condition=Q(read_at=None)
            )
        ]

    def __str__(self):
        return self.text


class AccessLog(models.Model):
    """Who saw, revealed, listened to or exported what; append-only (CUS-11)."""

    class Action(models.TextChoices):
        VIEW = "view", _("viewed")
        REVEAL = "reveal", _("revealed")
        LISTEN = "listen", _("listened")
        EXPORT = "export", _("exported")
        DOWNLOAD = "download", _("downloaded")
        IMPORT = "import", _("imported")
        DENIED = "denied", _("denied")
        CHANGE = "change", _("changed")

    at = models.DateTimeField(_("at"), db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=10, choices=Action)
    subject = models.CharField(_("subject"), max_length=60)
    subject_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log")
        indexes = [models.Index(fields=["subject", "subject_id", "-at"], name="access_of_subject")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject} {self.subject_id}"


class Pulse(models.Model):
    """When each sweep last ran and what it did; ``/readyz`` and the administrator read it."""

    name = models.CharField(primary_key=True, max_length=60)
    ran_at = models.DateTimeField()
    handled = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("pulse of a sweep")
        verbose_name_plural = _("pulses of the sweeps")

    def __str__(self):
        return self.name


class StuckRow(models.Model):
    """A due row that a sweep could not handle: tried again later, parked after five attempts."""

    sweep = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=1)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField()

    class Meta:
        verbose_name = _("stuck row")
        verbose_name_plural = _("stuck rows")
        constraints = [models.UniqueConstraint(fields=["sweep", "subject_id"], name="stuck_once")]

    def __str__(self):
        return f"{self.sweep} {self.subject_id}"
