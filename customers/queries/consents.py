"""Consent as its page shows it, and which channels are open to a customer for a purpose (CUS-8)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from customers.models import Channel, Consent, Customer
from customers.queries.contact import decide_many


def consent_history(customer: Customer) -> QuerySet[Consent]:
    """Every word the customer has said about being contacted, newest first: one query."""
    return customer.consents.select_related("by").order_by("-at", "-id")


def usable_channels(
    customer: Customer, *, purpose: str, campaign_code: str, channels: Iterable[str], now: datetime
) -> list[str]:
    """Those of ``channels``, in their order, by which the customer may be contacted for the purpose, now or later.

    Consent, do-not-call and an address to send to are asked for; hours and caps only delay and do not count.
    """
    found = []
    for channel in channels:
        ask = {"channel": channel, "purpose": purpose, "campaign_code": campaign_code, "now": now}
        decision = decide_many([customer.pk], **ask)[customer.pk]
        passing = all(reason.until is not None for reason in decision.reasons)
        if passing and _has_address(customer, channel):
            found.append(channel)
    return found


def _has_address(customer, channel):
    """Phone and SMS are asked about a number by the decision itself."""
    if channel == Channel.EMAIL:
        return bool(customer.email)
    return bool(customer.address) if channel in (Channel.POST, Channel.VISIT) else True
