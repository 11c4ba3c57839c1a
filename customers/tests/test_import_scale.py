"""Large files, in small by default: everything is counted, progress only grows, and a killed worker doubles nothing.

CORPUS_SCALE=1 runs them in their real size (100,000 and 1,000,000 rows); ``bench/import_customers.py`` measures them.
"""

import csv
import os
import random
from datetime import timedelta

import pytest

from callcenter import jobs
from callcenter.models import JobState
from callcenter.spreadsheet.flat import FlatWorkbook
from callcenter.spreadsheet.read import open_table
from customers.actions import imports
from customers.actions.imports import job as pipeline
from customers.actions.imports import staging
from customers.models import Customer, Phone
from customers.tests.make import NOW, make_client, make_unit
from customers.tests.test_imports import HEADER, PLAIN, Killed, line, lines, load, write

pytestmark = pytest.mark.django_db
SCALE = float(os.environ.get("CORPUS_SCALE", "0.02"))
LARGE, HUGE = int(100_000 * SCALE), int(1_000_000 * SCALE)


def workbook(path, rows):
    with FlatWorkbook(path) as book:
        book.start_sheet("名单", HEADER.split(","))
        for row in rows:
            book.write_row(row)
    return path


def people(count):
    return ([f"A{number}", f"客户{number}", 13_000_000_000 + number] for number in range(1, count + 1))


def wrong(count):
    return ([f"A{number}", "王" * 121, "1.38E+10"] for number in range(1, count + 1))


def test_good_rows_of_a_csv(tmp_path):
    path = write(tmp_path, [",".join(map(str, row)) for row in people(LARGE)])
    job, counts = load(path, client=make_client())
    assert (job.state, counts["accepted"], Phone.objects.count()) == (JobState.DONE, LARGE, LARGE)


def test_good_rows_of_a_workbook(tmp_path):
    job, counts = load(workbook(tmp_path / "a.xlsx", people(LARGE)), client=make_client())
    assert (job.state, counts["accepted"], Phone.objects.count()) == (JobState.DONE, LARGE, LARGE)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_bad_row_comes_back_with_all_its_errors(tmp_path, kind):
    if kind == "csv":
        path = write(tmp_path, [",".join(map(str, row)) for row in wrong(LARGE)])
    else:
        path = workbook(tmp_path / "a.xlsx", wrong(LARGE))
    job, counts = load(path, client=make_client())
    assert (counts["accepted"], counts["rejected"], counts["bad_phone"]) == (0, LARGE, LARGE)
    table = open_table(job.error_path)
    assert sum(1 for _row in table.rows()) == LARGE
    if kind == "csv":
        with open(job.error_path, encoding="utf-8-sig", newline="") as file:
            found = list(csv.reader(file))[1:]
        assert [int(row[0]) for row in found] == list(range(2, LARGE + 2))
        assert {row[1] for row in found} == {"姓名 | 手机"}


def test_a_very_long_list(tmp_path):
    rng = random.Random(1)
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(HUGE):
            # One in a hundred is wrong, one in ten repeats the row before, one in a hundred is blank.
            kind = rng.random()
            if kind < 0.01:
                file.write(line(number, phone="x") + "\n")
            elif kind < 0.02:
                file.write(",,\n")
            else:
                file.write(line(number - (kind > 0.9)) + "\n")
    job, counts = load(path, client=make_client())
    assert counts["rows"] == HUGE
    assert job.state == JobState.PARTLY
    assert counts["accepted"] == Customer.objects.count() == Phone.objects.count()
    assert min(counts["rejected"], counts["blank"], counts["duplicate"]) > 0


def test_a_wide_file(tmp_path):
    width, count = 60, int(12_000 * SCALE)
    header = ",".join([HEADER, *(f"说明{number}" for number in range(width))])
    rows = [line(number) + f",{'很长的说明文字' * 10}" * width for number in range(count)]
    path = write(tmp_path, rows, header=header)
    assert path.stat().st_size > 50_000_000 * SCALE
    _job, counts = load(path, client=make_client())
    assert counts["accepted"] == count
    assert len(Customer.objects.first().custom) == width


def test_progress_only_grows_and_ends_with_the_rows_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 10)
    monkeypatch.setattr(pipeline, "CHUNK", 10)
    _batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, 101))),
        client=make_client(),
        unit=make_unit(),
        mapping=PLAIN,
        duplicates="skip",
        now=NOW,
    )
    seen = {}

    def watch(running):
        done = seen.setdefault(running.stage, [])
        assert not done or running.done >= done[-1]
        assert running.done <= running.total
        done.append(running.done)

    job = jobs.run(job, watch)
    assert len(seen) >= 2
    assert (job.done, job.total) == (100, 100)


def test_killed_and_resumed_again_and_again(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 50)
    monkeypatch.setattr(pipeline, "CHUNK", 50)
    client = make_client()
    _batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, 401))),
        client=client,
        unit=make_unit(),
        mapping=PLAIN,
        duplicates="skip",
        now=NOW,
    )
    rng = random.Random(9)
    for _death in range(jobs.MAX_ATTEMPTS - 1):
        lives = iter(range(rng.randrange(2, 5)))

        def die(_job, lives=lives):
            if next(lives, None) is None:
                raise Killed

        with pytest.raises(Killed):
            jobs.run(job, die)
        job.refresh_from_db()
        job = jobs.claim(now=job.heartbeat_at + timedelta(minutes=2))
    job = jobs.run(job)
    assert (job.state, job.result["accepted"]) == (JobState.DONE, 400)
    assert Customer.objects.filter(client=client).count() == Phone.objects.count() == 400
