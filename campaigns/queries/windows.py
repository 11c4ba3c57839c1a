"""When a policy's callback for an event begins and ends, and which events it takes (CAM-2)."""

from django.db.models import CharField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from callcenter.workdays import Instants, WorkCalendar
from campaigns.rules.coverage import Span
from campaigns.rules.coverage import policy_window as window_of
from customers.models import ServiceEvent


def policy_window(policy, event_at, calendar: WorkCalendar) -> Instants:
    """The UTC instants between which the callback for an event at ``event_at`` is promised, half-open.

    ``calendar`` is the campaign's, as ``people.queries.work_calendar`` gives it.
    """
    length = Span(policy.window, policy.window_unit, policy.due_time)
    return window_of(event_at, delay_days=policy.start_delay_days, length=length, cal=calendar)


def policy_events(policy, *, since, until):
    """Service events of the policy's client that it takes, created after ``since`` (None: all) up to ``until``.

    By the instant they reached us, so that late ones are not missed. Filters: kind, customers, nature and one field
    of the event. Ordered for batches.
    """
    events = ServiceEvent.objects.filter(
        client_id=policy.campaign.client_id, kind=policy.event_kind, created_at__lte=until
    )
    if since is not None:
        events = events.filter(created_at__gt=since)
    if policy.key_customers_only:
        events = events.filter(customer__key_customer=True)
    if policy.ordinary_only:
        events = events.filter(customer__key_customer=False)
    if policy.nature:
        events = events.filter(customer__nature=policy.nature)
    if policy.without_phone:
        events = events.filter(customer__phones=None).exclude(customer__address="")
    if policy.fact_name:
        fact = Cast(KeyTextTransform(policy.fact_name, "facts"), CharField())
        events = events.annotate(wanted_fact=fact).filter(wanted_fact=policy.fact_value)
    return events.order_by("created_at", "id")
