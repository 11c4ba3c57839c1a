"""Sixteen agents report the same point at the same moment: one focus issue, no report lost (ISS-5, golden vector 10)."""

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from callcenter.tests.threads import at_once
from complaints.actions import close_second_contact, open_second_contacts, raise_issue
from complaints.models import FocusIssue, Issue, SecondContact
from complaints.tests.make import make_floor, make_issue
from customers.tests.make import NOW

THREADS = 16

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def _postgresql_only():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def reporting(floor, customer, number=None):
    return lambda: make_issue(floor, customer=customer, client_uuid=number or uuid.uuid4())


def test_threshold_crossed_by_sixteen_threads_opens_one_focus_issue():
    floor = make_floor()
    customers = [floor.customer() for _number in range(15 + THREADS)]
    for customer in customers[:15]:
        make_issue(floor, customer=customer)
    assert FocusIssue.objects.count() == 0
    errors = at_once(*(reporting(floor, customer) for customer in customers[15:]))
    assert errors == []
    focus = FocusIssue.objects.get()
    assert (focus.customers, focus.state) == (16, "with_head")
    assert Issue.objects.count() == 15 + THREADS
    assert set(Issue.objects.values_list("state", flat=True)) == {"focus"}
    assert set(SecondContact.objects.values_list("state", flat=True)) == {"cancelled"}


def test_one_report_sent_sixteen_times_is_one_issue():
    floor, customer, number = make_floor(), make_floor().customer(), uuid.uuid4()
    errors = at_once(*[reporting(floor, customer, number)] * THREADS)
    assert errors == []
    assert (Issue.objects.count(), SecondContact.objects.count()) == (1, 1)


def test_one_report_sent_under_two_points_at_once_is_one_issue():
    floor, other, number = make_floor(), make_floor(), uuid.uuid4()
    customer = floor.customer()

    def send(point):
        return lambda: raise_issue(
            customer=customer,
            campaign=floor.campaign,
            call=None,
            team=floor.team,
            problem_point=point,
            urgency="urgent",
            major=True,
            description="双击",
            by=floor.agent,
            now=NOW,
            client_uuid=number,
        )

    errors = at_once(*[send(floor.point), send(other.point)] * (THREADS // 2))
    assert errors == []
    assert (Issue.objects.count(), SecondContact.objects.count()) == (1, 1)


def test_eight_sweeps_at_once_make_each_task_once():
    floor = make_floor()
    floor.point.focus_threshold = 1_000
    floor.point.save()
    issues = [make_issue(floor) for _number in range(40)]
    now = timezone.now()
    made = []
    errors = at_once(*[lambda: made.append(open_second_contacts(now=now))] * 8)
    assert (errors, sum(made)) == ([], 40)
    tasks = SecondContact.objects.filter(state="planned").values_list("task", flat=True)
    assert len(set(tasks)) == len(issues)


def test_result_saved_twice_at_once_promises_one_next_call():
    floor = make_floor()
    issue = make_issue(floor)
    now = timezone.now()
    open_second_contacts(now=now)
    task = issue.second_contacts.get().task
    errors = at_once(
        *[lambda: close_second_contact(task=task, outcome="unsolved", rating=1, by=floor.agent, now=now)] * 8
    )
    assert errors == []
    issue.refresh_from_db()
    assert (issue.contacts, issue.second_contacts.count()) == (1, 2)
