"""Erasing one person everywhere, and copying everything: held against the columns of all models (CUS-11)."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.test import TestCase

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.models import AccessLog, Job, JobState, Notification
from callcenter.notify import log_access
from customers import actions
from customers.actions.imports import clear_imports
from customers.actions.privacy.erasing import forget
from customers.models import BlacklistEntry, Customer, Import, ImportRow, LegalHold, Retention
from customers.personal import REGISTRY
from customers.rules.retention import KINDS
from customers.tests.make import NOW, make_user
from customers.tests.test_imports import lines, load, write
from reports.actions import roll_up
from reports.queries import Selection, figures
from tests.privacy.make import (
    CANARY,
    EMAIL,
    IDENTITY,
    NUMBER,
    Trace,
    about_customers,
    everything_stored,
    plant,
    text_columns,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)
SIGN = "QZXJ金"


def test_every_text_about_a_customer_is_declared():
    """A new text column fails here until its app says whether erasure clears it."""
    undeclared = []
    for model in about_customers():
        if model is Customer:
            continue
        kept = REGISTRY.kept.get(model._meta.label)
        if kept is None:
            undeclared.append(model._meta.label)
            continue
        columns = text_columns(model) - set(kept.clear) - set(kept.keeps)
        undeclared += [f"{model._meta.label}.{name}" for name in sorted(columns)]
    assert undeclared == []


def test_every_declaration_fits_its_model():
    for kept in REGISTRY.kept.values():
        model = apps.get_model(kept.model)
        names = {column.name for column in model._meta.concrete_fields}
        assert set(kept.clear) | set(kept.keeps) <= names, kept.model
        assert model._base_manager.filter(**{kept.customer: 1}).count() == 0
        if kept.kind:
            assert kept.kind in KINDS
            assert model._base_manager.filter(**{f"{kept.at}__lt": NOW}).count() == 0


def test_the_trace_has_a_row_in_every_table():
    """What the canary does not reach, the next test would not find."""
    Trace()
    empty = [model._meta.label for model in about_customers() if not model._base_manager.exists()]
    assert empty == []


def figures_of(day):
    roll_up(days=[day], now=LATER)
    board = figures(make_user("admin"), Selection(day, day))
    return {figure.metric.code: (figure.value, figure.numerator, figure.denominator) for figure in board}


def test_erasure_leaves_no_sign_in_any_table_and_every_figure():
    trace = Trace()
    plant(SIGN)
    Customer.objects.filter(pk=trace.customer.pk).update(
        **dict.fromkeys(("name", "salutation", "level", "address", "source"), SIGN),
        rest_hours=[SIGN],
        preferred_hours=[SIGN],
    )
    before, rows = figures_of(trace.call.local_day), counts()
    erased = actions.erase_customer(
        customer=trace.customer, by=trace.floor.manager, reason="letter", now=LATER
    )
    stored = everything_stored()
    for sign in (SIGN, CANARY, NUMBER, "13945670123", EMAIL, IDENTITY):
        assert sign not in stored, sign
    assert figures_of(trace.call.local_day) == before
    assert any(numerator for _value, numerator, _denominator in before.values())
    assert {label: count for label, count in counts().items() if rows[label] != count} == {
        "customers.Phone": rows["customers.Phone"] - 1,
        "customers.NameKey": 0,
    }
    assert (erased.restriction, erased.external_id) == ("erased", "CANARY-1")
    line = Notification.objects.get(key__startswith="appointment:")
    assert line.params == {"customer": "—"}


def counts():
    return {model._meta.label: model._base_manager.count() for model in about_customers()}


def test_erasure_asks_as_many_statements_for_three_as_for_one(django_assert_max_num_queries):
    traces = [Trace(number=f"+861394567000{number}") for number in range(3)]
    with django_assert_max_num_queries(75):
        forget([trace.customer.pk for trace in traces], now=LATER)


def test_erasure_reaches_what_was_merged_and_the_journal_of_it():
    floor = Trace().floor
    kept = floor.customer(name="王芳", email="w@example.com", phones=["+8613700000001"])
    gone = floor.customer(name=SIGN, address=SIGN, custom={"x": SIGN}, phones=["+8613700000001"])
    phone = gone.phones.get()
    log_access(floor.lead, "reveal", "phone", phone.pk, now=NOW, reason=SIGN)
    seen = {kept.pk: kept.version, gone.pk: gone.version}
    merge = actions.merge_customers(survivor=kept, loser=gone, versions=seen, by=floor.lead, now=NOW)
    assert SIGN in str(merge.journal)
    kept.refresh_from_db()
    actions.erase_customer(customer=kept, by=floor.manager, reason="letter", now=LATER)
    assert SIGN not in everything_stored()
    gone.refresh_from_db()
    assert (gone.restriction, gone.merged_into_id, gone.name) == ("merged", kept.pk, "")
    with pytest.raises(Refused):
        actions.undo_merge(merge=merge, by=floor.manager, now=LATER)


def test_a_merge_that_was_undone_keeps_nothing_of_the_erased():
    floor = Trace().floor
    kept, gone = floor.customer(name="王芳", phones=[]), floor.customer(name=SIGN, address=SIGN, phones=[])
    seen = {kept.pk: kept.version, gone.pk: gone.version}
    merge = actions.merge_customers(survivor=kept, loser=gone, versions=seen, by=None, now=NOW)
    actions.undo_merge(merge=merge, by=None, now=NOW)
    gone.refresh_from_db()
    actions.erase_customer(customer=gone, by=floor.manager, reason="letter", now=LATER)
    assert SIGN not in everything_stored()


def test_nobody_under_a_legal_hold_is_merged():
    trace = Trace()
    other = trace.floor.customer()
    seen = {one.pk: one.version for one in (trace.customer, other)}
    with pytest.raises(Refused) as refused:
        actions.merge_customers(survivor=other, loser=trace.customer, versions=seen, by=None, now=NOW)
    assert refused.value.code == "restricted"


def test_others_keep_what_they_have():
    trace = Trace()
    other = Trace(sign="旁人", number="+8613900001111")
    actions.erase_customer(customer=trace.customer, by=None, reason="letter", now=LATER)
    stored = everything_stored()
    assert CANARY not in stored
    other.customer.refresh_from_db()
    assert other.customer.name == "旁人"
    assert other.customer.phones.get().number == "+8613900001111"
    other.issue.refresh_from_db()
    assert other.issue.description == "旁人"


def test_number_on_the_do_not_call_list_stays_there_without_its_owner():
    trace = Trace()
    entry = actions.block(
        customer=trace.customer, number=NUMBER, category="asked", reason=CANARY, by=None, now=NOW
    )
    actions.erase_customer(customer=trace.customer, by=None, reason="letter", now=LATER)
    entry.refresh_from_db()
    assert (entry.number, entry.customer_id, entry.reason) == (NUMBER, None, "")
    assert BlacklistEntry.objects.in_force(LATER).filter(number=NUMBER).exists()


def test_erasure_takes_staging_rows_and_files_of_the_clients_imports(tmp_path):
    trace = Trace()
    client = trace.floor.client
    stored = Path(settings.MEDIA_ROOT) / "imports"
    stored.mkdir(parents=True, exist_ok=True)
    path = write(stored, [*lines(1), "CANARY-1,金丝雀,13945670123", "X,坏,12"], name="up.csv")
    job, _counts = load(path, client=client, by=trace.floor.manager, team=trace.floor.team)
    error_file = Path(job.error_path)
    assert path.exists()
    assert error_file.exists()
    batch = Import.objects.get(client=client)
    ImportRow.objects.create(batch=batch, row=7, number=NUMBER, name="另行")
    ImportRow.objects.create(batch=batch, row=8, external_id="CANARY-1", name="另行")
    ImportRow.objects.create(batch=batch, row=9, number="+8613800000099", name="别人")
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase_customer(customer=trace.customer, by=None, reason="letter", now=LATER)
    assert not path.exists()
    assert not error_file.exists()
    assert list(ImportRow.objects.values_list("row", flat=True)) == [9]
    job.refresh_from_db()
    assert (job.error_path, job.input_path) == ("", "")
    assert clear_imports(now=LATER + timedelta(days=30)) == 0


def test_hold_stops_erasure_and_retention_until_a_second_person_lifts_it():
    trace = Trace()
    LegalHold.objects.all().delete()
    customer, first = trace.customer, trace.floor.manager
    second = make_user("manager", unit=trace.floor.team.unit)
    hold = actions.place_hold(customer=customer, by=first, reason="诉讼", now=NOW)
    client = customer.client
    client.retention_days = 30
    client.save()
    for kind, (_label, least) in KINDS.items():
        Retention.objects.create(client=client, kind=kind, days=least)
    much_later = NOW + timedelta(days=900)
    with pytest.raises(Refused) as refused:
        actions.erase_customer(customer=customer, by=first, reason="letter", now=much_later)
    assert refused.value.code == "legal_hold"
    assert actions.erase_expired(now=much_later) == 0
    assert actions.clear_expired(now=much_later) == 0
    with pytest.raises(Refused) as refused:
        actions.lift_hold(hold=hold, by=first, reason="完", now=much_later)
    assert refused.value.code == "second_person"
    actions.lift_hold(hold=hold, by=second, reason="结案", now=much_later)
    assert actions.clear_expired(now=much_later) > 0
    assert actions.erase_expired(now=much_later) == 1


def test_hold_ends_with_its_day():
    trace = Trace()
    with pytest.raises(Refused):
        actions.erase_customer(customer=trace.customer, by=None, reason="r", now=NOW + timedelta(hours=23))
    actions.erase_customer(customer=trace.customer, by=None, reason="r", now=NOW + timedelta(days=1))


@pytest.mark.parametrize("kind", ["calls", "recordings", "messages", "events", "answers", "cases"])
def test_each_kind_expires_on_its_own_day(kind):
    trace = Trace()
    trace.issue.solved_at = NOW
    type(trace.issue).objects.filter(pk=trace.issue.pk).update(
        state="solved", solved_at=NOW, level_due_at=None, warn_at=None
    )
    type(trace.complaint).objects.filter(pk=trace.complaint.pk).update(closed_at=NOW)
    trace.customer.churn_warnings.update(closed_at=NOW)
    LegalHold.objects.all().delete()
    least = KINDS[kind][1]
    Retention.objects.create(client=trace.customer.client, kind=kind, days=least)
    mine = [kept for kept in REGISTRY.kept.values() if kept.kind == kind and kept.clear]
    assert mine
    plant(SIGN)
    assert actions.clear_expired(now=NOW + timedelta(days=least)) == 0
    rows = counts()
    assert actions.clear_expired(now=NOW + timedelta(days=least, seconds=1)) >= 1
    assert counts() == rows
    for kept in mine:
        dated = kept.rows.filter(**{f"{kept.at}__lte": NOW})
        assert dated.exists(), kept.model
        assert not dated.filter(kept.full).exists(), kept.model
    others = [kept for kept in REGISTRY.kept.values() if kept.kind != kind and kept.clear]
    assert all(kept.rows.filter(kept.full).exists() for kept in others if kept.rows.exists())
    certificate = AccessLog.objects.get(subject="retention")
    assert (certificate.subject_id, certificate.facts["kind"]) == (trace.customer.client.code, kind)
    assert actions.clear_expired(now=NOW + timedelta(days=least, seconds=1)) == 0


def test_copy_holds_everything_and_is_logged():
    trace = Trace()
    manager = trace.floor.manager
    with pytest.raises(Refused):
        actions.start_copy(customer=trace.customer, by=manager, reason=" ", now=NOW)
    job = actions.start_copy(customer=trace.customer, by=manager, reason="本人书面申请", now=NOW)
    assert CANARY not in job.title
    job = jobs.run_now(job)
    assert job.state == JobState.DONE, job.message
    with zipfile.ZipFile(job.result_path) as archive:
        assert sorted(archive.namelist()) == ["data.json", "data.xlsx"]
        data = json.loads(archive.read("data.json"))
        with archive.open("data.xlsx") as file:
            book = openpyxl.load_workbook(file)
    derived = {kept.model for kept in REGISTRY.kept.values() if not kept.copied}
    missing = {model._meta.label for model in about_customers()} - set(data) - derived
    assert missing == set()
    person = data["customers.Customer"][0]
    assert (person["email"], person["id_number"]) == (EMAIL, IDENTITY)
    assert "id_sealed" not in person
    assert data["customers.Phone"][0]["number"] == NUMBER
    assert data["complaints.Issue"][0]["description"] == CANARY
    assert "本人书面申请" in data["about"]
    assert {"Customer", "Phone", "Call", "Answer"} <= set(book.sheetnames)
    log = AccessLog.objects.get(action="export")
    assert (log.user, log.subject_id, log.reason) == (manager, str(trace.customer.pk), "本人书面申请")
    assert log.facts["rows"] == job.ok


def test_copy_is_refused_to_who_has_lost_the_customer():
    trace = Trace()
    job = actions.start_copy(customer=trace.customer, by=trace.floor.manager, reason="r", now=NOW)
    trace.floor.manager.memberships.all().delete()
    job = jobs.run_now(job)
    assert job.state == JobState.FAILED
    assert not job.result_path


def test_files_of_jobs_go_after_some_days(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a").write_text("x")
    job = Job.objects.create(
        kind="k", title="t", created_at=NOW, finished_at=NOW, state="done", result_path=str(tmp_path / "a")
    )
    assert jobs.clear_files(now=NOW + timedelta(days=7)) == 0
    assert jobs.clear_files(now=NOW + timedelta(days=7, seconds=1)) == 1
    job.refresh_from_db()
    assert job.result_path == ""
    assert not (tmp_path / "a").exists()
