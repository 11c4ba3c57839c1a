"""Showing a whole number or address: for a reason, so many times a day, one row of the access log each (CUS-11)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.models import AccessLog, Notification
from callcenter.notify import gettext_noop, log_access, notify
from callcenter.sealing import unseal
from customers.models import Customer, Phone
from people.models import User

# What of a customer is hidden besides the phones, and how it is opened.
HIDDEN = {
    "email": lambda customer: customer.email,
    "identity": lambda customer: unseal(customer.id_sealed),
}
SUBJECTS = ("phone", *HIDDEN)


class TooMany(Refused):
    """The day's number of reveals is used up (429)."""

    status = 429
    code = "reveal_limit"


def reveal_phone(*, phone: Phone, by, reason: str, now: datetime, request=None) -> str:
    """The whole number, after one row of the access log is written in the same transaction (CUS-11).

    Raises ``Refused`` without a reason, ``TooMany`` when the person has seen ``REVEALS_PER_DAY`` numbers in 24 hours; whoever
    manages her is told then. Whether the customer is in scope is the caller's gate (``visible_to``).
    """
    _log("phone", phone.pk, by=by, reason=reason, now=now, request=request)
    return phone.number


def reveal(*, customer: Customer, what: str, by, reason: str, now: datetime, request=None) -> str:
    """The whole e-mail address (``email``) or identity number (``identity``); otherwise as ``reveal_phone``."""
    _log(what, customer.pk, by=by, reason=reason, now=now, request=request)
    return HIDDEN[what](customer)


def _log(subject, pk, *, by, reason, now, request):
    if not reason.strip():
        raise Refused(
            _("Give the reason for seeing the whole number; it is recorded."),
            code="no_reason",
            fields={"reason": [_("Give the reason.")]},
        )
    with transaction.atomic():
        shown = _shown_today(by, now)
        if shown < settings.REVEALS_PER_DAY:
            log_access(
                by, AccessLog.Action.REVEAL, subject, pk, now=now, reason=reason.strip(), request=request
            )
        if shown + 1 >= settings.REVEALS_PER_DAY:
            _tell_managers(by, now)
    # Refusing takes nothing back: what the managers were told stays.
    if shown >= settings.REVEALS_PER_DAY:
        raise TooMany(
            _(
                "You have seen %(count)s whole numbers in the last 24 hours, the most allowed. Ask your administrator."
            )
            % {"count": shown}
        )


def _shown_today(by, now) -> int:
    # The person's own row is the lock: parallel requests of one person count one after another.
    User.objects.select_for_update().filter(pk=by.pk).values_list("pk").first()
    rows = AccessLog.objects.filter(user=by, action=AccessLog.Action.REVEAL, subject__in=SUBJECTS)
    return rows.filter(at__gt=now - timedelta(days=1)).count()


def _tell_managers(by, now):
    """Once a day: the operations managers who have the person in their scope, else the administrators."""
    people = User.objects.holding(Role.MANAGER).exclude(pk=by.pk).order_by("id")
    told = [person for person in people if User.objects.visible_to(person).filter(pk=by.pk).exists()]
    told = told or list(User.objects.holding(Role.ADMIN).exclude(pk=by.pk).order_by("id"))
    notify(
        told,
        gettext_noop("%(person)s has seen %(count)s whole numbers in 24 hours, the most allowed."),
        key=f"reveals:{by.pk}:{now:%Y%m%d}",
        now=now,
        level=Notification.Level.WARNING,
        url=f"/customers/protection/?person={by.pk}",
        person=str(by),
        count=settings.REVEALS_PER_DAY,
    )
