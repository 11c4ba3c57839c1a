"""KPI page, API and workbook: the same figures, scope, query counts, bad input (KPI-9)."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from callcenter import jobs
from callcenter.access import Role
from callcenter.files import checksum
from callcenter.models import AccessLog, Job
from reports.actions import roll_dirty
from reports.tests.make import NOW, make_agent, make_call, make_campaign, make_team, make_user

pytestmark = pytest.mark.django_db
DAY = NOW.date().isoformat()
QUERY = {"period": "custom", "start": DAY, "end": DAY}


@pytest.fixture
def floor():
    team = make_team()
    campaign = make_campaign(team=team)
    for code in ("DONE", "DONE", "NA", "REFUSE", "SALE"):
        make_call(campaign, make_agent(team), code=code, talk=0 if code == "NA" else 61)
    roll_dirty(now=NOW)
    return team, campaign


@pytest.fixture
def manager(floor, client):
    user = make_user(Role.MANAGER, unit=floor[0].unit)
    client.force_login(user)
    return user


def test_page_api_and_workbook_say_the_same(client, manager):
    page = {f.metric.code: f for f in client.get(reverse("reports:kpi"), QUERY).context["figures"]}
    api = {row["code"]: row for row in client.get("/api/v1/metrics/", {"from": DAY, "to": DAY}).json()}
    book = openpyxl.load_workbook(
        BytesIO(
            client.get("/api/v1/reports/kpi.xlsx", {"from": DAY, "to": DAY, "reason": "月度例会"}).content
        )
    )
    sheet = book.worksheets[1]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == len(page) == len(api)
    for row, (code, figure) in zip(rows, page.items(), strict=True):
        assert api[code]["value"] == (None if figure.value is None else float(figure.value))
        assert (row[7], row[8]) == (
            pytest.approx(float(figure.numerator)) if figure.numerator is not None else "—",
            (float(figure.denominator) if figure.denominator is not None else "—")
            if figure.metric.denominator
            else None,
        )
        if figure.value is None:
            assert row[1] == "—"
        elif figure.metric.unit == "seconds":
            assert row[1].total_seconds() if hasattr(row[1], "total_seconds") else True
        else:
            assert float(row[1]) == pytest.approx(float(figure.value))


def test_workbook_has_its_sheets_frozen_and_no_formula_outside_the_check(client, manager):
    content = client.get(
        "/api/v1/reports/kpi.xlsx", {"from": DAY, "to": DAY, "reason": "月度例会"}, HTTP_ACCEPT_LANGUAGE="en"
    ).content
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == [
        "Cover",
        "Summary",
        "Daily",
        "Funnel",
        "Campaigns",
        "Teams",
        "Agents",
        "Quality",
        "Issues",
        "Definitions",
        "Check",
        "Notes",
    ]
    for name in ("Summary", "Daily", "Campaigns", "Agents"):
        assert book[name].freeze_panes == "B2"
    formulas = {
        sheet.title for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }
    assert formulas == {"Check"}
    assert len(book["Daily"]._charts) == 2
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)
    assert values["Check"]["A1"].value == "all agree"


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_workbook_job_writes_a_file_and_logs_the_export(client, manager, language, floor):
    client.cookies["django_language"] = language
    response = client.post(
        reverse("reports:workbook"), QUERY | {"campaign": floor[1].pk, "reason": "月度例会"}
    )
    job = jobs.run_now(Job.objects.get())
    assert response.url == reverse("job", args=[job.pk])
    assert job.state == "done", job.message
    assert openpyxl.load_workbook(job.result_path).sheetnames
    log = AccessLog.objects.get()
    assert (log.action, log.user, log.reason) == ("export", manager, "月度例会")
    assert log.facts["filters"]["campaign_id"] == floor[1].pk
    assert log.facts["sha256"] == checksum(job.result_path)
    cover = [
        cell.value
        for row in openpyxl.load_workbook(job.result_path).worksheets[0].iter_rows()
        for cell in row
    ]
    assert any("月度例会" in str(value) and str(manager) in str(value) for value in cover)


def test_no_workbook_leaves_without_a_reason(client, manager):
    assert client.post(reverse("reports:workbook"), QUERY | {"reason": "  "}).status_code == 422
    answer = client.get("/api/v1/reports/kpi.xlsx", {"from": DAY, "to": DAY})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_reason")
    assert not Job.objects.exists()
    assert not AccessLog.objects.exists()


def test_kpi_page_asks_the_same_queries_for_any_number_of_agents(
    client, manager, floor, django_assert_num_queries
):
    team, campaign = floor
    client.get(reverse("reports:kpi"), QUERY)
    with django_assert_num_queries(43):
        client.get(reverse("reports:kpi"), QUERY)
    for _agent in range(5):
        make_call(campaign, make_agent(team))
    roll_dirty(now=NOW)
    with django_assert_num_queries(43):
        client.get(reverse("reports:kpi"), QUERY)


@pytest.mark.parametrize(
    "value", ["", "x", "-1", "2026-13-45", "9" * 30, "\x00", "0001-01-01", "9999-12-31", "😀"]
)
@pytest.mark.parametrize("name", ["period", "start", "end", "campaign", "team", "agent", "page"])
def test_nonsense_in_the_address_never_breaks_the_page_or_the_api(client, manager, name, value):
    answers = (400,) if "\0" in value else (200, 422)
    assert client.get(reverse("reports:kpi"), QUERY | {name: value}).status_code in answers
    other = {"start": "from", "end": "to"}.get(name, name)
    response = client.get("/api/v1/metrics/", {other: value})
    assert response.status_code in answers
    if response.status_code != 200:
        assert set(response.json()) == {"code", "detail", "fields"}


def test_a_foreign_campaign_cannot_be_chosen(client, manager):
    foreign = make_campaign(team=make_team())
    assert client.get(reverse("reports:kpi"), QUERY | {"campaign": foreign.pk}).status_code == 422
    assert client.get("/api/v1/metrics/", {"campaign": foreign.pk}).status_code == 422


def test_agents_have_no_report(client, floor):
    client.force_login(make_agent(floor[0]))
    assert client.get(reverse("reports:kpi")).status_code == 403
    assert client.get("/api/v1/metrics/").status_code == 403
