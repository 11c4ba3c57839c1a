"""Importing 100,000 customers through the product's pipeline against COPY and set-based SQL by hand, in the same run.

Needs PostgreSQL: DATABASE_URL names a database that may be filled (it is migrated first). The list has 1 % wrong phones and 11 %
customers that are known already. Prints medians and ratios; exits with 1 when a goal of performance.md is missed.

    DATABASE_URL=postgres://… python bench/import_customers.py [--rows 100000] [--runs 3]
"""

import argparse
import csv
import io
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")

GOAL_TIME, GOAL_MEMORY = 1.5, 150
HEADER = ["客户编号", "姓名", "手机", "级别", "金额", "地址", "职业", "来源"]
MAPPING = {
    "columns": {
        "客户编号": "external_id",
        "姓名": "name",
        "手机": "phone",
        "级别": "level",
        "金额": "amount",
        "地址": "address",
        "职业": "custom",
        "来源": "source",
    }
}
KNOWN = 0.11
BAD = 0.01
MOBILE = re.compile(r"1[3-9]\d{9}")


def make_rows(count):
    rng = random.Random(20_260_101)
    for number in range(count):
        phone = str(13_000_000_000 + number * 7919 % 999_999_999) if rng.random() >= BAD else "13x"
        yield [
            f"K{number:07}",
            f"客户{number}",
            phone,
            rng.choice(["普通", "银卡", "金卡"]),
            str(rng.randrange(-5_000, 900_000)),
            f"文三路{number % 999}号",
            rng.choice(["management", "technician", "retired"]),
            "门店",
        ]


def make_files(folder, count):
    from callcenter.spreadsheet.flat import FlatWorkbook

    rows = list(make_rows(count))
    text, book, known = folder / "list.csv", folder / "list.xlsx", folder / "known.csv"
    for path, lines in ((text, rows), (known, rows[:: round(1 / KNOWN)])):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *lines])
    with FlatWorkbook(book) as workbook:
        workbook.start_sheet("名单", HEADER)
        for row in rows:
            workbook.write_row(row)
    return text, book, known


def read_raw(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            yield from rows
        return
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows()
    next(rows)
    yield from rows


def import_raw(path, client, unit):
    """What one would write by hand: read, check the phone, COPY into a temporary table, a few statements. One transaction."""
    import json

    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged (row int, external_id text, name text, number text, level text, amount numeric, "
            "address text, custom jsonb, source text, customer_id bigint) ON COMMIT DROP"
        )
        text = io.StringIO()
        write = csv.writer(text).writerow
        for row, (number, name, phone, level, amount, address, job, source) in enumerate(
            read_raw(path), start=2
        ):
            if MOBILE.fullmatch(phone):
                custom = json.dumps({"职业": job}, ensure_ascii=False)
                write([row, number, name, f"+86{phone}", level, amount, address, custom, source])
        text.seek(0)
        cursor.copy_expert(
            "COPY staged (row, external_id, name, number, level, amount, address, custom, source) FROM STDIN (FORMAT csv)",
            text,
        )
        cursor.execute("ANALYZE staged (row, external_id, number)")
        cursor.execute(
            "DELETE FROM staged USING (SELECT external_id, min(row) AS first FROM staged GROUP BY 1 HAVING count(*) > 1) AS d "
            "WHERE staged.external_id = d.external_id AND staged.row <> d.first"
        )
        cursor.execute(
            "DELETE FROM staged USING (SELECT number, min(row) AS first FROM staged GROUP BY 1 HAVING count(*) > 1) AS d "
            "WHERE staged.number = d.number AND staged.row <> d.first"
        )
        cursor.execute(
            "DELETE FROM staged USING customers_customer AS c WHERE c.client_id = %s AND c.external_id = staged.external_id",
            [client],
        )
        cursor.execute(
            "DELETE FROM staged USING customers_phone AS p JOIN customers_customer AS c ON c.id = p.customer_id "
            "WHERE p.number = staged.number AND c.client_id = %s",
            [client],
        )
        cursor.execute(
            "SELECT count(*) FROM staged JOIN customers_blacklistentry AS b ON b.number = staged.number"
        )
        cursor.execute("UPDATE staged SET customer_id = nextval('customers_customer_id_seq')")
        cursor.execute(
            "INSERT INTO customers_customer (id, client_id, unit_id, external_id, name, gender, salutation, nature, relation, "
            "level, key_customer, amount, address, email, language, rest_hours, preferred_hours, source, custom, restriction, "
            "created_at, updated_at, version) SELECT customer_id, %s, %s, external_id, name, '', '', 'individual', '', level, "
            "FALSE, amount, address, '', '', '[]', '[]', source, custom, '', now(), now(), 1 FROM staged "
            "ON CONFLICT DO NOTHING",
            [client, unit],
        )
        cursor.execute(
            "INSERT INTO customers_phone (customer_id, number, extension, kind, state, preferred) "
            "SELECT customer_id, number, '', 'mobile', 'valid', TRUE FROM staged"
        )


def import_ours(path, client, unit):
    from django.utils import timezone

    from callcenter import jobs
    from customers.actions.imports import import_file
    from customers.models import Client
    from people.models import Unit

    batch, job = import_file(
        path=path,
        client=Client.objects.get(pk=client),
        unit=Unit.objects.get(pk=unit),
        mapping=MAPPING,
        duplicates="skip",
        now=timezone.now(),
    )
    job = jobs.run(job)
    assert job.state == "partly", job.message
    return job.result


def empty(client):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer, customers_phone, customers_importrow CASCADE")
        cursor.execute("DELETE FROM customers_import")
        cursor.execute("VACUUM ANALYZE customers_customer, customers_phone, customers_importrow")


def timed(verb, path, known, client, unit):
    empty(client)
    import_raw(known, client, unit)
    started = time.perf_counter()
    verb(path, client, unit)
    return time.perf_counter() - started


def peak_memory(path):
    """Megabytes at most used by a process that does nothing but import the file."""
    code = (
        "import resource; from bench.import_customers import child; child(); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return int(done.stdout.split()[-1]) / 1024


def child():
    import django

    django.setup()
    client, unit = place()
    empty(client)
    import_ours(Path(sys.argv[1]), client, unit)


def place():
    from customers.models import Client
    from people.models import Unit

    client, _made = Client.objects.get_or_create(code="BENCH", defaults={"name": "bench"})
    unit, _made = Unit.objects.get_or_create(code="BENCH", defaults={"name": "bench"})
    return client.pk, unit.pk


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor != "postgresql":
        print("import_customers: needs PostgreSQL (DATABASE_URL); not measured")
        return 0
    call_command("migrate", verbosity=0)
    client, unit = place()
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        text, book, known = make_files(Path(folder), options.rows)
        empty(client)
        import_ours(known, client, unit)  # a worker has everything loaded that a first import loads
        for path in (text, book):
            raw, ours = [], []
            for _run in range(options.runs):
                raw.append(timed(import_raw, path, known, client, unit))
                ours.append(timed(import_ours, path, known, client, unit))
            ratio = statistics.median(ours) / statistics.median(raw)
            memory = peak_memory(path)
            missed += ratio > GOAL_TIME or memory > GOAL_MEMORY
            print(
                f"import {options.rows:,} rows {path.suffix[1:]}: raw {statistics.median(raw):.2f} s, "
                f"ours {statistics.median(ours):.2f} s, ratio {ratio:.2f} (goal {GOAL_TIME}), "
                f"peak {memory:.0f} MB (goal {GOAL_MEMORY})"
            )
    empty(client)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
