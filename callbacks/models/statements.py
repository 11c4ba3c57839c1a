"""Mandatory statements that were read out and ticked in a call: the evidence of what the customer was told (CAM-5, QA-3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call


class SaidStatement(models.Model):
    """One ticked line. ``position`` counts from 1 in the statements of ``version``, which never changes once approved."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="said")
    version = models.ForeignKey("campaigns.ScriptVersion", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=40, blank=True)
    said_at = models.DateTimeField(_("ticked"))
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("ticked statement")
        verbose_name_plural = _("ticked statements")
        constraints = [models.UniqueConstraint(fields=["call", "position"], name="statement_said_once")]

    def __str__(self):
        return self.code or str(self.position)
