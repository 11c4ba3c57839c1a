"""The complaint procedure: reasons, the second person, the clock, the callback (CMP-1 … CMP-3)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from callbacks.models import Task
from callbacks.states import TaskState
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from complaints import actions
from complaints.models import Complaint, Remedy
from complaints.queries.complaints import history, proposed_entry
from complaints.rules.procedure import TERMS, approval_obstacle
from complaints.tests.make import make_complaint, make_floor, make_issue
from complaints.tests.test_moves import State, make_complaint_in
from customers.actions import approve_entry
from customers.tests.make import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_registering_twice_with_one_uuid_is_one_complaint():
    floor, number = make_floor(), uuid4()
    customer = floor.customer()
    first = make_complaint(floor, customer=customer, client_uuid=number)
    again = make_complaint(floor, customer=customer, client_uuid=number)
    assert (first.pk, Complaint.objects.count()) == (again.pk, 1)


def test_complaint_from_an_issue_keeps_its_team_campaign_and_department():
    floor = make_floor()
    issue = make_issue(floor)
    complaint = actions.register(
        customer=issue.customer, issue=issue, content="要求道歉", by=floor.handler, now=NOW
    )
    assert (complaint.team, complaint.campaign, complaint.department) == (
        floor.team,
        floor.campaign,
        floor.department,
    )
    assert complaint.handler == floor.handler


def test_media_complaints_reach_the_managers():
    floor = make_floor()
    make_complaint(floor)
    assert Notification.objects.filter(recipient=floor.manager).count() == 0
    make_complaint(floor, media=True)
    assert Notification.objects.filter(recipient=floor.manager, level="urgent").count() == 1


def test_every_term_of_the_form_has_its_time():
    assert set(TERMS) == set(Complaint.Term.values)
    floor = make_floor()
    assert make_complaint(floor, term="urgent").deadline == NOW + 24 * HOUR
    assert make_complaint(floor, term="repair_rural").deadline == NOW + 72 * HOUR


def test_handler_is_never_the_agent_complained_about():
    floor = make_floor()
    with pytest.raises(Refused) as refused:
        make_complaint(floor, concerned_agent=floor.handler)
    assert refused.value.code == "recusal"
    complaint = make_complaint(floor, concerned_agent=floor.agent)
    with pytest.raises(Refused):
        actions.assign_handler(complaint=complaint, handler=floor.agent, by=floor.handler, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(handler=floor.agent)


def test_person_complained_about_moves_nothing():
    floor = make_floor()
    complaint = make_complaint(floor, concerned_agent=floor.lead)
    with pytest.raises(Refused) as refused:
        actions.acknowledge(complaint=complaint, by=floor.lead, now=NOW, note="短信")
    assert refused.value.code == "recusal"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("handler", "second_person"),
        ("proposer", "second_person"),
        ("concerned", "second_person"),
        ("approver", ""),
    ],
)
def test_only_a_second_person_decides(who, code):
    floor = make_floor()
    complaint = make_complaint(floor, concerned_agent=floor.lead)
    actions.acknowledge(complaint=complaint, by=floor.handler, now=NOW, note="短信")
    actions.judge(
        complaint=complaint,
        founded=True,
        reason="属实",
        by=floor.handler,
        now=NOW,
        department=floor.department,
    )
    actions.start_investigation(complaint=complaint, promised_at=NOW + HOUR, by=floor.handler, now=NOW)
    actions.propose(
        complaint=complaint, remedies=[{"text": "道歉"}], finding="语气生硬", by=floor.manager, now=NOW
    )
    remedy = complaint.remedies.get()
    people = {
        "handler": floor.handler,
        "proposer": floor.manager,
        "concerned": floor.lead,
        "approver": floor.approver,
    }
    if not code:
        assert (
            actions.approve(complaint=complaint, remedy=remedy, by=floor.approver, now=NOW).state
            == "approved"
        )
        return
    for decide in (
        lambda: actions.approve(complaint=complaint, remedy=remedy, by=people[who], now=NOW),
        lambda: actions.reject(complaint=complaint, reason="不够", by=people[who], now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            decide()
        assert refused.value.code == code
    remedy.refresh_from_db()
    assert (remedy.approved_by, remedy.rejected_by) == (None, None)


def test_database_refuses_approval_by_the_proposer_and_a_second_approval():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.PROPOSED)
    remedy = complaint.remedies.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Remedy.objects.filter(pk=remedy.pk).update(approved_by=remedy.proposed_by)
    for number in range(2):
        Remedy.objects.create(
            complaint=complaint, text=f"方案{number}", proposed_by=floor.handler, proposed_at=NOW
        )
    Remedy.objects.filter(pk=remedy.pk).update(approved_by=floor.approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        complaint.remedies.exclude(pk=remedy.pk).update(approved_by=floor.approver)


def test_rejected_proposal_goes_back_and_its_remedy_is_off_the_table():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.PROPOSED)
    old = complaint.remedies.get()
    actions.reject(complaint=complaint, reason="太少", by=floor.approver, now=NOW)
    actions.propose(
        complaint=complaint,
        remedies=[{"text": "退费"}, {"text": "退费并道歉"}, {"text": "  "}],
        finding="再查",
        by=floor.handler,
        now=NOW,
    )
    assert complaint.remedies.filter(rejected_by=None).count() == 2
    with pytest.raises(Conflict):
        actions.approve(complaint=complaint, remedy=old, by=floor.approver, now=NOW)


@pytest.mark.parametrize("remedies", [[], [{"text": "  "}]])
def test_at_least_one_remedy_is_proposed(remedies):
    floor = make_floor()
    complaint = make_complaint_in(floor, State.INVESTIGATING)
    with pytest.raises(Refused):
        actions.propose(complaint=complaint, remedies=remedies, finding="查明", by=floor.handler, now=NOW)
    complaint.refresh_from_db()
    assert complaint.state == "investigating"


def test_founded_complaint_needs_a_department_and_every_judgement_a_reason():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.ACKNOWLEDGED)
    for wrong in ({"reason": " "}, {"reason": "属实", "department": None}):
        with pytest.raises(Refused):
            actions.judge(complaint=complaint, founded=True, by=floor.handler, now=NOW, **wrong)
    judged = actions.judge(complaint=complaint, founded=False, reason="系误会", by=floor.handler, now=NOW)
    assert (judged.founded, judged.judgement) == (False, "系误会")


@pytest.mark.parametrize("state", [State.UNFOUNDED, State.CARRIED_OUT])
def test_outcome_becomes_one_callback_task(state):
    floor = make_floor()
    complaint = make_complaint_in(floor, state)
    task = Task.objects.get(kind=Task.Kind.COMPLAINT)
    assert complaint.callback_task == task
    assert (task.source, task.customer) == (f"complaint:{complaint.pk}:1", complaint.customer)
    actions.call_back(complaint=complaint, satisfied=True, by=floor.handler, now=NOW)
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED


def test_unhappy_customer_is_not_archived_but_reopened_under_a_suffix():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.CARRIED_OUT)
    actions.call_back(complaint=complaint, satisfied=False, by=floor.handler, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.archive(complaint=complaint, by=floor.handler, now=NOW)
    assert refused.value.code == "unsatisfied"
    again = actions.reopen(complaint=complaint, reason="仍不满", by=floor.handler, now=NOW)
    assert str(again) == f"C{complaint.pk}-2"
    actions.start_investigation(complaint=again, promised_at=NOW + HOUR, by=floor.handler, now=NOW)
    actions.propose(complaint=again, remedies=[{"text": "双倍退"}], finding="再查", by=floor.handler, now=NOW)
    pending = again.remedies.get(round=2)
    actions.approve(complaint=again, remedy=pending, by=floor.approver, now=NOW)
    actions.carry_out(complaint=again, note="已退", by=floor.handler, now=NOW)
    assert Task.objects.filter(source=f"complaint:{complaint.pk}:2").count() == 1
    actions.call_back(complaint=again, satisfied=True, by=floor.handler, now=NOW)
    assert actions.archive(complaint=again, by=floor.handler, now=NOW).closed_at == NOW


def test_database_refuses_an_archive_without_callback():
    floor = make_floor()
    complaint = make_complaint(floor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(state=State.ARCHIVED)


def test_pause_gives_back_exactly_the_time_the_clock_stood():
    floor = make_floor()
    complaint = make_complaint(floor, term="urgent")
    actions.pause(complaint=complaint, reason="等客户寄凭证", by=floor.handler, now=NOW + HOUR)
    with pytest.raises(Conflict):
        actions.pause(complaint=complaint, reason="再等", by=floor.handler, now=NOW + HOUR)
    assert actions.mark_breaches(now=NOW + 100 * HOUR) == 0
    actions.resume(complaint=complaint, by=floor.handler, now=NOW + 6 * HOUR)
    actions.pause(complaint=complaint, reason="等客户", by=floor.handler, now=NOW + 7 * HOUR)
    actions.resume(complaint=complaint, by=floor.handler, now=NOW + 9 * HOUR)
    complaint.refresh_from_db()
    assert complaint.deadline == NOW + 31 * HOUR
    with pytest.raises(Conflict):
        actions.resume(complaint=complaint, by=floor.handler, now=NOW + 9 * HOUR)


def test_breach_is_recorded_once_at_its_own_instant():
    floor = make_floor()
    complaint = make_complaint(floor, term="urgent")
    assert actions.mark_breaches(now=NOW + 24 * HOUR - timedelta(seconds=1)) == 0
    assert [actions.mark_breaches(now=NOW + 30 * HOUR) for _again in range(2)] == [1, 0]
    complaint.refresh_from_db()
    assert complaint.breached_at == NOW + 24 * HOUR
    assert complaint.notes.get().kind == "breach"
    assert Notification.objects.filter(recipient=floor.manager, key__endswith=":breach").count() == 1


def test_promised_date_lies_in_the_future():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.FOUNDED)
    with pytest.raises(Refused):
        actions.start_investigation(complaint=complaint, promised_at=NOW, by=floor.handler, now=NOW)


@pytest.mark.parametrize(
    ("approver", "expected"), [(1, "proposer"), (2, "handler"), (3, "concerned"), (4, "")]
)
def test_approval_obstacle(approver, expected):
    assert approval_obstacle(approver, proposers={1}, handler=2, concerned_agent=3) == expected


def test_history_is_newest_first_also_within_one_instant():
    floor = make_floor()
    complaint = make_complaint_in(floor, State.ARCHIVED)
    titles = [entry.title for entry in history(complaint)]
    assert titles[0] == State.ARCHIVED.label
    assert titles[-2] == State.ACKNOWLEDGED.label
    assert len(titles) == 9


def test_serious_complaint_proposes_the_customer_for_the_list_and_a_second_person_decides():
    floor = make_floor()
    complaint = make_complaint(floor)
    actions.acknowledge(complaint=complaint, by=floor.handler, now=NOW, note="电话")
    judged = actions.judge(
        complaint=complaint, founded=False, reason="威胁坐席", by=floor.handler, now=NOW, serious=True
    )
    assert judged.serious
    entry = proposed_entry(judged)
    assert (entry.state, entry.category, entry.customer) == ("proposed", "complaint", complaint.customer)
    assert entry.evidence.endswith(str(complaint))
    assert Notification.objects.filter(recipient=floor.manager, key=f"blacklist:{entry.pk}:proposed").exists()
    with pytest.raises(Refused):
        approve_entry(entry=entry, by=floor.handler, now=NOW)
    approve_entry(entry=entry, by=floor.manager, now=NOW)
    assert entry.state == "in_force"


def test_judgement_that_is_not_serious_proposes_nothing():
    floor = make_floor()
    complaint = make_complaint(floor)
    actions.acknowledge(complaint=complaint, by=floor.handler, now=NOW, note="电话")
    judged = actions.judge(
        complaint=complaint,
        founded=True,
        reason="属实",
        by=floor.handler,
        now=NOW,
        department=floor.department,
    )
    assert not judged.serious
    assert proposed_entry(judged) is None
