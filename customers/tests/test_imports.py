"""Importing customers: every row is accounted for, nothing comes in twice, and a killed import goes on (CUS-3)."""

import csv
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from callcenter import jobs
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog, JobState
from callcenter.spreadsheet.read import open_table
from customers import actions
from customers.actions import imports
from customers.actions.imports import job as pipeline
from customers.actions.imports import staging
from customers.models import Customer, Import, ImportMapping, ImportRow, Phone
from customers.queries.imports import archiving_counts, first_errors
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db
PLAIN = {"columns": {"客户编号": "external_id", "姓名": "name", "手机": "phone"}, "rest": "custom"}
HEADER = "客户编号,姓名,手机"


def line(number, *, name=None, phone=None):
    return f"A{number},{name or f'客户{number}'},{phone or 13800000000 + number}"


def lines(*numbers):
    return [line(number) for number in numbers]


def write(tmp_path, rows, *, header=HEADER, name="customers.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return path


def load(
    path,
    *,
    client,
    unit=None,
    team=None,
    by=None,
    mapping=None,
    duplicates="skip",
    scope="client",
    keep_good=True,
):
    unit = unit or (team.unit if team else make_unit())
    batch, job = imports.import_file(
        path=path,
        client=client,
        unit=unit,
        team=team,
        by=by,
        mapping=mapping or PLAIN,
        duplicates=duplicates,
        scope=scope,
        keep_good=keep_good,
        now=NOW,
    )
    job = jobs.run(job)
    batch.refresh_from_db()
    counts = job.result
    if counts:
        parts = ("accepted", "updated", "duplicate", "rejected", "blank")
        assert counts["rows"] == sum(counts[part] for part in parts)
    return job, counts


def error_rows(job):
    table = open_table(job.error_path)
    assert table.is_error_file
    with open(job.error_path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_import_creates_customers_with_preferred_phones(tmp_path):
    client, team = make_client(), make_team()
    job, counts = load(write(tmp_path, lines(1, 2)), client=client, team=team)
    assert (job.state, counts["accepted"]) == (JobState.DONE, 2)
    customer = Customer.objects.get(client=client, external_id="A1")
    assert (customer.name, customer.team, customer.unit, customer.nature) == (
        "客户1",
        team,
        team.unit,
        "individual",
    )
    phone = customer.phones.get()
    assert (phone.number, phone.kind, phone.preferred) == ("+8613800000001", "mobile", True)
    assert not ImportRow.objects.exists()
    assert AccessLog.objects.get(action="import").facts["accepted"] == 2


def test_every_field_is_read(tmp_path):
    client, region = make_client(), make_region(name="杭州")
    columns = {
        "编号": "external_id", "姓名": "name", "性别": "gender", "称呼": "salutation", "性质": "nature", "新旧": "relation",
        "级别": "level", "重点": "key_customer", "金额": "amount", "地区": "region", "地址": "address", "邮箱": "email",
        "语言": "language", "来源": "source", "休息": "rest_hours", "方便": "preferred_hours", "手机": "phone", "电话2": "phone2",
        "备注": "custom", "内部": "ignore",
    }  # fmt: skip
    row = (
        "X1,王芳,女,王女士,企业,续保,金卡,是,-8019.5,杭州,文三路1号,wang@example.com,zh,门店,12:00-13:30;21-8,,"
        "０１３８－００１３－８０００,0571-88888888-8001,喜欢茶,秘密"
    )
    load(write(tmp_path, [row], header=",".join(columns)), client=client, mapping={"columns": columns})
    found = Customer.objects.get()
    assert (found.gender, found.nature, found.relation, found.key_customer) == (
        "f",
        "company",
        "renewal",
        True,
    )
    assert (str(found.amount), found.region, found.email) == ("-8019.50", region, "wang@example.com")
    assert found.rest_hours == [["12:00", "13:30"], ["21:00", "08:00"]]
    assert found.preferred_hours == []
    assert found.custom == {"备注": "喜欢茶"}
    assert set(found.phones.values_list("number", "extension", "kind", "preferred")) == {
        ("+8613800138000", "", "mobile", True),
        ("+8657188888888", "8001", "landline", False),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_read_the_same_names(tmp_path, encoding):
    client = make_client()
    rows = [line(number, name=f"欧阳伟{number}号客户") for number in range(1, 30)]
    _job, counts = load(write(tmp_path, rows, encoding=encoding), client=client)
    assert counts["accepted"] == 29
    assert Customer.objects.filter(name="欧阳伟7号客户").exists()


def test_big5_reads_traditional_names(tmp_path):
    rows = [f"A{n},歐陽偉客戶{n},{13800000000 + n}" for n in range(1, 30)]
    path = write(tmp_path, rows, header="客戶編號,姓名,手機", encoding="big5")
    mapping = {"columns": {"客戶編號": "external_id", "姓名": "name", "手機": "phone"}}
    load(path, client=make_client(), mapping=mapping)
    assert Customer.objects.filter(name="歐陽偉客戶7").exists()


def test_bad_rows_come_back_with_row_column_and_reason_and_load_again(tmp_path):
    client = make_client()
    rows = lines(*range(1, 41))
    broken = {5: "13812345", 17: "abc", 30: "1.38E+10"}
    for number, phone in broken.items():
        rows[number - 1] = line(number, phone=phone)
    job, counts = load(write(tmp_path, rows), client=client)
    assert (job.state, counts["accepted"], counts["rejected"]) == (JobState.PARTLY, 37, 3)
    assert counts["reasons"] == {"phone_too_short": 1, "phone_letters": 1, "phone_scientific": 1}
    found = error_rows(job)
    assert [(int(row[0]), row[1], row[-1]) for row in found] == [
        (number + 1, "手机", phone) for number, phone in broken.items()
    ]
    assert all(row[2] and row[3] for row in found)
    corrected = Path(job.error_path).read_text(encoding="utf-8-sig")
    for number, phone in broken.items():
        corrected = corrected.replace(f",{phone}", f",{13800000000 + number}")
    again = tmp_path / "again.csv"
    again.write_text(corrected, encoding="utf-8-sig")
    _job, counts = load(again, client=client)
    assert counts["accepted"] == 3
    assert Customer.objects.count() == 40


def test_a_row_reports_all_its_errors(tmp_path):
    mapping = {"columns": {"手机": "phone", "姓名": "name", "金额": "amount", "邮箱": "email"}}
    path = write(tmp_path, ["12,王,1e308,nope", "13800000001,李,1,a@b.cn"], header="手机,姓名,金额,邮箱")
    job, counts = load(path, client=make_client(), mapping=mapping)
    assert counts["rejected"] == 1
    assert error_rows(job)[0][1].split(" | ") == ["金额", "邮箱", "手机"]


def test_blank_and_ragged_rows_are_counted(tmp_path):
    rows = [line(1), "", ",,", "A2,short", line(3) + ",extra,cells"]
    _job, counts = load(write(tmp_path, rows), client=make_client())
    assert (counts["accepted"], counts["rejected"], counts["blank"], counts["rows"]) == (1, 2, 2, 5)


def test_rows_without_any_sign_of_the_customer_are_rejected(tmp_path):
    rows = [",无名,", ",,13800000001", "B1,,"]
    _job, counts = load(write(tmp_path, rows), client=make_client())
    assert counts["reasons"] == {"nobody": 1, "nameless": 1}
    assert Customer.objects.get().name == "B1"


def test_duplicates_within_the_file_are_counted_and_the_first_counts(tmp_path):
    rows = [line(1), line(1, phone=13900000001), line(2, phone=13800000001), line(3)]
    _job, counts = load(write(tmp_path, rows), client=make_client())
    assert (counts["accepted"], counts["duplicate"]) == (2, 2)
    assert Phone.objects.filter(number="+8613800000001").count() == 1


def test_skip_leaves_known_customers_alone(tmp_path):
    client = make_client()
    known = make_customer(client=client, external_id="A1", name="老客户", phones=["+8613800000001"])
    _job, counts = load(write(tmp_path, lines(1, 2)), client=client)
    assert (counts["accepted"], counts["duplicate"]) == (1, 1)
    known.refresh_from_db()
    assert (known.name, known.version) == ("老客户", 1)


def test_update_changes_what_the_file_says_and_keeps_the_rest(tmp_path):
    client = make_client()
    known = make_customer(
        client=client,
        external_id="A1",
        name="老名",
        address="旧址",
        custom={"a": "1"},
        phones=["+8613700000000"],
    )
    by_phone = make_customer(client=client, external_id="", name="只有电话", phones=["+8613800000002"])
    path = write(
        tmp_path, ["A1,新名,13800000001,,茶", "A2,客户2,13800000002,新址,"], header=HEADER + ",地址,备注"
    )
    mapping = {"columns": PLAIN["columns"] | {"地址": "address"}}
    _job, counts = load(path, client=client, mapping=mapping, duplicates="update")
    assert (counts["accepted"], counts["updated"]) == (0, 2)
    known.refresh_from_db()
    by_phone.refresh_from_db()
    assert (known.name, known.address, known.custom, known.version) == (
        "新名",
        "旧址",
        {"a": "1", "备注": "茶"},
        2,
    )
    assert set(known.phones.values_list("number", "preferred")) == {
        ("+8613700000000", True),
        ("+8613800000001", False),
    }
    assert (by_phone.external_id, by_phone.name, by_phone.address) == ("A2", "客户2", "新址")


def test_phone_of_another_customer_number_is_never_merged(tmp_path):
    client = make_client()
    other = make_customer(client=client, external_id="B9", name="别人", phones=["+8613800000001"])
    job, counts = load(write(tmp_path, lines(1, 2)), client=client, duplicates="update")
    assert (counts["accepted"], counts["updated"], counts["duplicate"]) == (1, 0, 1)
    other.refresh_from_db()
    assert (other.name, other.external_id) == ("别人", "B9")
    assert [row[0] for row in error_rows(job)] == ["2"]


def test_fail_imports_nothing_and_lists_the_known(tmp_path):
    client = make_client()
    make_customer(client=client, external_id="A3", phones=[])
    job, counts = load(write(tmp_path, lines(1, 2, 3)), client=client, duplicates="fail")
    assert job.state == JobState.FAILED
    assert "1" in job.message
    assert (counts["accepted"], counts["duplicate"], counts["rejected"]) == (0, 1, 2)
    assert [row[0] for row in error_rows(job)] == ["4"]
    assert Customer.objects.count() == 1


def test_fail_imports_everything_when_nobody_is_known(tmp_path):
    job, counts = load(write(tmp_path, lines(1, 2, 3)), client=make_client(), duplicates="fail")
    assert (job.state, counts["accepted"]) == (JobState.DONE, 3)


def test_all_or_nothing_keeps_no_good_rows(tmp_path):
    job, counts = load(write(tmp_path, [line(1), line(2, phone="x")]), client=make_client(), keep_good=False)
    assert (job.state, counts["rejected"]) == (JobState.FAILED, 2)
    assert not Customer.objects.exists()


def test_same_file_again_adds_nothing_even_when_updating(tmp_path):
    client, path = make_client(), write(tmp_path, lines(1, 2, 3))
    load(path, client=client)
    Customer.objects.filter(external_id="A1").update(name="改过了")
    _job, counts = load(path, client=client, duplicates="update")
    assert (counts["accepted"], counts["updated"], counts["duplicate"]) == (0, 0, 3)
    assert Customer.objects.get(external_id="A1").name == "改过了"
    assert Import.objects.order_by("id").last().repeat_of is not None


def test_another_client_may_have_the_same_customers(tmp_path):
    path = write(tmp_path, lines(1, 2))
    load(path, client=make_client())
    _job, counts = load(path, client=make_client())
    assert counts["accepted"] == 2


def test_do_not_call_numbers_are_counted_and_kept(tmp_path):
    client = make_client()
    actions.block(number="13800000002", category="asked", reason="asked", by=None, now=NOW)
    actions.block(
        number="13800000003", client=make_client(), category="asked", reason="asked", by=None, now=NOW
    )
    _job, counts = load(write(tmp_path, lines(1, 2, 3)), client=client)
    assert (counts["accepted"], counts["do_not_call"]) == (3, 1)


class Killed(BaseException):
    """The worker's process dies."""


@pytest.mark.parametrize("dies_after", [1, 2, 3, 4, 5, 6])
def test_killed_import_goes_on_without_losing_or_doubling_a_row(tmp_path, monkeypatch, dies_after):
    monkeypatch.setattr(staging, "CHUNK", 10)
    monkeypatch.setattr(pipeline, "CHUNK", 10)
    client = make_client()
    rows = lines(*range(1, 36))
    rows[3] = line(4, phone="bad")
    _batch, job = imports.import_file(
        path=write(tmp_path, rows), client=client, unit=make_unit(), mapping=PLAIN, duplicates="skip", now=NOW
    )
    saves = []

    def die(_job):
        saves.append(1)
        if len(saves) > dies_after:
            raise Killed

    with pytest.raises(Killed):
        jobs.run(job, die)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    taken = jobs.claim(now=job.heartbeat_at + timedelta(minutes=2))
    assert taken.pk == job.pk
    job = jobs.run(taken)
    assert (job.state, job.result["accepted"], job.result["rejected"]) == (JobState.PARTLY, 34, 1)
    assert Customer.objects.filter(client=client).count() == Phone.objects.count() == 34
    assert [row[0] for row in error_rows(job)] == ["5"]


def test_the_superseded_worker_writes_nothing_more(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "CHUNK", 10)
    _batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, 36))),
        client=make_client(),
        unit=make_unit(),
        mapping=PLAIN,
        duplicates="skip",
        now=NOW,
    )
    seen = []

    def overtake(running):
        seen.append(running.stage)
        if seen.count(running.stage) == 3:
            type(running).objects.filter(pk=running.pk).update(token=99)

    jobs.run(job, overtake)
    before = Customer.objects.count()
    jobs.run(job)
    assert Customer.objects.count() == before < 35


