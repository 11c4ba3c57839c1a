"""What decides whether a customer may be contacted (CUS-6 … CUS-8), and the ledger that caps rest on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.archive import Client, Customer, Region


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

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["customer", "channel", "purpose", "-at"], name="consent_latest")]

    def __str__(self):
        return f"{self.channel} {self.purpose} {self.state}"


class BlacklistQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries about customers in scope, and numbers without a customer: those concern every team (CUS-6)."""
        scope = user.scope()
        if scope.everything:
            return self
        reached = scope.rows(team="customer__team", unit="customer__unit", client="client")
        staff = not scope.roles <= {"client", "agent", "department"}
        return self.filter(reached | Q(customer__isnull=True)) if staff else self.filter(reached)

    def in_force(self, now):
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))


class BlacklistEntry(models.Model):
    """Do-not-call (谢绝来电): a person or a number; everywhere, for a client, or for a purpose."""

    class Category(models.TextChoices):
        """What people choose from; the apps above may write others."""

        ASKED = "asked", _("asked not to be called")
        COMPLAINT = "complaint", _("after a complaint")
        LEGAL = "legal", _("legal or regulatory")
        INTERNAL = "internal", _("internal decision")

    number = models.CharField(_("number"), max_length=20, blank=True)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, blank=True, related_name="blacklist_entries"
    )
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    campaign_code = models.CharField(_("campaign"), max_length=40, blank=True)
    category = models.CharField(_("category"), max_length=40)
    reason = models.CharField(_("reason"), max_length=300)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = BlacklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("do-not-call entry")
        verbose_name_plural = _("do-not-call list")
        constraints = [
            models.CheckConstraint(
                name="blacklist_names_somebody", condition=~Q(number="") | Q(customer__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["number"], name="blacklist_number", condition=~Q(number="")),
        ]

    def __str__(self):
        return self.number or str(self.customer_id)


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
    # Purposes whose calls rest on the client's contract with the customer; a withdrawal still ends them (PIPL 13).
    contract_purposes = models.JSONField(
        _("purposes that need no consent by phone"), default=contract_purposes, blank=True
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
