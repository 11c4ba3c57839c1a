"""Focus issues: opened once above the threshold, one answer for all, resolved by the head (ISS-5, golden vector 10)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from callbacks.models import Task
from callbacks.states import TaskState
from callcenter.errors import Refused
from callcenter.models import Notification
from complaints.actions import (
    close_second_contact,
    follow_focus_issues,
    open_second_contacts,
    publish_notice,
    resolve_focus,
)
from complaints.models import FocusIssue, Issue, SecondContact
from complaints.tests.make import contact_of, make_floor, make_issue
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


def make_reports(floor, count, **fields):
    return [make_issue(floor, **fields) for _number in range(count)]


def make_focus(floor, *, threshold=3, **fields):
    floor.point.focus_threshold = threshold
    floor.point.save()
    make_reports(floor, threshold + 1, **fields)
    return FocusIssue.objects.get(problem_point=floor.point)


def test_golden_10_sixteenth_customer_opens_it_and_the_same_customer_twice_does_not():
    floor = make_floor()
    issues = make_reports(floor, 15)
    make_issue(floor, customer=issues[0].customer)
    assert FocusIssue.objects.count() == 0
    make_issue(floor)
    focus = FocusIssue.objects.get()
    assert (focus.customers, focus.threshold, focus.state) == (16, 15, "with_head")
    make_issue(floor)
    assert FocusIssue.objects.count() == 1


def test_individual_second_contacts_stop_and_new_reports_join_silently():
    floor = make_floor()
    first = make_issue(floor)
    open_second_contacts(now=DUE)
    focus = make_focus(floor, now=DUE)
    assert set(Issue.objects.values_list("state", flat=True)) == {"focus"}
    assert set(SecondContact.objects.values_list("state", flat=True)) == {"cancelled"}
    assert first.second_contacts.get().task.state == TaskState.CANCELLED
    joined = make_issue(floor, now=DUE)
    assert (joined.state, joined.second_contacts.count()) == ("focus", 0)
    assert open_second_contacts(now=DUE + timedelta(days=5)) == 0
    assert focus.steps.count() == 1


def test_call_under_way_goes_on_and_unsolved_promises_nothing():
    floor = make_floor()
    first = make_issue(floor)
    open_second_contacts(now=DUE)
    task = first.second_contacts.get().task
    Task.objects.filter(pk=task.pk).update(
        state=TaskState.IN_CALL, agent=floor.agent, lease_until=DUE + timedelta(minutes=2)
    )
    make_focus(floor, now=DUE)
    assert first.second_contacts.get().state == "planned"
    issue = close_second_contact(task=task, outcome="unsolved", rating=1, by=floor.agent, now=DUE)
    assert (issue.state, issue.contacts, issue.second_contacts.count()) == ("focus", 1, 1)


def test_agents_lead_and_head_are_told_once():
    floor = make_floor()
    make_focus(floor)
    head = contact_of(floor.department, 4)
    for person in (floor.agent, floor.lead, floor.manager, head):
        assert Notification.objects.filter(recipient=person, key__endswith=":opened").count() == 1


def test_database_allows_one_open_focus_issue_per_point():
    floor = make_floor()
    focus = make_focus(floor)
    with pytest.raises(IntegrityError), transaction.atomic():
        FocusIssue.objects.create(
            problem_point=floor.point, customers=1, threshold=1, opened_at=NOW, due_at=focus.due_at
        )


def test_window_counts_only_recent_reports():
    floor = make_floor()
    floor.point.focus_threshold, floor.point.focus_window_days = 3, 7
    floor.point.save()
    make_reports(floor, 3, now=NOW - timedelta(days=8))
    make_reports(floor, 3)
    assert FocusIssue.objects.count() == 0
    make_issue(floor)
    assert FocusIssue.objects.get().customers == 4


def test_only_the_head_resolves():
    floor = make_floor()
    focus = make_focus(floor)
    for who in (floor.lead, contact_of(floor.department, 3)):
        with pytest.raises(Refused) as refused:
            resolve_focus(focus=focus, by=who, resolution="已修复", now=NOW)
        assert refused.value.code == "head_only"


def make_resolved(floor, *, customers=16):
    focus = make_focus(floor, threshold=customers - 1)
    resolve_focus(focus=focus, by=contact_of(floor.department, 4), resolution="已修复", now=NOW)
    focus.refresh_from_db()
    return focus


def test_resolution_calls_a_sample_and_solves_the_rest():
    floor = make_floor()
    focus = make_resolved(floor)
    calls = focus.calls.count()
    assert (focus.state, focus.sample_size, calls) == ("sampling", calls, calls)
    assert 10 <= calls <= 16
    assert Issue.objects.filter(state="solved").count() == 16 - calls
    assert Task.objects.filter(source__startswith=f"focus:{focus.pk}:1:").count() == calls
    floor.point.refresh_from_db()
    assert floor.point.reset_at == NOW
    # Counting begins again: the next report is an issue of its own.
    assert make_issue(floor, now=NOW + timedelta(hours=1)).state == "sent"


@pytest.mark.parametrize(("unhappy", "state"), [(0, "closed"), (2, "closed"), (4, "with_head")])
def test_more_than_a_fifth_unhappy_opens_it_again(unhappy, state):
    floor = make_floor()
    focus = make_resolved(floor)
    calls = list(focus.calls.select_related("task").order_by("id"))
    for number, call in enumerate(calls):
        outcome = "unsolved" if number < unhappy else "solved"
        close_second_contact(task=call.task, outcome=outcome, rating=3, by=floor.agent, now=DUE)
    focus.refresh_from_db()
    assert focus.state == state
    assert focus.round == (2 if state == "with_head" else 1)
    left = Issue.objects.filter(state="focus" if state == "with_head" else "sent").count()
    assert left == unhappy


def test_customers_of_the_sample_who_are_not_reached_do_not_hold_it_open():
    floor = make_floor()
    focus = make_resolved(floor)
    Task.objects.filter(focus_call__focus=focus).update(state=TaskState.CANCELLED)
    follow_focus_issues(now=DUE)
    focus.refresh_from_db()
    assert focus.state == "closed"


def test_late_head_is_reported_to_the_managers_once():
    floor = make_floor()
    focus = make_focus(floor)
    assert follow_focus_issues(now=focus.due_at - timedelta(seconds=1)) == 0
    assert [follow_focus_issues(now=focus.due_at) for _again in range(2)] == [1, 0]
    assert Notification.objects.filter(recipient=floor.manager, key__endswith=":late").count() == 1


def test_notice_is_published_to_agents():
    floor = make_floor()
    focus = make_focus(floor)
    publish_notice(focus=focus, notice="正在修复,周五前恢复", by=floor.lead, now=NOW)
    focus.refresh_from_db()
    assert focus.notice == "正在修复,周五前恢复"
    assert Notification.objects.filter(recipient=floor.agent, key__contains=":notice:").count() == 1
