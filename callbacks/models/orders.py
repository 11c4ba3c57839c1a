"""Orders: what an agent claims to have sold; valid only when QA finds all four criteria met (QA-3).

An order with a trial is billed only after two confirmations, and the row carries the proof itself (CAM-10): the database
refuses a billed row without both instants and the calls or messages they were given in, whoever writes it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call
from callbacks.states import CONFIRMED, ORDER_MOVES, TRIAL_RUNS, OrderState
from callcenter.models import Step
from campaigns.models import Account, Campaign
from messaging.models import Message

# What proves each confirmation: its instant, and the call or the message it was given in.
FIRST = Q(first_at__isnull=False) & (Q(first_call__isnull=False) | Q(first_message__isnull=False))
SECOND = Q(second_at__isnull=False) & (Q(second_call__isnull=False) | Q(second_message__isnull=False))
TWO_CALLS = Q(first_call=None) | Q(second_call=None) | ~Q(first_call=F("second_call"))
TWO_MESSAGES = Q(first_message=None) | Q(second_message=None) | ~Q(first_message=F("second_message"))
BOTH = FIRST & SECOND & Q(second_at__gt=F("first_at")) & TWO_CALLS & TWO_MESSAGES


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(team="call__team", own="agent", client="campaign__client"))

    def trials(self):
        """Orders that have, or had, a trial."""
        return self.filter(trial_ends_on__isnull=False)


class Order(models.Model):
    MOVES = ORDER_MOVES

    call = models.OneToOneField(Call, models.PROTECT, related_name="order")
    account = models.ForeignKey(Account, models.PROTECT, related_name="orders")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="orders")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="orders")
    state = models.CharField(_("state"), max_length=10, choices=OrderState, default=OrderState.CLAIMED)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    sold_on = models.DateField(_("sold"))
    created_at = models.DateTimeField(_("created"))
    # The trial: its length, and its first day after, on which billing may start. Empty: sold without a trial.
    trial_days = models.PositiveSmallIntegerField(_("trial period in days"), default=0)
    trial_ends_on = models.DateField(_("trial ends"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("extended"), default=0)
    # When the customer was told how to cancel by themselves.
    told_at = models.DateTimeField(_("told how to cancel"), null=True, blank=True)
    first_at = models.DateTimeField(_("first confirmation"), null=True, blank=True)
    first_call = models.OneToOneField(Call, models.PROTECT, null=True, blank=True, related_name="+")
    first_message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(_("second confirmation"), null=True, blank=True)
    second_call = models.OneToOneField(Call, models.PROTECT, null=True, blank=True, related_name="+")
    second_message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="+")
    billed_on = models.DateField(_("billing starts"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["sold_on", "campaign"], name="order_of_day"),
            # The sweep: trials that end.
            models.Index(
                fields=["trial_ends_on", "id"], name="trial_ends", condition=Q(state__in=list(TRIAL_RUNS))
            ),
            # The list of trials.
            models.Index(
                fields=["state", "-id"], name="trial_by_state", condition=Q(trial_ends_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="trial_has_an_end",
                condition=~Q(state__in=[*TRIAL_RUNS, OrderState.BILLING])
                | Q(trial_ends_on__isnull=False, trial_days__gte=1),
            ),
            models.CheckConstraint(name="trial_extended_once", condition=Q(extensions__lte=1)),
            models.CheckConstraint(
                name="trial_confirmed_once", condition=~Q(state=OrderState.CONFIRMED_ONCE) | FIRST
            ),
            models.CheckConstraint(
                name="trial_confirmed_twice", condition=~Q(state__in=list(CONFIRMED)) | BOTH
            ),
            # Also of one that was billed and is so no more.
            models.CheckConstraint(
                name="billed_means_confirmed",
                condition=Q(billed_on=None) | (BOTH & Q(billed_on__gte=F("trial_ends_on"))),
            ),
            models.CheckConstraint(
                name="billing_has_a_day",
                condition=~Q(state=OrderState.BILLING) | Q(billed_on__isnull=False),
            ),
            # "Valid" is for sales without a trial: nothing that counts may go round the confirmations.
            models.CheckConstraint(
                name="trial_is_never_just_valid",
                condition=~Q(state=OrderState.VALID) | Q(trial_ends_on=None),
            ),
        ]

    def __str__(self):
        return f"#{self.pk}"


class OrderStep(Step):
    case = models.ForeignKey(Order, models.CASCADE, related_name="steps")


Order.STEP = OrderStep
