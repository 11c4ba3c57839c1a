"""What this app adds to a customer's timeline: calls, orders, and calls made again for a reason (CUS-9, CB-10)."""

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from callbacks.models import Call, Order, Task
from callbacks.states import TRIAL_RUNS, OrderState, TaskState
from callcenter.access import Role
from callcenter.templatetags.show import duration
from customers.queries.timeline import Entry, Source, register
from customers.rules.phones import mask

CALL_READERS = (Role.AGENT, Role.LEAD, Role.QA, Role.QA_SUPERVISOR, Role.MANAGER)
TASK_READERS = (Role.AGENT, Role.LEAD, Role.MANAGER)


def _calls(user, customer):
    rows = Call.objects.visible_to(user).filter(customer=customer, superseded=False)
    return rows.select_related("campaign", "agent", "disposition")


def _show_call(call) -> Entry:
    result = call.disposition
    tone = (
        "good" if result.completed else "warn" if result.refused else "info" if result.connected else "quiet"
    )
    facts = [call.campaign.name, mask(call.number) if call.number else "", call.note]
    if call.talk_seconds:
        facts.insert(2, duration(call.talk_seconds))
    return Entry(
        title=_("Call #%(number)s") % {"number": call.pk},
        badge=str(result),
        tone=tone,
        text=" · ".join(filter(None, facts)),
        by=call.agent,
        url=reverse("callbacks:call", args=[call.pk]),
    )


def _orders(user, customer):
    rows = Order.objects.visible_to(user).filter(account__customer=customer)
    return rows.select_related("campaign", "agent")


def _show_order(order) -> Entry:
    tones = dict.fromkeys([OrderState.CLAIMED, *TRIAL_RUNS], "info")
    tones |= dict.fromkeys([OrderState.VALID, OrderState.BILLING], "good")
    amount = number_format(order.amount, 2, force_grouping=True) if order.amount is not None else ""
    return Entry(
        title=_("Order #%(number)s") % {"number": order.pk},
        badge=order.get_state_display(),
        tone=tones.get(order.state, "bad"),
        text=" · ".join(filter(None, [order.campaign.name, amount])),
        by=order.agent,
        url=reverse("callbacks:order", args=[order.pk]),
    )


def _recontacts(user, customer):
    """Work that is not the campaign's first call. Second contacts are shown by the app that promises them."""
    rows = Task.objects.visible_to(user).filter(customer=customer)
    rows = rows.exclude(kind__in=[Task.Kind.CALLBACK, Task.Kind.SECOND_CONTACT])
    return rows.select_related("campaign", "agent", "disposition")


def _show_recontact(task) -> Entry:
    tones = {TaskState.DONE: "good", TaskState.CANCELLED: "quiet"}
    return Entry(
        title=task.get_kind_display(),
        badge=task.get_state_display(),
        tone=tones.get(task.state, "info"),
        text=" · ".join(filter(None, [task.campaign.name, task.reason, str(task.disposition or "")])),
        by=task.agent,
        url=reverse("callbacks:task", args=[task.pk]),
    )


register(
    Source("callbacks.call", "call", _calls, "started_at", _show_call, link_roles=CALL_READERS),
    Source("callbacks.order", "order", _orders, "created_at", _show_order, link_roles=CALL_READERS),
    Source(
        "callbacks.task", "recontact", _recontacts, "created_at", _show_recontact, link_roles=TASK_READERS
    ),
)
