"""What a call is about, as far as a script names it: the product and the age of a debt (CAM-5)."""

from datetime import date, datetime

from django.conf import settings

from callcenter.workdays import local_day
from campaigns.models import Campaign
from customers.models import ServiceEvent

ARREARS = "arrears"


def debt_days_of(customer, *, now: datetime) -> int | None:
    """The age of the customer's debt in days by the latest event of arrears; None where there is none on record.

    The event's field ``since`` is the day from which it is owed; without one that can be read it is the event's own day.
    """
    event = (
        ServiceEvent.objects.filter(customer_id=customer.pk, kind=ARREARS, occurred_at__lte=now)
        .order_by("-occurred_at", "-id")
        .first()
    )
    if event is None:
        return None
    today = local_day(now, settings.TIME_ZONE)
    try:
        since = date.fromisoformat(str(event.facts.get("since", ""))[:10])
    except ValueError:
        since = local_day(event.occurred_at, settings.TIME_ZONE)
    return max((today - since).days, 0)


def product_of(customer, *, now: datetime) -> str:
    """The product of the customer's latest event that names one; "" where none does."""
    facts = (
        ServiceEvent.objects.filter(customer_id=customer.pk, occurred_at__lte=now, facts__has_key="product")
        .order_by("-occurred_at", "-id")
        .values_list("facts", flat=True)
        .first()
    )
    return str((facts or {}).get("product", ""))[:120]


def occasion_of(*, campaign: Campaign, version, customer, now: datetime) -> dict:
    """The values of ``rendered_script`` that this version needs; one query per value it uses, none for others."""
    found: dict = {"today": local_day(now, settings.TIME_ZONE)}
    if version is None:
        return found
    wordings = any(version.legal_opening.values()) or any(step.get("wording") for step in version.steps)
    if campaign.kind == Campaign.Kind.DUNNING and wordings:
        found["debt_days"] = debt_days_of(customer, now=now)
    if "{product}" in f"{version.opening}{version.legal_opening}{version.steps}{version.closing}":
        found["product"] = product_of(customer, now=now)
    return found
