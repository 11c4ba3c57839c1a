"""Legal holds: a customer's data stay until a second person lets them go (CUS-11)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.models import Customer, LegalHold


@transaction.atomic
def place_hold(
    *, customer: Customer, by, reason: str, now: datetime, until: datetime | None = None
) -> LegalHold:
    """Keep the customer's data until ``until``, or until somebody else lifts the hold.

    Raises ``Refused`` without a reason, with an end in the past, or for an erased customer; ``Conflict`` when one is in force.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for the legal hold."), fields={"reason": [_("Give the reason.")]})
    if until is not None and until <= now:
        raise Refused(
            _("The hold would have ended already. Choose an end in the future."),
            code="already_over",
            fields={"until": [_("Choose an end in the future.")]},
        )
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if customer.restriction == Customer.Restriction.ERASED:
        raise Refused(_("The customer has been erased already."), code="already_erased")
    if LegalHold.objects.in_force(now).filter(customer=customer).exists():
        raise Conflict(_("The customer is under a legal hold already."), code="held_already")
    hold = LegalHold.objects.create(
        customer=customer, reason=reason.strip()[:300], placed_by=by, placed_at=now, until=until
    )
    log_access(
        by, AccessLog.Action.CHANGE, "legal_hold", customer.pk, now=now, reason=reason.strip(), what="placed"
    )
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by, reason: str, now: datetime) -> LegalHold:
    """End a hold. Raises ``Refused`` without a reason or for the person who placed it, ``Conflict`` when it is over."""
    if not reason.strip():
        raise Refused(_("Give the reason for lifting it."), fields={"reason": [_("Give the reason.")]})
    if hold.placed_by_id == by.pk:
        raise Refused(_("You placed this hold yourself. Somebody else must lift it."), code="second_person")
    open_one = LegalHold.objects.in_force(now).filter(pk=hold.pk)
    if not open_one.update(lifted_by=by, lifted_at=now, lift_reason=reason.strip()[:300]):
        raise Conflict(_("This hold is over already."), code="hold_over")
    log_access(
        by,
        AccessLog.Action.CHANGE,
        "legal_hold",
        hold.customer_id,
        now=now,
        reason=reason.strip(),
        what="lifted",
    )
    hold.refresh_from_db()
    return hold
