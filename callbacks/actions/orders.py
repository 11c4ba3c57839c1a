"""Orders: claimed by the agent with a sale, found valid or void by quality, cancelled by the customer (QA-3, CAM-10).

In a campaign with a trial the order runs through it instead; what is asked and answered there is in ``confirmations``.
"""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from callbacks.actions.asking import locked, promise_next, take_back
from callbacks.models import Order, OrderStep
from callbacks.rules import trial as rule
from callbacks.states import OrderState
from callcenter.errors import Refused
from callcenter.workdays import local_day
from callcenter.workflow import advance


def open_order(*, call, amount, by, now) -> Order:
    """The order an agent claims with a sale; one per call. Where the campaign gives a trial it begins on the day of the call.

    A sale of the past, whose trial would be over by now, stays an order without a trial.
    """
    order = Order.objects.create(
        call=call,
        account_id=call.account_id,
        campaign_id=call.campaign_id,
        agent_id=call.agent_id,
        amount=amount,
        sold_on=local_day(call.started_at, settings.TIME_ZONE),
        created_at=now,
    )
    OrderStep.objects.create(case=order, from_state="", to_state=order.state, at=now, by=by)
    days = call.campaign.trial_days
    if days and rule.ends_on(order.sold_on, days) > local_day(now, settings.TIME_ZONE):
        start_trial(order=order, by=by, now=now)
    return order


@transaction.atomic
def start_trial(*, order, by, now) -> Order:
    """The service runs for free, and the first question is promised. Raises ``IllegalMove``, ``LostRace`` or ``Refused``."""
    order = locked(order)
    days = order.campaign.trial_days
    if not days:
        raise Refused(_("The campaign of this order gives no trial."), code="no_trial")
    advance(
        order,
        OrderState.IN_TRIAL,
        by=by,
        at=now,
        trial_days=days,
        trial_ends_on=rule.ends_on(order.sold_on, days),
    )
    promise_next(order, now=now, by=by)
    return order


@transaction.atomic
def confirm_order(*, order, by, now, note="") -> Order:
    """All four criteria are met (QA-3): the order is valid. Raises ``IllegalMove`` or ``LostRace``.

    An order with a trial is not made valid: it is billed after its confirmations, or not at all. Raises ``Refused``.
    """
    order = locked(order)
    if order.trial_ends_on:
        raise Refused(
            _(
                "This order has a trial: it counts after both confirmations. One that was declared void is sold anew "
                "in a corrective call."
            ),
            code="trial_order",
        )
    return advance(order, OrderState.VALID, by=by, at=now, note=note)


@transaction.atomic
def void_order(*, order, by, now, note) -> Order:
    """A criterion is missing: the order does not count. Raises ``IllegalMove`` or ``LostRace``."""
    order = advance(locked(order), OrderState.VOID, by=by, at=now, note=note)
    take_back(order, by=by, now=now, note=_("The order was declared void."))
    return order


@transaction.atomic
def cancel_order(*, order, by, now, note="") -> Order:
    """The customer has taken it back, or its call turned out to be no sale. Raises ``IllegalMove`` or ``LostRace``."""
    order = advance(locked(order), OrderState.CANCELLED, by=by, at=now, note=note or _("Cancelled."))
    take_back(order, by=by, now=now, note=_("The order was cancelled."))
    return order
