"""A do-not-call list from a file: adds and never replaces, twice adds nothing, every wrong row comes back."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.models import AccessLog, JobState
from customers import actions
from customers.actions import blacklist_import
from customers.models import BlacklistEntry
from customers.tests.make import NOW, make_client, make_unit, make_user

pytestmark = pytest.mark.django_db


def load(text, *, by=None, name="谢绝来电.csv"):
    upload = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    job = blacklist_import.start_list_import(
        upload=upload, by=by or make_user("manager", unit=make_unit()), now=NOW
    )
    return jobs.run_now(job)


def numbers():
    return set(BlacklistEntry.objects.values_list("number", flat=True))


def test_list_is_added_and_the_same_file_twice_adds_nothing():
    text = "手机号码,原因\n138 0000 0001,平台名单\n13800000002,\n13800000001,重复\n"
    first = load(text)
    assert first.result == {"rows": 3, "accepted": 2, "duplicate": 1, "rejected": 0}
    assert numbers() == {"+8613800000001", "+8613800000002"}
    entry = BlacklistEntry.objects.get(number="+8613800000001")
    assert (entry.state, entry.category, entry.reason) == ("in_force", "asked", "平台名单")
    assert entry.evidence == "谢绝来电.csv"
    assert entry.steps.get().by == entry.created_by == first.owner
    assert load(text).result == {"rows": 3, "accepted": 0, "duplicate": 3, "rejected": 0}
    assert BlacklistEntry.objects.count() == 2
    assert AccessLog.objects.filter(action="import", subject="do_not_call").count() == 2


def test_entry_that_is_there_is_never_replaced():
    old = actions.block(number="13800000001", category="legal", reason="法院", by=None, now=NOW)
    load("number,reason,expires\n13800000001,other,2999-01-01\n")
    old.refresh_from_db()
    assert (BlacklistEntry.objects.count(), old.reason, old.expires_at) == (1, "法院", None)


def test_reach_makes_another_entry():
    client = make_client()
    load(f"number,client,purpose,campaign\n13800000001,,,\n13800000001,{client.code},sales,TEL\n")
    reach = BlacklistEntry.objects.order_by("id").values_list("client", "purpose", "campaign_code")
    assert list(reach) == [(None, "", ""), (client.pk, "sales", "TEL")]


def test_judgement_of_the_centre_waits_for_a_second_person():
    load("number,category\n13800000001,内部\n13800000002,asked\n")
    states = BlacklistEntry.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["proposed", "in_force"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("12x,,,", "phone"),
        (",,,", None),
        ("13800000009,NOSUCH,,", "No client has the code"),
        ("13800000009,,holiday,", "is no purpose"),
        ("13800000009,,,2020-01-01", "would have ended"),
        ("13800000009,,,tomorrow", "is not a date"),
        ("13800000009,,,99999-99-99", "is not a date"),
        ("13800000009,,,9999-12-31", "is not a date"),
        ("1.38E+10,,,", ""),
    ],
)
def test_wrong_row_comes_back_with_its_reason_and_the_good_ones_stay(settings, row, code):
    settings.LANGUAGE_CODE = "en"
    job = load(f"number,client,purpose,expires\n13800000001,,,2999-01-01\n{row}\n")
    assert numbers() == {"+8613800000001"}
    if code is None:
        assert (job.state, job.result["rejected"]) == (JobState.DONE, 0), "a blank row is no row"
        return
    assert (job.state, job.result["rejected"]) == (JobState.PARTLY, 1)
    with open(job.error_path, encoding="utf-8-sig") as file:
        (error,) = list(csv.DictReader(file))
    assert error["Row number [#row]"] == "3"
    assert code.lower() in error["Reason [#reason]"].lower()


def test_corrected_error_file_can_be_loaded():
    job = load("number,note\n12x,hello\n")
    with open(job.error_path, encoding="utf-8-sig") as file:
        corrected = file.read().replace("12x", "13800000007")
    assert load(corrected).result["accepted"] == 1


def test_file_without_numbers_is_refused_and_not_kept(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    for content in ("name,city\na,b\n", b"\x00\x01\x02", ""):
        with pytest.raises(Refused):
            load(content)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_job_taken_over_after_a_crash_adds_nothing_twice(monkeypatch):
    monkeypatch.setattr(blacklist_import, "CHUNK", 2)
    text = "number\n" + "".join(f"1380000{number:04}\n" for number in range(5))
    upload = SimpleUploadedFile("a.csv", text.encode())
    job = blacklist_import.start_list_import(
        upload=upload, by=make_user("manager", unit=make_unit()), now=NOW
    )
    write, calls = blacklist_import._Run._write, []

    def dies(self, good):
        calls.append(len(good))
        if len(calls) == 2:
            raise SystemExit
        return write(self, good)

    monkeypatch.setattr(blacklist_import._Run, "_write", dies)
    with pytest.raises(SystemExit):
        jobs.run_now(job)
    assert BlacklistEntry.objects.count() == 2
    job.refresh_from_db()
    done = jobs.run(jobs._take(job, NOW))
    assert done.result == {"rows": 5, "accepted": 5, "duplicate": 0, "rejected": 0}
    assert BlacklistEntry.objects.count() == 5
