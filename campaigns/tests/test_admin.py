import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tablib import Dataset

from campaigns.models import Disposition, Target
from campaigns.resources import DispositionResource, TargetResource
from campaigns.tests.make import make_campaign, make_user
from surveys.models import Question
from surveys.resources import QuestionResource
from surveys.tests.make import make_question, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "page", ["campaigns_disposition", "campaigns_target", "surveys_question", "surveys_questionnaire"]
)
def test_reference_data_is_for_administrators(client, page):
    address = reverse(f"admin:{page}_changelist")
    client.force_login(make_user("manager"))
    assert client.get(address).status_code in (302, 403)
    client.force_login(make_user("admin"))
    assert client.get(address).status_code == 200


def form_data(row, **changes):
    values = {"position": row.position, "retry_seconds": 0, "name_zh_hans": "忙", "active": "on"}
    values |= {flag: "on" for flag in ("attempt", "connected", "reached") if getattr(row, flag)}
    return values | changes


def test_disposition_is_changed_with_flags_that_agree(client, admin):
    row = Disposition.objects.get(code="BUSY")
    address = reverse("admin:campaigns_disposition_change", args=[row.pk])
    assert client.get(address).status_code == 200
    refused = client.post(address, form_data(row, completed="on"))
    assert "completed" in refused.context["adminform"].form.errors
    assert client.post(address, form_data(row, retry="delay", retry_seconds="60")).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.name, row.retry_seconds) == ("BUSY", {"zh-hans": "忙"}, 60)


def test_dispositions_survive_a_round_trip_through_a_workbook():
    before = list(Disposition.objects.order_by("id").values())
    data = DispositionResource().export()
    result = DispositionResource().import_data(data, raise_errors=True)
    assert not result.has_errors()
    assert list(Disposition.objects.order_by("id").values()) == before


def test_disposition_row_with_contradicting_flags_is_refused():
    data = Dataset(headers=["code", "name_en", "completed", "reached", "connected"])
    data.append(["NEW", "New", "1", "0", "0"])
    result = DispositionResource().import_data(data, dry_run=False)
    assert result.has_validation_errors() or result.has_errors()
    assert not Disposition.objects.filter(code="NEW").exists()


def test_targets_are_imported_by_codes():
    campaign = make_campaign(code="SAT")
    data = Dataset(
        headers=["id", "metric", "campaign", "team", "agent", "valid_from", "valid_to", "value", "amber"]
    )
    data.append(["", "completed_rate", "SAT", "", "", "2026-11-01", "", "0.6", "0.5"])
    TargetResource().import_data(data, raise_errors=True)
    assert Target.objects.get().campaign == campaign


def question_rows(*rows):
    data = Dataset(headers=["code", "kind", "text_zh_hans", "text_en", "options", "direction", "active"])
    for row in rows:
        data.append(row)
    return data


def test_questions_are_imported_and_changed_by_code():
    make_question(code="Q-1", direction="old")
    data = question_rows(
        ["Q-1", "scale5", "新的?", "New?", "", "speed", "1"],
        ["Q-2", "single", "选哪个?", "Which?", "a | 甲\nb | 乙", "speed", "1"],
    )
    result = QuestionResource().import_data(data, raise_errors=True)
    assert result.totals["update"] == result.totals["new"] == 1
    assert Question.objects.get(code="Q-1").text["en"] == "New?"
    assert [option["value"] for option in Question.objects.get(code="Q-2").options] == ["a", "b"]


@pytest.mark.parametrize(
    "row",
    [
        ["Q-9", "single", "选哪个?", "", "a | 甲", "", "1"],
        ["Q-9", "single", "选哪个?", "", " | 甲\nb", "", "1"],
        ["Q-9", "nonsense", "选哪个?", "", "", "", "1"],
        ["Q-9", "text", "", "", "", "", "1"],
        ["USED", "text", "别的?", "", "", "", "1"],
    ],
    ids=["one option", "no value", "kind", "no text", "in use"],
)
def test_wrong_question_row_is_refused_with_its_reason(row):
    make_version(make_question("scale5", code="USED"))
    before = list(Question.objects.values())
    result = QuestionResource().import_data(question_rows(row), dry_run=False, use_transactions=True)
    assert result.has_errors() or result.has_validation_errors()
    assert list(Question.objects.values()) == before


def test_question_bank_is_uploaded_through_the_page(client, admin):
    body = question_rows(["Q-3", "yesno", "好吗?", "OK?", "", "x", "1"]).export("csv").encode()
    upload = SimpleUploadedFile("bank.csv", body, "text/csv")
    address = reverse("admin:surveys_question_import")
    response = client.post(address, {"import_file": upload, "format": "1", "resource": ""})
    assert response.status_code == 200
    assert not response.context["result"].has_errors()


def test_used_question_cannot_be_deleted(client, admin):
    question = make_question()
    make_version(question)
    assert (
        client.post(reverse("admin:surveys_question_delete", args=[question.pk]), {"post": "yes"}).status_code
        == 403
    )
