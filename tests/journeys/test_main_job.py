"""The main job from end to end, by the same verbs as pages, API and sweeps use; only the clock is ours."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from callbacks.actions import apply_policy, begin_call, claim_next, end_call, finish_call, release_due
from callbacks.models import Order, Task
from callbacks.states import OrderState, TaskState
from callcenter.access import Role
from callcenter.errors import Refused
from campaigns.models import Disposition, Policy
from complaints.actions import (
    acknowledge,
    answer_issue,
    approve,
    archive,
    call_back,
    carry_out,
    close_second_contact,
    escalate_overdue,
    judge,
    open_second_contacts,
    propose,
    raise_issue,
    register,
    start_investigation,
)
from complaints.models import Complaint, Escalation, Issue, SecondContact
from complaints.states import ComplaintState, IssueState
from complaints.tests.make import Floor, contact_of
from customers.models import ServiceEvent
from qa.actions import acknowledge as acknowledge_review
from qa.actions import draw_samples, open_review, publish_review
from qa.actions.review import Mark
from qa.models import Review
from qa.queries import criteria_of
from qa.tests.make import make_customer, make_plan, make_user
from reports.actions import roll_dirty
from reports.queries import Selection, figures

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)


def at(day, clock="10:00"):
    return datetime.combine(date(2026, 3, day), datetime.strptime(clock, "%H:%M").time(), ZONE)


def call(agent, code, *, now, talk=70, **fields):
    """Claim, dial, talk, hang up and code one call; returns it."""
    release_due(now=now)
    task = claim_next(agent=agent, now=now)
    assert task is not None
    phone = task.customer.phones.get()
    hold = {"task_id": task.pk, "agent": agent, "token": task.token}
    begin_call(**hold, phone_id=phone.pk, now=now)
    ended = now + timedelta(seconds=talk + 10)
    end_call(**hold, now=ended)
    return finish_call(
        **hold,
        client_uuid=uuid.uuid4(),
        disposition=Disposition.objects.get(code=code),
        answered_at=now + timedelta(seconds=10),
        now=ended + timedelta(seconds=8),
        **fields,
    )


@pytest.fixture
def floor():
    """A campaign with a policy on settled claims, six events, a daily QA plan."""
    floor = Floor()
    floor.campaign.kind = "telemarketing"
    floor.campaign.save(update_fields=["kind"])
    for number in range(6):
        customer = make_customer(client=floor.client, team=floor.team, phones=[f"+861390000{number:04}"])
        ServiceEvent.objects.create(
            client=floor.client,
            customer=customer,
            kind="claim_settled",
            occurred_at=at(1),
            external_id=f"E{number}",
            created_at=at(1),
        )
    floor.policy = Policy.objects.create(
        campaign=floor.campaign, name="理赔回访", event_kind="claim_settled", seed="s", window=14
    )
    make_plan(floor.team.unit)
    return floor


def raised_by(floor, call, now):
    return raise_issue(
        customer=call.customer,
        campaign=call.campaign,
        call=call,
        team=call.team,
        problem_point=floor.point,
        urgency=Issue.Urgency.URGENT,
        major=True,
        description="理赔款三周未到账",
        by=call.agent,
        now=now,
        client_uuid=uuid.uuid4(),
    )


def test_policy_to_tasks_to_calls_to_figures(floor):
    applied = apply_policy(policy=floor.policy, now=MONDAY)
    assert applied.created == 6
    assert apply_policy(policy=floor.policy, now=MONDAY).created == 0
    for minute, code in enumerate(("DONE", "DONE", "NA", "REFUSE")):
        call(floor.agent, code, now=MONDAY + timedelta(minutes=3 * minute), talk=0 if code == "NA" else 70)
    roll_dirty(now=at(3, "04:00"))
    found = {f.metric.code: f for f in figures(floor.manager, Selection(MONDAY.date(), MONDAY.date()))}
    assert (found["calls"].value, found["connect_rate"].value) == (4, Decimal("0.75"))
    assert (found["completed_rate"].numerator, found["completed_rate"].denominator) == (2, 3)
    assert found["account_size"].value == 6


def test_a_major_issue_comes_back_the_next_working_day_whether_or_not_the_department_answers(floor):
    apply_policy(policy=floor.policy, now=MONDAY)
    friday = at(6, "16:40")
    issue = raised_by(floor, call(floor.agent, "DONE_ISSUE", now=friday), friday)
    contact = SecondContact.objects.get()
    assert contact.due_at.astimezone(ZONE).date() == date(2026, 3, 9), "Saturday and Sunday are off"
    assert open_second_contacts(now=at(8)) == 0
    assert open_second_contacts(now=at(9, "09:30")) == 1
    assert open_second_contacts(now=at(9, "09:31")) == 0
    task = Task.objects.get(kind=Task.Kind.SECOND_CONTACT)
    release_due(now=at(9, "09:32"))
    held = claim_next(agent=floor.agent, now=at(9, "09:33"))
    assert held == task, "second contacts come before ordinary callbacks"
    hold = {"task_id": task.pk, "agent": floor.agent, "token": held.token}
    begin_call(**hold, phone_id=task.customer.phones.get().pk, now=at(9, "09:34"))
    end_call(**hold, now=at(9, "09:36"))
    finish_call(
        **hold,
        client_uuid=uuid.uuid4(),
        disposition=Disposition.objects.get(code="DONE"),
        answered_at=at(9, "09:34"),
        now=at(9, "09:36"),
    )
    close_second_contact(task=task, outcome="solved", rating=4, by=floor.agent, now=at(9, "09:36"))
    issue.refresh_from_db()
    assert (issue.state, issue.rating) == (IssueState.SOLVED, 4)


def test_a_silent_department_is_escalated_to_its_head_one_level_at_a_time(floor):
    apply_policy(policy=floor.policy, now=MONDAY)
    issue = raised_by(floor, call(floor.agent, "DONE_ISSUE", now=MONDAY), MONDAY)
    now = MONDAY
    for _hour in range(24 * 12):
        now += timedelta(hours=1)
        escalate_overdue(now=now)
        escalate_overdue(now=now)
    levels = list(Escalation.objects.filter(issue=issue).order_by("at", "id").values_list("level", flat=True))
    assert levels == [2, 3, 4, 5], (
        "level 2, level 3, the head; then the managers learn that the head is silent too"
    )
    issue.refresh_from_db()
    answer_issue(issue=issue, by=contact_of(floor.department, 4), text="已补发", solved=True, now=now)
    issue.refresh_from_db()
    assert issue.answered_at is not None


def test_an_issue_becomes_a_complaint_that_ends_in_the_archive_after_the_callback(floor):
    apply_policy(policy=floor.policy, now=MONDAY)
    issue = raised_by(floor, call(floor.agent, "DONE_ISSUE", now=MONDAY), MONDAY)
    by, now = floor.handler, MONDAY + timedelta(hours=1)
    complaint = register(
        customer=issue.customer, content="要求说明", by=by, now=now, issue=issue, concerned_agent=floor.agent
    )
    complaint = acknowledge(complaint=complaint, by=by, now=now, note="电话告知")
    complaint = judge(
        complaint=complaint, founded=True, reason="流程超期", by=by, now=now, department=floor.department
    )
    complaint = start_investigation(complaint=complaint, promised_at=now + timedelta(days=3), by=by, now=now)
    complaint = propose(
        complaint=complaint, remedies=[{"text": "补发并致歉"}], finding="漏单", by=by, now=now
    )
    remedy = complaint.remedies.get()
    with pytest.raises(Refused):
        approve(complaint=complaint, remedy=remedy, by=by, now=now)
    complaint = approve(complaint=complaint, remedy=remedy, by=floor.approver, now=now)
    complaint = carry_out(complaint=complaint, note="已补发", by=by, now=now)
    assert complaint.callback_task.kind == Task.Kind.COMPLAINT
    complaint = call_back(complaint=complaint, satisfied=True, by=by, now=now + timedelta(days=1))
    archive(complaint=complaint, by=by, now=now + timedelta(days=1))
    assert Complaint.objects.get().state == ComplaintState.ARCHIVED


def test_a_fatal_review_voids_the_sale_and_the_correction_reaches_the_desk(floor):
    apply_policy(policy=floor.policy, now=MONDAY)
    sale = call(floor.agent, "SALE", now=MONDAY)
    order = Order.objects.get(call=sale)
    assert draw_samples(day=MONDAY.date(), now=at(3, "05:00")) == 1
    inspector, review = make_user(Role.QA, unit=floor.team.unit), Review.objects.get()
    open_review(review=review, by=inspector, now=at(3))
    marks = {row.pk: Mark(Decimal(1)) for row in criteria_of(review.scorecard_id)}
    marks[criteria_of(review.scorecard_id)[2].pk] = Mark(Decimal(0), "未告知资费", 41)
    publish_review(review=review, marks=marks, comment="", by=inspector, now=at(3))
    order.refresh_from_db()
    assert (review.score, order.state) == (0, OrderState.VOID)
    release_due(now=at(3, "10:05"))
    correction = claim_next(agent=floor.agent, now=at(3, "10:06"))
    assert (correction.kind, correction.customer) == (Task.Kind.CORRECTIVE, sale.customer)
    acknowledge_review(review=review, by=floor.agent, now=at(3, "10:07"))


def test_a_paused_campaign_hands_nothing_out_and_loses_nothing(floor):
    apply_policy(policy=floor.policy, now=MONDAY)
    release_due(now=MONDAY)
    type(floor.campaign).objects.update(state="paused")
    assert claim_next(agent=floor.agent, now=MONDAY) is None
    type(floor.campaign).objects.update(state="running")
    assert claim_next(agent=floor.agent, now=MONDAY).state == TaskState.CLAIMED
    assert Task.objects.count() == 6
