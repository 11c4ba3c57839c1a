"""Campaigns whose messages wait: a paused campaign sends nothing and loses nothing (CAM-1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignHold(models.Model):
    """While this row stands, no message of the campaign ``code`` goes out, whoever plans it and whenever.

    ``Message.held`` repeats it for the waiting rows, so that the sender never reads past them; this row decides.
    """

    code = models.CharField(_("campaign"), max_length=40, unique=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("hold of a campaign")
        verbose_name_plural = _("holds of campaigns")

    def __str__(self):
        return self.code
