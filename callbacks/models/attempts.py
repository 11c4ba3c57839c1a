"""A dial as a telephone system reports it, beside what the agent's page says about it (CB-6, CB-13)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call
from callbacks.models.tasks import Task


class Attempt(models.Model):
    """One dial of one claim of a task. What the system reports is kept once, in whatever order and however often it comes.

    ``key`` is ours: the system carries it as the number of the agent's leg. ``unique_id`` is what its records call the dial.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="line_attempts")
    token = models.PositiveIntegerField()
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    number = models.CharField(_("number dialled"), max_length=20, blank=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    unique_id = models.CharField(max_length=150, blank=True)
    # The agent's leg, by the name under which it can be hung up.
    channel = models.CharField(max_length=120, blank=True)
    line = models.CharField(_("line"), max_length=30, blank=True)
    asked_at = models.DateTimeField()
    ringing_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # How a dial that was not answered ended: a code of callbacks.rules.line.
    status = models.CharField(max_length=12, blank=True)
    hung_up_by = models.CharField(max_length=10, choices=Call.HungUp, blank=True)
    call = models.OneToOneField(
        Call, models.SET_NULL, null=True, blank=True, related_name="line_attempt", db_index=False
    )

    class Meta:
        verbose_name = _("dial by the telephone system")
        verbose_name_plural = _("dials by the telephone system")
        constraints = [
            models.UniqueConstraint(fields=["unique_id"], name="attempt_once", condition=~Q(unique_id="")),
        ]
        indexes = [models.Index(fields=["task", "-id"], name="attempt_of_task")]

    def __str__(self):
        return str(self.key)