def test_lost_staging_is_read_again(tmp_path):
    batch = begin(tmp_path, lines(1, 2, 3))
    run(imports.start_check(batch=batch, by=None, now=NOW))
    ImportRow.objects.filter(batch=batch, row=3)._raw_delete("default")
    job = run(imports.start_import(batch=batch, by=None, now=NOW))
    assert job.result["accepted"] == 3


def test_cancelled_import_keeps_what_was_done_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "CHUNK", 10)
    _batch, job = imports.import_file(
        path=write(tmp_path, lines(*range(1, 36))),
        client=make_client(),
        unit=make_unit(),
        mapping=PLAIN,
        duplicates="skip",
        now=NOW,
    )

    def cancel(running):
        if running.ok >= 10:
            type(running).objects.filter(pk=running.pk).update(cancel_requested=True)

    job = jobs.run(job, cancel)
    done = Customer.objects.count()
    assert job.state == JobState.CANCELLED
    assert 0 < done < 35
    assert job.result["accepted"] == done
    assert job.result["reasons"] == {"not_imported": 35 - done}
    assert job.result["rows"] == 35
    assert not ImportRow.objects.exists()


def begin(tmp_path, rows, *, by=None, client=None, team=None, mapping=PLAIN, duplicates="skip"):
    team = team or make_team()
    upload = SimpleUploadedFile("名单.csv", "\n".join([HEADER, *rows]).encode())
    batch = imports.begin_import(
        upload=upload, client=client or make_client(), unit=team.unit, team=team, by=by, now=NOW
    )
    return imports.choose_columns(batch=batch, mapping=mapping, duplicates=duplicates)


