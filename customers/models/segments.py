"""Saved segments: who is meant, in conditions instead of SQL (CUS-5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from customers.models.archive import Client

SEGMENT_ROLES = (Role.LEAD, Role.MANAGER)


class SegmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own segments and those shared with everybody who works with segments; administrators see all.

        Seeing a segment is seeing its conditions. Whom it yields is a matter of the scope of who runs it.
        """
        scope = user.scope()
        if scope.everything:
            return self
        return self.filter(Q(owner=user) | Q(shared=True)) if scope.has(*SEGMENT_ROLES) else self.none()

    def editable_by(self, user):
        """One's own; others copy. Administrators may change all."""
        return self.visible_to(user) if user.scope().everything else self.visible_to(user).filter(owner=user)


class Segment(models.Model):
    """``definition`` is what ``rules.segments.read_definition`` reads; ``client`` narrows it to one client's customers."""

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="segments", verbose_name=_("owner")
    )
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    shared = models.BooleanField(_("shared"), default=False)
    definition = models.JSONField(_("conditions"), default=dict)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("updated"))
    version = models.PositiveIntegerField(default=1)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        indexes = [models.Index(fields=["-updated_at", "-id"], name="segment_latest")]

    def __str__(self):
        return self.name


class SegmentCount(models.Model):
    """How many customers of one person's scope a segment had when that person last counted."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="counts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    customers = models.PositiveIntegerField(_("customers"))
    at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("count of a segment")
        verbose_name_plural = _("counts of segments")
        constraints = [models.UniqueConstraint(fields=["segment", "user"], name="segment_count_once")]

    def __str__(self):
        return f"{self.segment_id}: {self.customers}"
