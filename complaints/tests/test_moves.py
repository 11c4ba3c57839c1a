"""Every (state, action) of issues and complaints: only the legal ones are accepted, the others change nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from callcenter.errors import Conflict, DomainError
from complaints import actions
from complaints.models import Complaint, Issue, Remedy
from complaints.states import COMPLAINT_MOVES, ISSUE_MOVES, ComplaintState, IssueState
from complaints.tests.make import contact_of, make_complaint, make_floor, make_issue
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db

ISSUE_ACTIONS = {
    "send": lambda floor, issue: actions.send_to_department(
        issue=issue, department=floor.department, by=floor.lead, now=NOW
    ),
    "answer": lambda floor, issue: actions.answer_issue(
        issue=issue, by=contact_of(floor.department, 1), text="答复", solved=False, now=NOW
    ),
    "solve": lambda floor, issue: actions.solve_issue(issue=issue, by=floor.lead, now=NOW, note="已处理"),
    "reopen": lambda floor, issue: actions.reopen_issue(issue=issue, by=floor.lead, now=NOW, note="再次"),
    "contact": lambda floor, issue: actions.plan_second_contact(issue=issue, by=floor.lead, now=NOW),
}
ACTIVE = set(IssueState) - {IssueState.SOLVED, IssueState.FOCUS}
ISSUE_LEGAL = {
    "send": ACTIVE | {IssueState.FOCUS},
    "answer": ACTIVE,
    "solve": ACTIVE | {IssueState.FOCUS},
    "reopen": {IssueState.SOLVED},
    "contact": ACTIVE,
}


@pytest.mark.parametrize("action", sorted(ISSUE_ACTIONS))
@pytest.mark.parametrize("state", list(IssueState))
def test_issue_accepts_only_legal_actions(state, action):
    floor = make_floor()
    issue = make_issue(floor, major=False)
    Issue.objects.filter(pk=issue.pk).update(state=state, level_due_at=None, warn_at=None)
    steps = issue.steps.count()
    if state in ISSUE_LEGAL[action]:
        ISSUE_ACTIONS[action](floor, issue)
        return
    with pytest.raises(Conflict):
        ISSUE_ACTIONS[action](floor, issue)
    issue.refresh_from_db()
    assert (issue.state, issue.steps.count(), issue.answers.count()) == (state, steps, 0)
    assert issue.second_contacts.count() == 0


def _remedy(complaint):
    pending = complaint.remedies.filter(approved_by=None, rejected_by=None).first()
    return pending or Remedy(pk=0, text="无")


COMPLAINT_ACTIONS = {
    "acknowledge": lambda floor, case: actions.acknowledge(
        complaint=case, by=floor.handler, now=NOW, note="短信"
    ),
    "judge founded": lambda floor, case: actions.judge(
        complaint=case, founded=True, reason="属实", by=floor.handler, now=NOW, department=floor.department
    ),
    "judge unfounded": lambda floor, case: actions.judge(
        complaint=case, founded=False, reason="不属实", by=floor.handler, now=NOW
    ),
    "investigate": lambda floor, case: actions.start_investigation(
        complaint=case, promised_at=NOW + timedelta(days=3), by=floor.handler, now=NOW
    ),
    "propose": lambda floor, case: actions.propose(
        complaint=case, remedies=[{"text": "退费"}], finding="计费错误", by=floor.handler, now=NOW
    ),
    "approve": lambda floor, case: actions.approve(
        complaint=case, remedy=_remedy(case), by=floor.approver, now=NOW
    ),
    "reject": lambda floor, case: actions.reject(complaint=case, reason="不够", by=floor.approver, now=NOW),
    "carry out": lambda floor, case: actions.carry_out(
        complaint=case, note="已退费", by=floor.handler, now=NOW
    ),
    "call back": lambda floor, case: actions.call_back(
        complaint=case, satisfied=True, by=floor.agent, now=NOW
    ),
    "archive": lambda floor, case: actions.archive(complaint=case, by=floor.handler, now=NOW),
    "reopen": lambda floor, case: actions.reopen(complaint=case, reason="仍不满", by=floor.handler, now=NOW),
}
State = ComplaintState
COMPLAINT_LEGAL = {
    "acknowledge": {State.REGISTERED: State.ACKNOWLEDGED},
    "judge founded": {State.ACKNOWLEDGED: State.FOUNDED},
    "judge unfounded": {State.ACKNOWLEDGED: State.UNFOUNDED},
    "investigate": {State.FOUNDED: State.INVESTIGATING, State.REOPENED: State.INVESTIGATING},
    "propose": {State.INVESTIGATING: State.PROPOSED},
    "approve": {State.PROPOSED: State.APPROVED},
    "reject": {State.PROPOSED: State.INVESTIGATING},
    "carry out": {State.APPROVED: State.CARRIED_OUT},
    "call back": {State.CARRIED_OUT: State.CALLED_BACK, State.UNFOUNDED: State.CALLED_BACK},
    "archive": {State.CALLED_BACK: State.ARCHIVED},
    "reopen": {State.CALLED_BACK: State.REOPENED, State.ARCHIVED: State.REOPENED},
}


# The shortest way to each state, by real actions.
WAY = {
    State.REGISTERED: [],
    State.ACKNOWLEDGED: ["acknowledge"],
    State.UNFOUNDED: ["acknowledge", "judge unfounded"],
    State.FOUNDED: ["acknowledge", "judge founded"],
}
WAY[State.INVESTIGATING] = [*WAY[State.FOUNDED], "investigate"]
WAY[State.PROPOSED] = [*WAY[State.INVESTIGATING], "propose"]
WAY[State.APPROVED] = [*WAY[State.PROPOSED], "approve"]
WAY[State.CARRIED_OUT] = [*WAY[State.APPROVED], "carry out"]
WAY[State.CALLED_BACK] = [*WAY[State.CARRIED_OUT], "call back"]
WAY[State.ARCHIVED] = [*WAY[State.CALLED_BACK], "archive"]
WAY[State.REOPENED] = [*WAY[State.ARCHIVED], "reopen"]


def make_complaint_in(floor, state):
    complaint = make_complaint(floor, client_uuid=uuid4())
    for action in WAY[state]:
        COMPLAINT_ACTIONS[action](floor, complaint)
    complaint.refresh_from_db()
    assert complaint.state == state
    return complaint


@pytest.mark.parametrize("action", list(COMPLAINT_ACTIONS))
@pytest.mark.parametrize("state", list(ComplaintState))
def test_complaint_accepts_only_legal_actions(state, action):
    floor = make_floor()
    complaint = make_complaint_in(floor, state)
    steps = complaint.steps.count()
    to = COMPLAINT_LEGAL[action].get(state)
    if to:
        COMPLAINT_ACTIONS[action](floor, complaint)
        complaint.refresh_from_db()
        assert (complaint.state, complaint.steps.count()) == (to, steps + 1)
        return
    with pytest.raises(DomainError):
        COMPLAINT_ACTIONS[action](floor, complaint)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.steps.count()) == (state, steps)


def test_the_tables_and_the_actions_agree():
    moves = {(state, to) for state, targets in COMPLAINT_MOVES.items() for to in targets}
    acted = {(state, to) for table in COMPLAINT_LEGAL.values() for state, to in table.items()}
    assert acted == moves
    assert set(ISSUE_MOVES) == set(IssueState)


def test_no_way_to_the_archive_without_a_callback():
    """By the table: without the state CALLED_BACK the archive cannot be reached (CMP-1)."""
    reached, waiting = set(), [State.REGISTERED]
    while waiting:
        state = waiting.pop()
        if state in reached or state == State.CALLED_BACK:
            continue
        reached.add(state)
        waiting.extend(COMPLAINT_MOVES[state])
    assert State.ARCHIVED not in reached
    assert Complaint.objects.filter(state=State.ARCHIVED, callback_satisfied=None).count() == 0
