"""How files arrive: cut off, twice, under odd names, by page, command and API (CUS-3, reliability.md section 5)."""

import json
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from callcenter.models import Job
from customers import actions
from customers.models import Customer, Import
from customers.tests.make import NOW, make_client, make_customer, make_region, make_team, make_user
from customers.tests.test_imports import HEADER, lines
from customers.tests.test_pages import run_jobs

pytestmark = pytest.mark.django_db
BODY = "\n".join([HEADER, *lines(1, 2), ""]).encode()
CHOICES = {"duplicates": "skip", "scope": "client", "keep_good": "yes"}


def place(role="lead"):
    """(team, client, user, signed-in browser)."""
    team, client = make_team(), make_client()
    user = make_user(role, team=team)
    browser = Browser()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return team, client, user, browser


def send(browser, team, client, data=BODY, name="名单.csv"):
    file = SimpleUploadedFile(name, data)
    return browser.post(reverse("customers:import"), {"file": file, "client": client.pk, "team": team.pk})


def through_page(browser, response, *, columns=None, **choices):
    """Answer the questions of the wizard and import; returns the finished import."""
    url = response.url
    form = {
        f"column{place}": target for place, target in enumerate(columns or ("external_id", "name", "phone"))
    }
    assert browser.post(url, form | CHOICES | choices).status_code == 302
    run_jobs()
    batch = Import.objects.order_by("-id").first()
    assert browser.post(reverse("customers:import_start", args=[batch.pk])).status_code == 302
    run_jobs()
    batch.refresh_from_db()
    return batch


def stored_files():
    return {path.name for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*")}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_interrupted_upload_leaves_nothing(live_server):
    team, client, _user, browser = place()
    page = browser.get(reverse("customers:import")).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    cookies = "; ".join(f"{name}={each.value}" for name, each in browser.cookies.items())
    fields = {"csrfmiddlewaretoken": token, "client": client.pk, "team": team.pk}
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    parts += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = parts.encode() + BODY
    head = (
        f"POST {reverse('customers:import')} HTTP/1.1\r\nHost: {live_server.thread.host}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body) + 1_000_000}\r\n\r\n"
    )
    before = stored_files()
    with socket.create_connection((live_server.thread.host, live_server.thread.port), timeout=20) as line_:
        line_.sendall(head.encode() + body)
        line_.shutdown(socket.SHUT_WR)
        answer = line_.recv(65_536)
    assert b" 302 " not in answer.split(b"\r\n")[0]
    assert not Import.objects.exists()
    assert stored_files() == before


def test_workbook_cut_off_on_its_way_is_refused():
    from customers.tests.corpus.file import person, workbook

    team, client, _user, browser = place()
    data = workbook([HEADER.split(","), *(person(number) for number in range(1, 200))])
    before = stored_files()
    for length in (4, 100, len(data) // 2, len(data) - 1):
        assert send(browser, team, client, data[:length], "a.xlsx").status_code == 422
    assert stored_files() == before


def test_same_file_under_another_name_is_recognised():
    team, client, _user, browser = place()
    first = through_page(browser, send(browser, team, client))
    second = through_page(browser, send(browser, team, client, name="另一个名字.csv"), duplicates="update")
    assert second.repeat_of == first
    assert (second.counts["accepted"], second.counts["updated"], second.counts["duplicate"]) == (0, 0, 2)


def test_same_file_with_another_mapping_or_client_is_not_a_repeat():
    team, client, _user, browser = place()
    through_page(browser, send(browser, team, client))
    other = through_page(browser, send(browser, team, client), columns=("external_id", "custom", "phone"))
    assert other.repeat_of is None
    elsewhere = through_page(browser, send(browser, team, make_client()))
    assert (elsewhere.repeat_of, elsewhere.counts["accepted"]) == (None, 2)


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.csv",
        "C:\\fakepath\\名单.csv",
        "名单.exe",
        "名单.xlsx",
        "a" * 190 + ".csv",
        "\u202evsc.单名.csv",
        "名单.csv ",
        ".csv",
        "名单.ÿÿÿÿ",
    ],
)
def test_name_of_a_file_decides_nothing(name):
    team, client, _user, browser = place()
    batch = through_page(browser, send(browser, team, client, name=name))
    assert batch.counts["accepted"] == 2
    stored = Path(batch.path)
    assert stored.parent == Path(settings.MEDIA_ROOT) / "imports"
    assert stored.name.isascii()
    assert "/" not in batch.name
    assert "\\" not in batch.name


def test_file_beyond_the_limit_is_refused_by_page_and_api(settings):
    settings.MAX_IMPORT_BYTES = 50
    team, client, user, browser = place()
    before = stored_files()
    assert send(browser, team, client).status_code == 422
    api = APIClient()
    api.force_authenticate(user)
    data = {"file": SimpleUploadedFile("a.csv", BODY), "client": client.code, "team": team.code}
    response = api.post("/api/v1/customers/import/", data)
    assert response.status_code == 400
    assert "file" in response.json()["fields"]
    assert stored_files() == before


