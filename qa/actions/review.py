"""Scoring a call: opened by one inspector, published with its consequences, acknowledged by the agent (QA-2, QA-3)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callbacks.actions import confirm_order, plan_task, void_order
from callbacks.models import Order, Task
from callbacks.states import OrderState
from callcenter.errors import Conflict, Refused
from callcenter.models import Notification
from callcenter.notify import notify
from callcenter.workflow import advance, can_move
from people.queries import leads_of
from qa.models import Criterion, Review, ReviewItem
from qa.queries import criteria_of
from qa.rules.scoring import ScoredItem, score
from qa.states import ReviewState

CORRECT_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Mark:
    """An inspector's verdict on one criterion: ``share`` 0 … 1 of its weight, None for not applicable."""

    share: Decimal | None
    comment: str = ""
    second: int | None = None


def open_review(*, review, by, now) -> Review:
    """Take a drawn review to score it. Nobody scores an own call; what another has taken is a conflict."""
    if review.agent_id == by.pk:
        raise Refused(_("Nobody reviews an own call. Leave it to another inspector."), code="self_review")
    if review.state == ReviewState.IN_REVIEW and review.reviewer_id == by.pk:
        return review
    return advance(review, ReviewState.IN_REVIEW, by=by, at=now, reviewer=by)


def put_back(*, review, by, now) -> Review:
    """Return a review one has taken, unscored."""
    _must_be_mine(review, by)
    return advance(review, ReviewState.DRAWN, by=by, at=now, reviewer=None)


@transaction.atomic
def publish_review(*, review, marks, comment, by, now) -> Review:
    """Score and publish: ``marks`` maps every criterion id of the scorecard to a ``Mark``.

    Any failed fatal criterion makes it 0. A sale with a fatal error, or that misses one of the four criteria, becomes
    void; a sale that meets them becomes valid. Fatal or void asks for a corrective call, complaint or not (QA-3).
    Raises ``Refused`` for a missing or unexplained verdict, ``Conflict`` when another inspector holds the review.
    """
    _must_be_mine(review, by)
    criteria = criteria_of(review.scorecard_id)
    _check_marks(criteria, marks)
    result = score(
        [ScoredItem(row.weight, marks[row.pk].share, row.fatal) for row in criteria],
        pass_mark=review.scorecard.pass_mark,
    )
    rounded = None if result.value is None else result.value.quantize(Decimal("0.01"))
    review = advance(
        review,
        ReviewState.PUBLISHED,
        by=by,
        at=now,
        score=rounded,
        fatal=result.fatal,
        passed=result.passed,
        comment=comment,
        published_at=now,
    )
    ReviewItem.objects.bulk_create(
        [
            ReviewItem(
                review=review,
                criterion=row,
                share=marks[row.pk].share,
                failed=_failed(row, marks[row.pk]),
                second=marks[row.pk].second,
                comment=marks[row.pk].comment,
            )
            for row in criteria
        ]
    )
    _settle_order(review, criteria, marks, by, now)
    _tell(review, now)
    return review


def acknowledge(*, review, by, now) -> Review:
    """The agent has read the result."""
    if review.agent_id != by.pk:
        raise Refused(_("Only the agent whose call was reviewed can acknowledge it."), code="not_yours")
    return advance(review, ReviewState.ACKNOWLEDGED, by=by, at=now, acknowledged_at=now)


def _must_be_mine(review, by):
    if review.state != ReviewState.IN_REVIEW or review.reviewer_id != by.pk:
        raise Conflict(
            _("This review is not in your hands. Open it again from the list."), code="not_in_hand"
        )


def _failed(criterion, mark):
    return mark.share is not None and (
        mark.share < 1 if criterion.fatal or criterion.validity else mark.share == 0
    )


def _check_marks(criteria, marks):
    missing = [row for row in criteria if row.pk not in marks]
    if missing:
        raise Refused(
            _("Not every item is judged: %(item)s.") % {"item": missing[0]},
            fields={f"c{row.pk}": [_("Choose a verdict.")] for row in missing},
        )
    silent = [
        row for row in criteria if row.fatal and _failed(row, marks[row.pk]) and not marks[row.pk].comment
    ]
    if silent:
        raise Refused(
            _("A fatal error needs a comment that says what was heard: %(item)s.") % {"item": silent[0]},
            fields={f"m{row.pk}": [_("Say what was heard.")] for row in silent},
        )


def _settle_order(review, criteria, marks, by, now):
    order = Order.objects.filter(call=review.call_id).select_for_update().first()
    missed = [row for row in criteria if row.validity and _failed(row, marks[row.pk])]
    is_void = review.fatal or bool(missed)
    note = _("QA review %(id)s") % {"id": review.pk}
    if order and is_void and can_move(order, OrderState.VOID):
        void_order(order=order, by=by, now=now, note=note)
    elif order and not is_void and order.state == OrderState.CLAIMED and _judged_validity(criteria, marks):
        confirm_order(order=order, by=by, now=now, note=note)
    if review.fatal or (order and is_void):
        _plan_correction(review, by, now)


def _judged_validity(criteria, marks):
    """A sale is only found valid by a scorecard that asked for all four criteria."""
    asked = {row.validity for row in criteria if row.validity and marks[row.pk].share is not None}
    return asked >= {value for value in Criterion.Validity.values if value}


def _plan_correction(review, by, now):
    call = review.call
    task, _created = plan_task(
        campaign=call.campaign,
        customer=call.customer,
        kind=Task.Kind.CORRECTIVE,
        source=f"qa:{review.pk}",
        due_at=now,
        deadline=now + CORRECT_WITHIN,
        reason=_("Correct the call reviewed as no. %(id)s") % {"id": review.pk},
        priority=2,
        team=call.team,
        now=now,
        by=by,
    )
    Review.objects.filter(pk=review.pk).update(corrective_task=task)
    review.corrective_task = task


def _tell(review, now):
    url = reverse("qa:review", args=[review.pk])
    text = gettext_noop("A call of yours was reviewed: %(score)s")
    shown = "—" if review.score is None else str(review.score)
    notify([review.agent], text, key=f"review:{review.pk}", now=now, url=url, score=shown)
    if review.fatal:
        warning = gettext_noop("Fatal error in a call of %(agent)s")
        notify(
            leads_of(review.team),
            warning,
            key=f"fatal:{review.pk}",
            now=now,
            url=url,
            level=Notification.Level.URGENT,
            agent=str(review.agent),
        )
