"""Races of trials on PostgreSQL with real threads: two answers, answer and cancellation, sweeps side by side (CAM-10)."""

import pytest
from django.db import connection

from callbacks.actions import cancel_order, follow_trials, hear_confirmation, record_by_hand, void_order
from callbacks.actions.confirmations import record_answer
from callbacks.models import Confirmation, Order, Task
from callbacks.queries.trials import open_question
from callbacks.rules.trial import CRITERIA
from callbacks.states import OrderState
from callbacks.tests.trials import World, at
from callcenter.errors import Conflict, Refused
from callcenter.models import StuckRow
from tests.services.test_focus_race import at_once

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
THREADS = 8
S = OrderState


@pytest.fixture(autouse=True)
def _postgresql_only():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set DATABASE_URL")


def answering(world, order, call, answer="continue"):
    return lambda: record_by_hand(
        order=order, answer=answer, criteria=CRITERIA, call=call, by=world.lead, now=at(3, 25)
    )


def test_two_confirmations_at_once_count_as_one():
    world = World()
    order = world.sale()
    calls = [world.call(order.account.customer, "DONE", now=at(3, 25)) for _thread in range(THREADS)]
    errors = at_once(*(answering(world, order, call) for call in calls))
    order.refresh_from_db()
    # Those that come later find the second question, which was promised after their call: no evidence for it.
    assert len(errors) == THREADS - 1
    assert {type(error) for error in errors} <= {Conflict, Refused}
    assert (order.state, order.second_at) == (S.CONFIRMED_ONCE, None)
    assert order.confirmations.filter(accepted=True).count() == 1
    assert order.confirmations.count() == 2


def test_one_question_answered_by_many_at_once_is_answered_once():
    world = World()
    order = world.sale()
    follow_trials(now=at(3, 24))
    task = Task.objects.get(kind="confirmation")
    call = world.call(order.account.customer, "DONE", now=at(3, 25))
    heard = []
    errors = at_once(
        *[
            lambda: heard.append(
                hear_confirmation(
                    task=task, answer="continue", criteria=CRITERIA, call=call, by=world.agent, now=at(3, 25)
                )
            )
        ]
        * THREADS
    )
    assert errors == []
    assert sum(one is not None for one in heard) == 1
    assert Order.objects.get(pk=order.pk).state == S.CONFIRMED_ONCE


@pytest.mark.parametrize("end", [cancel_order, void_order])
def test_confirming_and_ending_at_once_never_leaves_an_open_question(end):
    world = World()
    outcomes = set()
    for _round in range(6):
        order = world.sale()
        call = world.call(order.account.customer, "DONE", now=at(3, 25))
        errors = at_once(
            answering(world, order, call),
            lambda order=order: end(order=order, by=world.lead, now=at(3, 25), note="x"),
        )
        order.refresh_from_db()
        assert {type(error) for error in errors} <= {Conflict}
        # Whoever was second saw what the first had done: the order has ended, and nothing asks any more.
        assert order.state in (S.CANCELLED, S.VOID)
        assert open_question(order) is None
        outcomes.add(order.first_at is not None)
    assert outcomes


def test_a_no_and_a_yes_at_once_end_as_the_first_said():
    world = World()
    for _round in range(6):
        order = world.sale()
        question = open_question(order)
        calls = [world.call(order.account.customer, "DONE", now=at(3, 25)) for _call in range(2)]
        errors = at_once(
            *(
                lambda answer=answer, call=call, question=question: record_answer(
                    question=question,
                    answer=answer,
                    criteria=CRITERIA,
                    way="phone",
                    call=call,
                    by=world.lead,
                    now=at(3, 25),
                )
                for answer, call in zip(("continue", "unwanted"), calls, strict=True)
            )
        )
        order.refresh_from_db()
        # "No" ends it whenever it comes; "yes" after it is too late.
        assert order.state == S.CANCELLED
        assert len(errors) <= 1


def test_sweeps_side_by_side_ask_and_end_each_trial_once():
    world = World()
    orders = [world.sale() for _order in range(12)]
    errors = at_once(*[lambda: follow_trials(now=at(3, 24))] * THREADS)
    assert errors == []
    assert Task.objects.filter(kind="confirmation").count() == len(orders)
    assert set(Confirmation.objects.values_list("state", flat=True)) == {"planned"}
    errors = at_once(*[lambda: follow_trials(now=at(4, 3))] * THREADS)
    assert errors == []
    assert set(Order.objects.values_list("state", "extensions")) == {(S.EXTENDED, 1)}
    assert Confirmation.objects.filter(state="waiting").count() == len(orders)
    errors = at_once(*[lambda: follow_trials(now=at(5, 3))] * THREADS)
    assert errors == []
    assert set(Order.objects.values_list("state", flat=True)) == {S.CANCELLED}
    assert not StuckRow.objects.exists()


def test_the_end_of_a_trial_and_its_second_confirmation_at_once_bill_or_extend_but_never_both():
    world = World()
    for _round in range(6):
        order = world.in_state(S.CONFIRMED_ONCE)
        call = world.call(order.account.customer, "DONE", now=at(4, 3))
        errors = at_once(
            lambda order=order, call=call: record_by_hand(
                order=order, answer="continue", criteria=CRITERIA, call=call, by=world.lead, now=at(4, 3)
            ),
            lambda: follow_trials(now=at(4, 3)),
        )
        assert {type(error) for error in errors} <= {Conflict, Refused}
        follow_trials(now=at(4, 3, "00:01"))
        order.refresh_from_db()
        assert order.state in (S.BILLING, S.EXTENDED, S.CONFIRMED_TWICE)
        assert (order.billed_on is not None) == (order.state == S.BILLING)
        assert not (order.state == S.BILLING and order.extensions)
