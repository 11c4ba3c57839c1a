"""Messages of erased customers lose what tells who they were; what was sent when, and its proof, stays (CUS-11)."""

from datetime import datetime

from django.db.models import Q

from callcenter.sweeps import beat
from customers.models import Customer
from messaging.models import Message, Reply
from messaging.states import WAITING


def clear_erased(*, now: datetime) -> int:
    """Clear addresses and texts of customers erased since the last run; returns how many rows. Safe to run twice."""
    erased = Q(customer__restriction=Customer.Restriction.ERASED)
    messages = Message.objects.filter(erased).exclude(recipient="", body="", subject="")
    count = messages.exclude(state__in=WAITING).update(recipient="", subject="", body="")
    count += Reply.objects.filter(erased).exclude(sender="", body="").update(sender="", body="")
    beat("messaging.clear_erased", now=now, handled=count)
    return count
