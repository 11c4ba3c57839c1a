"""One timeline per customer, put together from every app (CUS-9)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callbacks.actions import record_call
from callbacks.models import Order, Task
from callbacks.tests.make import disposition, make_task
from callcenter.access import Role
from callcenter.models import AccessLog
from callcenter.notify import log_access
from complaints.models import SecondContact
from complaints.tests.make import make_complaint, make_floor, make_issue
from customers import actions, queries
from customers.models import Customer
from customers.queries.timeline import KINDS, Cursor, Source, register
from customers.tests.make import NOW, make_customer, make_team, make_user
from surveys.models import Answer, Response
from surveys.tests.make import make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def call(floor, customer, at, number):
    made, _created = record_call(
        campaign=floor.campaign,
        customer=customer,
        agent=floor.agent,
        team=floor.team,
        disposition=disposition("NA"),
        number="+8613800138000",
        started_at=at,
        answered_at=None,
        ended_at=at + timedelta(seconds=20),
        source="pbx",
        external_id=f"c{number}",
        now=at + timedelta(seconds=20),
    )
    return made


def lived(floor, times=1):
    """A customer with which everything has happened ``times`` times."""
    customer = floor.customer(name="王芳")
    for number in range(times):
        at = NOW + timedelta(minutes=10 * number)
        by = floor.lead
        actions.record_event(
            customer=customer,
            kind="claim_settled",
            external_id=f"E{number}",
            occurred_at=at,
            facts={},
            now=at,
        )
        actions.grant_consent(
            customer=customer, channel="sms", purpose="sales", source=f"hotline {number}", by=by, now=at
        )
        actions.block(
            customer=customer, campaign_code=f"C{number}", category="asked", reason="r", by=by, now=at
        )
        one = call(floor, customer, at, number)
        Order.objects.create(
            call=one,
            account=one.account,
            campaign=one.campaign,
            agent=floor.agent,
            sold_on=NOW.date(),
            created_at=at,
        )
        make_task(floor.campaign, customer=customer, kind=Task.Kind.CORRECTIVE, now=at, due_at=at)
        issue = make_issue(floor, customer=customer, now=at)
        assert SecondContact.objects.filter(issue=issue).exists()
        make_complaint(floor, customer=customer, now=at)
        version = make_version("scale5")
        response = Response.objects.create(
            version=version,
            customer=customer,
            channel="phone",
            client_uuid=uuid.uuid4(),
            submitted_at=at,
            complete=True,
        )
        Answer.objects.create(response=response, item=version.items.get(), values=["5"], number=5)
        log_access(
            floor.manager, AccessLog.Action.REVEAL, "phone", customer.phones.get().pk, now=at, reason="r"
        )
    return customer


def whole(user, customer, size, **filters):
    """Every entry, read page by page."""
    found, before = [], None
    while True:
        page = queries.timeline(user, customer, before=before, size=size, **filters)
        assert len(page.entries) <= size
        found += page.entries
        if not page.more:
            return found
        before = queries.read_cursor(page.more)


def test_the_manager_sees_everything_newest_first_whatever_the_size_of_a_page():
    floor = make_floor()
    customer = lived(floor, times=3)
    at_once = whole(floor.manager, customer, 500)
    kinds = {entry.kind for entry in at_once}
    assert kinds == set(KINDS) - {"message", "record"}
    assert [entry.at for entry in at_once] == sorted((entry.at for entry in at_once), reverse=True)
    for size in (1, 2, 7):
        assert [(e.at, e.kind, e.title, e.text) for e in whole(floor.manager, customer, size)] == [
            (e.at, e.kind, e.title, e.text) for e in at_once
        ]


def test_a_kind_is_chosen_and_only_managers_see_who_looked():
    floor = make_floor()
    customer = lived(floor)
    assert {entry.kind for entry in whole(floor.manager, customer, 9, kind="call")} == {"call"}
    assert "access" in queries.kinds_for(floor.manager)
    assert "access" not in queries.kinds_for(floor.lead)
    assert "access" not in {entry.kind for entry in whole(floor.lead, customer, 50)}
    qa = make_user(Role.QA, team=floor.team)
    seen = {entry.kind for entry in whole(qa, customer, 50)}
    assert "call" in seen
    assert not seen & {"issue", "complaint", "access"}
    assert not any("/tasks" in entry.url for entry in whole(qa, customer, 50))


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_asks_as_many_queries_for_a_short_life_as_for_a_long_one(how_many, client):
    floor = make_floor()
    customer = lived(floor, times=how_many)
    client.force_login(floor.manager)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("customers:timeline", args=[customer.pk])).content.decode()
    assert page.count("claim_settled") == how_many
    assert len(seen) == 23
    assert not [each["sql"] for each in seen if "OFFSET" in each["sql"] or "COUNT(" in each["sql"][:12]]


def test_pages_lead_to_earlier_entries_and_htmx_gets_them_alone(client):
    floor = make_floor()
    customer = floor.customer()
    for number in range(60):
        at = NOW + timedelta(minutes=number)
        actions.grant_consent(
            customer=customer, channel="sms", purpose="sales", source=f"word-{number:02}", by=None, now=at
        )
    client.force_login(floor.lead)
    url = reverse("customers:timeline", args=[customer.pk])
    first = client.get(url).content.decode()
    assert ("word-59" in first, "word-10" in first, "word-09" in first) == (True, True, False)
    before = first.partition("before=")[2].partition('"')[0]
    second = client.get(f"{url}?before={before}", headers={"hx-request": "true"}).content.decode()
    assert ("word-09" in second, "word-00" in second, "word-10" in second) == (True, True, False)
    assert "<html" not in second
    assert "Earlier" not in second


@pytest.mark.parametrize(
    "before", ["x", "~~", "2026-01-01~customers.event~1", "2026-13-01T00:00:00+00:00~customers.event~1",
               "2026-01-01T00:00:00+00:00~nobody~1", "2026-01-01T00:00:00+00:00~customers.event~99999999999999999999",
               "2026-01-01T00:00:00+00:00~customers.event~²", "0001-01-01T00:00:00+14:00~customers.event~1"],
)  # fmt: skip
def test_a_cursor_that_no_page_gave_out_harms_nobody(before, client):
    floor = make_floor()
    client.force_login(floor.lead)
    url = reverse("customers:timeline", args=[floor.customer().pk])
    assert client.get(url, {"before": before, "kind": "nonsense"}).status_code == 200


def test_a_foreign_customer_has_no_timeline(client):
    floor = make_floor()
    client.force_login(floor.lead)
    foreign = make_customer(team=make_team())
    assert client.get(reverse("customers:timeline", args=[foreign.pk])).status_code == 404


def test_entries_of_one_instant_are_neither_lost_nor_shown_twice():
    floor = make_floor()
    customer = floor.customer()
    for number in range(5):
        actions.grant_consent(
            customer=customer, channel="sms", purpose="sales", source=f"w{number}", by=None, now=NOW
        )
        actions.block(
            customer=customer,
            campaign_code=f"C{number}",
            category="asked",
            reason=f"r{number}",
            by=None,
            now=NOW,
        )
    wanted = [f"{sign}{number}" for sign in "wr" for number in (4, 3, 2, 1, 0)]
    for size in (1, 2, 3, 4, 5, 50):
        assert [entry.text for entry in whole(floor.lead, customer, size)] == wanted


def test_a_source_has_a_known_kind_and_its_own_name():
    rows = Customer.objects.none
    with pytest.raises(ValueError, match="kind"):
        register(Source("tests.one", "weather", rows, "created_at", lambda row: None))
    with pytest.raises(ValueError, match="already"):
        register(Source("customers.event", "event", rows, "created_at", lambda row: None))
    assert str(Cursor(NOW, "customers.event", 7)) == "2026-03-04T02:00:00+00:00~customers.event~7"
