"""Personal data that must not go, and personal data that must: legal holds and retention (CUS-11)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from customers.models.archive import Client, Customer
from customers.rules.retention import ANSWERS, CALLS, CASES, EVENTS, KINDS, MESSAGES, RECORDINGS, floor_of


class LegalHoldQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Holds on customers in scope."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def in_force(self, now):
        """Holds that neither somebody has lifted nor time has ended."""
        return self.filter(lifted_at=None).filter(Q(until=None) | Q(until__gt=now))


class LegalHold(models.Model):
    """A customer whose data must stay, whatever else is asked; contacts go on. Lifted by another person than placed it."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    placed_at = models.DateTimeField(_("placed"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                name="hold_lifted_by_another", condition=Q(lifted_by=None) | ~Q(lifted_by=F("placed_by"))
            )
        ]
        indexes = [
            models.Index(fields=["customer"], name="hold_not_lifted", condition=Q(lifted_at=None)),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.placed_at:%Y-%m-%d}"


def held(now, customer="pk"):
    """The condition that a customer, named by the lookup, is under a legal hold at ``now``."""
    return Exists(LegalHold.objects.in_force(now).filter(customer=OuterRef(customer)))


class Retention(models.Model):
    """How many days one client's records of one kind keep what they say; then the row stays and the texts go."""

    class Kind(models.TextChoices):
        CALLS = CALLS, _("calls: numbers and notes")
        RECORDINGS = RECORDINGS, _("recordings of calls")
        MESSAGES = MESSAGES, _("messages: addresses and texts")
        EVENTS = EVENTS, _("service events: what they say")
        ANSWERS = ANSWERS, _("answers in the customer's own words")
        CASES = CASES, _("issues and complaints: what was said")

    client = models.ForeignKey(Client, models.CASCADE, related_name="retentions", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    days = models.PositiveIntegerField(_("days"))

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        constraints = [
            models.UniqueConstraint(fields=["client", "kind"], name="retention_once"),
            *[
                models.CheckConstraint(
                    name=f"retention_floor_{kind}", condition=~Q(kind=kind) | Q(days__gte=least)
                )
                for kind, (_label, least) in KINDS.items()
            ],
        ]

    def __str__(self):
        return f"{self.client} {self.get_kind_display()}"

    def clean(self):
        """The law's least number of days cannot be undercut."""
        if self.kind in KINDS and self.days is not None and self.days < floor_of(self.kind):
            text = _now("These records are kept for %(days)s days at least.") % {"days": floor_of(self.kind)}
            raise ValidationError({"days": text})
