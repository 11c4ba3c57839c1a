"""What decides whether a customer may be contacted (CUS-7, CUS-8), and the ledger that caps rest on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.archive import Customer, Region


class Channel(models.TextChoices):
    PHONE = "phone", _("phone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    POST = "post", _("post")
    VISIT = "visit", _("visit")


class Purpose(models.TextChoices):
    """Why a customer is contacted; consent, refusals and windows are kept per purpose."""

    SERVICE = "service", _("service callback")
    SALES = "sales", _("sales")
    SURVEY = "survey", _("survey")
    DUNNING = "dunning", _("dunning")


class ConsentQuerySet(models.QuerySet):
    def withdrawals_to_obey(self):
        """Withdrawals whose consequences the apps above have not drawn yet."""
        return self.filter(state=Consent.State.WITHDRAWN, obeyed_at=None)


class Consent(models.Model):
    """The state of one customer's consent for a channel and purpose; every change is a new row, the latest counts."""

    class State(models.TextChoices):
        GRANTED = "granted", _("granted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    state = models.CharField(_("state"), max_length=10, choices=State)
    source = models.CharField(_("source"), max_length=120)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # When the apps above took the customer's tasks off a channel that was withdrawn; the decision itself never waits for it.
    obeyed_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [
            models.Index(fields=["customer", "channel", "purpose", "-at"], name="consent_latest"),
            # The sweep that takes tasks off a withdrawn channel.
            models.Index(
                fields=["id"], name="consent_to_obey", condition=Q(state="withdrawn", obeyed_at=None)
            ),
            # A policy leaves out whoever has withdrawn its channels.
            models.Index(
                fields=["purpose", "channel", "customer"],
                name="consent_withdrawn",
                condition=Q(state="withdrawn"),
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.purpose} {self.state}"


class DayType(models.TextChoices):
    WORKING = "working", _("working day")
    WEEKEND = "weekend", _("weekend")
    HOLIDAY = "holiday", _("holiday")


class CallingWindow(models.Model):
    """When contacts are allowed: by purpose, region and day type, empty meaning any; the most specific row wins (CUS-7).

    ``ranges`` are ``["HH:MM", "HH:MM"]`` pairs on the clock of the site's zone; no range forbids such a day.
    """

    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="+")
    day_type = models.CharField(_("day type"), max_length=10, choices=DayType, blank=True)
    ranges = models.JSONField(_("ranges"), default=list, blank=True)

    class Meta:
        verbose_name = _("calling window")
        verbose_name_plural = _("calling windows")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "region", "day_type"],
                name="window_of_region_once",
                condition=Q(region__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["purpose", "day_type"], name="window_once", condition=Q(region__isnull=True)
            ),
        ]

    def __str__(self):
        ranges = ", ".join("-".join(pair) for pair in self.ranges)
        return " · ".join(filter(None, [self.get_purpose_display(), self.get_day_type_display(), ranges]))


def contract_purposes():
    """Service calls and payment reminders; sales and surveys need the customer's consent."""
    return [Purpose.SERVICE.value, Purpose.DUNNING.value]


def final_purposes():
    """No sales call after a clear refusal (13 departments' plan against nuisance calls, domain.md section 2)."""
    return [Purpose.SALES.value]


class ContactRule(models.Model):
    """Caps and gaps per customer across all campaigns; a row for key customers may be stricter."""

    key_customer = models.BooleanField(_("key customers"), default=False, unique=True)
    max_per_day = models.PositiveSmallIntegerField(_("calls in 24 hours at most"), default=5)
    max_per_five_minutes = models.PositiveSmallIntegerField(_("calls in 5 minutes at most"), default=3)
    gap_days = models.PositiveSmallIntegerField(_("days without contact after a completed one"), default=0)
    refusal_days = models.PositiveSmallIntegerField(
        _("days without contact for the same purpose after a refusal"), default=180
    )
    refusals_forever = models.PositiveSmallIntegerField(
        _("refusals of a purpose that end it for good"), default=3
    )
    # Purposes that a single refusal ends for good; for the others the days and the count above hold.
    final_purposes = models.JSONField(
        _("purposes that one refusal ends for good"), default=final_purposes, blank=True
    )
    # Purposes whose calls, letters and visits rest on the client's contract with the customer; a withdrawal still ends them
    # (PIPL 13).
    contract_purposes = models.JSONField(
        _("purposes that need no consent by phone, post or visit"), default=contract_purposes, blank=True
    )

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")

    def __str__(self):
        return str(_("key customers") if self.key_customer else _("all customers"))


class Contact(models.Model):
    """Ledger: one slim row per call or message, written by the apps above, so that caps hold across campaigns."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.CharField(max_length=10, choices=Purpose)
    number = models.CharField(max_length=20, blank=True)
    campaign_code = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    completed = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="contact_latest"),
            # Who was contacted since then: a segment's question.
            models.Index(fields=["at", "customer"], name="contact_since", include=["completed"]),
        ]

    def __str__(self):
        return f"{self.channel} {self.at:%Y-%m-%d %H:%M}"
