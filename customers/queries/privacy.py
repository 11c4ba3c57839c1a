"""The log of data protection: exports, reveals, erasures, holds, copies and runs of retention (CUS-11)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from callcenter.models import AccessLog
from customers.models import Customer, LegalHold
from people.models import User

_ACTION = AccessLog.Action
# act: (label, its rows)
ACTS = {
    "export": (_("exports"), Q(action=_ACTION.EXPORT)),
    "download": (_("downloads"), Q(action=_ACTION.DOWNLOAD)),
    "reveal": (_("whole numbers seen"), Q(action=_ACTION.REVEAL)),
    "import": (_("imports"), Q(action=_ACTION.IMPORT)),
    "erase": (_("erasures"), Q(action=_ACTION.CHANGE, subject="customer_erased")),
    "hold": (_("legal holds"), Q(action=_ACTION.CHANGE, subject="legal_hold")),
    "retention": (_("retention runs"), Q(action=_ACTION.CHANGE, subject="retention")),
}


def protection_log(
    user, *, act: str = "", person: User | None = None, start: date | None = None, end: date | None = None
) -> QuerySet[AccessLog]:
    """Lines about what people in the scope of ``user`` did, newest first; what the system did is for everyone who may look.

    Days are local days of the site.
    """
    about = Q()
    for _label, rows in [ACTS[act]] if act else ACTS.values():
        about |= rows
    rows = AccessLog.objects.filter(about).select_related("user")
    if not user.scope().everything:
        # The certificates of retention name a client and a count, no customer; erasures by the sweep name customers.
        mine = User.objects.visible_to(user).values("pk")
        rows = rows.filter(Q(user__in=mine) | Q(user=None, subject="retention"))
    if person is not None:
        rows = rows.filter(user=person)
    zone = ZoneInfo(settings.TIME_ZONE)
    if start is not None:
        rows = rows.filter(at__gte=datetime.combine(start, time.min, zone))
    if end is not None and end < date.max:
        rows = rows.filter(at__lt=datetime.combine(end + timedelta(days=1), time.min, zone))
    return rows.order_by("-at", "-id")


def holds_of(customer: Customer) -> QuerySet[LegalHold]:
    """Every legal hold of the customer, the latest first."""
    return customer.holds.select_related("placed_by", "lifted_by").order_by("-placed_at", "-id")
