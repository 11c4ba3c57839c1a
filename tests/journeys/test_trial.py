"""A trial from the sale to the bill, and every way it ends without one, by desk, message, quality and sweep (CAM-10)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from callbacks.actions import (
    begin_call,
    claim_next,
    end_call,
    follow_trials,
    read_confirmations,
    release_due,
)
from callbacks.models import Order, Task
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.make import disposition, make_task
from callbacks.tests.trials import DAY, World, at
from callcenter.access import Role
from callcenter.errors import Refused
from desk.actions import wrap_up
from messaging.actions import receive_reply
from messaging.models import Message
from qa.actions import draw_samples, open_review, publish_review
from qa.actions.review import Mark
from qa.models import Review
from qa.queries import criteria_of
from qa.tests.make import make_plan, make_user

pytestmark = pytest.mark.django_db
S = OrderState
ALL = ["1", "2", "3", "4"]
SALE_DAY = at(3, 4)


@pytest.fixture
def world():
    return World()


def typed(code, **fields):
    """A valid wrap-up form."""
    empty = dict.fromkeys(["note", "outcome", "trial_answer", "spoke_to", "send_by"], "") | {
        "client_uuid": uuid.uuid4(),
        "issue_uuid": uuid.uuid4(),
        "call_again_at": None,
        "wants_issue": False,
        "rating": None,
        "criteria": [],
    }
    return empty | {"disposition": disposition(code)} | fields


def at_the_desk(world, code, *, now, statements=ALL, **fields):
    """The agent takes the next task, calls, talks and saves; returns the call."""
    release_due(now=now)
    task = claim_next(agent=world.agent, now=now)
    assert task is not None, "nothing to call"
    hold = {"task_id": task.pk, "agent": world.agent, "token": task.token}
    begin_call(**hold, phone_id=task.customer.phones.get().pk, now=now)
    end_call(**hold, now=now + timedelta(seconds=90))
    return wrap_up(
        **hold,
        data=typed(code, **fields),
        answers={},
        statements=statements,
        now=now + timedelta(seconds=100),
    )


@pytest.fixture
def order(world):
    """Sold at the desk."""
    make_task(world.campaign, customer=world.customer(), now=SALE_DAY, due_at=SALE_DAY)
    return Order.objects.get(call=at_the_desk(world, "SALE", now=SALE_DAY))


def fresh(order):
    order.refresh_from_db()
    return order


def yes(**fields):
    return {"trial_answer": "continue", "criteria": list(CRITERIA)} | fields


def test_sale_to_trial_to_two_confirmations_to_the_bill(world, order):
    assert (order.state, order.trial_ends_on) == (S.IN_TRIAL, at(4, 3).date())
    for day in range(5, 24):
        assert follow_trials(now=at(3, day)) == 0
    follow_trials(now=at(3, 24))
    first = at_the_desk(world, "DONE", now=at(3, 24, "10:05"), **yes())
    assert (fresh(order).state, order.first_call) == (S.CONFIRMED_ONCE, first)
    follow_trials(now=at(3, 31))
    second = at_the_desk(world, "DONE", now=at(3, 31, "10:05"), **yes())
    assert (fresh(order).state, order.second_call) == (S.CONFIRMED_TWICE, second)
    follow_trials(now=at(4, 2, "23:59"))
    assert fresh(order).billed_on is None
    follow_trials(now=at(4, 3, "00:00"))
    assert (fresh(order).state, order.billed_on) == (S.BILLING, at(4, 3).date())
    walked = ["claimed", "in_trial", "confirmed1", "confirmed2", "billing"]
    assert [step.to_state for step in order.steps.order_by("id")] == walked
    assert Task.objects.filter(kind="confirmation", state="done").count() == 2
    assert Order.objects.count() == 1


def test_the_second_confirmation_may_come_by_message(world, order):
    follow_trials(now=at(3, 24))
    at_the_desk(world, "DONE", now=at(3, 24, "10:05"), **yes())
    message = world.message(order, now=at(3, 31))
    receive_reply(channel="sms", sender=message.recipient, body="确认", key="in:1", now=at(3, 31, "15:00"))
    read_confirmations(now=at(3, 31, "15:01"))
    assert (fresh(order).state, order.second_message) == (S.CONFIRMED_TWICE, message)
    follow_trials(now=at(4, 3))
    assert fresh(order).state == S.BILLING


def test_the_desk_does_not_save_a_confirmation_call_without_the_answer(world, order):
    follow_trials(now=at(3, 24))
    with pytest.raises(Refused) as caught:
        at_the_desk(world, "DONE", now=at(3, 24, "10:05"))
    assert caught.value.code == "outcome_missing"
    assert fresh(order).state == S.IN_TRIAL


def test_a_yes_counts_only_when_every_statement_was_said(world, order):
    follow_trials(now=at(3, 24))
    with pytest.raises(Refused) as caught:
        at_the_desk(world, "DONE", now=at(3, 24, "10:05"), statements=ALL[:3], **yes())
    assert caught.value.code == "statements_missing"
    assert fresh(order).state == S.IN_TRIAL


def test_a_yes_without_the_script_is_saved_but_asked_again(world, order):
    follow_trials(now=at(3, 24))
    at_the_desk(world, "DONE", now=at(3, 24, "10:05"), statements=[], **yes(criteria=["owner", "consent"]))
    assert fresh(order).state == S.IN_TRIAL
    follow_trials(now=at(3, 25))
    at_the_desk(world, "DONE", now=at(3, 25, "10:05"), **yes())
    assert fresh(order).state == S.CONFIRMED_ONCE


@pytest.mark.parametrize(
    ("answer", "now_in"),
    [("unwanted", S.CANCELLED), ("considering", S.IN_TRIAL), ("self_cancel", S.IN_TRIAL)],
)
def test_every_other_answer_at_the_desk_ends_without_a_bill(world, order, answer, now_in):
    follow_trials(now=at(3, 24))
    at_the_desk(world, "DONE", now=at(3, 24, "10:05"), statements=[], trial_answer=answer)
    assert fresh(order).state == now_in
    assert (order.told_at is not None) == (answer in ("considering", "self_cancel"))
    for day in range(90):
        follow_trials(now=at(3, 25) + day * DAY)
    assert (fresh(order).state, order.billed_on) == (S.CANCELLED, None)


def test_suspended_is_extended_and_confirmed_in_the_second_period(world, order):
    follow_trials(now=at(3, 24))
    at_the_desk(world, "SUSP", now=at(3, 24, "10:05"), statements=[])
    follow_trials(now=at(3, 24, "10:10"))
    assert (fresh(order).state, order.trial_ends_on) == (S.EXTENDED, at(5, 3).date())
    order.account.customer.phones.update(state="valid")
    for now in (at(4, 23), at(4, 30)):
        follow_trials(now=now)
        at_the_desk(world, "DONE", now=now + timedelta(minutes=5), **yes())
    follow_trials(now=at(5, 3))
    assert (fresh(order).state, order.billed_on) == (S.BILLING, at(5, 3).date())


def test_silence_in_both_periods_is_never_billed(world, order):
    for day in range(120):
        now = at(3, 5) + day * DAY
        follow_trials(now=now)
        release_due(now=now)
    assert (fresh(order).state, order.billed_on, order.extensions) == (S.CANCELLED, None, 1)


def test_quality_finds_a_criterion_missing_in_the_sale_and_the_trial_ends(world, order):
    inspector = make_user(Role.QA, unit=world.team.unit)
    make_plan(world.team.unit)
    draw_samples(day=SALE_DAY.date(), now=at(3, 5, "05:00"))
    review = Review.objects.get(call=order.call)
    open_review(review=review, by=inspector, now=at(3, 5))
    marks = {row.pk: Mark(share=Decimal(1)) for row in criteria_of(review.scorecard_id)}
    missed = next(row for row in criteria_of(review.scorecard_id) if row.validity == "consent")
    marks[missed.pk] = Mark(share=Decimal(0), comment="客户没有明确同意")
    publish_review(review=review, marks=marks, comment="", by=inspector, now=at(3, 5, "11:00"))
    assert fresh(order).state == S.VOID
    follow_trials(now=at(5, 1))
    assert (order.confirmations.exclude(state="cancelled").count(), fresh(order).billed_on) == (0, None)


def test_a_message_unanswered_is_no_consent(world, order):
    message = world.message(order, now=at(3, 24))
    Message.objects.filter(pk=message.pk).update(state="delivered")
    follow_trials(now=at(4, 3))
    assert (fresh(order).state, order.first_at) == (S.EXTENDED, None)
