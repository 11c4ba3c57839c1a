"""Moving staged rows into the archive, a chunk per transaction, by set-based SQL (CUS-3, performance.md section 2)."""

# ruff: noqa: S608  (the statements are put together from our own column names; every value is a parameter)

from django.db import connection
from django.utils.translation import gettext as _

from customers.actions.imports.matching import match_with_archive
from customers.models import Import
from customers.queries.imports import (
    DUPLICATE,
    OUTCOME,
    outcome_counts,
    purposes_needing_consent,
    without_consent,
)

CHUNK = 25_000
# A transaction-long lock of one client's imports: two of them never match against each other's half.
LOCK_SPACE = 7_301

_SPAN = 'batch_id = %(batch)s AND "row" > %(after)s AND "row" <= %(until)s'
_COLUMNS = (
    "id, client_id, unit_id, team_id, external_id, name, gender, salutation, nature, relation, level, "
    "key_customer, amount, region_id, address, email, language, rest_hours, preferred_hours, source, custom, "
    "restriction, created_at, updated_at, version"
)
_PHONE = "INSERT INTO customers_phone (customer_id, number, extension, kind, state, preferred)"

# The id is known before the row is written, so that the phones need not look for their customer.
_NUMBER = {
    "postgresql": f"""
UPDATE customers_importrow SET customer_id = nextval(%(sequence)s::regclass)
WHERE {_SPAN} AND outcome = 'new' AND customer_id IS NULL
""",
    "sqlite": f"""
UPDATE customers_importrow SET customer_id = %(base)s + "row" - %(after)s WHERE {_SPAN} AND outcome = 'new'
""",
}
_SEQUENCE = "SELECT pg_get_serial_sequence('customers_customer', 'id')"
_BASE = """
SELECT max(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'customers_customer'), 0),
           COALESCE((SELECT max(id) FROM customers_customer), 0))
"""
_ADD = f"""
INSERT INTO customers_customer ({_COLUMNS})
SELECT customer_id, %(client)s, %(unit)s, %(team)s, external_id, name, gender, salutation,
  COALESCE(NULLIF(nature, ''), 'individual'), relation, level, COALESCE(key_customer, FALSE), amount, region_id,
  address, email, language, COALESCE(rest_hours, '[]'), COALESCE(preferred_hours, '[]'), source,
  COALESCE(custom, '{{}}'), '', {{now}}, {{now}}, 1
FROM customers_importrow WHERE {_SPAN} AND outcome = 'new' ORDER BY "row" ON CONFLICT DO NOTHING
"""
_LATE = f"""
UPDATE customers_importrow SET outcome = 'known' WHERE {_SPAN} AND outcome = 'new'
  AND NOT EXISTS (SELECT 1 FROM customers_customer WHERE customers_customer.id = customers_importrow.customer_id)
"""
_ADD_PHONES = f"""
{_PHONE} SELECT customer_id, number, extension, kind, 'valid', TRUE FROM customers_importrow
WHERE {_SPAN} AND outcome = 'new' AND number <> '' ORDER BY "row"
"""
_FURTHER = {
    "postgresql": f"""
{_PHONE} SELECT customer_id, each ->> 0, each ->> 1, each ->> 2, 'valid', FALSE
FROM customers_importrow CROSS JOIN LATERAL jsonb_array_elements(more) AS each
WHERE {_SPAN} AND outcome = %(outcome)s AND more IS NOT NULL ON CONFLICT DO NOTHING
""",
    "sqlite": f"""
{_PHONE} SELECT customer_id, json_extract(each.value, '$[0]'), json_extract(each.value, '$[1]'),
  json_extract(each.value, '$[2]'), 'valid', FALSE
FROM customers_importrow, json_each(customers_importrow.more) AS each
WHERE {_SPAN} AND outcome = %(outcome)s AND more IS NOT NULL ON CONFLICT DO NOTHING
""",
}

