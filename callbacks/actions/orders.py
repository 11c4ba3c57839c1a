"""Orders: claimed by the agent with a sale, found valid or void by quality, cancelled by the customer (QA-3, CAM-10)."""

from django.conf import settings
from django.utils.translation import gettext as _

from callbacks.models import Order, OrderStep
from callbacks.states import OrderState
from callcenter.workdays import local_day
from callcenter.workflow import advance


def open_order(*, call, amount, by, now) -> Order:
    """The order an agent claims with a sale; one per call."""
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
    return order


def confirm_order(*, order, by, now, note="") -> Order:
    """All four criteria are met (QA-3): the order is valid. Raises ``IllegalMove`` or ``LostRace``."""
    return advance(order, OrderState.VALID, by=by, at=now, note=note)


def void_order(*, order, by, now, note) -> Order:
    """A criterion is missing: the order does not count. Raises ``IllegalMove`` or ``LostRace``."""
    return advance(order, OrderState.VOID, by=by, at=now, note=note)


def cancel_order(*, order, by, now, note="") -> Order:
    """The customer has taken it back, or its call turned out to be no sale. Raises ``IllegalMove`` or ``LostRace``."""
    return advance(order, OrderState.CANCELLED, by=by, at=now, note=note or _("Cancelled."))