def run(job):
    claimed = jobs.claim(now=NOW + timedelta(minutes=1))
    assert claimed.pk == job.pk
    return jobs.run(claimed)


def test_check_changes_nothing_and_says_what_would_happen(tmp_path):
    client, region = make_client(), make_region(name="杭州")
    make_customer(client=client, external_id="A1", phones=[])
    batch = begin(tmp_path, [*lines(1, 2, 3), line(4, phone="x")], client=client)
    job = run(imports.start_check(batch=batch, by=None, now=NOW))
    batch.refresh_from_db()
    preview = batch.counts["preview"]
    assert (preview["accepted"], preview["duplicate"], preview["rejected"], preview["rows"]) == (2, 1, 1, 4)
    assert Customer.objects.count() == 1
    assert [(error.row, error.column, error.value) for error in first_errors(batch)] == [(5, "手机", "x")]
    (group,) = archiving_counts(batch)
    assert (group["region"], group["level"], group["individuals"], group["companies"]) == ("", "", 2, 0)
    assert job.error_path
    assert region.pk
    job = run(imports.start_import(batch=batch, by=None, now=NOW))
    assert (job.result["accepted"], job.result["duplicate"], job.result["rejected"]) == (2, 1, 1)
    with pytest.raises(Conflict):
        imports.start_import(batch=batch, by=None, now=NOW)


