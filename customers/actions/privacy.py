"""Showing personal data in full: a counted, reasoned and logged act (CUS-11, reliability.md P-03)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.models import Phone
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
