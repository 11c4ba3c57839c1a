"""Importing 100,000 customers through the job of the page against COPY and set-based SQL by hand, in the same run.

The list has 1 % wrong phones and 11 % customers that are known already. Both ways read the same file: the workbook by hand with
the fast reader, ours as the product does. Time is that of the clock and of the processor (this process and its database
backend together): on a busy machine only the second says something. Then a list in which every row is wrong, and with
``--large 1000000`` a long list once by each way. Works in a database of its own on the server of ``DATABASE_URL``. Prints
medians and ratios; exits with 1 when a goal of performance.md or reliability.md (I-02) is missed.

    python bench/import_customers.py [--rows 100000] [--runs 3] [--large 0]
"""

import argparse
import csv
import io
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import database

GOAL_TIME, GOAL_MEMORY = 1.5, 150
BAD_SECONDS, BAD_MEMORY = 30, 300
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
    """The job the page starts, run here as the worker runs it."""
    run_job(begun(path, client, unit))


def begun(path, client, unit):
    """The job of an import whose questions are answered."""
    from django.utils import timezone

    from customers.actions.imports import import_file
    from customers.models import Client
    from people.models import Unit

    _batch, job = import_file(
        path=path,
        client=Client.objects.get(pk=client),
        unit=Unit.objects.get(pk=unit),
        mapping=MAPPING,
        duplicates="skip",
        now=timezone.now(),
    )
    return job


def run_job(job):
    from callcenter import jobs

    job = jobs.run(job)
    assert job.state == "partly", job.message
    return job


def empty():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE customers_customer, customers_phone, customers_importrow CASCADE")
        cursor.execute("DELETE FROM customers_import")
        cursor.execute("VACUUM ANALYZE customers_customer, customers_phone, customers_importrow")


class Spent(NamedTuple):
    """Seconds: of the clock, of the processor in this process, of the processor in the database backend."""

    wall: float
    client: float
    server: float

    @property
    def cpu(self):
        return self.client + self.server


def moment() -> Spent:
    """Where the clocks stand now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        server = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:  # the server is on another machine
        server = 0.0
    return Spent(time.perf_counter(), time.process_time(), server)


def timed(verb, *arguments) -> Spent:
    before = moment()
    verb(*arguments)
    return Spent(*(after - start for after, start in zip(moment(), before, strict=True)))


def one_run(ours, path, known, place) -> Spent:
    """An import by one of the two ways into an archive that knows a part of the list."""
    empty()
    import_raw(known, *place)
    return timed(run_job, begun(path, *place)) if ours else timed(import_raw, path, *place)


def peak_memory(path):
    """(seconds by the clock, of the processor, megabytes at most used) by a process that only imports the file."""
    code = "import sys; from bench.import_customers import child; child(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, cwd=database.ROOT
    )
    wall, cpu, kilobytes = done.stdout.split()[-3:]
    return float(wall), float(cpu), int(kilobytes) / 1024


def child(path):
    import django

    django.setup()
    empty()
    spent = timed(import_ours, Path(path), *place())
    # Not ru_maxrss: a process inherits that from the one that started it, and ours has made the lists.
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(spent.wall, spent.cpu, peak)


def place():
    from customers.models import Client
    from people.models import Unit

    client, _made = Client.objects.get_or_create(code="BENCH", defaults={"name": "bench"})
    unit, _made = Unit.objects.get_or_create(code="BENCH", defaults={"name": "bench"})
    return client.pk, unit.pk


def compare(path, known, runs) -> bool:
    """Print both ways for one file; returns whether a goal was missed."""
    here = place()
    raw, ours = [], []
    for _run in range(runs):
        raw.append(one_run(False, path, known, here))
        ours.append(one_run(True, path, known, here))
    wall, cpu = (
        statistics.median(getattr(each, name) for each in ours)
        / statistics.median(getattr(each, name) for each in raw)
        for name in ("wall", "cpu")
    )
    *_seconds, memory = peak_memory(path)
    for label, spent in (("raw", raw), ("ours", ours)):
        client, server, clock = (
            statistics.median(getattr(each, name) for each in spent) for name in ("client", "server", "wall")
        )
        print(
            f"  {label}: {clock:.2f} s by the clock, cpu {client:.2f} s here + {server:.2f} s in the database"
        )
    print(
        f"import {path.stem} {path.suffix[1:]}: ratio {cpu:.2f} of cpu, {wall:.2f} by the clock (goal {GOAL_TIME}), "
        f"peak {memory:.0f} MB (goal {GOAL_MEMORY})"
    )
    judged = cpu if all(each.server for each in raw + ours) else wall
    return judged > GOAL_TIME or memory > GOAL_MEMORY


def all_bad(folder, count) -> bool:
    """Every row has four faults; all of them must come back."""
    path = folder / "bad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                HEADER,
                *([f"B{n}", "王" * 200, "1.38E+10", "级" * 40, "1e308", "", "", ""] for n in range(count)),
            ]
        )
    wall, cpu, memory = peak_memory(path)
    here = place()
    empty()
    job = run_job(begun(path, *here))
    with open(job.error_path, encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    assert len(lines) == count
    assert all(line[2].count(" | ") == 3 for line in lines)
    print(
        f"{count:,} bad rows: {cpu:.1f} s of cpu, {wall:.1f} s by the clock (goal {BAD_SECONDS}), "
        f"peak {memory:.0f} MB (goal {BAD_MEMORY}), "
        f"error file of {len(lines):,} rows, 4 reasons each"
    )
    return wall > BAD_SECONDS or memory > BAD_MEMORY


def large(folder, count) -> None:
    """One long list, once by each way."""
    path = folder / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file)
        write.writerow(HEADER)
        write.writerows(make_rows(count))
    here = place()
    empty()
    raw = timed(import_raw, path, *here)
    empty()
    ours = timed(run_job, begun(path, *here))
    *_seconds, memory = peak_memory(path)
    print(
        f"{count:,} rows: ours {ours.wall:.1f} s ({count / ours.wall:,.0f} rows/s; cpu {ours.client:.1f} + {ours.server:.1f}), "
        f"raw {raw.wall:.1f} s (cpu {raw.client:.1f} + {raw.server:.1f}), ratio {ours.cpu / raw.cpu:.2f} of cpu, "
        f"{ours.wall / raw.wall:.2f} by the clock, peak {memory:.0f} MB"
    )


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--large", type=int, default=0, help="rows of a long list imported once")
    options = options.parse_args()
    database.prepare("bench_import")
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, book, known = make_files(folder, options.rows)
        import_ours(known, *place())  # a worker has everything loaded that a first import loads
        for path in (text, book):
            missed += compare(path, known, options.runs)
        missed += all_bad(folder, options.rows)
        if options.large:
            large(folder, options.large)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
