"""Silent departments: up one level at a time, once, with warnings and breaches on record (ISS-3)."""

from datetime import timedelta

import pytest

from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from complaints.actions import answer_issue, escalate_overdue, reopen_issue, send_to_department, solve_issue
from complaints.models import Escalation
from complaints.rules.escalation import level_after_unsolved, may_answer, next_level
from complaints.tests.make import contact_of, make_department, make_floor, make_issue
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def levels(issue):
    return list(issue.escalations.order_by("id").values_list("from_level", "level"))


def told(user, key):
    return Notification.objects.filter(recipient=user, key__contains=key).count()


def test_silence_goes_up_level_by_level_to_head_and_managers():
    floor = make_floor()
    issue = make_issue(floor)
    hours = [24, 36, 48, 60]
    seen = []
    for hour in hours:
        assert escalate_overdue(now=NOW + hour * HOUR - timedelta(seconds=1)) == 0
        assert escalate_overdue(now=NOW + hour * HOUR) == 1
        assert escalate_overdue(now=NOW + hour * HOUR) == 0
        issue.refresh_from_db()
        seen.append(issue.level)
    assert seen == [2, 3, 4, 4]
    assert levels(issue) == [(1, 2), (2, 3), (3, 4), (4, 5)]
    assert issue.level_due_at is None
    assert list(issue.escalations.order_by("id").values_list("contact", flat=True)) == [
        *(contact_of(floor.department, level).pk for level in (2, 3, 4)),
        None,
    ]
    assert told(floor.manager, ":up:1:5") == 1
    assert [told(floor.lead, f":up:1:{level}") for level in (2, 3, 4, 5)] == [1, 1, 1, 1]


def test_after_a_long_outage_each_level_still_gets_its_time():
    floor = make_floor()
    issue = make_issue(floor)
    late = NOW + timedelta(days=10)
    assert escalate_overdue(now=late) == 1
    issue.refresh_from_db()
    assert (issue.level, issue.level_due_at) == (2, late + 12 * HOUR)


def test_warning_comes_once_at_three_quarters():
    floor = make_floor()
    issue = make_issue(floor)
    first = contact_of(floor.department, 1)
    escalate_overdue(now=NOW + 18 * HOUR - timedelta(seconds=1))
    assert told(first, ":warn:") == 0
    for _again in range(2):
        escalate_overdue(now=NOW + 18 * HOUR)
    assert (told(first, ":warn:"), told(floor.lead, ":warn:")) == (1, 1)
    issue.refresh_from_db()
    assert issue.warn_at is None


def test_breach_is_stored_once_at_its_own_instant():
    floor = make_floor()
    issue = make_issue(floor)
    escalate_overdue(now=NOW + 30 * HOUR)
    issue.refresh_from_db()
    assert issue.breached_at == issue.deadline == NOW + 24 * HOUR
    assert told(floor.manager, ":breach") == 1


def test_solved_according_to_the_department_stops_all_clocks():
    floor = make_floor()
    issue = make_issue(floor)
    answer_issue(issue=issue, by=contact_of(floor.department, 1), text="已处理", solved=True, now=NOW + HOUR)
    assert escalate_overdue(now=NOW + timedelta(days=30)) == 0
    issue.refresh_from_db()
    assert (issue.breached_at, issue.level_due_at, issue.settled_at) == (None, None, NOW + HOUR)


def test_answer_without_solution_restarts_the_clock_of_the_level():
    floor = make_floor()
    issue = make_issue(floor)
    answer_issue(issue=issue, by=contact_of(floor.department, 1), text="在查", solved=False, now=NOW + HOUR)
    issue.refresh_from_db()
    assert (issue.state, issue.level_due_at) == ("answered", NOW + 25 * HOUR)
    assert escalate_overdue(now=NOW + 25 * HOUR) == 1


def test_routine_issues_run_on_working_days():
    floor = make_floor()
    issue = make_issue(floor, urgency="important", major=False)
    # Wednesday 10:00: three working days end on Monday at 17:00 in Shanghai.
    assert issue.deadline.isoformat() == "2026-03-09T09:00:00+00:00"
    assert issue.level_due_at == issue.deadline


