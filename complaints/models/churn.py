"""Early warning of churn: rules as data, one warning per customer, the reasons for it (CUS-10)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callcenter.access import Role
from callcenter.models import Step
from complaints.states import WARNING_MOVES, WARNING_OPEN, WarningState
from customers.models import Client, Customer


class ChurnRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rules belong to the centre: whoever works with warnings sees all of them."""
        return self if user.scope().has(Role.LEAD, Role.MANAGER, Role.COMPLAINT) else self.none()


class ChurnRule(models.Model):
    """One sign that a customer may leave. Which columns count depends on the kind; ``complaints.rules.churn`` names them."""

    class Kind(models.TextChoices):
        CONTRACT_END = "contract_end", _("contract ends soon")
        SPEND_DOWN = "spend_down", _("spend has fallen")
        LOW_SCORES = "low_scores", _("repeated low scores")
        COMPLAINTS = "complaints", _("open complaints")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    client = models.ForeignKey(
        Client,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("client"),
        help_text=_("Empty: every client."),
    )
    days = models.PositiveSmallIntegerField(
        _("days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Contract: ends within so many days. Scores: given within so many days."),
    )
    percent = models.PositiveSmallIntegerField(
        _("percent"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Spend: the last 30 days lie so far below the monthly average of the 3 months before."),
    )
    times = models.PositiveSmallIntegerField(
        _("times"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Scores and complaints: so many."),
    )
    score = models.DecimalField(
        _("score"),
        max_digits=3,
        decimal_places=1,
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Scores: the mean of a reply's 1 to 5 answers is this or lower."),
    )
    in_a_row = models.BooleanField(
        _("in a row"), default=True, help_text=_("Scores: the last replies, without a better one between.")
    )
    event_kind = models.CharField(
        _("event"),
        max_length=40,
        blank=True,
        help_text=_(
            "Contract and spend: the kind of service event that tells it; contract: empty means a "
            "further field of the customer."
        ),
    )
    field = models.CharField(
        _("field"),
        max_length=40,
        blank=True,
        help_text=_("The field with the date (2027-06-30) or the amount."),
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("quiet days"),
        default=90,
        validators=[MaxValueValidator(730)],
        help_text=_("After a warning was settled, the same rule is silent about the customer for so long."),
    )
    active = models.BooleanField(_("active"), default=True)

    objects = ChurnRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of the churn warning")
        verbose_name_plural = _("rules of the churn warning")
        constraints = [
            models.CheckConstraint(
                name="churn_rule_has_its_field",
                condition=Q(kind__in=["low_scores", "complaints"]) | ~Q(field=""),
            ),
            models.CheckConstraint(
                name="churn_spend_has_its_event", condition=~Q(kind="spend_down") | ~Q(event_kind="")
            ),
        ]

    def __str__(self):
        return self.name


class WarningQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Warnings about the customers in scope: those of the person's teams and units; a client's observer sees none."""
        return self.filter(user.scope().rows(team="customer__team", unit="customer__unit"))

    def led_by(self, user):
        """Warnings the person may settle and make tasks of: about customers of the teams and units they lead."""
        lead = (Role.LEAD, Role.MANAGER)
        return self.filter(user.scope().rows(team="customer__team", unit="customer__unit", only=lead))

    def unsettled(self):
        """Warnings somebody still has to do something about."""
        return self.filter(state__in=WARNING_OPEN)


class ChurnWarning(models.Model):
    """A customer who may leave. At most one unsettled warning per customer; its reasons come and go with the nights."""

    MOVES = WARNING_MOVES

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="churn_warnings", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=10, choices=WarningState, default=WarningState.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    seen_at = models.DateTimeField(_("last seen"))
    task = models.ForeignKey(
        Task,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="churn_warnings",
        verbose_name=_("retention task"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("churn warning")
        verbose_name_plural = _("churn warnings")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                name="one_unsettled_warning",
                condition=Q(state__in=list(WARNING_OPEN)),
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="churn_warning_list")]

    def __str__(self):
        return f"W{self.pk}"


class WarningStep(Step):
    case = models.ForeignKey(ChurnWarning, models.CASCADE, related_name="steps")


ChurnWarning.STEP = WarningStep


class ChurnReason(models.Model):
    """Why a customer may leave, as a rule saw it last: ``facts`` are the values of its sentence."""

    warning = models.ForeignKey(ChurnWarning, models.CASCADE, related_name="reasons")
    rule = models.ForeignKey(ChurnRule, models.CASCADE, related_name="reasons")
    kind = models.CharField(_("kind"), max_length=16, choices=ChurnRule.Kind)
    facts = models.JSONField(default=dict)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("reason of a churn warning")
        verbose_name_plural = _("reasons of churn warnings")
        constraints = [models.UniqueConstraint(fields=["warning", "rule"], name="churn_reason_once")]

    def __str__(self):
        return f"{self.kind} {self.facts}"
