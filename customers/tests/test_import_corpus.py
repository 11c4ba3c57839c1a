"""Every file of the corpus through the whole import: read, map, check, apply (reliability.md section 5).

The files about scale and transport, which are nothing by themselves, are in ``test_import_scale`` and ``test_import_transport``.
"""

import time
from functools import cache
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.models import JobState
from callcenter.spreadsheet.errors import SEPARATOR
from callcenter.spreadsheet.read import open_table
from customers.actions import imports
from customers.models import Customer, Import, ImportRow
from customers.queries.imports import guessed_mapping
from customers.tests.corpus import FAMILIES
from customers.tests.make import NOW, make_client, make_unit

pytestmark = pytest.mark.django_db
SIZES = {
    "encodings": 60, "phones": 40, "dates": 40, "headers": 30, "structure": 30, "bombs": 30, "values": 30, "business": 20,
}  # fmt: skip
PARTS = ("accepted", "updated", "duplicate", "rejected", "blank")
QUICK = 0.1  # seconds of this process


@pytest.fixture(scope="module")
def corpus():
    """A function that makes a family's files, each family once."""
    return cache(lambda family: list(FAMILIES[family]()))


@pytest.mark.parametrize("family", FAMILIES)
def test_family_has_as_many_files_as_promised(corpus, family):
    names = [file.name for file in corpus(family)]
    assert len(names) == SIZES[family]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_comes_to_what_it_must(corpus, family):
    unit, wrong = make_unit(), []
    for file in corpus(family):
        # What one file leaves in the archive is none of the next one's business.
        before = transaction.savepoint()
        try:
            judge(file, unit)
        except AssertionError as error:
            wrong.append(f"{file.name}: {error}")
        transaction.savepoint_rollback(before)
    assert not wrong, "\n".join(wrong)


def judge(file, unit):
    """Import the file as the page does, twice, and compare with what is expected."""
    client = make_client()
    if file.before is not None:
        file.before(client)
    before = Customer.objects.count()
    if file.expected.refused:
        code = refusal(file, client, unit)
        assert code in file.expected.refused, f"refused as {code}"
        assert Customer.objects.count() == before, "something was stored"
        return
    batch, job, preview = run(file, client, unit)
    assert job.state != JobState.RUNNING
    counts = job.result
    assert counts["rows"] == sum(counts[part] for part in PARTS), f"rows do not add up: {counts}"
    wanted = dict.fromkeys(PARTS, 0) | file.expected.counts
    assert {name: counts[name] for name in wanted} == wanted, f"{counts}"
    assert counts["reasons"] == file.expected.reasons, f"{counts['reasons']}"
    if file.duplicates != "fail":
        assert {name: preview[name] for name in wanted} == wanted, f"preview {preview}"
    look_at_archive(file, client)
    look_at_error_file(job, counts)
    _batch, again, _preview = run(file, client, unit)
    assert again.result["accepted"] == again.result["updated"] == 0, f"again: {again.result}"
    assert not ImportRow.objects.exists(), "staging is not cleared"
    assert batch.pk


def refusal(file, client, unit):
    """The code with which the file is refused, in whichever step; "" if it is not."""
    started = time.process_time()
    try:
        begun(file, client, unit)
    except Refused as refused:
        spent = time.process_time() - started
        assert not file.expected.quickly or spent < QUICK, f"took {spent:.3f} s"
        return refused.code if str(refused.message) else "without a word"
    assert not file.expected.quickly, "was opened"
    try:
        _batch, job, _preview = run(file, client, unit)
    except Refused as refused:
        return refused.code
    assert job.state == JobState.FAILED, job.result
    return next((code for code in file.expected.refused if said(job.message, code)), job.message)


def said(message, code):
    """Whether a job's message is the one of the refusal with the code."""
    from callcenter.spreadsheet import refusals

    kinds = {kind.code: kind for kind in refusals.Refused.__subclasses__()}
    return str(kinds[code].template).partition("%(")[0] in message


def begun(file, client, unit, *, reading=None):
    return imports.begin_import(
        upload=SimpleUploadedFile(file.name, file.data),
        client=client,
        unit=unit,
        team=None,
        by=None,
        reading=reading if reading is not None else file.reading,
        now=NOW,
    )


def run(file, client, unit):
    """(import, its job, counts of the preview) by the page's way: upload, columns, check, import."""
    try:
        batch = begun(file, client, unit)
    except Refused as asked:
        if asked.code != "ambiguous_encoding" or not file.expected.encoding:
            raise
        choices = [choice["encoding"] for choice in asked.facts["encodings"]]
        assert file.expected.encoding in choices, f"not offered: {choices}"
        batch = begun(file, client, unit, reading={"encoding": file.expected.encoding})
    mapping = file.mapping or guessed_mapping(client, imports.keys_of(batch))
    imports.choose_columns(
        batch=batch,
        mapping=mapping,
        duplicates=file.duplicates,
        scope=file.scope,
        keep_good=file.keep_good,
    )
    checked = jobs.run_now(imports.start_check(batch=batch, by=None, now=timezone.now()))
    if checked.state == JobState.FAILED:
        return batch, checked, {}
    preview = Import.objects.get(pk=batch.pk).counts["preview"]
    job = jobs.run_now(imports.start_import(batch=batch, by=None, now=timezone.now()))
    assert "unexpected" not in job.message, job.message
    return batch, job, preview


def look_at_archive(file, client):
    """The expected texts and numbers are stored, and nothing anywhere is mojibake."""
    found = {each.external_id: each for each in client.customers.prefetch_related("phones")}
    for number, columns in file.expected.stored.items():
        for column, text in columns.items():
            custom = column.removeprefix("custom.")
            value = (
                found[number].custom.get(custom, "") if custom != column else getattr(found[number], column)
            )
            assert str(value) == text, f"{number} {column}: {value!r} is not {text!r}"
    for number, phones in file.expected.phones.items():
        kept = [
            f"{each.number};{each.extension}".rstrip(";")
            for each in sorted(found[number].phones.all(), key=lambda phone: phone.pk)
        ]
        assert kept == phones, f"{number}: {kept}"
    for customer in found.values():
        text = "".join([customer.name, customer.address, *customer.custom, *customer.custom.values()])
        assert not any(odd(character) for character in text), f"mojibake: {text!r}"


def odd(character):
    return character == "\ufffd" or "\x7f" <= character <= "\x9f" or "\ue000" <= character <= "\uf8ff"


def look_at_error_file(job, counts):
    """Every rejected row is there with number, reason and what to do, and the file can be loaded again."""
    rejected = counts["rejected"] - counts["reasons"].get("not_imported", 0)
    if not rejected:
        return
    table = open_table(job.error_path)
    assert table.is_error_file
    lines = [cells for _number, cells in raw_rows(job.error_path)]
    wrong = [line for line in lines if line[2]]
    assert len(wrong) >= rejected
    for number, column, reason, hint, *cells in lines:
        assert int(number) > 1
        assert reason
        assert len(reason.split(SEPARATOR)) == len(hint.split(SEPARATOR)) == len(column.split(SEPARATOR))
        assert any(cells)


def raw_rows(path):
    """The error file's rows with its added columns."""
    if Path(path).suffix == ".csv":
        import csv

        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from list(enumerate(csv.reader(file)))[1:]
        return
    import openpyxl

    sheet = openpyxl.load_workbook(path).active
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > 1:
            yield number, ["" if cell is None else str(cell) for cell in row]
