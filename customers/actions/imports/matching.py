"""Finding duplicates among staged rows, within the file and with the archive, by set-based SQL (CUS-3).

The same statements run on PostgreSQL and SQLite. A customer is the same by customer number, or else by phone, within one
client. A phone that belongs to another customer number, or to another client's customer, is never taken for the same
customer; it is counted apart. How far phones are looked for is the import's ``scope``.
"""

from django.db import connection
from django.db.models import Exists, OuterRef

from customers.models import BlacklistEntry, Customer, Import, ImportRow

OUTCOME = ImportRow.Outcome

_REPEATED_BY_NUMBER = """
UPDATE customers_importrow SET outcome = 'repeated', other_row = seen.first
FROM (SELECT external_id, min("row") AS first FROM customers_importrow
      WHERE batch_id = %(batch)s AND outcome = 'new' AND external_id <> ''
      GROUP BY external_id HAVING count(*) > 1) AS seen
WHERE batch_id = %(batch)s AND outcome = 'new'
  AND customers_importrow.external_id = seen.external_id AND "row" <> seen.first
"""
_REPEATED_BY_PHONE = """
UPDATE customers_importrow SET outcome = 'repeated', other_row = seen.first
FROM (SELECT number, extension, min("row") AS first FROM customers_importrow
      WHERE batch_id = %(batch)s AND outcome = 'new' AND number <> ''
      GROUP BY number, extension HAVING count(*) > 1) AS seen
WHERE batch_id = %(batch)s AND outcome = 'new' AND customers_importrow.number = seen.number
  AND customers_importrow.extension = seen.extension AND "row" <> seen.first
"""
_AGAIN = """
UPDATE customers_importrow SET outcome = 'new', customer_id = NULL
WHERE batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s
  AND outcome IN ('known', 'shared', 'foreign', 'elsewhere')
"""
_KNOWN_BY_NUMBER = """
UPDATE customers_importrow SET outcome = 'known', customer_id = known.id
FROM customers_customer AS known
WHERE batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s AND outcome = 'new'
  AND customers_importrow.external_id <> '' AND NOT (known.external_id = '')
  AND known.client_id = %(client)s AND known.external_id = customers_importrow.external_id
"""
_KNOWN_BY_PHONE = """
UPDATE customers_importrow
SET outcome = CASE WHEN customers_importrow.external_id = '' OR found.external_id = '' THEN 'known' ELSE 'shared' END,
    customer_id = found.id
FROM (SELECT staged."row" AS place, min(owner.id) AS id
      FROM customers_importrow AS staged
      JOIN customers_phone AS phone ON phone.number = staged.number AND phone.extension = staged.extension
      JOIN customers_customer AS owner ON owner.id = phone.customer_id AND owner.client_id = %(client)s
      WHERE staged.batch_id = %(batch)s AND staged."row" > %(after)s AND staged."row" <= %(until)s
        AND staged.outcome = 'new' AND staged.number <> ''
      GROUP BY staged."row") AS hit
JOIN customers_customer AS found ON found.id = hit.id
WHERE batch_id = %(batch)s AND "row" = hit.place
"""
_ELSEWHERE = """
UPDATE customers_importrow SET outcome = 'elsewhere'
WHERE batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s AND outcome = 'new' AND number <> ''
  AND EXISTS (SELECT 1 FROM customers_phone AS phone
              JOIN customers_customer AS owner ON owner.id = phone.customer_id AND owner.client_id <> %(client)s
              WHERE phone.number = customers_importrow.number AND phone.extension = customers_importrow.extension)
"""
# A duplicate that was merged leads to the record it became part of.
_MERGED = """
UPDATE customers_importrow SET customer_id = record.merged_into_id FROM customers_customer AS record
WHERE batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s AND outcome IN ('known', 'shared')
  AND record.id = customers_importrow.customer_id AND record.merged_into_id IS NOT NULL
"""
_UPDATED_TWICE = """
UPDATE customers_importrow SET outcome = 'repeated', other_row = seen.first
FROM (SELECT customer_id, min("row") AS first FROM customers_importrow
      WHERE batch_id = %(batch)s AND "row" <= %(until)s AND outcome = 'known'
      GROUP BY customer_id HAVING count(*) > 1) AS seen
WHERE batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s AND outcome = 'known'
  AND customers_importrow.customer_id = seen.customer_id AND "row" <> seen.first
"""


def match_within_file(batch: Import) -> None:
    """Mark every row that repeats an earlier one of the same file; the first one counts. Safe to run again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Fresh rows have no statistics, and the planner would take them for a handful.
            cursor.execute(
                'ANALYZE customers_importrow (batch_id, "row", outcome, external_id, number, extension)'
            )
        cursor.execute(_REPEATED_BY_NUMBER, {"batch": batch.pk})
        cursor.execute(_REPEATED_BY_PHONE, {"batch": batch.pk})


def match_with_archive(batch: Import, *, after: int, until: int, now) -> None:
    """Mark the rows of a range whose customer the archive has, and numbers on the do-not-call list, as of now."""
    rows = {"batch": batch.pk, "client": batch.client_id, "after": after, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, rows)
        cursor.execute(_KNOWN_BY_NUMBER, rows)
        if batch.scope != Import.Scope.FILE:
            cursor.execute(_KNOWN_BY_PHONE, rows)
        if batch.scope == Import.Scope.ALL:
            cursor.execute(_ELSEWHERE, rows)
        cursor.execute(_MERGED, rows)
        if batch.updates_known:
            cursor.execute(_UPDATED_TWICE, rows)
    span = ImportRow.objects.filter(batch=batch, row__gt=after, row__lte=until)
    if batch.updates_known:
        # What its owner may not see, an import of hers may not change; and nobody brings back who was erased.
        own = Customer.objects.visible_to(batch.owner) if batch.owner else Customer.objects.all()
        own = own.filter(pk=OuterRef("customer_id")).exclude(restriction=Customer.Restriction.ERASED)
        span.filter(outcome=OUTCOME.KNOWN).exclude(Exists(own)).update(outcome=OUTCOME.FOREIGN)
    listed = (
        BlacklistEntry.objects.in_force(now)
        .filter(customer=None, purpose="", campaign_code="")
        .exclude(number="")
    )
    numbers = (listed.filter(client=None) | listed.filter(client=batch.client_id)).values("number")
    span.filter(number__in=numbers).update(do_not_call=True)
