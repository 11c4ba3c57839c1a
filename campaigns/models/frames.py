"""The frame of a policy's sample: of how many customers the promised share was drawn (CAM-2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.policies import Policy


class FrameQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is promised for the customers of one's teams; a client sees what is promised to its own."""
        return self.filter(user.scope().rows(team="team", client="policy__campaign__client"))


class Frame(models.Model):
    """One stratum of the last draw while its window was open: contacts that end at ``deadline``, of one team and region.

    ``eligible`` were promised a chance, ``left_out`` of them were not drawn. With ``seed`` anybody can draw the same sample
    again: within a region those drawn earlier for a window still open stay, then the lowest md5(seed:customer id) are called.
    The seed of a policy without events is "its own:the month its period began". Without a draw (full coverage) there is no frame.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="frames", db_index=False)
    team = models.ForeignKey("people.Team", models.CASCADE, related_name="+", verbose_name=_("team"))
    region = models.ForeignKey(
        "customers.Region", models.CASCADE, null=True, related_name="+", verbose_name=_("region")
    )
    deadline = models.DateTimeField(_("deadline"))
    eligible = models.PositiveIntegerField(_("eligible"))
    left_out = models.PositiveIntegerField(_("not drawn"))
    seed = models.CharField(_("sampling seed"), max_length=32)
    counted_at = models.DateTimeField(_("counted"))

    objects = FrameQuerySet.as_manager()

    class Meta:
        verbose_name = _("sampling frame")
        verbose_name_plural = _("sampling frames")
        # Replaced as a whole, under the lock of its policy.
        indexes = [models.Index(fields=["policy", "deadline"], name="frame_of_policy")]

    def __str__(self):
        return f"{self.policy_id}: {self.eligible}"