def test_archiving_preview_counts_region_level_and_nature(tmp_path):
    make_region(name="杭州")
    path = write(
        tmp_path,
        ["13800000001,甲,杭州,金卡,企业", "13800000002,乙,杭州,金卡,企业", "13800000003,丙,,银卡,"],
        header="手机,姓名,地区,级别,性质",
    )
    mapping = {
        "columns": {"手机": "phone", "姓名": "name", "地区": "region", "级别": "level", "性质": "nature"}
    }
    team = make_team()
    upload = SimpleUploadedFile("a.csv", path.read_bytes())
    batch = imports.begin_import(
        upload=upload, client=make_client(), unit=team.unit, team=team, by=None, now=NOW
    )
    imports.choose_columns(batch=batch, mapping=mapping, duplicates="skip")
    run(imports.start_check(batch=batch, by=None, now=NOW))
    names = ("region", "level", "individuals", "companies", "count", "others")
    assert [tuple(group[name] for name in names) for group in archiving_counts(batch)] == [
        ("杭州", "金卡", 0, 2, 2, 0),
        ("", "银卡", 1, 0, 1, 0),
    ]
    assert [(group["count"], group["others"]) for group in archiving_counts(batch, limit=1)] == [
        (2, 0),
        (1, 1),
    ]


def test_unknown_region_is_rejected_by_name(tmp_path):
    path = write(tmp_path, ["13800000001,甲,火星"], header="手机,姓名,地区")
    mapping = {"columns": {"手机": "phone", "姓名": "name", "地区": "region"}}
    _job, counts = load(path, client=make_client(), mapping=mapping)
    assert counts["reasons"] == {"unknown_region": 1}