# Names that came in or change here are read by a sweep (actions.names): an import of many need not wait for it.
_NAMES_IN = f"""
INSERT INTO customers_namestoread (first_id, last_id) SELECT min(customer_id), max(customer_id)
FROM customers_importrow WHERE {_SPAN} AND outcome = 'new' HAVING count(*) > 0
"""
_NAMES_CHANGED = """
INSERT INTO customers_namestoread (first_id, last_id) SELECT known.id, known.id
FROM customers_importrow AS staged JOIN customers_customer AS known ON known.id = staged.customer_id
WHERE {span} AND staged.outcome = 'known' AND staged.name NOT IN ('', staged.external_id, known.name)
"""

# What a row that is not empty does to a known customer.
_TEXTS = ("gender", "salutation", "nature", "relation", "level", "address", "email", "language", "source")
_VALUES_OR_NULL = ("key_customer", "amount", "region_id", "rest_hours", "preferred_hours")
_CHANGES = ", ".join(
    [
        "external_id = CASE WHEN customers_customer.external_id = '' THEN staged.external_id "
        "ELSE customers_customer.external_id END",
        "name = CASE WHEN staged.name IN ('', staged.external_id) THEN customers_customer.name ELSE staged.name END",
        *(f"{name} = COALESCE(NULLIF(staged.{name}, ''), customers_customer.{name})" for name in _TEXTS),
        *(f"{name} = COALESCE(staged.{name}, customers_customer.{name})" for name in _VALUES_OR_NULL),
        "custom = {custom}",
        "updated_at = {now}",
        "version = version + 1",
    ]
)
_MERGED = {
    "postgresql": "customers_customer.custom || COALESCE(staged.custom, '{}')",
    "sqlite": "json_patch(customers_customer.custom, COALESCE(staged.custom, '{}'))",
}
_IDENTITY = f"""
UPDATE customers_customer SET id_sealed = staged.id_sealed, id_print = staged.id_print
FROM customers_importrow AS staged
WHERE {_SPAN.replace("batch_id", "staged.batch_id").replace('"row"', 'staged."row"')}
  AND staged.id_print <> '' AND staged.outcome = ANY_OF AND customers_customer.id = staged.customer_id
"""
_NOW = {"postgresql": "%(now)s::timestamptz", "sqlite": "%(now)s"}
_UPDATE = """
UPDATE customers_customer SET {changes} FROM customers_importrow AS staged
WHERE {span} AND staged.outcome = 'known' AND customers_customer.id = staged.customer_id
"""
_ADD_NUMBER = f"""
{_PHONE} SELECT customer_id, number, extension, kind, 'valid',
  NOT EXISTS (SELECT 1 FROM customers_phone AS had WHERE had.customer_id = staged.customer_id AND had.preferred)
FROM customers_importrow AS staged WHERE {_SPAN} AND outcome = 'known' AND number <> '' ON CONFLICT DO NOTHING
"""

# A list may be older than what the customer told us: its yes is only taken where nothing is on record, its no always.
_CONSENT = """
INSERT INTO customers_consent (customer_id, channel, purpose, state, source, evidence, at, by_id)
SELECT customer_id, 'phone', %(purpose)s, CASE WHEN consent THEN 'granted' ELSE 'withdrawn' END, %(source)s, %(evidence)s,
  {now}, %(by)s
FROM (SELECT staged."row", staged.customer_id, staged.consent, COALESCE(
        (SELECT had.state FROM customers_consent AS had WHERE had.customer_id = staged.customer_id
           AND had.channel = 'phone' AND had.purpose = %(purpose)s ORDER BY had.at DESC, had.id DESC LIMIT 1), '') AS latest
      FROM customers_importrow AS staged
      WHERE {span} AND staged.consent IS NOT NULL AND staged.outcome IN ({outcomes})) AS told
WHERE CASE WHEN consent THEN latest = '' ELSE latest <> 'withdrawn' END ORDER BY "row"
"""


