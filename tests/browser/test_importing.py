"""The import's pages in a browser: every question answered by clicking, in two languages, at two widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from callcenter import jobs
from callcenter.access import Role
from customers.models import Customer, Import
from customers.tests.make import make_client, make_region, make_team, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
HEADER = "客户编号,姓名,手机,地区,级别,性质,同意,生日"
ROWS = [
    "A1,王芳,13800000001,杭州,金卡,企业,是,1980-05-01",
    "A2,李娜,13800000002,杭州,金卡,个人,否,1981/5/1",
    "A3,坏号,1.38E+10,,,,,",
    "A2,重复,13800000009,,,,,",
]
UNCERTAIN = b"a,b\r\n1," + "啊".encode("gb18030") + b"\r\n"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    """Jobs wait until the test runs them, as they wait for a worker."""
    monkeypatch.setattr(jobs, "ring", lambda: None)


def run_jobs():
    while (job := jobs.claim(now=timezone.now())) is not None:
        jobs.run(job)


def good(page):
    """The page passes axe, and is not wider than the narrowest phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size(size)


def upload(page, name, data, client):
    page.goto("/customers/import/")
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
    page.select_option("[name=client]", str(client.pk))
    page.select_option("[name=team]", index=1)
    page.click("main .form-buttons .btn-primary")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_list_comes_in_by_clicking(page, sign_in, language):
    team, client = make_team(), make_client()
    make_region(name="杭州")
    sign_in(make_user(Role.LEAD, team=team, language=language))
    upload(page, "五月.csv", "\r\n".join([HEADER, *ROWS, ""]).encode("gb18030"), client)
    page.wait_for_url("**/columns/")
    good(page)
    assert page.input_value("[name=column2]") == "phone"
    page.select_option("[name=column7]", "date_ymd")
    page.fill("[name=save_as]", "月度")
    page.click("main .form-buttons .btn-primary")
    page.wait_for_selector(".job-progress[data-state=queued]")
    run_jobs()
    # The page turns to the result by itself.
    page.wait_for_selector("form[action$='/start/'] .btn-primary")
    good(page)
    assert page.inner_text(".figure-main dd") == "2"
    assert page.inner_text("[aria-labelledby=groups-title] tbody tr").split() == [
        "杭州",
        "金卡",
        "1",
        "1",
        "2",
    ]
    page.click("form[action$='/start/'] .btn-primary")
    page.wait_for_selector(".job-progress[data-state=queued]")
    run_jobs()
    page.wait_for_selector(".job-progress[data-state=partly]")
    good(page)
    with page.expect_download() as download:
        page.click("a[href$='/errors/']")
    assert "1.38E+10" in download.value.path().read_text(encoding="utf-8-sig")
    assert Customer.objects.get(external_id="A1").custom == {"生日": "1980-05-01"}
    upload(page, "六月.csv", "\r\n".join([HEADER, ROWS[0], ""]).encode(), client)
    page.wait_for_url("**/columns/")
    assert "月度" in page.inner_text("main")
    assert page.input_value("[name=column7]") == "date_ymd"


def test_import_is_stopped_by_clicking(page, sign_in):
    team, client = make_team(), make_client()
    sign_in(make_user(Role.LEAD, team=team))
    upload(page, "a.csv", "\r\n".join([HEADER, *ROWS, ""]).encode(), client)
    page.wait_for_url("**/columns/")
    page.click("main .form-buttons .btn-primary")
    page.click("[id^=cancel-]")
    page.goto(f"/customers/import/{Import.objects.get().pk}/")
    page.wait_for_selector(".job-progress[data-state=cancelled]")
    page.click("main a[href$='/columns/']")
    page.click("button[form=discard]")
    page.wait_for_url("**/customers/import/")
    assert not Import.objects.exists()


def test_uncertain_encoding_is_chosen_by_looking(page, sign_in):
    team, client = make_team(), make_client()
    sign_in(make_user(Role.LEAD, team=team))
    upload(page, "a.csv", UNCERTAIN, client)
    page.wait_for_url("**/columns/")
    good(page)
    page.check("[value=gb18030]")
    page.click("main .form-buttons .btn-primary")
    page.wait_for_selector("[name=column1]")
    assert "啊" in page.inner_text("main")
