"""May this task's customer be called now? Campaign and task conditions are added here to ``may_contact`` (DESIGN section 2)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from callbacks.models import Call, Task
from callbacks.states import HELD, OPEN
from callcenter.workdays import local_day
from campaigns.states import CampaignState
from customers.models import BlacklistEntry, Phone
from customers.queries import decide_many, may_contact
from customers.rules.contact import REASON_TEXTS, AgreedTime, Hold, OtherAgent, TaskConditions

# A lease that has just run out may be renewed, or its call recovered; ask again after this long.
RECHECK = timedelta(seconds=30)


def with_context(tasks):
    """The tasks with what the desk and the decision read of their neighbours, in one query."""
    return tasks.select_related("campaign__client", "customer__region", "account", "queue__team")


def phones_of(task, *, now):
    """Every number of the customer, usable or not, with ``tried``: how often this account was called on it, and ``listed``:
    whether the do-not-call list forbids it for this campaign.
    """
    campaign = task.campaign
    listed = (
        BlacklistEntry.objects.in_force(now)
        .filter(Q(customer=None) | Q(customer_id=task.customer_id), number=OuterRef("number"))
        .filter(Q(client=None) | Q(client_id=campaign.client_id))
        .filter(purpose__in=["", campaign.purpose], campaign_code__in=["", campaign.code])
    )
    dialled = (
        Call.objects.filter(account_id=task.account_id, number=OuterRef("number"))
        .order_by()
        .values("number")
        .annotate(times=Count("id"))
        .values("times")
    )
    phones = Phone.objects.filter(customer_id=task.customer_id)
    return phones.annotate(tried=Coalesce(Subquery(dialled), 0), listed=Exists(listed))


def next_number(task, *, now) -> str:
    """The usable number to dial next: not on the do-not-call list, least tried, preferred (CB-5); "" when there is none.

    A number dialled as often as the campaign allows is left out, unless the customer expects the call.
    """
    usable = phones_of(task, now=now).usable()
    if used := used_up_numbers(task):
        usable = usable.exclude(number__in=used)
    phone = usable.order_by("listed", "tried", F("preferred").desc(), "id").first()
    return phone.number if phone else ""


def used_up_numbers(task) -> set[str]:
    """The customer's numbers that this task has dialled as often as its campaign allows (CAM-1)."""
    campaign = task.campaign
    if campaign.max_per_number is None or task.appointment:
        return set()
    calls = Call.objects.counted().filter(task_id=task.pk, disposition__attempt=True)
    if campaign.reset_when_reached:
        spoken = calls.filter(Q(disposition__reached=True) | Q(disposition__appointment=True))
        last = spoken.order_by("-started_at", "-id").values_list("started_at", flat=True).first()
        calls = calls.filter(started_at__gt=last) if last else calls
    counted = calls.order_by().values("number").annotate(times=Count("id"))
    return set(counted.filter(times__gte=campaign.max_per_number).values_list("number", flat=True))


def permission_of(task, *, now, number=None):
    """The decision about calling the task's customer at ``now``; ``number`` None means the number to dial next."""
    if number is None:
        number = next_number(task, now=now)
    return _decide(task, number, conditions_of(task, now=now), now)


def permission_at_claim(task, *, now):
    """The decision of ``permission_of`` about a task of ``claimed.with_customer``: no query when nothing is on record.

    That its campaign runs the claim itself has asked.
    """
    number, busy, known = task.customer.next_number or "", task.customer.busy, task.customer.known
    if known or not number or task.campaign.max_per_number is not None:
        # Chosen anew: the number to dial next may be one that is not on the do-not-call list.
        number = next_number(task, now=now)
    other_agent = _other_agent(task, now) if busy else None
    conditions = _conditions(task, task.campaign, now, other_agent, campaign_open=True)
    return _decide(task, number, conditions, now, on_record=bool(busy or known or not number))


def _decide(task, number, conditions, now, **options):
    campaign = task.campaign
    return may_contact(
        task.customer,
        number=number,
        channel=task.channel,
        purpose=campaign.purpose,
        campaign_code=campaign.code,
        now=now,
        conditions=conditions,
        **options,
    )


def conditions_of(task, *, now) -> TaskConditions:
    """What campaign and task add to the decision.

    A promise of a policy ends with its window; other tasks (second contact, corrective call) are late, but still made.
    A time the customer agreed to is kept even when the attempts are used up.
    """
    return _conditions(task, task.campaign, now, _other_agent(task, now))


def _conditions(task, campaign, now, other_agent, campaign_open=None):
    held = bool(task.hold) and (task.hold_until is None or task.hold_until > now)
    return TaskConditions(
        campaign_open=is_running(campaign, local_day(now, settings.TIME_ZONE))
        if campaign_open is None
        else campaign_open,
        closed=task.state not in OPEN,
        attempts=task.attempts,
        attempts_max=None if task.appointment else campaign.max_attempts,
        deadline=task.deadline if task.policy_id and not task.appointment else None,
        holds=(Hold(task.hold, task.hold_until),) if held else (),
        other_agent=other_agent,
        agreed=AgreedTime(task.agreed_at, recorded=True) if task.agreed_at else None,
        gap_applies=task.kind == Task.Kind.CALLBACK and not task.appointment and not task.attempts,
        campaign_hours=hours_of(campaign),
    )


def decisions_of(tasks, campaign, *, now, channel="phone"):
    """The decisions about many tasks of one campaign and channel, in a fixed number of queries, in the order of ``tasks``.

    Of two tasks of one customer the first is meant; the other is asked again when it is handed out.
    """
    busy = set(
        Task.objects.held()
        .filter(customer_id__in=[task.customer_id for task in tasks])
        .values_list("customer_id", flat=True)
    )
    someone = OtherAgent("", now + RECHECK)
    conditions = {
        task.customer_id: _conditions(task, campaign, now, someone if task.customer_id in busy else None)
        for task in reversed(tasks)
    }
    found = decide_many(
        list(conditions),
        channel=channel,
        purpose=campaign.purpose,
        campaign_code=campaign.code,
        now=now,
        conditions=conditions,
    )
    return [found[task.customer_id] for task in tasks]


def hours_of(campaign):
    """The campaign's own calling hours as a range of the customer's wall clock; None when it has none."""
    return (campaign.calls_from, campaign.calls_until) if campaign.calls_from else None


def is_running(campaign, day) -> bool:
    """Whether the campaign hands out work on the local ``day``."""
    return (
        campaign.state == CampaignState.RUNNING
        and campaign.starts_on <= day
        and (campaign.ends_on is None or campaign.ends_on >= day)
    )


def _other_agent(task, now):
    """Who works with the same customer just now. Of two who came at the same instant the first task wins, never neither."""
    others = Task.objects.filter(customer_id=task.customer_id, state__in=HELD).exclude(pk=task.pk)
    if task.claimed_at and task.state in HELD:
        others = others.filter(
            Q(claimed_at__lt=task.claimed_at) | Q(claimed_at=task.claimed_at, pk__lt=task.pk)
        )
    other = others.select_related("agent").order_by("claimed_at", "id").first()
    return OtherAgent(str(other.agent), max(other.lease_until, now + RECHECK)) if other else None


def reason_text(reason) -> str:
    """One reason against a contact as a sentence in the reader's language."""
    return _(REASON_TEXTS[reason.code]) % reason.params
