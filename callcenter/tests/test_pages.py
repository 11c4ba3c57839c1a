"""The shell, home, jobs and health pages."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from callcenter import jobs
from callcenter.access import Role
from callcenter.models import Job, Pulse
from callcenter.navigation import RAIL, rail
from callcenter.tests.test_role_matrix import plain_addresses
from callcenter.views import HOMES
from people.tests.make import make_one_of_each_role, make_user

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=|javascript:", re.I
)


@pytest.fixture
def user(client):
    person = make_user()
    client.force_login(person)
    return person


def make_job(owner, **fields):
    return jobs.start("none", "导入名单", owner=owner, now=timezone.now(), **fields)


@pytest.mark.parametrize("entry", RAIL, ids=lambda entry: entry.url)
def test_the_rail_leads_somewhere_and_its_icon_exists(entry):
    assert reverse(entry.url)
    assert entry.icon in (settings.BASE_DIR / "tools" / "icons.txt").read_text().split()


@pytest.mark.parametrize("role", list(Role))
def test_every_entry_of_the_rail_opens_for_its_role(client, role):
    person = make_one_of_each_role()[role]
    client.force_login(person)
    entries = rail(person)
    assert len(entries) >= 2
    assert {entry["url"]: client.get(entry["url"], follow=True).status_code for entry in entries} == {
        entry["url"]: 200 for entry in entries
    }


def test_the_rail_marks_the_longest_address_that_fits():
    admin = make_one_of_each_role()[Role.ADMIN]
    marked = [entry["url"] for entry in rail(admin, "/people/account/") if entry["current"]]
    assert marked == ["/people/"]
    assert [entry["url"] for entry in rail(admin, "/") if entry["current"]] == ["/"]


@pytest.mark.parametrize(("role", "url"), HOMES)
def test_home_leads_to_where_the_role_works(client, role, url):
    client.force_login(make_one_of_each_role()[role])
    assert client.get("/")["Location"] == reverse(url)


def test_home_of_somebody_without_a_role_says_whom_to_ask(client, user):
    assert "empty-list" in client.get("/").content.decode()


def test_no_page_carries_anything_inline_and_every_page_forbids_it(client):
    """The content security policy holds because nothing needs an exception (ux section 3.1)."""
    client.force_login(make_one_of_each_role()[Role.ADMIN])
    seen, wrong = 0, []
    for name, address in plain_addresses().items():
        answer = client.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        if "default-src 'self'" not in policy or "unsafe" in policy:
            wrong.append(f"{name}: policy {policy!r}")
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            seen += 1
            if not name.startswith("admin:") and (found := INLINE.search(answer.content.decode())):
                wrong.append(f"{name}: {found[0]}")
    assert not wrong, "\n".join(wrong)
    assert seen > 10


@pytest.mark.parametrize("count", [1, 3])
def test_job_list_costs_the_same_whatever_its_length(client, user, count, django_assert_num_queries):
    for _number in range(count):
        make_job(user)
    # Session, user, memberships, jobs with owners, unread count.
    with django_assert_num_queries(5):
        page = client.get("/jobs/")
    assert len(page.context["page"].rows) == count


def test_a_job_belongs_to_the_person_who_started_it(client, user):
    mine, other = make_job(user), make_job(make_user())
    assert [job.pk for job in client.get("/jobs/").context["page"]] == [mine.pk]
    addresses = [f"/jobs/{other.pk}/", f"/jobs/{other.pk}/result/", f"/jobs/{other.pk}/errors/"]
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert client.post(f"/jobs/{other.pk}/cancel/").status_code == 404
    other.refresh_from_db()
    assert other.state == Job.State.QUEUED


def test_an_open_job_asks_again_and_an_ended_one_does_not(client, user):
    job = make_job(user)
    fragment = {"hx-request": "true"}
    open_page = client.get(f"/jobs/{job.pk}/", headers=fragment).content.decode()
    assert 'hx-trigger="every 1s"' in open_page
    assert "<html" not in open_page
    client.post(f"/jobs/{job.pk}/cancel/")
    assert "hx-trigger" not in client.get(f"/jobs/{job.pk}/", headers=fragment).content.decode()


def test_a_job_that_lasts_is_asked_less_often(client, user):
    job = make_job(user)
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state="running", started_at=now - timedelta(minutes=2), heartbeat_at=now, total=400, done=100
    )
    page = client.get(f"/jobs/{job.pk}/", headers={"accept-language": "en"}).content.decode()
    assert 'hx-trigger="every 3s"' in page
    assert 'value="25"' in page
    assert re.search(r"about 0[56]:\d\d left", page)


def test_the_files_of_a_job_are_downloaded_under_their_names(client, user, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("行,原因\n")
    job = make_job(
        user, error_path=str(file), error_name="被拒的行.csv", result_path=str(tmp_path / "gone.xlsx")
    )
    answer = client.get(f"/jobs/{job.pk}/errors/")
    assert b"".join(answer.streaming_content).decode() == "行,原因\n"
    assert "%E8%A2%AB" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 404


def test_an_ended_job_is_not_cancelled_again(client, user):
    job = make_job(user)
    client.post(f"/jobs/{job.pk}/cancel/")
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 409


def test_health_needs_no_sign_in(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize(("age", "status"), [(30, 200), (600, 503)])
def test_readiness_follows_the_last_sweep(client, age, status):
    Pulse.objects.create(name="jobs", ran_at=timezone.now() - timedelta(seconds=age))
    assert client.get("/readyz").status_code == status


def test_readiness_before_the_first_sweep(client):
    assert client.get("/readyz").json()["sweeps"] == "late"


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_shell_speaks_the_readers_language(client, language):
    client.force_login(make_user(Role.ADMIN))
    client.cookies["django_language"] = language
    page = client.get("/notifications/").content.decode()
    assert f'<html lang="{language}">' in page
    assert f'value="{language}" lang="{language}" aria-current="true"' in page
    for landmark in ('<main id="content"', 'class="skip-link" href="#content"', "<nav", "<h1>"):
        assert landmark in page


@pytest.mark.parametrize("target", ["-1", "%s%n", "home", ""])
def test_language_form_sent_with_a_strange_address_goes_somewhere_on_this_site(client, target):
    response = client.post("/language/", {"language": "en", "next": target})
    assert response.status_code == 302
    assert response["Location"] in (target, "/")
