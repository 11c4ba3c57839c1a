"""Calls from a file (CB-13): good rows once, wrong rows back with their reason."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from callbacks.actions import import_calls
from callbacks.models import Call, Order
from callbacks.tests.make import make_agent, make_campaign, make_customer, make_team
from callbacks.tests.test_calls import record
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.models import JobState
from callcenter.spreadsheet.read import open_table
from campaigns.models import Account
from customers.models import Contact, Customer

pytestmark = pytest.mark.django_db
HEADER = "call_no,customer_no,date,duration_seconds,contacts_in_campaign,previous_campaign_result,subscribed"
BANK = json.loads(
    (Path(__file__).parent.parent / "mappings" / "bank-marketing-calls.json").read_text(encoding="utf-8")
)


@pytest.fixture
def campaign():
    campaign = make_campaign(team=make_team())
    for number in ("B1", "B2", "B3"):
        make_customer(client=campaign.client, external_id=number)
    return campaign


def write(tmp_path, *rows, header=HEADER):
    path = tmp_path / "calls.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def load(path, campaign, mapping=BANK):
    return jobs.run_now(
        import_calls.start_import(campaign=campaign, path=path, mapping=mapping, by=None, now=timezone.now())
    )


def test_past_campaign_is_loaded_with_day_result_attempts_and_talk(tmp_path, campaign):
    job = load(
        write(tmp_path, "C1,B1,2008-05-05,261,3,success,yes", "C2,B2,2008-05-06,76,1,unknown,no"), campaign
    )
    assert (job.state, job.result) == (
        JobState.DONE,
        {"accepted": 2, "duplicate": 0, "rejected": 0, "blank": 0, "rows": 2},
    )
    sold = Call.objects.get(external_id="C1")
    assert (sold.started_at.isoformat(), sold.local_day.isoformat()) == (
        "2008-05-05T01:00:00+00:00",
        "2008-05-05",
    )
    assert (sold.talk_seconds, sold.attempts, sold.disposition.code, sold.note) == (261, 3, "SALE", "success")
    assert (sold.source, sold.team_id) == ("import", campaign.teams.get().pk)
    account = Account.objects.get(customer__external_id="B1")
    assert (account.attempts, account.sold_on, account.first_called_on) == (3, sold.local_day, sold.local_day)
    assert (Order.objects.get().call, Contact.objects.count()) == (sold, 2)


def test_loading_again_adds_nothing(tmp_path, campaign):
    path = write(tmp_path, "C1,B1,2008-05-05,261,3,success,yes")
    load(path, campaign)
    job = load(path, campaign)
    assert (job.result["accepted"], job.result["duplicate"], job.state) == (0, 1, JobState.DONE)
    assert (Call.objects.count(), Account.objects.get().attempts, Contact.objects.count()) == (1, 3, 1)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("C1,B1,2008-13-05,1,1,,no", "date", "“2008-13-05” is not a date."),
        ("C1,B1,yesterday,1,1,,no", "date", "“yesterday” is not a date."),
        ("C1,B1,2999-01-01,1,1,,no", "date", "The call lies in the future."),
        ("C1,B1,2008-05-05,-3,1,,no", "duration_seconds", "A duration cannot be negative."),
        ("C1,B1,2008-05-05,14401,1,,no", "duration_seconds", "The duration is longer than 4 hours."),
        ("C1,B1,2008-05-05,long,1,,no", "duration_seconds", "“long” is not a number of seconds."),
        ("C1,B1,2008-05-05,1,0,,no", "contacts_in_campaign", "“0” is not a count from 1 to 1,000."),
        ("C1,B9,2008-05-05,1,1,,no", "customer_no", "No customer of this client has the number “B9”."),
        ("C1,B1,2008-05-05,1,1,,maybe", "subscribed", "“maybe” is no result of a call."),
        (",B1,2008-05-05,1,1,,no", "call_no", "The cell is empty."),
        ("C0,B1,2008-05-05,1,1,,no", "call_no", "Row 2 of this file has the same call number."),
    ],
)
def test_wrong_row_comes_back_with_number_column_and_reason(tmp_path, settings, campaign, row, column, code):
    settings.LANGUAGE_CODE = "en"
    job = load(write(tmp_path, "C0,B2,2008-05-05,1,1,,no", row), campaign)
    assert (job.state, job.result["accepted"], job.result["rejected"]) == (JobState.PARTLY, 1, 1)
    line = Path(job.error_path).read_text(encoding="utf-8-sig").splitlines()[1]
    assert line.startswith("3,")
    assert column in line
    assert code.replace('"', '""') in line


def test_corrected_error_file_can_be_loaded(tmp_path, campaign):
    job = load(write(tmp_path, "C1,B9,2008-05-05,1,1,,no"), campaign)
    fixed = tmp_path / "fixed.csv"
    fixed.write_text(
        Path(job.error_path).read_text(encoding="utf-8-sig").replace("B9,2008", "B1,2008"), encoding="utf-8"
    )
    assert open_table(fixed).is_error_file
    assert load(fixed, campaign).result["accepted"] == 1


def test_call_number_of_another_campaign_is_not_swallowed(tmp_path, campaign):
    path = write(tmp_path, "C1,B1,2008-05-05,261,3,success,yes")
    load(path, campaign)
    other = make_campaign(team=campaign.teams.get(), client=campaign.client)
    job = load(path, other)
    assert (job.result["accepted"], job.result["rejected"]) == (0, 1)


def test_import_goes_on_behind_the_last_chunk_after_a_crash(tmp_path, monkeypatch, campaign):
    monkeypatch.setattr(import_calls, "CHUNK", 2)
    path = write(
        tmp_path, *(f"C{number},B1,2008-05-05,10,1,,no" for number in range(5)), "C9,B9,2008-05-05,1,1,,no"
    )
    job = import_calls.start_import(campaign=campaign, path=path, mapping=BANK, by=None, now=timezone.now())
    job = jobs.claim(now=timezone.now())
    progress = jobs.Progress(job)
    calls = iter(range(10))

    def fail_at_the_second(*, cursor=None, **fields):
        if cursor and next(calls) == 1:
            raise KeyboardInterrupt
        jobs.Progress.save(progress, cursor=cursor, **fields)

    monkeypatch.setattr(progress, "save", fail_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        import_calls.import_calls(job, progress)
    assert Call.objects.count() == 2
    job.refresh_from_db()
    done = jobs.run(job)
    assert (done.result["accepted"], done.result["rejected"], Call.objects.count()) == (5, 1, 5)


def test_cancelled_import_stops_between_chunks(tmp_path, campaign):
    path = write(tmp_path, "C1,B1,2008-05-05,261,3,success,yes")
    import_calls.start_import(campaign=campaign, path=path, mapping=BANK, by=None, now=timezone.now())
    job = jobs.claim(now=timezone.now())
    jobs.cancel(job, by=None, now=timezone.now())
    assert jobs.run(job).state == JobState.CANCELLED
    assert not Call.objects.exists()


def test_columns_are_recognised_by_name_without_a_mapping(tmp_path, campaign):
    agent = make_agent(campaign.teams.get(), employee_no="A7")
    path = write(
        tmp_path,
        "P1,B1,2026-03-01 10:15:00,DONE,1:15,8,A7,13800138000",
        header="通话编号,客户编号,开始时间,结果,通话时长,振铃时长,工号,号码",
    )
    load(path, campaign, mapping=None)
    saved = Call.objects.get()
    assert (saved.talk_seconds, saved.ring_seconds, saved.agent, saved.number) == (
        75,
        8,
        agent,
        "+8613800138000",
    )
    assert (saved.ended_at - saved.started_at).total_seconds() == 83


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"columns": {"call_no": "external_id"}}, "field_missing"),
        ({"columns": {"nothing": "external_id"}}, "no_such_column"),
        ({"columns": {"call_no": "price"}}, "no_such_field"),
        ({"columns": []}, "not_a_mapping"),
        ({"columns": {}, "time_of_day": "late"}, "field_missing"),
    ],
)
def test_mapping_that_does_not_fit_is_refused_at_once(tmp_path, campaign, mapping, code):
    with pytest.raises(Refused) as refused:
        import_calls.start_import(
            campaign=campaign, path=write(tmp_path), mapping=mapping, by=None, now=timezone.now()
        )
    assert refused.value.code == code


def test_command_reports_and_puts_the_wrong_rows_beside_the_file(tmp_path, capsys, campaign):
    path = write(tmp_path, "C1,B1,2008-05-05,261,3,success,yes", "C2,B9,2008-05-05,1,1,,no")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps(BANK), encoding="utf-8")
    call_command("import_calls", str(path), campaign=campaign.code, mapping=mapping)
    assert "2 rows, 1 accepted, 0 duplicate, 1 rejected, 0 blank" in capsys.readouterr().out
    assert "C2,B9" in (tmp_path / "calls.errors.csv").read_text(encoding="utf-8")


def test_command_names_the_campaigns_when_the_code_is_wrong(tmp_path, campaign):
    with pytest.raises(CommandError, match=campaign.code):
        call_command("import_calls", str(write(tmp_path)), campaign="nope")


def test_every_column_of_a_call_record_is_read(tmp_path, campaign, settings):
    settings.RECORDING_SOURCE = "/nowhere/{id}.wav"
    header = "call_no,customer_no,started,answered,ended,prep,hold,wrap,hung_up_by,recording,line,result"
    rows = (
        "D1,B1,2026-03-02 10:00:00,2026-03-02 10:00:12,2026-03-02 10:01:20,4.5,6,30,客户,rec-1,0571,DONE",
        "D2,B2,2026-03-02 10:00:00,,2026-03-02 10:00:30,0,0,5,,,,NA",
    )
    job = load(write(tmp_path, *rows, header=header), campaign, mapping=None)
    assert job.result["accepted"] == 2
    call = Call.objects.get(external_id="D1")
    seconds = (call.prep_seconds, call.ring_seconds, call.talk_seconds, call.hold_seconds, call.wrap_seconds)
    assert seconds == (Decimal("4.5"), 12, 68, 6, 30)
    assert (call.ended_at - call.answered_at).total_seconds() == 68
    assert (call.hung_up_by, call.line, call.recording.reference) == ("customer", "0571", "rec-1")
    missed = Call.objects.get(external_id="D2")
    assert missed.ring_seconds == 30
    assert (missed.answered_at, missed.talk_seconds, hasattr(missed, "recording")) == (None, 0, False)


def test_times_parties_and_recordings_that_cannot_be_are_explained(tmp_path, campaign):
    header = "call_no,customer_no,started,answered,ended,hung_up_by,recording,result"
    rows = (
        "D1,B1,2026-03-02 10:00:00,2026-03-02 09:00:00,,,,DONE",
        "D2,B1,2026-03-02 10:00:00,,2026-03-02 19:00:00,,,NA",
        "D3,B1,2026-03-02 10:00:00,,,the cat,,NA",
        "D4,B1,2026-03-02 10:00:00,,,,../secret,NA",
    )
    job = load(write(tmp_path, *rows, header=header), campaign, mapping=None)
    assert (job.result["accepted"], job.result["rejected"]) == (0, 4)


def test_row_of_a_call_that_an_agent_has_saved_is_not_a_second_call(tmp_path, campaign):
    now = timezone.now()
    customer = Customer.objects.get(external_id="B1")
    times = {"started_at": now, "answered_at": None, "ended_at": None, "now": now}
    record(campaign, customer=customer, source="desk", external_id="x", number="+8613800138000", **times)
    stamp = now.astimezone(ZoneInfo("Asia/Shanghai")) - timedelta(seconds=30)
    row = f"D1,B1,{stamp:%Y-%m-%d %H:%M:%S},+8613800138000,DONE"
    far = f"D2,B1,{stamp - timedelta(minutes=5):%Y-%m-%d %H:%M:%S},+8613800138000,DONE"
    other = f"D3,B1,{stamp:%Y-%m-%d %H:%M:%S},+8613800138001,DONE"
    job = load(
        write(tmp_path, row, far, other, header="call_no,customer_no,started,number,result"),
        campaign,
        mapping=None,
    )
    assert (job.result["accepted"], job.result["duplicate"]) == (2, 1)
