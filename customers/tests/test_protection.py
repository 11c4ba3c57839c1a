"""The log of data protection, legal holds and exports as pages: for managers, within their scope (CUS-11)."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from customers import actions
from customers.models import LegalHold, Retention
from customers.rules.retention import KINDS, cutoff, floor_of
from customers.tests.make import NOW, make_client, make_customer, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db
URL = "/customers/protection/"


def manager_of(unit):
    user, browser = make_user("manager", unit=unit), Browser()
    browser.force_login(user)
    return user, browser


def test_log_shows_what_people_in_scope_did_and_nothing_else():
    team, other = make_team(), make_team()
    _manager, browser = manager_of(team.unit)
    mine, theirs = make_user("lead", team=team), make_user("lead", team=other)
    log_access(mine, "export", "kpi_workbook", now=NOW, reason="我们的", rows=3, sha256="a" * 64)
    log_access(theirs, "export", "kpi_workbook", now=NOW, reason="他们的")
    log_access(None, "change", "customer_erased", 5, now=NOW, reason="系统的")
    log_access(None, "change", "retention", "C1", now=NOW, kind="calls", rows=7)
    log_access(mine, "view", "customer", 5, now=NOW, reason="看看")
    body = browser.get(URL).content.decode()
    assert "我们的" in body
    assert "aaaaaaaaaaaa" in body
    assert "retention" in body
    for hidden in ("他们的", "系统的", "看看"):
        assert hidden not in body


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, 3),
        ({"act": "export"}, 1),
        ({"act": "reveal"}, 2),
        ({"act": "nonsense"}, 3),
        ({"act": "reveal", "start": "2026-03-05"}, 1),
        ({"end": "2026-03-04"}, 2),
        ({"start": "9999-12-31", "end": "0001-01-01"}, 0),
        ({"start": "x", "person": "99999999999999999999"}, 3),
        ({"page": "9" * 30}, 3),
    ],
)
def test_log_is_filtered(query, shown):
    unit = make_unit()
    manager, browser = manager_of(unit)
    log_access(manager, "export", "kpi_workbook", now=NOW)
    log_access(manager, "reveal", "phone", 1, now=NOW)
    log_access(manager, "reveal", "phone", 2, now=NOW + timedelta(days=1))
    answer = browser.get(URL, query)
    assert answer.status_code == 200
    assert len(answer.context["page"].rows) == shown


@pytest.mark.parametrize("number", [1, 3])
def test_log_asks_as_many_queries_for_one_row_as_for_three(number):
    manager, browser = manager_of(make_unit())
    for each in range(number):
        log_access(manager, "reveal", "phone", each, now=NOW)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(URL).status_code == 200
    assert len(seen) == 7


def test_log_is_exported_with_a_reason_which_is_logged_itself():
    manager, browser = manager_of(make_unit())
    log_access(manager, "reveal", "phone", 1, now=NOW, reason="=1+1")
    url = reverse("customers:protection_export")
    assert browser.post(f"{url}?act=reveal", {"reason": ""}).status_code == 422
    assert browser.get(url).status_code == 405
    answer = browser.post(f"{url}?act=reveal", {"reason": "年度审计"})
    data = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 3
    assert rows[1][5] == "=1+1"
    assert sheet.cell(2, 6).data_type == "s"
    assert "年度审计" in rows[2][0]
    log = AccessLog.objects.get(action="export")
    assert (log.reason, log.facts["rows"], log.facts["filters"]) == ("年度审计", 1, {"act": "reveal"})


def test_hold_is_placed_shown_and_lifted_by_another_person():
    unit = make_unit()
    first, browser = manager_of(unit)
    _second, other = manager_of(unit)
    customer, foreign = make_customer(unit=unit), make_customer()
    url = reverse("customers:hold", args=[customer.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "诉讼", "until": "2001-01-01 00:00"}).status_code == 422
    assert browser.post(reverse("customers:hold", args=[foreign.pk]), {"reason": "诉讼"}).status_code == 404
    assert browser.post(url, {"reason": "诉讼"}).status_code == 302
    assert browser.post(url, {"reason": "又一个"}).status_code == 409
    hold = LegalHold.objects.get()
    page = browser.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    lift = reverse("customers:lift", args=[hold.pk])
    assert "诉讼" in page
    assert lift not in page
    erase = {"reason": "asked", "sure": "on"}
    assert browser.post(reverse("customers:erase", args=[customer.pk]), erase).status_code == 422
    assert browser.post(lift, {"reason": "完"}).status_code == 422
    assert lift in other.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    _stranger, elsewhere = manager_of(make_unit())
    assert elsewhere.post(lift, {"reason": "结案"}).status_code == 404
    assert other.post(lift, {"reason": "结案"}).status_code == 302
    assert other.post(lift, {"reason": "结案"}).status_code == 409
    assert browser.post(reverse("customers:erase", args=[customer.pk]), erase).status_code == 302
    assert AccessLog.objects.filter(subject="legal_hold").count() == 2
    assert first.pk == hold.placed_by_id


def test_database_holds_the_second_person_too():
    user = make_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(
            customer=make_customer(), reason="r", placed_by=user, placed_at=NOW, lifted_by=user, lifted_at=NOW
        )


def test_copy_is_asked_for_with_a_reason_in_scope():
    unit = make_unit()
    _manager, browser = manager_of(unit)
    url = reverse("customers:copy", args=[make_customer(unit=unit).pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "本人申请"}).status_code == 302
    assert (
        browser.post(reverse("customers:copy", args=[make_customer().pk]), {"reason": "r"}).status_code == 404
    )
    assert Job.objects.get().params["reason"] == "本人申请"


@pytest.mark.parametrize("kind", list(KINDS))
def test_golden_retention_is_never_shorter_than_the_law(kind):
    least = floor_of(kind)
    assert least >= 30
    assert cutoff(kind, 1, NOW) == NOW - timedelta(days=least)
    assert cutoff(kind, least + 10, NOW) == NOW - timedelta(days=least + 10)
    short = Retention(client=make_client(), kind=kind, days=least - 1)
    with pytest.raises(ValidationError):
        short.clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        short.save()
    short.days = least
    short.clean()
    short.save()


def test_access_log_is_pruned_only_after_three_years(settings):
    admin = make_user("admin")
    for days in (1_000, 1_096, 2_000):
        log_access(admin, "export", "x", days, now=NOW - timedelta(days=days))
    assert actions.prune_access_log(now=NOW) == 0
    settings.ACCESS_LOG_DAYS = 30
    assert actions.prune_access_log(now=NOW) == 2
    settings.ACCESS_LOG_DAYS = 900
    assert list(AccessLog.objects.values_list("subject_id", flat=True)) == ["1000"]


def test_retention_is_set_in_the_administration_and_refuses_too_little(client):
    client.force_login(make_user("admin"))
    firm = make_client()
    sent = {
        "name": firm.name,
        "code": firm.code,
        "retentions-TOTAL_FORMS": "1",
        "retentions-INITIAL_FORMS": "0",
        "retentions-0-kind": "messages",
        "retentions-0-days": "100",
        "custom_fields-TOTAL_FORMS": "0",
        "custom_fields-INITIAL_FORMS": "0",
    }
    url = f"/admin/customers/client/{firm.pk}/change/"
    assert client.post(url, sent).status_code == 200
    assert client.post(url, sent | {"retentions-0-days": "155"}).status_code == 302
    assert Retention.objects.get().days == 155


def test_do_not_call_list_leaves_masked_with_its_reason(client):
    admin = make_user("admin", full_name="管理员甲")
    client.force_login(admin)
    entry = actions.block(number="13912345678", category="asked", reason="来信", by=admin, now=NOW)
    page = client.get(f"/admin/customers/blacklistentry/{entry.pk}/change/").content.decode()
    assert "139****5678" in page
    assert "13912345678" not in page
    url = "/admin/customers/blacklistentry/export/"
    assert 'name="reason"' in client.get(url).content.decode()
    refused = client.post(url, {"format": "0", "resource": "0", "reason": ""})
    assert refused.headers["Content-Type"].startswith("text/html")
    answer = client.post(url, {"format": "0", "resource": "0", "reason": "监管检查"})
    rows = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows()
    ]
    assert rows[1][0] == "139****5678"
    assert "管理员甲" in rows[2][0]
    assert "监管检查" in rows[2][0]
    row = AccessLog.objects.get(action="export")
    assert (row.subject, row.reason, row.facts["rows"]) == ("blacklistentry", "监管检查", 1)