def test_mapping_is_saved_for_the_client(tmp_path):
    batch = begin(tmp_path, lines(1))
    imports.choose_columns(batch=batch, mapping=PLAIN, duplicates="skip", save_as="月度名单")
    assert ImportMapping.objects.get(client=batch.client, name="月度名单").mapping == PLAIN


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"columns": {"没有": "name"}}, "mapping_missing_column"),
        ({"columns": {"姓名": "nonsense"}}, "mapping_unknown_target"),
        ({"columns": {"姓名": "name", "手机": "name"}}, "mapping_twice"),
        ({"columns": {"姓名": "name"}}, "mapping_nobody"),
        ({"columns": {"手机": "phone"}}, "mapping_nameless"),
        ({"columns": {"姓名": "name", "手机": "phone2"}}, "mapping_phone_first"),
        ({"columns": []}, "mapping_shape"),
        ([], "mapping_shape"),
    ],
)
def test_mapping_that_does_not_fit_is_refused(tmp_path, mapping, code):
    with pytest.raises(Refused) as refused:
        begin(tmp_path, lines(1), mapping=mapping)
    assert refused.value.code == code


def test_lead_may_import_only_into_own_team():
    own, foreign = make_team(), make_team()
    lead = make_user("lead", team=own)
    client = make_client()

    def upload():
        return SimpleUploadedFile("a.csv", f"{HEADER}\n{line(1)}\n".encode())

    assert imports.begin_import(upload=upload(), client=client, unit=own.unit, team=own, by=lead, now=NOW).pk
    for unit, team in ((foreign.unit, foreign), (own.unit, None), (foreign.unit, None), (own.unit, foreign)):
        with pytest.raises(Refused) as refused:
            imports.begin_import(upload=upload(), client=client, unit=unit, team=team, by=lead, now=NOW)
        assert refused.value.code == "out_of_scope"


def test_permission_is_asked_again_when_the_job_runs(tmp_path):
    team = make_team()
    lead = make_user("lead", team=team)
    batch = begin(tmp_path, lines(1), by=lead, team=team)
    job = imports.start_import(batch=batch, by=lead, now=NOW)
    lead.memberships.all().delete()
    job = run(job)
    assert job.state == JobState.FAILED
    assert not Customer.objects.exists()


