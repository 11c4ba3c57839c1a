"""Account: a customer in a campaign, the unit of the KPIs (DESIGN section 3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from customers.models import Customer


class Account(models.Model):
    """What the distinct counts need; ``*_on`` are local days of the site, the first on which it became true."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="accounts", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="accounts")
    team = models.ForeignKey("people.Team", models.PROTECT, null=True, blank=True, related_name="+")
    loaded_on = models.DateField(_("loaded"))
    first_called_on = models.DateField(_("first called"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    completed_on = models.DateField(_("completed"), null=True, blank=True)
    sold_on = models.DateField(_("sold"), null=True, blank=True)
    useless_on = models.DateField(_("found useless"), null=True, blank=True)
    # Given back unused by a quota plan: it no longer counts, and may be drawn again (CAM-3).
    reclaimed_on = models.DateField(_("given back"), null=True, blank=True)
    useless_code = models.CharField(_("why useless"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(fields=["campaign", "customer"], name="account_once")]
        indexes = [
            models.Index(
                fields=["campaign", "useless_on"], name="account_useless", condition=~Q(useless_on=None)
            )
        ]

    def __str__(self):
        return f"{self.campaign_id}:{self.customer_id}"
