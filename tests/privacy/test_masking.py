"""A number, an address and an identity number planted once are on no page, in no answer and in no log (CUS-11)."""

import logging
import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter, get_exception_reporter_filter

from callbacks.actions import begin_call, claim_next
from callbacks.states import TaskState
from callcenter.access import Role
from callcenter.masking import MaskingFormatter, mask_email, mask_text
from callcenter.models import AccessLog, StuckRow
from callcenter.sweeps import drain
from callcenter.tests.test_role_matrix import NOT_TRIED, URLS, _fill, _leads_somewhere, declared, may
from customers import actions
from customers.models import Customer, Import, LegalHold
from customers.tests.make import NOW, make_user
from customers.tests.test_imports import lines, load, write
from people.models import Membership, User
from tests.privacy.make import EMAIL, IDENTITY, NUMBER, Trace

pytestmark = pytest.mark.django_db
# However a whole number is written: stored, national, grouped.
WHOLE = re.compile(r"139[\s-]?4567[\s-]?0123|" + re.escape(EMAIL) + "|" + IDENTITY)


def one_of_each_role(floor):
    """A person of every role whose scope holds the floor's customers."""
    unit, places = floor.team.unit, {}
    for role in Role:
        user = make_user()
        place = {
            Role.AGENT: {"team": floor.team},
            Role.CLIENT: {"client_id": floor.client.pk},
            Role.DEPARTMENT: {"department": floor.department},
            Role.ADMIN: {},
        }.get(role, {"unit": unit})
        Membership.objects.create(user=user, role=role, **place)
        places[role] = user
    return places


def addresses(numbers):
    """(name, address) of every URL with every number that something has."""
    for name, url in sorted(URLS.items()):
        if declared(name) is None or "(" in name or name in NOT_TRIED or name == "logout":
            continue
        found = {"/" + "".join(_fill(piece, number) for piece in url.pieces) for number in numbers}
        yield from ((name, address) for address in sorted(found) if _leads_somewhere(address))


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_what_is_hidden(role, tmp_path):
    trace = Trace()
    path = write(tmp_path, [*lines(1), "X1,金,13945670123x"])
    load(path, client=trace.floor.client, by=trace.floor.manager, team=trace.floor.team)
    people = one_of_each_role(trace.floor)
    client, shown, opened = Client(raise_request_exception=False), [], 0
    client.force_login(people[role])
    for name, address in addresses(trace.numbers()):
        if not _answers_get(name) or not may(declared(name), "GET", role):
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened += answer.status_code == 200
        if WHOLE.search(body.decode("utf-8", "replace")):
            shown.append(f"{name}: {address}")
    assert shown == []
    assert opened > 8


def _answers_get(name):
    entry = declared(name)
    return not isinstance(entry, dict) or "GET" in entry


def test_the_walk_opens_the_customer():
    """Should the machinery stop leading there, the walk above would prove nothing."""
    trace = Trace()
    client = Client()
    client.force_login(one_of_each_role(trace.floor)[Role.LEAD])
    opened = {name for name, address in addresses(trace.numbers()) if client.get(address).status_code == 200}
    wanted = {"customers:detail", "customers:edit", "customers:reveal", "callbacks:call", "callbacks:calls"}
    wanted |= {"complaints:issue", "complaints:detail", "api_customer", "api-calls", "customers:list"}
    assert wanted <= opened
    page = client.get(reverse("customers:detail", args=[trace.customer.pk])).content.decode()
    assert "139****0123" in page
    assert "j***@example.com" in page
    assert "1101**********1022" in page


def test_search_answers_by_mask():
    trace = Trace()
    client = Client()
    client.force_login(one_of_each_role(trace.floor)[Role.LEAD])
    body = client.post(reverse("customers:list"), {"number": "139 4567 0123"}).content.decode()
    assert trace.customer.name in body
    # What was typed stands in its own field, and nowhere else.
    assert len(WHOLE.findall(body)) == 1
    assert 'value="139 4567 0123"' in body


def test_agent_sees_the_number_only_while_the_dial_runs():
    trace = Trace()
    LegalHold.objects.all().delete()
    agent = trace.floor.agent
    type(trace.task).objects.exclude(pk=trace.task.pk).update(state=TaskState.CANCELLED)
    type(trace.task).objects.filter(pk=trace.task.pk).update(state=TaskState.READY)
    task = claim_next(agent=agent, now=NOW)
    assert task is not None
    assert not WHOLE.search(_desk(agent))
    phone = trace.customer.phones.get()
    begin_call(task_id=task.pk, agent=agent, token=task.token, phone_id=phone.pk, now=NOW)
    body = _desk(agent)
    assert f"tel:{NUMBER}" in body
    assert len(WHOLE.findall(body)) == 1