def test_update_never_touches_customers_outside_the_importers_scope(tmp_path):
    client, own, foreign = make_client(), make_team(), make_team()
    canary = make_customer(client=client, team=foreign, external_id="A1", name="别队客户", phones=[])
    mine = make_customer(client=client, team=own, external_id="A2", name="我的客户", phones=[])
    batch = begin(
        tmp_path, lines(1, 2), by=make_user("lead", team=own), client=client, team=own, duplicates="update"
    )
    job = run(imports.start_import(batch=batch, by=batch.owner, now=NOW))
    assert (job.result["updated"], job.result["duplicate"]) == (1, 1)
    canary.refresh_from_db()
    mine.refresh_from_db()
    assert (canary.name, mine.name) == ("别队客户", "客户2")
    assert "别队客户" not in Path(job.error_path).read_text(encoding="utf-8-sig")


def test_unreadable_file_is_refused_and_not_kept(settings):
    team = make_team()
    before = {path.name for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*")}
    with pytest.raises(Refused):
        imports.begin_import(
            upload=SimpleUploadedFile("a.xlsx", b""),
            client=make_client(),
            unit=team.unit,
            team=team,
            by=None,
            now=NOW,
        )
    assert {path.name for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*")} == before


def test_forgotten_imports_are_cleared_after_a_week(tmp_path):
    batch = begin(tmp_path, lines(1, 2))
    run(imports.start_check(batch=batch, by=None, now=NOW))
    assert imports.clear_imports(now=NOW + timedelta(days=6)) == 0
    assert imports.clear_imports(now=NOW + timedelta(days=8)) == 1
    assert not ImportRow.objects.exists()
    assert not Path(batch.path).exists()


def test_workbook_imports_like_a_csv(tmp_path):
    from callcenter.spreadsheet.flat import FlatWorkbook

    path = tmp_path / "名单.xlsx"
    with FlatWorkbook(path) as book:
        book.start_sheet("名单", HEADER.split(","))
        for number in range(1, 6):
            book.write_row([f"A{number}", f"客户{number}", 13800000000 + number])
        book.write_row(["A9", "坏", "x"])
    job, counts = load(path, client=make_client())
    assert (counts["accepted"], counts["rejected"]) == (5, 1)
    assert job.error_path.endswith(".xlsx")
    assert [row for row, _cells in open_table(job.error_path).rows()] == [2]


def test_command_imports_and_writes_the_error_file(tmp_path, capsys):
    client, team = make_client(), make_team()
    path = write(tmp_path, [line(1), line(2, phone="x")])
    call_command("import_customers", path, client=client.code, unit=team.unit.code, team=team.code)
    assert "2 rows, 1 accepted, 0 updated, 0 duplicate, 1 rejected, 0 blank" in capsys.readouterr().out
    assert (tmp_path / "customers.errors.csv").exists()
    assert Customer.objects.get().team == team


def test_command_fails_loudly(tmp_path):
    client, unit = make_client(), make_unit()
    path = write(tmp_path, lines(1))
    with pytest.raises(CommandError, match="no file"):
        call_command("import_customers", tmp_path / "none.csv", client=client.code, unit=unit.code)
    with pytest.raises(CommandError, match="NOPE"):
        call_command("import_customers", path, client="NOPE", unit=unit.code)
    make_customer(client=client, external_id="A1", phones=[])
    with pytest.raises(CommandError):
        call_command("import_customers", path, client=client.code, unit=unit.code, duplicates="fail")


def test_five_hundred_broken_rows_are_exactly_the_ones_reported(tmp_path):
    rng = random.Random(7)
    broken = set(rng.sample(range(1, 5_001), 500))
    rows = [line(number, phone="13x" if number in broken else None) for number in range(1, 5_001)]
    job, counts = load(write(tmp_path, rows), client=make_client())
    assert (counts["accepted"], counts["rejected"]) == (4_500, 500)
    assert {int(row[0]) - 1 for row in error_rows(job)} == broken


def test_nul_and_hostile_text_do_not_break_a_workbook_import(tmp_path):
    rows = [
        "A1,=1+1,13800000001",
        "A2,<script>alert(1)</script>,13800000002",
        "A3,😀\u200b\u202e王,13800000003",
    ]
    _job, counts = load(write(tmp_path, rows), client=make_client())
    assert counts["accepted"] == 3
    assert Customer.objects.get(external_id="A3").name == "😀王"
