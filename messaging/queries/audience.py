"""Whom a batch speaks to: the filters of the customer list, kept as plain values (CB-9)."""

from collections import Counter

from django.db.models import Exists, OuterRef, QuerySet

from customers.models import Channel, Client, Customer, Phone, Region
from customers.queries import customer_list
from messaging.queries.addresses import TEXTABLE
from people.models import Team

KINDS = {"client": Client, "region": Region, "team": Team}


def plain(filters: dict) -> dict:
    """Filters as they are stored: rows by their number, empty ones left out."""
    return {name: getattr(value, "pk", value) for name, value in filters.items() if value not in ("", None)}


def audience(user, filters: dict) -> QuerySet[Customer]:
    """The customers in the scope of ``user`` that stored filters choose; none when what a filter names is gone."""
    given = {}
    for name, value in filters.items():
        kind = KINDS.get(name)
        if kind is not None:
            rows = kind.objects.visible_to(user) if hasattr(kind.objects, "visible_to") else kind.objects
            value = rows.filter(pk=value).first()
            if value is None:
                return Customer.objects.none()
        given[name] = value
    rows = customer_list(user, **given).prefetch_related(None).filter(restriction="")
    return rows.order_by("id")


def with_address(customers: QuerySet[Customer], channel: str) -> QuerySet[Customer]:
    """Those of the customers that have an address for the channel."""
    if channel == Channel.EMAIL:
        return customers.exclude(email="")
    if channel == Channel.POST:
        return customers.exclude(address="")
    numbers = Phone.objects.usable().filter(customer=OuterRef("pk"), kind__in=TEXTABLE)
    return customers.filter(Exists(numbers))


def added(counts: dict, more: Counter) -> dict:
    """Counts by code, added up."""
    return dict(Counter(counts) + more)