def test_refused_request_of_the_api_leaves_no_file(django_capture_on_commit_callbacks):
    team, client, user, _browser = place()
    api = APIClient()
    api.force_authenticate(user)
    before = stored_files()
    for extra, status, code in (
        ({"mapping": json.dumps({"columns": {"没有": "name"}})}, 422, "mapping_missing_column"),
        ({"mapping": "[]"}, 422, "mapping_shape"),
        ({"mapping": "{"}, 400, "invalid"),
        ({"sheet": "x", "header_row": "900"}, 422, "no_header"),
        ({"encoding": "klingon"}, 400, "invalid"),
        ({"encoding": "utf-16-le"}, 422, None),
        ({"scope": "everybody"}, 400, "invalid"),
    ):
        data = {"file": SimpleUploadedFile("a.csv", BODY), "client": client.code, "team": team.code}
        with django_capture_on_commit_callbacks(execute=True):
            response = api.post("/api/v1/customers/import/", data | extra)
        assert response.status_code == status, (extra, response.content)
        assert code is None or response.json()["code"] == code, (extra, response.content)
    assert not Import.objects.exists()
    assert stored_files() == before


def test_api_names_the_encodings_to_choose_from():
    team, client, user, _browser = place()
    api = APIClient()
    api.force_authenticate(user)
    data = "编,名\r\n1,".encode("gb18030")[:0] + b"a,b\r\n1," + "啊".encode("gb18030") + b"\r\n"
    request = {"file": SimpleUploadedFile("a.csv", data), "client": client.code, "team": team.code}
    response = api.post("/api/v1/customers/import/", request)
    assert response.status_code == 422
    assert response.json()["code"] == "ambiguous_encoding"
    assert "gb18030" in [each["encoding"] for each in response.json()["facts"]["encodings"]]


AWKWARD_HEADER = "客户编号,姓名,手机,电话2,地区,金额,同意,备注"
AWKWARD = [
    'A1,王芳,+86 138-0000-0001,0571-88888888转8001,浙江分片,"1,234.50",是,=1+1',
    "A2,李娜,１３８００００００２２,,zj,-5,否,茶",
    "A2,李娜二,13800000023,,,,,",
    "K1,已知,13900000001,,,,,",
    "A3,坏号,1.38E+10,,,,,",
    "A4,坏区,13800000004,,火星,abc,也许,",
    "",
    "A5,短",
    "A6,谢绝,13800000006,,,,,",
    ",无编号,13800000007,,,,,",
    ",,,,,,,",
]
SIX = ("rows", "accepted", "updated", "duplicate", "rejected", "blank")
PARTS = (*SIX, "do_not_call", "without_consent", "bad_phone", "reasons")


def awkward_client():
    client = make_client()
    make_customer(client=client, external_id="K1", name="老客户", phones=["+8613900000001"])
    actions.block(number="13800000006", client=client, category="asked", reason="r", by=None, now=NOW)
    return client


def archive(client):
    return [
        [
            each.external_id,
            each.name,
            str(each.amount),
            each.region_id,
            each.custom,
            sorted(each.phones.values_list("number", "extension", "kind", "preferred")),
            sorted(each.consents.values_list("purpose", "state")),
        ]
        for each in client.customers.order_by("external_id", "name")
    ]


def test_page_command_and_api_come_to_the_same(tmp_path):
    make_region(name="浙江分片", code="ZJ")
    path = tmp_path / "难.csv"
    path.write_bytes("\r\n".join([AWKWARD_HEADER, *AWKWARD, ""]).encode("gb18030"))
    team, _client, user, browser = place()
    found, errors = [], []

    client = awkward_client()
    columns = ("external_id", "name", "phone", "phone2", "region", "amount", "consent", "custom")
    batch = through_page(browser, send(browser, team, client, path.read_bytes(), path.name), columns=columns)
    found.append(({name: batch.counts[name] for name in PARTS}, archive(client)))
    errors.append(Path(Job.objects.get(pk=batch.job_id).error_path).read_text(encoding="utf-8-sig"))

    client = awkward_client()
    call_command(
        "import_customers",
        path,
        client=client.code,
        unit=team.unit.code,
        team=team.code,
        errors=tmp_path / "errors.csv",
    )
    batch = Import.objects.order_by("-id").first()
    found.append(({name: batch.counts[name] for name in PARTS}, archive(client)))
    errors.append((tmp_path / "errors.csv").read_text(encoding="utf-8-sig"))

    client = awkward_client()
    api = APIClient()
    api.force_authenticate(user)
    data = {
        "file": SimpleUploadedFile(path.name, path.read_bytes()),
        "client": client.code,
        "team": team.code,
    }
    response = api.post("/api/v1/customers/import/", data)
    assert response.status_code == 202
    run_jobs()
    job = Job.objects.get(pk=response.json()["job"])
    found.append(({name: job.result[name] for name in PARTS}, archive(client)))
    errors.append(Path(job.error_path).read_text(encoding="utf-8-sig"))

    assert found[0] == found[1] == found[2]
    assert errors[0] == errors[1] == errors[2]
    counts, customers = found[0]
    assert {name: counts[name] for name in SIX} == {
        "rows": 11, "accepted": 4, "updated": 0, "duplicate": 2, "rejected": 3, "blank": 2,
    }  # fmt: skip
    assert counts["reasons"] == {"phone_scientific": 1, "unknown_region": 1, "too_few_cells": 1}
    assert (counts["do_not_call"], counts["without_consent"], counts["bad_phone"]) == (1, 3, 1)
    assert len(customers) == 5
    assert Customer.objects.count() == 15
