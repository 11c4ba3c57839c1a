"""Orders: what an agent claims to have sold; valid only when QA finds all four criteria met (QA-3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callbacks.models.calls import Call
from callbacks.states import ORDER_MOVES, OrderState
from callcenter.models import Step
from campaigns.models import Account, Campaign


class OrderQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope().rows(team="call__team", own="agent", client="campaign__client"))


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

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [models.Index(fields=["sold_on", "campaign"], name="order_of_day")]

    def __str__(self):
        return f"#{self.pk}"


class OrderStep(Step):
    case = models.ForeignKey(Order, models.CASCADE, related_name="steps")


Order.STEP = OrderStep
