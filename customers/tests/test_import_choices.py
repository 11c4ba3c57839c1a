"""What a person decides about an import: encoding, duplicates, dates, consent; and what nobody may do with it (CUS-3)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from callcenter import jobs
from callcenter.errors import Conflict, Refused
from callcenter.models import Job, JobState
from callcenter.spreadsheet.read import open_table
from customers import actions
from customers.actions import imports
from customers.actions.imports import job as pipeline
from customers.actions.imports import staging
from customers.models import Consent, ContactRule, Customer, Import, ImportRow
from customers.rules.importing import BadDate, column_keys, read_date
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from customers.tests.test_imports import (
    HEADER,
    PLAIN,
    Killed,
    begin,
    error_rows,
    line,
    lines,
    load,
    run,
    write,
)
from customers.tests.test_pages import lead_of, run_jobs, signed_in, upload

pytestmark = pytest.mark.django_db
CONSENT = {"columns": PLAIN["columns"] | {"同意": "consent"}}


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("2026-05-31", "ymd", "2026-05-31"),
        ("2026-05-31", "dmy", "2026-05-31"),
        ("2026/5/1", "ymd", "2026-05-01"),
        ("2026.5.1", "ymd", "2026-05-01"),
        ("2026年5月1日", "ymd", "2026-05-01"),
        ("20260501", "ymd", "2026-05-01"),
        ("２０２６/５/１", "ymd", "2026-05-01"),
        ("2026-05-01 00:00:00", "ymd", "2026-05-01"),
        ("01/05/2026", "dmy", "2026-05-01"),
        ("01/05/2026", "mdy", "2026-01-05"),
        (" ", "ymd", ""),
    ],
)
def test_golden_dates(text, order, found):
    assert read_date(text, order) == found


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("01/05/2026", "ymd", "date_order"),
        ("2026/5/1", "dmy", "date_order"),
        ("115/5/1", "ymd", "date_order"),
        ("soon", "ymd", "date_order"),
        ("31/05/2026", "mdy", "no_such_day"),
        ("2026-02-30", "ymd", "no_such_day"),
        ("26/5/1", "ymd", "date_short_year"),
        ("1.5.26", "dmy", "date_short_year"),
        ("46143", "ymd", "date_serial"),
        ("2026-05-01 10:30", "ymd", "date_has_time"),
        ("2026-05-01T00:00:00+08:00", "ymd", "date_has_time"),
        ("1026-05-01", "ymd", "date_far"),
        ("2026-03-05", "ymd", "future_birth"),
    ],
)
def test_dates_are_never_guessed(text, order, code):
    with pytest.raises(BadDate) as bad:
        read_date(text, order, until=date(2026, 3, 4))
    assert bad.value.code == code


def test_column_names_stay_apart_whatever_they_are():
    header = [("手机", "A"), ("手机", "B"), ("手机 [A]", "C"), ("", "D")]
    assert column_keys(header) == ["手机 [A] [A]", "手机 [B]", "手机 [A]", "[D]"]


def test_declared_dates_are_stored_as_days_and_others_come_back(tmp_path):
    mapping = {"columns": PLAIN["columns"] | {"生日": "date_ymd", "到期": "date_dmy"}}
    rows = [
        line(1) + ",1980年5月1日,31/12/2026",
        line(2) + ",1980/5/1,12/31/2026",
        line(3) + ",2999-01-01,31/12/2026",
        line(4) + ",,",
    ]
    job, counts = load(
        write(tmp_path, rows, header=HEADER + ",生日,到期"), client=make_client(), mapping=mapping
    )
    assert Customer.objects.get(external_id="A1").custom == {"生日": "1980-05-01", "到期": "2026-12-31"}
    assert Customer.objects.get(external_id="A4").custom == {}
    assert counts["reasons"] == {"no_such_day": 1, "date_far": 1}
    assert [(row[0], row[1]) for row in error_rows(job)] == [("3", "到期"), ("4", "生日")]


def test_day_of_birth_is_not_ahead(tmp_path):
    mapping = {"columns": PLAIN["columns"] | {"生日": "date_ymd"}}
    path = write(tmp_path, [line(1) + ",2099-01-01"], header=HEADER + ",生日")
    _job, counts = load(path, client=make_client(), mapping=mapping)
    assert counts["reasons"] == {"future_birth": 1}


@pytest.mark.parametrize(
    ("scope", "accepted", "duplicate"), [("file", 3, 1), ("client", 2, 2), ("all", 1, 3)]
)
def test_duplicates_are_looked_for_where_the_import_says(tmp_path, scope, accepted, duplicate):
    client = make_client()
    make_customer(client=client, external_id="", phones=["+8613800000001"])
    make_customer(client=make_client(), external_id="", phones=["+8613800000002"])
    rows = [f",客户{n},{13800000000 + n}" for n in (1, 2, 3, 3)]
    job, counts = load(write(tmp_path, rows), client=client, scope=scope)
    assert (counts["accepted"], counts["duplicate"]) == (accepted, duplicate)
    if scope == "all":
        assert [row[0] for row in error_rows(job)] == ["3", "5"]


def test_customer_number_is_known_whatever_the_scope(tmp_path):
    client = make_client()
    make_customer(client=client, external_id="A1", phones=[])
    _job, counts = load(write(tmp_path, lines(1, 2)), client=client, scope="file")
    assert (counts["accepted"], counts["duplicate"]) == (1, 1)


def test_another_clients_customer_is_never_updated(tmp_path):
    other = make_customer(client=make_client(), external_id="", name="别家", phones=["+8613800000001"])
    _job, counts = load(write(tmp_path, lines(1)), client=make_client(), scope="all", duplicates="update")
    assert (counts["updated"], counts["duplicate"]) == (0, 1)
    other.refresh_from_db()
    assert other.name == "别家"


def test_update_adds_further_numbers_of_a_known_customer(tmp_path):
    client = make_client()
    known = make_customer(client=client, external_id="A1", phones=["+8613800000001"])
    mapping = {"columns": PLAIN["columns"] | {"电话2": "phone2"}}
    path = write(tmp_path, [line(1) + ",0571-88888888"], header=HEADER + ",电话2")
    load(path, client=client, mapping=mapping, duplicates="update")
    assert set(known.phones.values_list("number", flat=True)) == {"+8613800000001", "+8657188888888"}


def test_consent_of_the_list_is_recorded_with_its_source(tmp_path):
    rows = [line(1) + ",同意", line(2) + ",否", line(3) + ",", line(4) + ",也许"]
    _job, counts = load(write(tmp_path, rows, header=HEADER + ",同意"), client=make_client(), mapping=CONSENT)
    assert counts["reasons"] == {"not_yes_or_no": 1}
    assert counts["without_consent"] == 2
    said = {(each.customer.external_id, each.purpose): each for each in Consent.objects.all()}
    assert {key: each.state for key, each in said.items()} == {
        ("A1", "sales"): "granted",
        ("A1", "survey"): "granted",
        ("A2", "sales"): "withdrawn",
        ("A2", "survey"): "withdrawn",
    }
    assert "customers.csv" in said["A1", "sales"].source
    assert said["A1", "sales"].evidence.startswith("sha256 ")


def test_list_never_brings_back_a_withdrawn_consent(tmp_path):
    client = make_client()
    withdrawn, asked = (make_customer(client=client, external_id=each, phones=[]) for each in ("A1", "A2"))
    actions.withdraw_consent(
        customer=withdrawn, channel="phone", purpose="sales", source="电话", by=None, now=NOW
    )
    actions.grant_consent(customer=asked, channel="phone", purpose="sales", source="电话", by=None, now=NOW)
    path = write(tmp_path, [line(1) + ",是", line(2) + ",否"], header=HEADER + ",同意")
    _job, counts = load(path, client=client, mapping=CONSENT, duplicates="update")
    assert counts["without_consent"] == 2
    states = (
        Consent.objects.filter(purpose="sales").order_by("id").values_list("customer__external_id", "state")
    )
    assert list(states) == [("A1", "withdrawn"), ("A2", "granted"), ("A2", "withdrawn")]


def test_without_consent_counts_nobody_when_no_call_needs_one(tmp_path):
    ContactRule.objects.update_or_create(
        key_customer=False,
        defaults={"contract_purposes": ["service", "dunning", "sales", "survey"]},
    )
    _job, counts = load(write(tmp_path, lines(1, 2)), client=make_client())
    assert counts["without_consent"] == 0


def test_preview_counts_what_an_import_would_meet(tmp_path):
    client = make_client()
    make_customer(client=client, external_id="A1", phones=[])
    actions.block(number="13800000003", category="asked", reason="r", by=None, now=NOW)
    batch = begin(tmp_path, [*lines(1, 2, 3), line(4, phone="x"), line(5, name="王" * 200)], client=client)
    run(imports.start_check(batch=batch, by=None, now=NOW))
    batch.refresh_from_db()
    preview = batch.counts["preview"]
    names = ("rows", "accepted", "duplicate", "rejected", "bad_phone", "do_not_call", "without_consent")
    assert [preview[name] for name in names] == [5, 2, 1, 2, 1, 1, 2]


def test_row_that_was_short_or_doubtful_cannot_pass_unseen_when_loaded_again(tmp_path):
    client = make_client()
    job, counts = load(write(tmp_path, [line(1), "A2,短"]), client=client)
    assert counts["reasons"] == {"too_few_cells": 1}
    again = tmp_path / "again.csv"
    again.write_bytes(Path(job.error_path).read_bytes())
    _job, counts = load(again, client=client)
    assert (counts["accepted"], counts["rejected"]) == (0, 1)


def test_unclosed_quotation_mark_further_down_is_explained(tmp_path, english):
    path = write(tmp_path, [*lines(*range(1, 60)), 'A61,"王,13800000061', line(62)])
    job, _counts = load(path, client=make_client())
    assert job.state == JobState.FAILED
    assert "line 61" in job.message
    assert not Customer.objects.exists()


UNCERTAIN = b"a,b\r\n1," + "啊".encode("gb18030") + b"\r\n"


def test_uncertain_encoding_is_a_question_with_previews():
    team, client = make_team(), make_client()
    browser = lead_of(team)
    file = SimpleUploadedFile("名单.csv", UNCERTAIN)
    response = browser.post(reverse("customers:import"), {"file": file, "client": client.pk, "team": team.pk})
    assert response.status_code == 302
    page = browser.get(response.url).content.decode()
    assert "GB18030" in page
    assert "1,啊" in page
    assert browser.post(response.url, {"encoding": "klingon"}).status_code == 422
    assert browser.post(response.url, {"encoding": "utf-8"}).status_code == 422
    assert browser.post(response.url, {"encoding": "gb18030"}).status_code == 302
    page = browser.get(response.url).content.decode()
    assert 'name="column1"' in page
    assert Import.objects.get().reading == {"encoding": "gb18030"}


def test_sheet_and_delimiter_can_be_chosen(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["读我", "说明"])
    book.create_sheet("名单").append(HEADER.split(","))
    book["名单"].append(["A1", "王芳", "13800000001"])
    path = tmp_path / "两张表.xlsx"
    book.save(path)
    team, client = make_team(), make_client()
    browser = lead_of(team)
    file = SimpleUploadedFile(path.name, path.read_bytes())
    url = browser.post(reverse("customers:import"), {"file": file, "client": client.pk, "team": team.pk}).url
    assert "读我" in browser.get(url).content.decode()
    page = browser.post(url, {"sheet": "名单", "reread": "1"}).content.decode()
    assert "王芳" in page
    page = browser.post(url, {"sheet": "没有", "reread": "1"})
    assert page.status_code == 200
    assert "没有" in page.content.decode()
    data = {"sheet": "名单", "duplicates": "skip", "scope": "client", "keep_good": "yes"}
    columns = {"column0": "external_id", "column1": "name", "column2": "phone"}
    assert browser.post(url, data | columns).status_code == 302
    run_jobs()
    batch = Import.objects.get()
    assert batch.counts["preview"]["accepted"] == 1


def test_discarded_file_leaves_nothing(tmp_path):
    team = make_team()
    batch = begin(tmp_path, [*lines(1), line(2, phone="x")], by=make_user("lead", team=team), team=team)
    browser = signed_in(batch.owner)
    job = imports.start_check(batch=batch, by=batch.owner, now=NOW)
    assert browser.post(reverse("customers:import_discard", args=[batch.pk])).status_code == 409
    job = run(job)
    errors = Path(job.error_path)
    assert errors.exists()
    stranger = lead_of(team)
    assert stranger.post(reverse("customers:import_discard", args=[batch.pk])).status_code == 404
    assert browser.post(reverse("customers:import_discard", args=[batch.pk])).status_code == 302
    assert not Import.objects.exists()
    assert not ImportRow.objects.exists()
    assert not errors.exists()
    job.refresh_from_db()
    assert job.error_path == ""


def test_check_that_was_stopped_or_failed_leaves_a_way_on(tmp_path):
    team = make_team()
    user = make_user("lead", team=team)
    for rows, cancelled in ((lines(1), True), ([*lines(1), 'A2,"王,1'], False)):
        batch = begin(tmp_path, lines(1), by=user, team=team)
        Path(batch.path).write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        job = imports.start_check(batch=batch, by=user, now=NOW)
        if cancelled:
            jobs.cancel(job, by=user, now=NOW)
        else:
            assert run(job).state == JobState.FAILED
        page = signed_in(user).get(reverse("customers:import_preview", args=[batch.pk])).content.decode()
        assert reverse("customers:import_columns", args=[batch.pk]) in page
        assert reverse("customers:import_discard", args=[batch.pk]) in page
        assert reverse("customers:import_start", args=[batch.pk]) not in page


def test_imported_file_is_not_discarded(tmp_path):
    batch = begin(tmp_path, lines(1))
    run(imports.start_import(batch=batch, by=None, now=NOW))
    with pytest.raises(Conflict):
        imports.discard_import(batch=batch)


def test_error_files_are_forgotten_after_a_month(tmp_path):
    job, _counts = load(write(tmp_path, [line(1, phone="x")]), client=make_client())
    assert imports.clear_imports(now=job.finished_at + timedelta(days=29)) == 1  # the file itself
    assert Path(job.error_path).exists()
    assert imports.clear_imports(now=job.finished_at + timedelta(days=31)) == 1
    assert not Path(job.error_path).exists()


def test_one_person_cannot_fill_the_queue(tmp_path, settings):
    settings.OPEN_JOBS_PER_PERSON = 2
    team, client = make_team(), make_client()
    user = make_user("lead", team=team)
    batches = [begin(tmp_path, lines(n), by=user, client=client, team=team) for n in range(1, 5)]
    for batch in batches[:2]:
        imports.start_import(batch=batch, by=user, now=NOW)
    with pytest.raises(Refused) as refused:
        imports.start_import(batch=batches[2], by=user, now=NOW)
    assert refused.value.code == "too_many_jobs"
    other = make_user("lead", team=team)
    assert imports.start_import(
        batch=begin(tmp_path, lines(9), by=other, client=client, team=team), by=other, now=NOW
    ).pk
    while job := jobs.claim(now=NOW + timedelta(minutes=1)):
        jobs.run(job)
    assert imports.start_import(batch=batches[2], by=user, now=NOW).pk


def test_twenty_files_at_once_are_enough(tmp_path):
    team, client = make_team(), make_client()
    browser = lead_of(team)
    answers = [
        browser.post(
            reverse("customers:import"),
            {"file": upload(f"{HEADER}\n{line(n)}\n"), "client": client.pk, "team": team.pk},
        ).status_code
        for n in range(22)
    ]
    assert answers == [302] * 20 + [422] * 2
    assert Import.objects.count() == 20


def test_permission_lost_during_an_import_stops_it_and_keeps_what_was_done(tmp_path, monkeypatch, english):
    monkeypatch.setattr(pipeline, "CHUNK", 10)
    team = make_team()
    lead = make_user("lead", team=team)
    batch = begin(tmp_path, lines(*range(1, 36)), by=lead, team=team)
    job = imports.start_import(batch=batch, by=lead, now=NOW)
    assert jobs.claim(now=NOW + timedelta(minutes=1)).pk == job.pk

    def dismiss(running):
        if running.ok >= 10:
            lead.memberships.all().delete()

    job.refresh_from_db()
    job = jobs.run(job, dismiss)
    assert job.state == JobState.FAILED
    assert "Stopped" in job.message
    done = Customer.objects.count()
    assert 10 <= done < 35
    assert (job.result["accepted"], job.result["rejected"], job.result["rows"]) == (done, 35 - done, 35)
    assert job.result["reasons"] == {"not_imported": 35 - done}


def test_same_file_by_two_people_comes_in_once(tmp_path):
    team, client = make_team(), make_client()
    batches = [
        begin(tmp_path, lines(1, 2, 3), by=make_user("lead", team=team), client=client, team=team)
        for _person in range(2)
    ]
    results = []
    for batch in batches:
        imports.start_import(batch=batch, by=batch.owner, now=NOW)
    while job := jobs.claim(now=NOW + timedelta(minutes=1)):
        results.append(jobs.run(job).result)
    assert [result["accepted"] for result in results] == [3, 0]
    assert [result["duplicate"] for result in results] == [0, 3]
    assert Customer.objects.filter(client=client).count() == 3


def test_error_file_of_a_workbook_keeps_its_mark(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEADER.split(","))
    book.active.append(["A1", "#N/A", "13800000001"])
    book.active["B2"].data_type = "e"
    path = tmp_path / "a.xlsx"
    book.save(path)
    client = make_client()
    job, counts = load(path, client=client)
    assert counts["reasons"] == {"error_value": 1}
    rows = [cells for _number, cells in open_table(job.error_path).rows()]
    assert rows == [["A1", "#N/A [#?]", "13800000001"]]
    again = tmp_path / "again.xlsx"
    again.write_bytes(Path(job.error_path).read_bytes())
    _job, counts = load(again, client=client)
    assert counts["reasons"] == {"uncorrected": 1}
    assert Job.objects.exists()


def test_staging_lost_half_way_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 10)
    _batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, 36))),
        client=make_client(),
        unit=make_team().unit,
        mapping=PLAIN,
        duplicates="skip",
        now=NOW,
    )

    def crash(running):
        if running.done >= 20:
            ImportRow.objects.all()._raw_delete("default")
            raise Killed

    with pytest.raises(Killed):
        jobs.run(job, crash)
    job.refresh_from_db()
    job = jobs.run(jobs.claim(now=job.heartbeat_at + timedelta(minutes=2)))
    assert (job.state, job.result["accepted"], Customer.objects.count()) == (JobState.DONE, 35, 35)
