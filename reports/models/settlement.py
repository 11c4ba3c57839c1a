"""Settlement: schemes, which campaign is settled by which, and the statements of a client's months (KPI-13)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from callcenter.access import Role
from callcenter.models import Step
from campaigns.models import Campaign
from customers.models import Client
from people.models import Team


class StatementState(models.TextChoices):
    """A draft is counted anew at will; a signed statement never changes: what comes later is a correction."""

    DRAFT = "draft", _("draft")
    SIGNED = "signed", _("signed")


STATEMENT_MOVES = {StatementState.DRAFT: {StatementState.SIGNED}, StatementState.SIGNED: set()}


def usual_shares():
    """Half the fee in the first month, 15 % in the five that follow: 125 % in all."""
    return ["50", "15", "15", "15", "15", "15"]


def money_field(label, default, **options):
    return models.DecimalField(
        label, max_digits=10, decimal_places=2, default=default, validators=[MinValueValidator(0)], **options
    )


class SettlementScheme(models.Model):
    """What is paid for what. Once a signed statement has used it, it stays as it is; another one takes its place.

    ``fee_percents`` are decimals as text, by month of the service. ``monthly_fee`` stands for orders without an amount.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    fee_percents = models.JSONField(_("share of the monthly fee, by month"), default=usual_shares)
    monthly_fee = money_field(_("monthly fee of an order without an amount"), Decimal())
    per_questionnaire = money_field(_("per valid questionnaire"), Decimal(2))
    per_void_order = money_field(_("penalty per unqualified order"), Decimal(50))
    per_complaint = money_field(_("penalty per founded complaint"), Decimal(100))
    complaints_double = models.BooleanField(_("complaints are penalised double"), default=True)

    class Meta:
        verbose_name = _("settlement scheme")
        verbose_name_plural = _("settlement schemes")

    def __str__(self):
        return self.name

    @property
    def percents(self) -> list[Decimal]:
        return [Decimal(text) for text in self.fee_percents]


class CampaignScheme(models.Model):
    """By which scheme a campaign is settled from the month ``since`` (its first day) on; earlier ones keep theirs."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", verbose_name=_("campaign"))
    scheme = models.ForeignKey(
        SettlementScheme, models.PROTECT, related_name="campaigns", verbose_name=_("settlement scheme")
    )
    since = models.DateField(_("from the month"))

    class Meta:
        verbose_name = _("settlement of a campaign")
        verbose_name_plural = _("settlement of campaigns")
        constraints = [models.UniqueConstraint(fields=["campaign", "since"], name="one_scheme_a_month")]

    def __str__(self):
        return f"{self.campaign} · {self.scheme}"


def whole_clients(user):
    """The clients whose every campaign is worked by teams that the manager reaches; an administrator reaches all."""
    scope = user.scope()
    if scope.everything:
        return Client.objects.all()
    if not scope.has(Role.MANAGER):
        return Client.objects.none()
    others = Team.objects.exclude(pk__in=scope.team_ids(Role.MANAGER))
    return Client.objects.filter(~Exists(others.filter(campaigns__client=OuterRef("pk"))))


class StatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see the statements of clients all of whose teams they reach, an observer the own client's signed ones."""
        signed = Q(user.scope().rows(client="client"), state=StatementState.SIGNED)
        return self.filter(Q(client__in=whole_clients(user)) | signed)


class Statement(models.Model):
    """One client's month (its first day). ``counted_at`` is the data's cut-off: what was recorded later is not in it."""

    MOVES = STATEMENT_MOVES

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", verbose_name=_("client"))
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=StatementState, default=StatementState.DRAFT)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=0)
    counted_at = models.DateTimeField(_("counted"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(fields=["client", "month"], name="one_statement_a_month"),
            models.CheckConstraint(
                name="signed_by_a_second_person",
                condition=Q(state=StatementState.DRAFT)
                | (Q(signed_by__isnull=False) & (Q(made_by=None) | ~Q(signed_by=models.F("made_by")))),
            ),
        ]

    def __str__(self):
        return f"{self.client} {self.month:%Y-%m}"


class StatementStep(Step):
    case = models.ForeignKey(Statement, models.CASCADE, related_name="steps")


Statement.STEP = StatementStep


class StatementLine(models.Model):
    """One line with all it takes to work it out again; ``place`` is the month of the service, ``about`` a corrected month."""

    class Kind(models.TextChoices):
        SHARE = "share", _("share of the monthly fee")
        QUESTIONNAIRE = "questionnaire", _("valid questionnaires")
        VOID_ORDER = "void_order", _("unqualified orders")
        COMPLAINT = "complaint", _("founded complaints")
        CORRECTION = "correction", _("correction of an earlier month")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="+")
    scheme = models.ForeignKey(SettlementScheme, models.PROTECT, null=True, related_name="lines")
    place = models.PositiveSmallIntegerField(_("month of the service"), default=0)
    about = models.DateField(_("corrected month"), null=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    base = models.DecimalField(_("base"), max_digits=16, decimal_places=2, default=0)
    rate = models.DecimalField(_("rate"), max_digits=10, decimal_places=2, default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
