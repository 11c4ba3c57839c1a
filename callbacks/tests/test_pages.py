"""The pages of tasks, calls and orders: lists, filters, scope, and what a lead does (CB-1, CAM-4, ORG-2)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from callbacks.models import Call, Order, Task
from callbacks.tests.make import (
    NOW,
    disposition,
    make_agent,
    make_campaign,
    make_customer,
    make_task,
    make_team,
)
from callbacks.tests.test_apply_policies import make_event, make_policy
from callbacks.tests.test_calls import record
from callcenter import jobs
from callcenter.access import Role
from callcenter.models import Job
from customers.tests.make import make_user

pytestmark = pytest.mark.django_db
NONSENSE = ["x", "-1", "99999999999999999999", "%00", "👍"]


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def campaign(team):
    return make_campaign(team=team)


@pytest.fixture
def lead(client, team):
    user = make_user(Role.LEAD, team=team)
    client.force_login(user)
    return user


def text(response):
    return response.content.decode()


def make_call(campaign, *, number="+8613800138000", **fields):
    customer = make_customer(client=campaign.client, team=campaign.teams.first(), phones=[number])
    values = {"external_id": f"cdr-{Call.objects.count()}", "number": number, "team": campaign.teams.first()}
    return record(campaign, customer=customer, **values | fields)[0]


@pytest.mark.parametrize("rows", [1, 3])
def test_task_list_needs_a_fixed_number_of_queries(client, lead, campaign, rows, django_assert_num_queries):
    names = [make_task(campaign).customer.name for _more in range(rows)]
    client.get(reverse("callbacks:tasks"))
    with django_assert_num_queries(9):
        page = text(client.get(reverse("callbacks:tasks")))
    assert all(name in page for name in names)


@pytest.mark.parametrize("rows", [1, 3])
def test_call_list_needs_a_fixed_number_of_queries(client, lead, campaign, rows, django_assert_num_queries):
    for _more in range(rows):
        make_call(campaign)
    client.get(reverse("callbacks:calls"))
    with django_assert_num_queries(8):
        page = text(client.get(reverse("callbacks:calls")))
    assert page.count("138****8000") == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_order_list_needs_a_fixed_number_of_queries(client, lead, campaign, rows, django_assert_num_queries):
    for _more in range(rows):
        make_call(campaign, disposition=disposition("SALE"))
    client.get(reverse("callbacks:orders"))
    with django_assert_num_queries(7):
        page = text(client.get(reverse("callbacks:orders")))
    assert page.count('class="badge badge-info"') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_task_page_needs_a_fixed_number_of_queries(
    client, settings, lead, campaign, rows, django_assert_max_num_queries
):
    task = make_task(campaign)
    for _more in range(rows):
        Call.objects.filter(pk=make_call(campaign).pk).update(task=task)
    with django_assert_max_num_queries(30):
        page = text(client.get(reverse("callbacks:task", args=[task.pk])))
    assert page.count("138****8000") == rows


def test_tasks_are_filtered_and_nonsense_does_not_filter(client, lead, campaign):
    mine, other = make_task(campaign), make_task(make_campaign(team=campaign.teams.get()))
    url = reverse("callbacks:tasks")
    page = text(client.get(url, {"campaign": campaign.pk, "state": "ready", "kind": "callback"}))
    assert mine.customer.name in page
    assert other.customer.name not in page
    assert "Nothing matches these filters." in text(client.get(url, {"state": "done"}))
    for name in ("campaign", "state", "kind", "agent", "page"):
        for value in NONSENSE:
            assert client.get(url, {name: value}).status_code == 200


def test_calls_are_filtered_by_day_and_result_and_nonsense_does_not_filter(client, lead, campaign):
    today, before = (
        make_call(campaign),
        make_call(campaign, started_at=NOW - timedelta(days=1), answered_at=None, ended_at=None),
    )
    url = reverse("callbacks:calls")
    page = text(client.get(url, {"day": NOW.date().isoformat(), "disposition": "DONE"}))
    assert today.customer.name in page
    assert before.customer.name not in page
    for name in ("day", "disposition", "source", "agent", "campaign"):
        for value in NONSENSE:
            assert client.get(url, {name: value}).status_code == 200


@pytest.mark.parametrize("page", ["task", "call", "order"])
def test_row_of_another_team_is_not_found(client, lead, page):
    elsewhere = make_campaign()
    call = make_call(elsewhere, disposition=disposition("SALE"))
    numbers = {"task": make_task(elsewhere).pk, "call": call.pk, "order": Order.objects.get().pk}
    assert client.get(reverse(f"callbacks:{page}", args=[numbers[page]])).status_code == 404


def test_agent_sees_only_the_own_tasks(client, team, campaign):
    agent = make_agent(team)
    client.force_login(agent)
    others, mine = make_task(campaign), make_task(campaign, reserved_for=agent)
    page = text(client.get(reverse("callbacks:tasks")))
    assert mine.customer.name in page
    assert others.customer.name not in page


def test_task_page_says_why_the_customer_may_not_be_called(client, lead, campaign):
    task = make_task(campaign, ready=False, due_at=timezone.now(), now=timezone.now())
    task.customer.phones.all().delete()
    assert "The customer has no usable number." in text(client.get(reverse("callbacks:task", args=[task.pk])))


def verb(client, tasks, name, **fields):
    return client.post(
        reverse("callbacks:task_verb"), {"task": [task.pk for task in tasks], "verb": name} | fields
    )


def test_lead_reserves_moves_and_cancels_tasks_in_bulk(client, lead, team, campaign):
    tasks, agent = [make_task(campaign), make_task(campaign)], make_agent(team)
    assert verb(client, tasks, "assign", agent=agent.pk).status_code == 302
    assert set(Task.objects.values_list("reserved_for", flat=True)) == {agent.pk}
    verb(client, tasks, "free")
    assert set(Task.objects.values_list("reserved_for", flat=True)) == {None}
    verb(client, tasks, "cancel", note="客户撤单")
    assert set(Task.objects.values_list("state", flat=True)) == {"cancelled"}
    assert tasks[0].steps.order_by("id").last().note == "客户撤单"


def test_lead_ends_a_hold_with_a_reason(client, lead, campaign):
    task = make_task(campaign)
    Task.objects.filter(pk=task.pk).update(state="suspended", hold="level3")
    assert verb(client, [task], "lift").status_code == 422
    assert verb(client, [task], "lift", note="领导批准").status_code == 302
    task.refresh_from_db()
    assert (task.state, task.hold) == ("planned", "")


def test_lead_cannot_touch_tasks_of_another_team(client, lead):
    task = make_task(make_campaign())
    verb(client, [task], "cancel", note="x")
    task.refresh_from_db()
    assert task.state == "ready"


@pytest.mark.parametrize(
    "data", [{}, {"verb": "cancel"}, {"verb": "explode", "task": "1"}, {"verb": "cancel", "task": "x"}]
)
def test_incomplete_action_is_refused(client, lead, data):
    assert client.post(reverse("callbacks:task_verb"), data).status_code == 422


def test_call_is_corrected_by_a_lead_and_both_versions_are_shown(client, lead, campaign):
    call = make_call(campaign)
    url = reverse("callbacks:call_correct", args=[call.pk])
    assert client.post(url, {"disposition": "REFUSE"}).status_code == 422
    response = client.post(url, {"disposition": "REFUSE", "reason": "录音复核"}, follow=True)
    assert "录音复核" in text(response)
    assert client.post(url, {"disposition": "DONE", "reason": "again"}).status_code == 409


def test_agent_corrects_only_the_own_call_nobody_coded(client, team, campaign):
    agent = make_agent(team)
    client.force_login(agent)
    coded, orphan = (
        make_call(campaign, agent=agent),
        make_call(campaign, agent=agent, disposition=disposition("ORPHAN")),
    )
    data = {"disposition": "BUSY", "reason": "断线"}
    assert client.post(reverse("callbacks:call_correct", args=[coded.pk]), data).status_code == 422
    assert client.post(reverse("callbacks:call_correct", args=[orphan.pk]), data).status_code == 302


def test_order_is_voided_with_a_reason(client, team, campaign):
    client.force_login(make_user(Role.QA, team=team))
    make_call(campaign, disposition=disposition("SALE"))
    order = Order.objects.get()
    url = reverse("callbacks:order_verb", args=[order.pk, "void"])
    assert client.post(url).status_code == 422
    assert client.post(url, {"note": "未读资费"}).status_code == 302
    assert "未读资费" in text(client.get(reverse("callbacks:order", args=[order.pk])))
    assert client.post(url, {"note": "x"}).status_code == 409
    assert (
        client.post(reverse("callbacks:order_verb", args=[order.pk, "eat"]), {"note": "x"}).status_code == 404
    )


def test_open_tasks_of_a_customer_are_a_fragment_of_its_page(client, lead, campaign):
    customer = make_customer(client=campaign.client, team=campaign.teams.get())
    task = make_task(campaign, customer=customer)
    page = text(client.get(reverse("callbacks:customer_tasks", args=[customer.pk])))
    assert "Open tasks" in page
    assert f"#{task.pk}<" in page
    foreign = make_customer(team=make_team())
    assert client.get(reverse("callbacks:customer_tasks", args=[foreign.pk])).status_code == 404


def test_state_of_the_queue_names_the_reasons(client, lead, campaign):
    make_task(campaign, due_at=NOW + timedelta(days=3650))
    page = text(client.get(reverse("callbacks:campaign_status", args=[campaign.pk])))
    assert "not due yet: <strong>1</strong>" in page


def test_policies_are_applied_on_demand_as_a_job(client, lead, campaign):
    now = timezone.now()
    make_event(campaign, at=now - timedelta(days=1), created_at=now)
    make_policy(campaign)
    response = client.post(reverse("callbacks:apply_policies", args=[campaign.pk]))
    job = Job.objects.get()
    assert response["Location"] == reverse("job", args=[job.pk])
    job = job if job.state == "done" else jobs.run_now(job)
    assert (job.state, job.result, Task.objects.count()) == ("done", {"created": 1}, 1)


def test_file_of_calls_is_imported_by_the_page(client, lead, campaign, team):
    """A customer of another team is unknown there, like a number that nobody has."""
    make_customer(client=campaign.client, team=team, external_id="B1")
    make_customer(client=campaign.client, external_id="B2")
    data = b"call_no,customer_no,date,result\n" + b"".join(
        b"C%d,B%d,2026-01-05,DONE\n" % (number, number) for number in (1, 2, 3)
    )
    upload = SimpleUploadedFile("calls.csv", data, content_type="text/csv")
    response = client.post(reverse("callbacks:import_calls"), {"campaign": campaign.pk, "upload": upload})
    assert response.status_code == 302
    job = Job.objects.get()
    job = job if job.finished_at else jobs.run_now(job)
    assert (job.result["accepted"], job.result["rejected"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("calls.csv", b"a,b\n1,2\n", "No column of the file is mapped to"),
        ("calls.xlsx", b"PK\x03\x04nonsense", ""),
        ("empty.csv", b"", ""),
    ],
)
def test_file_that_does_not_fit_is_refused_on_the_page(client, lead, campaign, name, data, words):
    upload = SimpleUploadedFile(name, data)
    response = client.post(reverse("callbacks:import_calls"), {"campaign": campaign.pk, "upload": upload})
    assert response.status_code == 422
    assert words in text(response)
    assert not Job.objects.exists()
