"""Saved segments: versions, use, copies, counts of one's own, export (CUS-5, CUS-11)."""

import io
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from callcenter import jobs
from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog, JobState
from customers import actions
from customers.models import Customer, Segment, SegmentCount
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from customers.tests.segments import KEY, definition, make_segment
from people.models import Membership

pytestmark = pytest.mark.django_db
LEVEL = {"kind": "level", "op": "one_of", "values": ["金卡"]}


def changed(segment, by, **fields):
    values = {
        "name": "新名",
        "version": segment.version,
        "definition": definition(LEVEL),
        "now": NOW,
    } | fields
    return actions.update_segment(segment=segment, by=by, **values)


def test_update_counts_the_version_and_refuses_an_old_one():
    lead = make_user("lead", team=make_team())
    segment = make_segment(by=lead)
    assert changed(segment, lead).version == 2
    with pytest.raises(Conflict):
        changed(segment, lead, name="zu spät")
    segment.refresh_from_db()
    assert (segment.name, segment.definition) == ("新名", definition(LEVEL).as_json())
    assert AccessLog.objects.filter(subject="segment", subject_id=str(segment.pk)).count() == 1


def test_copy_is_private_and_belongs_to_who_copies(english):
    lead = make_user("lead", team=make_team())
    copy = actions.copy_segment(segment=make_segment(shared=True, name="x" * 120), by=lead, now=NOW)
    assert (copy.owner, copy.shared, copy.version) == (lead, False, 1)
    assert copy.definition == definition(KEY).as_json()


def test_segment_is_seen_by_its_owner_or_when_shared_and_changed_by_its_owner():
    team = make_team()
    owner, other = make_user("lead", team=team), make_user("manager", team=team)
    private, shared = make_segment(by=owner), make_segment(by=owner, shared=True)
    assert set(Segment.objects.visible_to(owner)) == {private, shared}
    assert set(Segment.objects.visible_to(other)) == {shared}
    assert set(Segment.objects.editable_by(other)) == set()
    assert set(Segment.objects.editable_by(owner)) == {private, shared}
    assert set(Segment.objects.editable_by(make_user("admin"))) == {private, shared}
    for role, place in (
        ("agent", {"team": team}),
        ("qa", {"team": team}),
        ("client", {"client": make_client()}),
    ):
        assert set(Segment.objects.visible_to(make_user(role, **place))) == set()


def test_count_is_of_ones_scope_and_remembered_for_oneself():
    team, other = make_team(), make_team()
    make_customer(team=team, key_customer=True)
    for _ in range(2):
        make_customer(team=other, key_customer=True)
    segment = make_segment(shared=True)
    one, two = make_user("lead", team=team), make_user("lead", team=other)
    assert actions.count_segment(segment=segment, by=one, now=NOW) == 1
    assert actions.count_segment(segment=segment, by=two, now=NOW) == 2
    assert actions.count_segment(segment=segment, by=two, now=NOW) == 2
    assert dict(SegmentCount.objects.values_list("user", "customers")) == {one.pk: 1, two.pk: 2}


def test_export_needs_a_reason_and_a_known_format():
    segment = make_segment()
    for values in ({"file_format": "xlsx", "reason": "  "}, {"file_format": "pdf", "reason": "周会"}):
        with pytest.raises(Refused):
            actions.start_segment_export(segment=segment, by=make_user("admin"), now=NOW, **values)
    assert not AccessLog.objects.filter(action="export").exists()


def exported(segment, by, form):
    job = actions.start_segment_export(
        segment=segment, file_format=form, reason="续保名单核对", by=by, now=NOW
    )
    return jobs.run_now(job)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_export_holds_the_scope_masked_and_ends_with_who_when_and_why(form, english):
    team = make_team()
    lead = make_user("lead", team=team, full_name="王组长")
    mine = [
        make_customer(team=team, key_customer=True, name=f"=我方{number}", phones=["+8613800138000"])
        for number in range(3)
    ]
    make_customer(team=make_team(), key_customer=True, name="金丝雀", phones=["+8613911112222"])
    make_customer(team=team, name="普通", phones=["+8613800138001"])
    job = exported(make_segment(), lead, form)
    assert (job.state, job.total, job.ok) == (JobState.DONE, 3, 3)
    raw = Path(job.result_path).read_bytes()
    text = (
        raw.decode()
        if form == "csv"
        else "".join(
            ZipFile(io.BytesIO(raw)).read(name).decode() for name in ZipFile(io.BytesIO(raw)).namelist()
        )
    )
    for customer in mine:
        assert customer.external_id in text
    for secret in ("13800138000", "金丝雀", "普通", "139****2222"):
        assert secret not in text
    assert "138****8000" in text
    assert "Exported for 王组长 on 2026-03-04 10:00 (Asia/Shanghai). Reason: 续保名单核对" in text
    assert text.rindex("Exported for") > max(text.rindex(customer.external_id) for customer in mine)
    log = AccessLog.objects.get(action="export", user=lead)
    assert (log.subject, log.reason, log.facts["rows"]) == ("segment", "续保名单核对", 3)
    assert log.facts["sha256"] == sha256(raw).hexdigest()
    assert log.facts["filters"]["definition"] == definition(KEY).as_json()


def test_export_asks_for_the_scope_when_it_runs():
    team = make_team()
    make_customer(team=team, key_customer=True)
    lead = make_user("lead", team=team)
    job = actions.start_segment_export(
        segment=make_segment(), file_format="csv", reason="核对", by=lead, now=NOW
    )
    Membership.objects.filter(user=lead).delete()
    assert jobs.run_now(job).total == 0


def test_export_goes_by_the_conditions_that_were_logged():
    team = make_team()
    make_customer(team=team, key_customer=True)
    lead = make_user("lead", team=team)
    segment = make_segment(by=lead)
    job = actions.start_segment_export(segment=segment, file_format="csv", reason="核对", by=lead, now=NOW)
    changed(segment, lead)
    segment.refresh_from_db()
    assert jobs.run_now(job).total == 1


def test_stopped_export_leaves_no_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    admin = make_user("admin")
    make_customer(key_customer=True)
    job = actions.start_segment_export(
        segment=make_segment(), file_format="csv", reason="核对", by=admin, now=NOW
    )

    def stop(seen):
        type(seen).objects.filter(pk=seen.pk).update(cancel_requested=True)

    assert jobs.run_now(job, watch=stop).state == JobState.CANCELLED
    assert list(tmp_path.glob("exports/*")) == []


def test_customer_who_leaves_the_scope_during_the_export_is_left_out(monkeypatch):
    team = make_team()
    kept, gone = (make_customer(team=team, key_customer=True) for _ in range(2))
    lead = make_user("lead", team=team)
    job = actions.start_segment_export(
        segment=make_segment(), file_format="csv", reason="核对", by=lead, now=NOW
    )

    def move(seen):
        Customer.objects.filter(pk=gone.pk).update(team=make_team(), unit=make_team().unit)

    text = Path(jobs.run_now(job, watch=move).result_path).read_text(encoding="utf-8-sig")
    assert kept.external_id in text
    assert gone.external_id not in text
