"""Reading a file into the staging table: COPY on PostgreSQL, many rows per statement on SQLite (CUS-3)."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from callcenter.sealing import fingerprint, seal
from callcenter.spreadsheet import refusals
from callcenter.spreadsheet.cells import Doubtful
from callcenter.spreadsheet.errors import as_written
from callcenter.spreadsheet.problems import RowError
from callcenter.spreadsheet.read import Table
from callcenter.workdays import local_day
from customers.actions.imports.opening import mapping_for, open_file, refusal_of
from customers.models import Import, ImportRow
from customers.queries.imports import region_ids
from customers.rules.importing import FAULTS, Fault, RowReader

CHUNK = 5_000
TABLE = ImportRow._meta.db_table
_encode = json.JSONEncoder(ensure_ascii=False).encode
NOT_NULL = {field.column for field in ImportRow._meta.local_fields if not field.null}


def read_into_staging(batch: Import, progress) -> dict:
    """Stage every row of the file after the cursor's; returns the cursor with rows, blank, reasons and bad_phone counted.

    Each chunk and the cursor that says so are one transaction, so a process that dies leaves no row twice and none out.
    Raises ``Refused`` for a file that turns out unreadable further down.
    """
    table = open_file(batch)
    reader = RowReader(
        mapping_for(batch, batch.mapping),
        regions=region_ids(),
        today=local_day(timezone.now(), settings.TIME_ZONE),
        seal=_sealed,
    )
    cursor = {"row": 0, "rows": 0, "blank": 0, "reasons": {}, "bad_phone": 0} | progress.cursor
    progress.save(stage=_("Checking rows"), total=table.total_rows)
    found = _Found(cursor)
    rows = _read(table, reader, found, after=cursor["row"])
    while chunk := list(islice(rows, CHUNK)):
        progress.stop_if_cancelled()
        cursor = cursor | {
            "row": chunk[-1][1],
            "rows": cursor["rows"] + len(chunk),
            "blank": table.blank_rows,
            "reasons": dict(found.reasons),
            "bad_phone": found.bad_phone,
        }
        with transaction.atomic():
            _need_not_be_durable()
            _write(batch, *_numbered(reader.columns, [row[1:] for row in chunk if row[0]]))
            _write(batch, ["outcome", "errors", "cells"], [row[1:] for row in chunk if not row[0]])
            progress.save(cursor=cursor, done=cursor["rows"] + cursor["blank"])
    return cursor | {"blank": table.blank_rows}


def _need_not_be_durable() -> None:
    """Not wait for the disk: after a crash of the database the staging table is empty anyhow, and the file is read again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")


class _Found:
    """What is wrong in a file: rows by their first reason, and rows with a number that is none."""

    def __init__(self, cursor: dict):
        self.reasons = Counter(cursor["reasons"])
        self.bad_phone = cursor["bad_phone"]
        # Words for a fault, in the language of this run: a file may have the same one 100,000 times.
        self._words: dict[tuple, tuple[str, str]] = {}

    def add(self, errors: list[RowError]) -> None:
        self.reasons[errors[0].code] += 1
        self.bad_phone += any(error.code.startswith("phone_") for error in errors)

    def error(self, number: int, fault: Fault) -> RowError:
        """The fault in words."""
        key = (fault.code, *fault.params.values())
        words = self._words.get(key)
        if words is None:
            message, hint = FAULTS[fault.code]
            words = self._words[key] = (_(message) % fault.params, _(hint))
        return RowError(number, fault.column, fault.value, fault.code, *words)


def _read(table: Table, reader: RowReader, found: _Found, *, after: int) -> Iterator[tuple]:
    """Yields (whether it is good, row number, values …) and counts what is wrong with the others."""
    width = len(table.header)
    used = {*reader.mapping.positions.values(), *(position for _name, position in reader.mapping.custom)}
    read = reader.read
    try:
        for number, cells in table.rows():
            if number <= after:
                continue
            odd = type(cells) is not list or len(cells) != width or Doubtful in map(type, cells)
            errors = table.check(number, cells, used) if odd else []
            values, faults = read(cells)
            if not faults and not errors:
                yield True, number, *values
                continue
            errors += [found.error(number, fault) for fault in faults]
            found.add(errors)
            wrong = [error[1:] for error in errors]
            yield False, number, ImportRow.Outcome.REJECTED.value, _json(wrong), _json(as_written(cells))
    except refusals.Refused as refused:
        raise refusal_of(refused) from refused


def _sealed(number: str) -> tuple[str, str]:
    """An identity number as it is stored."""
    return seal(number), fingerprint(number)


def _numbered(columns: list[str], rows: list[tuple]) -> tuple[list[str], list[tuple]]:
    """The rows with the id each customer would get: taken here, PostgreSQL need not write every row once more.

    SQLite gives ids when the customers are added; a number taken for a row that is not imported is lost, which harms nobody.
    """
    if connection.vendor != "postgresql" or not rows:
        return columns, rows
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('customers_customer', 'id')")
        (sequence,) = cursor.fetchone()
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, len(rows)])
        ids = cursor.fetchall()
    return [*columns, "customer_id"], [row + new for row, new in zip(rows, ids, strict=True)]


def _json(value) -> str:
    # The escape of a NUL is the one character PostgreSQL's jsonb does not take.
    return _encode(value).replace("\\u0000", "")


def _write(batch: Import, columns: list[str], rows: list[tuple]) -> None:
    """Add rows of (row number, values …) to the staging table; columns not named keep their defaults."""
    if not rows:
        return
    names = ["row", *columns]
    quoted = ", ".join(f'"{name}"' for name in ["batch_id", *names])
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(names))
            sql = f"INSERT INTO {TABLE} ({quoted}) VALUES ({int(batch.pk)}, {places})"  # noqa: S608  (our own names)
            cursor.executemany(sql, rows)
            return
        text = io.StringIO()
        csv.writer(text).writerows((batch.pk, *row) for row in rows)
        text.seek(0)
        kept = ", ".join(f'"{name}"' for name in names if name in NOT_NULL)
        cursor.copy_expert(
            f"COPY {TABLE} ({quoted}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({kept}))", text
        )
