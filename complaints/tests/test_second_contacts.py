"""The promise to call again: kept once, at the right time, with the level-3 result from the second on (CB-10)."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks.models import Task
from callbacks.states import TaskState
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification, Pulse, StuckRow
from complaints.actions import (
    allow_other_outcome,
    answer_issue,
    close_second_contact,
    open_second_contacts,
    plan_second_contact,
    solve_issue,
)
from complaints.models import SecondContact
from complaints.tests.make import contact_of, make_floor, make_issue
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)  # Thursday 09:00 in Shanghai
NEXT_DUE = datetime(2026, 3, 6, 1, 0, tzinfo=UTC)


def make_called(floor, *, now=DUE, **fields):
    """An issue whose first second contact is a task; returns (issue, task)."""
    issue = make_issue(floor, **fields)
    open_second_contacts(now=now)
    issue.refresh_from_db()
    return issue, issue.second_contacts.get(state="planned").task


def make_unsolved(floor, *, now=DUE):
    issue, task = make_called(floor)
    return close_second_contact(task=task, outcome="unsolved", rating=2, by=floor.agent, now=now)


def test_due_promise_becomes_one_task_for_the_same_agent():
    floor = make_floor()
    issue, task = make_called(floor)
    contact = issue.second_contacts.get()
    assert (issue.state, contact.state) == ("second_contact", "planned")
    assert (task.kind, task.source) == (Task.Kind.SECOND_CONTACT, f"second:{contact.pk}")
    assert (task.reserved_for, task.reserved_until) == (floor.agent, DUE + timedelta(hours=3))
    assert (task.due_at, task.deadline, task.queue.team) == (contact.due_at, contact.deadline, floor.team)
    assert list(contact.steps.values_list("from_state", "to_state")) == [("waiting", "planned")]


def test_nothing_happens_one_second_before_it_is_due():
    issue = make_issue(make_floor())
    assert open_second_contacts(now=DUE - timedelta(seconds=1)) == 0
    assert issue.second_contacts.get().state == "waiting"
    assert Task.objects.count() == 0


def test_sweep_run_again_makes_no_second_task():
    floor = make_floor()
    for _number in range(3):
        make_issue(floor)
    assert [open_second_contacts(now=DUE) for _again in range(3)] == [3, 0, 0]
    assert Task.objects.count() == 3
    assert Pulse.objects.get(name="second_contacts").handled == 0


def test_answer_of_the_department_does_not_stop_the_promise():
    floor = make_floor()
    issue = make_issue(floor)
    answer_issue(issue=issue, by=contact_of(floor.department, 1), text="已赔付", solved=True, now=NOW)
    assert open_second_contacts(now=DUE) == 1
    issue.refresh_from_db()
    assert issue.state == "second_contact"


def test_row_that_cannot_be_opened_does_not_stop_the_others():
    floor = make_floor()
    broken, sound = make_issue(floor), make_issue(floor)
    broken.campaign = None
    broken.save()
    assert open_second_contacts(now=DUE) == 1
    assert sound.second_contacts.get().state == "planned"
    assert StuckRow.objects.get(sweep="second_contacts").subject_id == str(broken.second_contacts.get().pk)


def test_solved_closes_the_issue_with_the_rating():
    floor = make_floor()
    _issue, task = make_called(floor)
    issue = close_second_contact(task=task, outcome="solved", rating=5, by=floor.agent, now=DUE, note="谢谢")
    contact = issue.second_contacts.get()
    assert (issue.state, issue.solved_at, issue.rating, issue.contacts) == ("solved", DUE, 5, 1)
    assert (issue.level_due_at, issue.warn_at) == (None, None)
    assert (contact.state, contact.outcome, contact.rating) == ("done", "solved", 5)


def test_closing_twice_alike_changes_nothing_and_otherwise_conflicts():
    floor = make_floor()
    _issue, task = make_called(floor)
    close_second_contact(task=task, outcome="solved", rating=5, by=floor.agent, now=DUE)
    again = close_second_contact(task=task, outcome="solved", rating=5, by=floor.agent, now=DUE)
    assert (again.contacts, again.steps.filter(to_state="solved").count()) == (1, 1)
    with pytest.raises(Conflict):
        close_second_contact(task=task, outcome="unsolved", by=floor.agent, now=DUE)


@pytest.mark.parametrize(
    "wrong", [{"outcome": "maybe"}, {"outcome": "solved", "rating": 0}, {"outcome": "solved", "rating": 6}]
)
def test_wrong_result_is_refused_and_nothing_is_closed(wrong):
    floor = make_floor()
    issue, task = make_called(floor)
    with pytest.raises(Refused):
        close_second_contact(task=task, by=floor.agent, now=DUE, **wrong)
    assert issue.second_contacts.get().state == "planned"


def test_unsolved_goes_up_to_level_3_and_promises_a_blocked_call():
    floor = make_floor()
    issue = make_unsolved(floor)
    contact = issue.second_contacts.get(sequence=2)
    assert (issue.state, issue.level, issue.contacts) == ("sent", 3, 1)
    assert contact.state == "blocked"
    assert issue.escalations.get().reason == "unsolved"
    level_3 = contact_of(floor.department, 3)
    assert Notification.objects.filter(recipient=level_3, level="urgent").count() == 2
    assert open_second_contacts(now=NEXT_DUE + timedelta(days=30)) == 0


@pytest.mark.parametrize("level", [3, 4])
def test_level_3_or_head_sets_the_next_call_free_on_the_next_working_day(level):
    floor = make_floor()
    issue = make_unsolved(floor)
    answered = DUE + timedelta(hours=4)
    answer_issue(
        issue=issue, by=contact_of(floor.department, level), text="内部结果", solved=True, now=answered
    )
    contact = issue.second_contacts.get(sequence=2)
    assert (contact.state, contact.due_at) == ("waiting", NEXT_DUE)
    assert open_second_contacts(now=NEXT_DUE - timedelta(seconds=1)) == 0
    assert open_second_contacts(now=NEXT_DUE) == 1


def make_second_call(floor, *, solved):
    """The second call of an issue whose level 3 says ``solved``; returns (contact, task)."""
    issue = make_unsolved(floor)
    answer_issue(issue=issue, by=contact_of(floor.department, 3), text="结果", solved=solved, now=DUE)
    open_second_contacts(now=NEXT_DUE)
    contact = issue.second_contacts.get(sequence=2)
    return contact, contact.task


@pytest.mark.parametrize(
    ("solved", "outcome", "allowed"),
    [(True, "solved", True), (True, "unsolved", False), (False, "unsolved", True), (False, "solved", False)],
)
def test_outcome_contradicting_the_level_3_result_is_refused(solved, outcome, allowed):
    floor = make_floor()
    contact, task = make_second_call(floor, solved=solved)
    if allowed:
        issue = close_second_contact(task=task, outcome=outcome, by=floor.agent, now=NEXT_DUE)
        assert issue.contacts == 2
        return
    with pytest.raises(Refused) as refused:
        close_second_contact(task=task, outcome=outcome, by=floor.agent, now=NEXT_DUE)
    assert refused.value.code == "contradicts_level3"
    assert refused.value.facts == {"answer": "结果", "solved": solved}
    contact.refresh_from_db()
    assert contact.state == "planned"


def test_lead_may_allow_another_outcome_with_a_reason():
    floor = make_floor()
    contact, task = make_second_call(floor, solved=True)
    for by, reason in [(floor.agent, "客户坚持"), (floor.lead, "  ")]:
        with pytest.raises(Refused):
            allow_other_outcome(contact=contact, by=by, reason=reason, now=NEXT_DUE)
    allow_other_outcome(contact=contact, by=floor.lead, reason="客户出示了凭证", now=NEXT_DUE)
    issue = close_second_contact(task=task, outcome="unsolved", by=floor.agent, now=NEXT_DUE)
    third = issue.second_contacts.get(sequence=3)
    assert (issue.level, issue.contacts, third.state) == (4, 2, "blocked")


def test_each_further_call_needs_a_new_level_3_result():
    floor = make_floor()
    contact, task = make_second_call(floor, solved=False)
    later = NEXT_DUE + timedelta(hours=1)
    issue = close_second_contact(task=task, outcome="unsolved", by=floor.agent, now=later)
    assert issue.second_contacts.get(sequence=3).state == "blocked"
    assert open_second_contacts(now=later + timedelta(days=30)) == 0


@pytest.mark.parametrize(("state", "to"), [(TaskState.CANCELLED, "cancelled"), (TaskState.DONE, "done")])
def test_promise_whose_task_ended_unheard_is_settled_and_the_lead_decides(state, to):
    floor = make_floor()
    issue, task = make_called(floor)
    Task.objects.filter(pk=task.pk).update(state=state)
    open_second_contacts(now=DUE + timedelta(hours=1))
    issue.refresh_from_db()
    contact = issue.second_contacts.get()
    assert (contact.state, contact.outcome, issue.state) == (to, "not_reached", "sent")
    assert Notification.objects.filter(recipient=floor.lead, key=f"issue:{issue.pk}:unreached:1").count() == 1
    plan_second_contact(issue=issue, by=floor.lead, now=DUE + timedelta(hours=2))
    assert issue.second_contacts.get(sequence=2).state == "blocked"


def test_only_one_second_contact_at_a_time():
    floor = make_floor()
    issue = make_issue(floor)
    with pytest.raises(Conflict):
        plan_second_contact(issue=issue, by=floor.lead, now=NOW)
    minor = make_issue(floor, major=False)
    plan_second_contact(issue=minor, by=floor.lead, now=NOW)
    assert SecondContact.objects.filter(issue=minor).count() == 1


def test_issue_with_an_open_promise_is_not_closed_by_hand():
    floor = make_floor()
    issue = make_issue(floor)
    with pytest.raises(Conflict) as conflict:
        solve_issue(issue=issue, by=floor.lead, now=NOW, note="已处理")
    assert conflict.value.code == "second_contact_open"


def test_task_of_another_kind_is_no_second_contact():
    floor = make_floor()
    _issue, task = make_called(floor)
    SecondContact.objects.all().delete()
    with pytest.raises(Refused) as refused:
        close_second_contact(task=task, outcome="solved", by=floor.agent, now=DUE)
    assert refused.value.code == "no_second_contact"