def _desk(agent):
    client = Client()
    client.force_login(agent)
    return client.get(reverse("desk:desk")).content.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call +8613912345678 now", "call 139****5678 now"),
        ("13912345678", "139****5678"),
        ("139 1234 5678", "139****5678"),
        ("86-139-1234-5678", "139****5678"),
        ("(number)=(13912345678) already", "(number)=(139****5678) already"),
        ("0571-88881234", "057*****1234"),
        ("id 11010519491231002X.", "id 110***********002X."),
        ("to wang.lei@example.com,", "to w***@example.com,"),
        ("2026-11-25 22:24:07,123 INFO job 42", "2026-11-25 22:24:07,123 INFO job 42"),
        ("job 8c1392f4-1391-4234-8567-813912345678", "job 8c1392f4-1391-4234-8567-813912345678"),
        ("sha256 13912345678abcdef", "sha256 13912345678abcdef"),
        ("1234567 rows in 12.5 s", "1234567 rows in 12.5 s"),
    ],
)
def test_golden_texts_are_masked(text, shown):
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("wang@example.com", "w***@example.com"), ("", ""), ("x", "***"), ("@a.cn", "***@a.cn")],
)
def test_golden_addresses_are_masked(address, shown):
    assert mask_email(address) == shown


def test_log_lines_and_their_tracebacks_are_masked(settings):
    formatter = MaskingFormatter("%(message)s")
    try:
        raise ValueError(f"no such number {NUMBER}")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "for %s and %s", (EMAIL, IDENTITY), info)
    line = formatter.format(record)
    assert "ValueError" in line
    assert not WHOLE.search(line)
    assert settings.LOGGING["formatters"]["line"]["class"] == "callcenter.masking.MaskingFormatter"


@pytest.mark.parametrize("debug", [True, False])
def test_error_reports_are_masked(settings, debug):
    settings.DEBUG = debug
    request = RequestFactory().post("/customers/", {"number": NUMBER})
    request.user = make_user()
    try:
        typed = NUMBER
        raise ValueError("broken")
    except ValueError as error:
        assert typed
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    assert type(get_exception_reporter_filter(request)).__name__ == "MaskingReporterFilter"
    frames = str([frame["vars"] for frame in reporter.get_traceback_data()["frames"]])
    assert "typed" in frames
    assert not WHOLE.search(frames)
    assert not WHOLE.search(str(reporter.get_traceback_data()["filtered_POST_items"]))


def test_stuck_row_keeps_a_masked_error():
    make_user()

    def fail(row):
        raise ValueError(f"Key (number)=({NUMBER}) already exists")

    drain("t", User.objects.order_by("pk"), fail, now=NOW, limit=1)
    error = StuckRow.objects.get().error
    assert "already exists" in error
    assert not WHOLE.search(error)


def test_rejected_rows_are_for_who_uploaded_them_and_logged(tmp_path):
    trace = Trace()
    job, _counts = load(
        write(tmp_path, [*lines(1), "X1,金,13945670123x"]),
        client=trace.floor.client,
        by=trace.floor.manager,
        team=trace.floor.team,
    )
    assert job.error_path
    url = f"/jobs/{job.pk}/errors/"
    people = one_of_each_role(trace.floor)
    for role in Role:
        client = Client()
        client.force_login(people[role])
        assert client.get(url).status_code == 404, role
        assert url not in client.get(f"/jobs/{job.pk}/").content.decode()
    client = Client()
    client.force_login(trace.floor.manager)
    answer = client.get(url)
    assert b"13945670123x" in b"".join(answer.streaming_content)
    row = AccessLog.objects.get(action="download")
    assert (row.user, row.subject_id) == (trace.floor.manager, str(job.pk))
    assert Import.objects.count() == 1


def test_erased_customer_page_still_opens_for_its_manager():
    trace = Trace()
    LegalHold.objects.all().delete()
    actions.erase_customer(customer=trace.customer, by=None, reason="letter", now=NOW)
    client = Client()
    client.force_login(trace.floor.manager)
    assert client.get(reverse("customers:detail", args=[trace.customer.pk])).status_code == 200
    pages = {
        "callbacks:call": trace.call,
        "complaints:issue": trace.issue,
        "complaints:detail": trace.complaint,
    }
    for name, row in pages.items():
        assert client.get(reverse(name, args=[row.pk])).status_code == 200, name
    assert client.get(reverse("notifications")).status_code == 200
    assert Customer.objects.get(pk=trace.customer.pk).restriction == "erased"
