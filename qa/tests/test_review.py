"""Scoring a call and what follows from it (QA-2, QA-3)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from callbacks.models import Task
from callbacks.states import OrderState
from callcenter.access import Role
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.workflow import IllegalMove
from qa.actions import acknowledge, draw_samples, open_review, publish_review, put_back
from qa.actions.review import Mark
from qa.models import Review
from qa.queries import criteria_of
from qa.states import REVIEW_MOVES, ReviewState
from qa.tests.make import (
    NOW,
    make_agent,
    make_call,
    make_campaign,
    make_inspector,
    make_order,
    make_plan,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db
FULL, NONE, HALF, NA = (
    Mark(Decimal(1)),
    Mark(Decimal(0), "heard"),
    Mark(Decimal("0.5")),
    Mark(None),
)


@pytest.fixture
def drawn():
    """A drawn review of a sale, with its order, agent and an inspector of the unit."""
    team = make_team()
    campaign, agent = make_campaign(team=team, kind="telemarketing"), make_agent(team)
    make_plan(team.unit)
    call = make_call(campaign, agent, code="SALE")
    make_order(call)
    draw_samples(day=NOW.date(), now=NOW + timedelta(days=1))
    return Review.objects.get(), make_inspector(team.unit)


def marks(review, *verdicts):
    return {row.pk: verdict for row, verdict in zip(criteria_of(review.scorecard_id), verdicts, strict=True)}


def published(drawn, *verdicts):
    review, inspector = drawn
    open_review(review=review, by=inspector, now=NOW)
    return publish_review(review=review, marks=marks(review, *verdicts), comment="", by=inspector, now=NOW)


def test_publish_scores_by_weight_and_confirms_the_sale(drawn):
    review = published(drawn, FULL, FULL, FULL, FULL, FULL, HALF)
    assert (review.score, review.fatal, review.passed) == (Decimal("65.00"), False, False)
    assert review.call.order.state == OrderState.VALID
    assert not Task.objects.filter(kind=Task.Kind.CORRECTIVE).exists()


def test_golden_16_not_applicable_items_leave_the_weights():
    """Weights 30 and 70 with the second not applicable give the first alone; all not applicable gives nothing."""
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    make_plan(team.unit)
    make_call(campaign, agent)
    draw_samples(day=NOW.date(), now=NOW + timedelta(days=1))
    review = published((Review.objects.get(), make_inspector(team.unit)), NA, NA, NA, NA, HALF, NA)
    assert review.score == Decimal("50.00")


def test_all_not_applicable_is_undefined_not_zero(drawn):
    review = published(drawn, NA, NA, NA, NA, NA, NA)
    assert (review.score, review.passed) == (None, None)


def test_a_fatal_error_scores_zero_voids_the_sale_and_plans_a_correction(drawn):
    review = published(drawn, FULL, FULL, NONE, FULL, FULL, FULL)
    review.refresh_from_db()
    assert (review.score, review.fatal, review.passed) == (0, True, False)
    assert review.call.order.state == OrderState.VOID
    assert review.corrective_task.kind == Task.Kind.CORRECTIVE
    assert review.corrective_task.customer == review.call.customer


def test_a_fatal_error_is_told_to_the_agent_and_urgently_to_the_lead(drawn):
    review, _inspector = drawn
    lead = make_user(Role.LEAD, team=review.team)
    published(drawn, NONE, FULL, FULL, FULL, FULL, FULL)
    assert Notification.objects.filter(recipient=review.agent).count() == 1
    assert Notification.objects.get(recipient=lead).level == Notification.Level.URGENT


def test_a_fatal_error_without_a_comment_is_refused_and_nothing_is_written(drawn):
    review, inspector = drawn
    open_review(review=review, by=inspector, now=NOW)
    with pytest.raises(Refused) as refusal:
        publish_review(
            review=review,
            marks=marks(review, Mark(Decimal(0)), FULL, FULL, FULL, FULL, FULL),
            comment="",
            by=inspector,
            now=NOW,
        )
    assert list(refusal.value.fields) == [f"m{criteria_of(review.scorecard_id)[0].pk}"]
    review.refresh_from_db()
    assert review.state == ReviewState.IN_REVIEW
    assert review.call.order.state == OrderState.CLAIMED


def test_an_unjudged_item_is_refused(drawn):
    review, inspector = drawn
    open_review(review=review, by=inspector, now=NOW)
    with pytest.raises(Refused):
        publish_review(review=review, marks={}, comment="", by=inspector, now=NOW)


def test_nobody_opens_a_review_of_an_own_call(drawn):
    review, _inspector = drawn
    with pytest.raises(Refused):
        open_review(review=review, by=review.agent, now=NOW)


def test_a_review_in_another_inspectors_hands_cannot_be_published_or_taken(drawn):
    review, inspector = drawn
    other = make_inspector(review.team.unit)
    stale = Review.objects.get(pk=review.pk)
    open_review(review=review, by=inspector, now=NOW)
    with pytest.raises(Conflict):
        open_review(review=stale, by=other, now=NOW)
    with pytest.raises(Conflict):
        publish_review(review=review, marks={}, comment="", by=other, now=NOW)


def test_put_back_frees_the_review_for_others(drawn):
    review, inspector = drawn
    open_review(review=review, by=inspector, now=NOW)
    put_back(review=review, by=inspector, now=NOW)
    open_review(review=review, by=make_inspector(review.team.unit), now=NOW)
    assert review.state == ReviewState.IN_REVIEW


def test_only_the_agent_acknowledges(drawn):
    review = published(drawn, FULL, FULL, FULL, FULL, FULL, FULL)
    with pytest.raises(Refused):
        acknowledge(review=review, by=drawn[1], now=NOW)
    acknowledge(review=review, by=review.agent, now=NOW)
    assert review.state == ReviewState.ACKNOWLEDGED


@pytest.mark.parametrize("state", ReviewState.values)
@pytest.mark.parametrize("action", ["open", "publish", "put_back", "acknowledge"])
def test_every_action_is_refused_in_every_state_but_its_own(drawn, state, action):
    review, inspector = drawn
    Review.objects.filter(pk=review.pk).update(state=state, reviewer=inspector)
    review.refresh_from_db()
    legal = {"open": "drawn", "publish": "in_review", "put_back": "in_review", "acknowledge": "published"}[
        action
    ]
    verbs = {
        "open": lambda: open_review(review=review, by=inspector, now=NOW),
        "publish": lambda: publish_review(
            review=review, marks=marks(review, *[FULL] * 6), comment="", by=inspector, now=NOW
        ),
        "put_back": lambda: put_back(review=review, by=inspector, now=NOW),
        "acknowledge": lambda: acknowledge(review=review, by=review.agent, now=NOW),
    }
    if state == legal or (action == "open" and state == "in_review"):
        verbs[action]()
    else:
        with pytest.raises((IllegalMove, Conflict)):
            verbs[action]()


def test_every_state_has_its_moves():
    assert set(REVIEW_MOVES) == set(ReviewState)
