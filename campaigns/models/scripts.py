"""Scripts (话术): versioned texts with merge fields and mandatory statements (CAM-5)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from customers.models import Client

# What a script is for: a type of campaign, or the callback on a new policy, whose seven points the rules of the trade name.
NEW_POLICY = "new_policy"
KINDS = [*Campaign.Kind.choices, (NEW_POLICY, _("new-policy callback"))]


class ScriptQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see all scripts; a client's observer those written for the client."""
        scope = user.scope()
        if scope.has("manager", "lead", "trainer", "qa", "qa_supervisor"):
            return self
        return self.filter(client_id__in=[grant.client_id for grant in scope.grants if grant.client_id])


class Script(models.Model):
    """With a client, a version also needs that client's approval before use (CAM-5).

    ``kind`` says which disclosures its versions must contain; empty demands none.
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("made for"), max_length=16, choices=KINDS, blank=True)
    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )

    objects = ScriptQuerySet.as_manager()

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")

    def __str__(self):
        return self.name


class ScriptVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The versions of the scripts in scope."""
        return self.filter(script__in=Script.objects.visible_to(user))

    def usable(self):
        """Approved by a second person, and by the client where the script has one (CAM-5)."""
        approved = self.filter(approved_at__isnull=False)
        return approved.filter(models.Q(script__client=None) | models.Q(client_approved_at__isnull=False))


class ScriptVersion(models.Model):
    """Texts in three languages with merge fields; ``statements`` must be read out and ticked.

    ``legal_opening`` replaces ``opening`` in dunning for debts older than three months. ``statements`` is a list of
    ``{"code": "price", "text": {language: text}}``; ``steps`` is the whole outline between opening and closing as
    ``rules.outline`` reads it, from which the statements are taken.
    """

    script = models.ForeignKey(Script, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    opening = models.JSONField(_("opening"))
    closing = models.JSONField(_("closing"))
    apology = models.JSONField(_("closing after dissatisfaction"), default=dict, blank=True)
    legal_opening = models.JSONField(_("opening for debts over three months"), default=dict, blank=True)
    steps = models.JSONField(_("outline"), default=list, blank=True)
    statements = models.JSONField(_("mandatory statements"), default=list, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    client_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    client_approved_at = models.DateTimeField(_("approved by the client"), null=True, blank=True)
    client_evidence = models.CharField(_("evidence of the client's approval"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    objects = ScriptVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("script version")
        verbose_name_plural = _("script versions")
        constraints = [models.UniqueConstraint(fields=["script", "number"], name="script_version_once")]

    def __str__(self):
        return f"{self.script} v{self.number}"

    @property
    def is_draft(self):
        """Whether it can still be edited: nobody has approved it yet."""
        return self.approved_at is None and self.client_approved_at is None

    @property
    def is_usable(self):
        """Whether a campaign may use it."""
        return self.approved_at is not None and (
            self.script.client_id is None or self.client_approved_at is not None
        )
