"""Invitations to answer by oneself: one link, one questionnaire version, used once (CAM-7, ISS-6)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from surveys.models.questionnaires import QuestionnaireVersion
from surveys.models.responses import Response


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Invitations of the customers of one's teams and units; an observer's are those of the client (ORG-1)."""
        scope = user.scope()
        return self.filter(
            scope.rows(team="customer__team", unit="customer__unit", client="customer__client")
        )

    def open(self, now):
        """Those that can still be answered."""
        return self.filter(used_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """The link itself is not kept, only its hash: who reads the table cannot answer in a customer's name.

    ``message_key`` is the key of the message that carries the link; ``client_uuid`` makes the answers exactly once.
    """

    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="invitations")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="invitations")
    channel = models.CharField(_("channel"), max_length=10)
    language = models.CharField(_("language"), max_length=10)
    campaign_code = models.CharField(_("campaign"), max_length=40, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    message_key = models.CharField(max_length=120, unique=True)
    client_uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("valid until"))
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    used_at = models.DateTimeField(_("answered"), null=True, blank=True)
    response = models.OneToOneField(
        Response, models.SET_NULL, null=True, blank=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [
            models.Index(fields=["version", "-id"], name="invitation_of_version"),
            models.Index(fields=["customer"], name="invitation_open", condition=Q(used_at=None)),
        ]

    def __str__(self):
        return f"#{self.pk}"
