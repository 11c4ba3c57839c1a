"""Writes that decide about contacts: consent, the ledger, the state of numbers (CUS-7, CUS-8)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from customers.models import Channel, Consent, Contact, Customer, Phone, Purpose
from customers.rules.phones import PhoneRejected, normalise


def record_contact(
    *,
    customer_id: int,
    channel: str,
    purpose: str,
    number: str,
    campaign_code: str,
    at: datetime,
    completed: bool,
    refused: bool,
) -> Contact:
    """Add one call or message to the ledger that caps, gaps and refusals are counted from (CUS-7).

    Called by the apps above in the transaction of the call or message itself. ``number`` is E.164 or "".
    """
    later = Q(first_contact_at=None) | Q(first_contact_at__gt=at)
    Customer.objects.filter(later, pk=customer_id).update(first_contact_at=at)
    return Contact.objects.create(
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        number=number,
        campaign_code=campaign_code,
        at=at,
        completed=completed,
        refused=refused,
    )


def record_contacts(contacts: Iterable[Contact]) -> None:
    """Add many past contacts to the ledger at once, as ``record_contact`` does one."""
    rows = Contact.objects.bulk_create(contacts, batch_size=2_000)
    _recount_first_contacts({row.customer_id for row in rows})


def take_back_contacts(rows: QuerySet[Contact]) -> None:
    """Take out of the ledger what certainly did not happen: a message that did not go out, a call undone (CUS-7)."""
    customers = set(rows.order_by().values_list("customer_id", flat=True))
    rows.delete()
    _recount_first_contacts(customers)


def _recount_first_contacts(customer_ids):
    """Let the customers know their oldest contact again; the rows of those who know it already stay untouched."""
    ledger = Contact.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    oldest = Subquery(ledger.annotate(oldest=Min("at")).values("oldest"))
    known = Customer.objects.filter(pk__in=customer_ids).annotate(oldest=oldest)
    gained = Q(first_contact_at=None, oldest__isnull=False)
    lost = Q(first_contact_at__isnull=False, oldest=None)
    known.filter(gained | lost | ~Q(first_contact_at=F("oldest"))).update(first_contact_at=oldest)


def read_number(text: str) -> str:
    """A typed number as E.164. Raises ``Refused`` with the reason in the reader's language."""
    try:
        return normalise(text).e164
    except PhoneRejected as rejected:
        raise Refused(
            _(rejected.message), code=f"phone_{rejected.code}", fields={"number": [_(rejected.message)]}
        ) from None


@transaction.atomic
def set_phone_state(*, customer_id: int, number: str, state: str) -> int:
    """Record what a call found about a number (vacant, suspended, wrong); returns how many valid numbers are left.

    A closed number cannot stay the preferred one: the oldest valid number takes its place.
    """
    phones = Phone.objects.filter(customer_id=customer_id)
    phones.filter(number=number).update(state=state)
    if state != Phone.State.VALID and phones.filter(number=number, preferred=True).update(preferred=False):
        heir = phones.usable().order_by("id").values_list("pk", flat=True).first()
        if heir is not None:
            phones.filter(pk=heir).update(preferred=True)
    return phones.usable().count()


def grant_consent(
    *, customer: Customer, channel: str, purpose: str, source: str, by, now, evidence=""
) -> Consent:
    """Record the customer's consent for a channel and purpose with where it came from (CUS-8)."""
    return _say(Consent.State.GRANTED, customer, channel, purpose, source, evidence, by, now)


def withdraw_consent(
    *, customer: Customer, channel: str, purpose: str, source: str, by, now, evidence=""
) -> Consent:
    """Record that the customer withdraws consent; the next decision already sees it (CUS-8)."""
    return _say(Consent.State.WITHDRAWN, customer, channel, purpose, source, evidence, by, now)


def record_consent(
    *, customer: Customer, channel: str, purpose: str, state: str, source: str, by, now, evidence=""
) -> Consent:
    """The customer's word, granted or withdrawn as ``state`` says (CUS-8)."""
    return _say(state, customer, channel, purpose, source, evidence, by, now)


def _say(state, customer, channel, purpose, source, evidence, by, now):
    if channel not in Channel.values or purpose not in Purpose.values or state not in Consent.State.values:
        raise Refused(_("Choose a channel and a purpose."), code="invalid")
    if not source.strip():
        raise Refused(_("Say where the consent or its withdrawal comes from."), code="no_source")
    return Consent.objects.create(
        customer=customer,
        channel=channel,
        purpose=purpose,
        state=state,
        source=source.strip()[:120],
        evidence=evidence[:300],
        at=now,
        by=by,
    )


def mark_withdrawals_obeyed(rows, *, now: datetime) -> int:
    """Note that the apps above have drawn the consequences of the withdrawals of a queryset (CUS-8); returns how many."""
    return rows.update(obeyed_at=now)