def test_other_departments_and_passed_levels_do_not_answer():
    floor, other = make_floor(), make_department()
    issue = make_issue(floor)
    with pytest.raises(Refused) as refused:
        answer_issue(issue=issue, by=contact_of(other, 4), text="不是我们", solved=False, now=NOW)
    assert refused.value.code == "other_department"
    with pytest.raises(Refused):
        answer_issue(issue=issue, by=floor.lead, text="代答", solved=True, now=NOW)
    escalate_overdue(now=NOW + 24 * HOUR)
    with pytest.raises(Refused) as refused:
        answer_issue(
            issue=issue, by=contact_of(floor.department, 1), text="晚了", solved=True, now=NOW + 25 * HOUR
        )
    assert refused.value.code == "gone_up"
    answer = answer_issue(
        issue=issue, by=contact_of(floor.department, 2), text="好", solved=True, now=NOW + 25 * HOUR
    )
    assert answer.level == 2


def test_hand_over_starts_a_new_round_with_the_other_department():
    floor, other = make_floor(), make_department()
    issue = make_issue(floor)
    escalate_overdue(now=NOW + 24 * HOUR)
    later = NOW + 25 * HOUR
    send_to_department(issue=issue, department=other, by=floor.lead, now=later)
    issue.refresh_from_db()
    assert (issue.department, issue.level, issue.round, issue.level_due_at) == (
        other,
        1,
        2,
        later + 24 * HOUR,
    )
    assert issue.deadline == NOW + 24 * HOUR
    assert issue.steps.order_by("-id").first().note == f"{floor.department} → {other}"
    escalate_overdue(now=later + 24 * HOUR)
    assert Escalation.objects.filter(issue=issue).values_list("round", "level").order_by("id").last() == (
        2,
        2,
    )


def test_reopened_issue_owes_an_answer_again():
    floor = make_floor()
    issue = make_issue(floor, major=False)
    solve_issue(issue=issue, by=floor.lead, now=NOW + HOUR, note="已退款")
    with pytest.raises(Refused):
        reopen_issue(issue=issue, by=floor.lead, now=NOW + 2 * HOUR, note=" ")
    reopen_issue(issue=issue, by=floor.lead, now=NOW + 2 * HOUR, note="客户再次来电")
    issue.refresh_from_db()
    assert (issue.state, issue.round, issue.solved_at, issue.level_due_at) == (
        "reopened",
        2,
        None,
        NOW + 26 * HOUR,
    )
    assert escalate_overdue(now=NOW + 26 * HOUR) == 1
    with pytest.raises(Conflict):
        reopen_issue(issue=issue, by=floor.lead, now=NOW, note="再开")


def test_level_without_a_contact_is_recorded_and_passed():
    floor = make_floor()
    floor.department.contacts.filter(level=2).delete()
    issue = make_issue(floor)
    escalate_overdue(now=NOW + 24 * HOUR)
    assert issue.escalations.get().contact is None
    assert escalate_overdue(now=NOW + 36 * HOUR) == 1


@pytest.mark.parametrize(("level", "expected"), [(1, 2), (2, 3), (3, 4), (4, 5), (5, 5)])
def test_next_level_ends_with_the_managers(level, expected):
    assert next_level(level) == expected


@pytest.mark.parametrize(("level", "expected"), [(1, 3), (2, 3), (3, 4), (4, 4)])
def test_unsolved_goes_at_least_to_level_3_and_never_above_the_head(level, expected):
    assert level_after_unsolved(level) == expected


@pytest.mark.parametrize(
    ("own", "level", "expected"),
    [(set(), 1, False), ({1}, 1, True), ({1}, 2, False), ({1, 4}, 3, True), ({3}, 1, True)],
)
def test_levels_above_the_issue_may_answer(own, level, expected):
    assert may_answer(frozenset(own), level) is expected
