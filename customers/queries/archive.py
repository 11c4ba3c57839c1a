"""The customer archive as lists and pages show it (CUS-1, CUS-9)."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from callcenter.sealing import fingerprints
from customers.models import BlacklistEntry, Client, Customer, Phone, Region
from customers.queries.completeness import filled
from customers.queries.names import FEW, named
from customers.queries.numbers import e164
from customers.queries.reference import region_paths
from customers.rules.identity import IdentityRejected, read_identity
from people.models import Team

RECENT = 5


def customer_list(
    user,
    *,
    q: str = "",
    number: str = "",
    client: Client | None = None,
    region: Region | None = None,
    team: Team | None = None,
    level: str = "",
    nature: str = "",
    key_customer: bool | None = None,
    missing: str = "",
) -> QuerySet[Customer]:
    """Customers in the scope of ``user``, newest first, with what a list shows: three queries with their phones.

    ``q`` is the beginning of a name, or a whole customer number; ``number`` a whole phone or identity number however it is
    typed (a part of one finds nobody). A region includes those below it. ``missing`` names a field that is empty (CUS-4).
    """
    rows = Customer.objects.records().visible_to(user).select_related("client", "region", "team", "unit")
    if q.strip():
        rows = rows.filter(named(q))
    if number:
        rows = rows.filter(pk__in=_known_by(number))
    if region is not None:
        rows = rows.filter(region_id__in=regions_below(region))
    exact = {"client": client, "team": team, "level": level, "nature": nature}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if key_customer is not None:
        rows = rows.filter(key_customer=key_customer)
    if missing:
        rows = rows.exclude(filled(missing)).exclude(restriction=Customer.Restriction.ERASED)
    phones = Prefetch("phones", Phone.objects.order_by("-preferred", "id"))
    return rows.prefetch_related(phones).order_by("-id")


def _known_by(number: str) -> list[int]:
    """The ids of those with that phone or identity number: few, and asked first, since a list is planned by the index."""
    phones = Phone.objects.filter(number=e164(number)).values_list("customer_id", flat=True)
    identity = Customer.objects.exclude(id_print="").filter(id_print__in=_prints(number))
    return [*phones[:FEW], *identity.values_list("pk", flat=True)[:FEW]]


def _prints(text: str) -> list[str]:
    try:
        return fingerprints(read_identity(text))
    except IdentityRejected:
        return []


def regions_below(region: Region) -> list[int]:
    """The ids of a region and of every region below it."""
    return [pk for pk, codes in region_paths().items() if region.code in codes]


def customer_page(user) -> QuerySet[Customer]:
    """Customers in scope with what the page of one shows beside its own columns."""
    phones = Prefetch("phones", Phone.objects.order_by("-preferred", "id"))
    return (
        Customer.objects.visible_to(user)
        .select_related("client", "region", "team", "unit")
        .prefetch_related(phones)
    )


def latest_consents(customer: Customer) -> list:
    """The word that counts now for each channel and purpose: the latest row, a withdrawal winning at the same instant."""
    found = {}
    for consent in customer.consents.select_related("by").order_by("at", "state", "id"):
        found[consent.channel, consent.purpose] = consent
    return sorted(found.values(), key=lambda consent: (consent.channel, consent.purpose))


def blacklist_of(customer: Customer, *, now: datetime) -> QuerySet[BlacklistEntry]:
    """Do-not-call entries in force or proposed about the customer, or about one of the customer's numbers."""
    numbers = Phone.objects.filter(customer=customer).values("number")
    about = Q(customer=customer) | Q(customer=None, number__in=numbers)
    entries = BlacklistEntry.objects.live(now).filter(about)
    return entries.select_related("client", "created_by").order_by("-created_at", "-id")


def recent_contacts(customer: Customer) -> QuerySet:
    """The last contacts in the ledger, by any campaign: what caps and gaps are counted from."""
    return customer.contacts.order_by("-at", "-id")[:RECENT]
