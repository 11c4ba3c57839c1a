"""Looking for customers that are one and the same, by set-based SQL, and saying that two are not (CUS-1)."""

# ruff: noqa: S608  (the statements are put together from our own column names; every value is a parameter)

from datetime import datetime

from django.db import connection, transaction

from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.models import Customer, DuplicatePair

REASON = DuplicatePair.Reason
# A number of more customers than these is a switchboard's, and tells nothing.
MOST_SHARING = 20

_STANDS = "{0}.merged_into_id IS NULL AND {0}.restriction <> 'erased'"
_PAIR = "INSERT INTO customers_duplicatepair (first_id, second_id, reason, found_at)"
_NEW = "ON CONFLICT (first_id, second_id) DO NOTHING"
# Each customer of a group is paired with the first of it: n - 1 pairs, not n × n.
_BY_NUMBER = f"""
{_PAIR} SELECT a.id, b.id, CASE WHEN a.name = b.name THEN {REASON.NAME_AND_NUMBER:d} ELSE {REASON.NUMBER:d} END, {{now}}
FROM (
  SELECT owner.client_id, phone.number, phone.extension, min(owner.id) AS first
  FROM customers_phone AS phone JOIN customers_customer AS owner ON owner.id = phone.customer_id
  WHERE {_STANDS.format("owner")} GROUP BY owner.client_id, phone.number, phone.extension
  HAVING count(*) BETWEEN 2 AND {MOST_SHARING}
) AS shared
JOIN customers_customer AS a ON a.id = shared.first
JOIN customers_phone AS phone ON phone.number = shared.number AND phone.extension = shared.extension
JOIN customers_customer AS b ON b.id = phone.customer_id AND b.client_id = shared.client_id
WHERE b.id > a.id AND {_STANDS.format("b")} {_NEW}
"""
_BY_EMAIL = f"""
{_PAIR} SELECT a.id, b.id, CASE WHEN a.name = b.name THEN {REASON.NAME_AND_EMAIL:d} ELSE {REASON.EMAIL:d} END, {{now}}
FROM (
  SELECT owner.client_id, lower(owner.email) AS address, min(owner.id) AS first FROM customers_customer AS owner
  WHERE owner.email <> '' AND {_STANDS.format("owner")} GROUP BY owner.client_id, lower(owner.email)
  HAVING count(*) BETWEEN 2 AND {MOST_SHARING}
) AS shared
JOIN customers_customer AS a ON a.id = shared.first
JOIN customers_customer AS b ON b.client_id = shared.client_id AND b.email <> '' AND lower(b.email) = shared.address
WHERE b.id > a.id AND {_STANDS.format("b")} {_NEW}
"""
# What no longer looks alike is no longer proposed; what somebody judged stays judged.
_NO_LONGER = f"""
DELETE FROM customers_duplicatepair WHERE dismissed_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM customers_customer AS a JOIN customers_customer AS b ON b.id = customers_duplicatepair.second_id
  WHERE a.id = customers_duplicatepair.first_id AND {_STANDS.format("a")} AND {_STANDS.format("b")} AND (
    a.email <> '' AND lower(a.email) = lower(b.email) OR EXISTS (
      SELECT 1 FROM customers_phone AS one JOIN customers_phone AS other
        ON other.number = one.number AND other.extension = one.extension
      WHERE one.customer_id = a.id AND other.customer_id = b.id)))
"""


@transaction.atomic
def find_duplicates(*, now: datetime) -> int:
    """Propose every two customers of one client that share a number or an e-mail; returns how many pairs are new.

    Three statements, whatever the size of the archive; safe to run twice, late or beside itself.
    """
    at = "%(now)s::timestamptz" if connection.vendor == "postgresql" else "%(now)s"
    values = {"now": connection.ops.adapt_datetimefield_value(now)}
    found = 0
    with connection.cursor() as cursor:
        cursor.execute(_NO_LONGER)
        for statement in (_BY_NUMBER, _BY_EMAIL):
            cursor.execute(statement.replace("{now}", at), values)
            found += max(cursor.rowcount, 0)
    return found


@transaction.atomic
def dismiss_pair(*, pair: DuplicatePair, by, now: datetime) -> None:
    """Say that two customers are not one: a family with one number, say. They are not proposed again."""
    changed = DuplicatePair.objects.filter(pk=pair.pk, dismissed_at=None).update(
        dismissed_at=now, dismissed_by=by
    )
    if changed:
        for one, other in ((pair.first_id, pair.second_id), (pair.second_id, pair.first_id)):
            log_access(by, AccessLog.Action.CHANGE, "customer", one, now=now, not_the_same_as=other)


def forget_pairs(customer: Customer) -> None:
    """Remove the open proposals about a customer that has just become part of another."""
    for side in ("first", "second"):
        DuplicatePair.objects.filter(dismissed_at=None, **{side: customer}).delete()
