"""Dispositions (小结) are data; every formula reads their flags, never their names (CB-4, domain.md section 3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter.texts import localized


class DispositionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Results are reference data: everybody who is signed in sees them."""
        return self

    def offered(self):
        """What an agent may choose: active and not given by the system alone."""
        return self.filter(active=True, system=False)


class Disposition(models.Model):
    class Retry(models.TextChoices):
        NONE = "", _("no retry")
        DELAY = "delay", _("after a delay")
        OTHER_PART = "other_part", _("in another part of the day")
        HALF_DAY = "half_day", _("next half-day")
        AGREED = "agreed", _("at the agreed time")

    class PhoneState(models.TextChoices):
        KEEP = "", _("number stays")
        EMPTY = "empty", _("vacant number")
        SUSPENDED = "suspended", _("service suspended")
        WRONG = "wrong", _("wrong number")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.JSONField(_("name"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    # The digit that codes it while the phone rings, or after the call; empty = chosen from the list only.
    ring_key = models.CharField(_("key while ringing"), max_length=1, blank=True)
    wrap_key = models.CharField(_("key in wrap-up"), max_length=1, blank=True)
    attempt = models.BooleanField(_("attempt"), default=True)
    connected = models.BooleanField(_("connected"), default=False)
    reached = models.BooleanField(_("right party reached"), default=False)
    completed = models.BooleanField(_("completed"), default=False)
    sold = models.BooleanField(_("sale"), default=False)
    refused = models.BooleanField(_("refused"), default=False)
    useless = models.BooleanField(_("useless data"), default=False)
    closes = models.BooleanField(_("closes the task"), default=False)
    do_not_call = models.BooleanField(_("do not call again"), default=False)
    appointment = models.BooleanField(_("asks for an agreed time"), default=False)
    offers_channel = models.BooleanField(_("offers another channel"), default=False)
    phone_state = models.CharField(_("number becomes"), max_length=10, choices=PhoneState, blank=True)
    retry = models.CharField(_("retry"), max_length=12, choices=Retry, blank=True)
    retry_seconds = models.PositiveIntegerField(_("retry after seconds"), default=0)
    # Campaign types in which this result is offered; empty = in all.
    kinds = models.JSONField(_("offered in campaigns of type"), default=list, blank=True)
    system = models.BooleanField(_("given by the system"), default=False)
    active = models.BooleanField(_("active"), default=True)

    objects = DispositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = [
            models.CheckConstraint(
                name="disposition_flags_agree",
                condition=(models.Q(completed=False) | models.Q(reached=True))
                & (models.Q(reached=False) | models.Q(connected=True))
                & (models.Q(sold=False) | models.Q(completed=True)),
            )
        ]

    def __str__(self):
        return localized(self.name)
