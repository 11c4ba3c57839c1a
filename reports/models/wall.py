"""Links that show a team's figures on a television without a sign-in: read-only, expiring, revocable (KPI-10)."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

SALT = "reports.wall"


class WallLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(team="team"))

    def working(self, now):
        return self.filter(revoked_at=None, expires_at__gt=now)


class WallLink(models.Model):
    """One television. The address is signed and not kept; the row can be revoked at any moment."""

    team = models.ForeignKey("people.Team", models.CASCADE, related_name="+", verbose_name=_("team"))
    name = models.CharField(_("where it hangs"), max_length=80)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    seen_at = models.DateTimeField(_("last opened"), null=True)

    objects = WallLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("wallboard link")
        verbose_name_plural = _("wallboard links")
        indexes = [models.Index(fields=["team", "-id"], name="wall_of_team")]

    def __str__(self):
        return self.name

    @property
    def token(self) -> str:
        """What stands in the address: the row's number, signed."""
        return signing.Signer(salt=SALT).sign(str(self.pk))


def link_number(token) -> int | None:
    """The number in a signed address; None for anything that we have not signed."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
