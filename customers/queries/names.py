"""Finding customers by what somebody types of a name (CUS-1), in steps whose cost does not grow with the archive.

At most ``FEW`` ids are taken from the index of name keys. If that is all there are, they are the answer; of what more people
have in common (a frequent surname) the list of newest customers soon holds a page full, so it is walked and each row asked.
"""

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from customers.models import Customer, NameKey
from customers.rules.names import typed_key

FEW = 5_000
LAST = "\U0010ffff"


def named(text: str) -> Q:
    """The condition that a customer goes by ``text``: part of the name, pinyin, initials, or the whole customer number."""
    key, text = typed_key(text), text.strip()
    ids = set(Customer.objects.filter(external_id=text).values_list("pk", flat=True)[:FEW])
    if not key:
        return Q(pk__in=ids)
    found = _starting(NameKey.objects, "key", key).values_list("customer_id", flat=True)[: FEW + 1]
    # Names that came in a moment ago have no keys yet; by their beginning they are found all the same.
    fresh = _starting(Customer.objects, "name", text).values_list("pk", flat=True)[: FEW + 1]
    for some in (found, fresh):
        some = list(some)
        if len(some) > FEW:
            return Q(pk__in=ids) | _each(key) | Q(name__startswith=text)
        ids.update(some)
    return Q(pk__in=ids)


def _each(key: str) -> Q:
    """The same, asked of one customer at a time: a subquery for one value, which no planner turns into a join.

    The beginning is compared by its length, because for a pattern the planner would read every such key of the archive for
    each customer instead of the customer's few.
    """
    own = (
        NameKey.objects.filter(customer=OuterRef("pk"))
        .annotate(start=Left("key", len(key)))
        .filter(start=key)
    )
    return Q(pk=Subquery(own.values("customer_id")[:1]))


def _starting(rows, column: str, text: str) -> QuerySet:
    """Rows whose column begins with ``text``, in the way the database has an index for."""
    if connection.vendor == "postgresql":
        return rows.filter(**{f"{column}__startswith": text})
    return rows.filter(**{f"{column}__gte": text, f"{column}__lt": text + LAST})
