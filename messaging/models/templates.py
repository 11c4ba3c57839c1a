"""Texts of messages: a template per channel and kind, versioned, approved by a second person before use (CB-9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.models import Step
from callcenter.texts import localized
from customers.models import Channel, Purpose
from messaging.states import VERSION_MOVES, VersionState

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)


class TemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The texts belong to the centre: whoever works with messages sees all of them."""
        return self if user.scope().has(*READERS) else self.none()


class Template(models.Model):
    """A text under one name. ``channel`` is how it goes out, ``purpose`` which consent it needs (CUS-8)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday greeting")
        INFORMATION = "information", _("useful information")
        TIP = "tip", _("tip")
        AFTER_REPAIR = "after_repair", _("after a repair")
        THANKS = "thanks", _("thanks")
        SURVEY = "survey", _("survey invitation")
        IMPROVEMENT = "improvement", _("improvement notice")
        CONFIRMATION = "confirmation", _("confirmation of a trial")
        UNSUBSCRIBED = "unsubscribed", _("answer to a stop word")

    CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.POST)

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.JSONField(_("name"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    channel = models.CharField(
        _("channel"), max_length=10, choices=[(one.value, one.label) for one in CHANNELS]
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, default=Purpose.SERVICE)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")

    def __str__(self):
        return localized(self.name)

    @property
    def invites(self):
        """Whether its text carries a link of the customer's own: to a questionnaire, or to the question about a trial."""
        return self.kind in (self.Kind.SURVEY, self.Kind.CONFIRMATION)


class TemplateVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The versions of the templates in scope."""
        return self.filter(template__in=Template.objects.visible_to(user))

    def usable(self):
        return self.filter(state=VersionState.APPROVED)


class TemplateVersion(models.Model):
    """``subjects`` (e-mail and letter) and ``bodies`` by language, with the merge fields of ``rules.fields``."""

    MOVES = VERSION_MOVES

    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    subjects = models.JSONField(_("subject"), default=dict, blank=True)
    bodies = models.JSONField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="message_text_once"),
            models.UniqueConstraint(
                fields=["template"],
                name="one_approved_message_text",
                condition=Q(state=VersionState.APPROVED),
            ),
        ]

    def __str__(self):
        return f"{self.template} v{self.number}"


class TemplateVersionStep(Step):
    case = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="steps")


TemplateVersion.STEP = TemplateVersionStep
