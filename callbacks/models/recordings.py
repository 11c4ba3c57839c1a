"""The recording of a call: a checked file outside the web root, or the wish for one that is still to be fetched (CB-13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call


class RecordingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Recordings of the calls a person reaches."""
        return self.filter(call__in=Call.objects.visible_to(user))


class Recording(models.Model):
    """``path`` is below ``MEDIA_ROOT``, under a random name; it is empty for a file that is awaited, missing or deleted."""

    class State(models.TextChoices):
        AWAITED = "awaited", _("being fetched")
        STORED = "stored", _("stored")
        MISSING = "missing", _("not found at the telephone system")
        REFUSED = "refused", _("refused: no usable sound")
        DELETED = "deleted", _("deleted")

    # The current version of the call: a correction takes its recording along.
    call = models.OneToOneField(Call, models.CASCADE, related_name="recording")
    state = models.CharField(_("state"), max_length=8, choices=State)
    # What the telephone system calls the file; fills the template of RECORDING_SOURCE.
    reference = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=4, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    seconds = models.DecimalField(_("length"), max_digits=9, decimal_places=3, default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # The schedule of fetching: when to look (again), how often that was done, and why it came to nothing.
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(_("created"))
    stored_at = models.DateTimeField(_("stored"), null=True, blank=True)
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            models.CheckConstraint(
                name="stored_recording_has_file", condition=~Q(state="stored") | ~Q(path="")
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="recording_to_fetch", condition=Q(state="awaited")),
            # The sweep that looks for files nobody speaks of.
            models.Index(fields=["path"], name="recording_file", condition=~Q(path="")),
        ]

    def __str__(self):
        return f"#{self.call_id}"