def apply_chunk(batch: Import, *, after: int, until: int, now) -> dict[str, int]:
    """Match and move the staged rows of a range; returns counts: accepted, updated, duplicate, do_not_call, without_consent.

    Call it in a transaction. Customers that somebody added since the last match are found as duplicates here.
    """
    span = {
        "batch": batch.pk,
        "client": batch.client_id,
        "unit": batch.unit_id,
        "team": batch.team_id,
        "after": after,
        "until": until,
        "now": now,
    }
    updating = batch.updates_known
    with connection.cursor() as cursor:
        _lock(cursor, batch)
        match_with_archive(batch, after=after, until=until, now=now)
        found = outcome_counts(batch, after=after, until=until)
        lacking = without_consent(batch, after=after, until=until)
        if updating and found[OUTCOME.KNOWN]:
            _update(cursor, span)
        made = _add(cursor, span, expected=found[OUTCOME.NEW]) if found[OUTCOME.NEW] else 0
        fields = set(batch.mapping["columns"].values())
        if "id_number" in fields:
            _set_identity(cursor, span, ["new", "known"] if updating else ["new"])
        if fields & {"phone2", "phone3"}:
            for outcome in (OUTCOME.NEW, OUTCOME.KNOWN) if updating else (OUTCOME.NEW,):
                cursor.execute(_FURTHER[connection.vendor], span | {"outcome": outcome.value})
        if "consent" in fields:
            _record_consent(cursor, batch, span)
    updated = found[OUTCOME.KNOWN] if updating else 0
    return {
        "accepted": made,
        "updated": updated,
        "duplicate": sum(found[outcome] for outcome in DUPLICATE) - updated + found[OUTCOME.NEW] - made,
        "do_not_call": found["do_not_call"],
        "without_consent": lacking,
    }


def _lock(cursor, batch: Import) -> None:
    """Until the transaction ends: one import at a time per client, and alone when it looks at every client's customers."""
    if connection.vendor == "postgresql":
        alone = "" if batch.scope == Import.Scope.ALL else "_shared"
        cursor.execute(f"SELECT pg_advisory_xact_lock{alone}(%s, 0)", [LOCK_SPACE + 1])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, batch.client_id % 2**31])


def _record_consent(cursor, batch: Import, span) -> None:
    outcomes = "'new', 'known'" if batch.updates_known else "'new'"
    sql = _CONSENT.format(now=_NOW[connection.vendor], span=_staged_span(), outcomes=outcomes)
    source = _("List of the client: %(file)s") % {"file": batch.name}
    details = {"source": source[:120], "evidence": f"sha256 {batch.checksum}", "by": batch.owner_id}
    for purpose in purposes_needing_consent():
        cursor.execute(sql, _timed(span) | details | {"purpose": purpose})


def _add(cursor, span, *, expected: int) -> int:
    """Write the range's new customers and their phones; returns how many customers."""
    vendor = connection.vendor
    cursor.execute(_SEQUENCE if vendor == "postgresql" else _BASE)
    where = cursor.fetchone()[0]
    cursor.execute(
        _NUMBER[vendor], span | {"sequence": where} if vendor == "postgresql" else span | {"base": where}
    )
    cursor.execute(_ADD.replace("{now}", _NOW[vendor]), _timed(span))
    made = cursor.rowcount
    if made < expected:
        cursor.execute(_LATE, span)
    cursor.execute(_ADD_PHONES, span)
    cursor.execute(_NAMES_IN, span)
    return made


def _set_identity(cursor, span, outcomes) -> None:
    """Identity numbers of the range's customers; a statement of its own, and only for files that have such a column."""
    for outcome in outcomes:
        cursor.execute(_IDENTITY.replace("ANY_OF", "%(outcome)s"), span | {"outcome": outcome})


def _timed(span):
    """The parameters with the instant as the database takes it."""
    return span | {"now": connection.ops.adapt_datetimefield_value(span["now"])}


def _update(cursor, span) -> None:
    vendor = connection.vendor
    changes = _CHANGES.format(custom=_MERGED[vendor], now=_NOW[vendor])
    cursor.execute(_NAMES_CHANGED.format(span=_staged_span()), span)
    cursor.execute(_UPDATE.format(changes=changes, span=_staged_span()), _timed(span))
    cursor.execute(_ADD_NUMBER, span)


def _staged_span() -> str:
    """The range's condition on a staging table called ``staged``."""
    return _SPAN.replace("batch_id", "staged.batch_id").replace('"row"', 'staged."row"')
