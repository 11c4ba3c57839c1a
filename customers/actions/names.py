"""Keeping what customers are found by in step with their names (CUS-1): at once for one, by a sweep for many."""

import csv
import io
from collections.abc import Iterable

from django.db import connection, transaction

from callcenter.sweeps import drain
from customers.models import Customer, NameKey, NamesToRead
from customers.rules.names import name_keys

CHUNK = 2_000
# Erased customers have no name left, and a merged record is found under the one it became part of.
NOT_FOUND = (Customer.Restriction.ERASED, Customer.Restriction.MERGED)
TABLE = NameKey._meta.db_table


@transaction.atomic
def read_names(customers) -> int:
    """Make the keys of a queryset's customers anew; returns how many customers. A few statements, however many they are."""
    # The rows are locked: a name that somebody changes meanwhile waits, and makes its keys after these.
    rows = list(
        customers.order_by("id").select_for_update(of=("self",)).values_list("pk", "name", "restriction")
    )
    ids = [pk for pk, _name, _restriction in rows]
    NameKey.objects.filter(customer_id__in=ids)._raw_delete("default")
    _write(
        (pk, key) for pk, name, restriction in rows if restriction not in NOT_FOUND for key in name_keys(name)
    )
    return len(rows)


def read_names_due(*, now, limit: int = 500) -> int:
    """Make the keys of customers that came in or were renamed by set-based statements; returns how many parts were done.

    Each transaction reads at most ``CHUNK`` names, so that an import of a million holds nobody up.
    """
    due = NamesToRead.objects.order_by("id")
    return drain("customers.read_names", due, _read_part, now=now, limit=limit)


def _read_part(part: NamesToRead) -> None:
    span = Customer.objects.filter(pk__gte=part.first_id, pk__lte=part.last_id)
    ids = list(span.order_by("id").values_list("pk", flat=True)[:CHUNK])
    if ids:
        read_names(Customer.objects.filter(pk__gte=ids[0], pk__lte=ids[-1]))
    if len(ids) < CHUNK:
        part.delete()
    else:
        NamesToRead.objects.filter(pk=part.pk).update(first_id=ids[-1] + 1)


def _write(rows: Iterable[tuple[int, str]]) -> None:
    """COPY on PostgreSQL, many rows per statement on SQLite."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            sql = f"INSERT INTO {TABLE} (customer_id, key) VALUES (%s, %s)"  # noqa: S608  (our own name)
            cursor.executemany(sql, list(rows))
            return
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        text.seek(0)
        cursor.copy_expert(f"COPY {TABLE} (customer_id, key) FROM STDIN (FORMAT csv)", text)
