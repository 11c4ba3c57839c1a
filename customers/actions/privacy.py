"""Personal data: showing it in full is a counted, reasoned and logged act; erasing it leaves a certificate (CUS-11)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callcenter.errors import Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from callcenter.sweeps import drain
from customers.actions.names import read_names
from customers.models import Client, Contact, Customer, Merge, Phone, ServiceEvent
from people.models import User


@transaction.atomic
def reveal_phone(*, phone: Phone, by, reason: str, now: datetime, request=None) -> str:
    """The whole number, after one row of the access log is written in the same transaction (CUS-11).

    Raises ``Refused`` without a reason, or when the person has revealed ``REVEALS_PER_DAY`` numbers in 24 hours.
    Whether the customer is in scope is the caller's gate (``visible_to``).
    """
    if not reason.strip():
        raise Refused(
            _("Give the reason for seeing the whole number; it is recorded."),
            code="no_reason",
            fields={"reason": [_("Give the reason.")]},
        )
    since = now - timedelta(days=1)
    # The person's own row is the lock: parallel requests of one person count one after another.
    User.objects.select_for_update().filter(pk=by.pk).values_list("pk").first()
    shown = AccessLog.objects.filter(
        user=by, action=AccessLog.Action.REVEAL, subject="phone", at__gt=since
    ).count()
    if shown >= settings.REVEALS_PER_DAY:
        raise Refused(
            _(
                "You have seen %(count)s whole numbers in the last 24 hours, the most allowed. Ask your administrator."
            )
            % {"count": shown},
            code="reveal_limit",
        )
    log_access(
        by, AccessLog.Action.REVEAL, "phone", phone.pk, now=now, reason=reason.strip(), request=request
    )
    return phone.number


@transaction.atomic
def erase_customer(*, customer: Customer, by, reason: str, now: datetime) -> Customer:
    """Take everything out of the archive that tells who the customer is; counts stay what they were (CUS-11).

    The client's customer number stays, so that the next list does not bring the person back, and so does what was said about
    not calling. The apps above find erased customers by ``restriction`` and clear their own texts. The log's row is the
    certificate. Raises ``Refused`` without a reason, under a legal hold, or for a customer already erased.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for erasing; it is recorded."), code="no_reason")
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if customer.restriction == Customer.Restriction.LEGAL_HOLD:
        raise Refused(
            _("The customer is under a legal hold and cannot be erased before it is lifted."),
            code="legal_hold",
        )
    if customer.restriction == Customer.Restriction.ERASED:
        raise Refused(_("The customer has been erased already."), code="already_erased")
    phones = Phone.objects.filter(customer=customer).delete()[0]
    customer.contacts.exclude(number="").update(number="")
    customer.consents.exclude(evidence="").update(evidence="")
    customer.events.update(facts={})
    _blank(customer.merged.all(), now, restriction=Customer.Restriction.MERGED)
    # Without its journal a merge can never be undone, and the journal holds what was merged.
    about = Q(survivor=customer) | Q(loser=customer) | Q(survivor__merged_into=customer)
    Merge.objects.filter(about).update(journal=[], undo_until=now)
    _blank(Customer.objects.filter(pk=customer.pk), now, restriction=Customer.Restriction.ERASED)
    read_names(Customer.objects.filter(pk=customer.pk))
    log_access(
        by,
        AccessLog.Action.CHANGE,
        "customer_erased",
        customer.pk,
        now=now,
        reason=reason.strip(),
        phones=phones,
    )
    customer.refresh_from_db()
    return customer


def _blank(customers, now, *, restriction):
    customers.update(
        **dict.fromkeys(
            ("name", "gender", "salutation", "level", "relation", "address", "email", "source"), ""
        ),
        amount=None,
        rest_hours=[],
        preferred_hours=[],
        custom={},
        restriction=restriction,
        version=F("version") + 1,
        updated_at=now,
    )


def erase_expired(*, now: datetime, limit: int = 2_000) -> int:
    """Erase customers whose client's retention period is over since the last contact, event or change; returns how many.

    Safe to run twice or late; customers under a restriction are left alone (a legal hold, above all).
    """
    count = 0
    for client in Client.objects.filter(retention_days__isnull=False).order_by("id"):
        cutoff = now - timedelta(days=client.retention_days)
        due = (
            Customer.objects.filter(client=client, restriction="", updated_at__lt=cutoff)
            .exclude(Exists(Contact.objects.filter(customer=OuterRef("pk"), at__gte=cutoff)))
            .exclude(Exists(ServiceEvent.objects.filter(customer=OuterRef("pk"), occurred_at__gte=cutoff)))
            .order_by("id")
        )
        reason = gettext_noop("the client's retention period is over")
        count += drain(
            f"customers.retention:{client.code}"[:60],
            due,
            lambda customer, reason=reason: erase_customer(
                customer=customer, by=None, reason=reason, now=now
            ),
            now=now,
            limit=limit,
        )
    return count
