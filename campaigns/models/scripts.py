"""Scripts (话术): versioned texts with merge fields and mandatory statements (CAM-5)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Script(models.Model):
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")

    def __str__(self):
        return self.name


class ScriptVersion(models.Model):
    """``opening``, ``closing``, ``apology`` are texts in three languages; ``statements`` must be read out and ticked."""

    script = models.ForeignKey(Script, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    opening = models.JSONField(_("opening"))
    closing = models.JSONField(_("closing"))
    apology = models.JSONField(_("closing after dissatisfaction"), default=dict, blank=True)
    statements = models.JSONField(_("mandatory statements"), default=list, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("script version")
        verbose_name_plural = _("script versions")
        constraints = [models.UniqueConstraint(fields=["script", "number"], name="script_version_once")]

    def __str__(self):
        return f"{self.script} v{self.number}"
