"""Letters and home visits as a list, as an address sheet, and their response rates (CB-12)."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from callbacks.models import Delivery, Task
from callbacks.queries.permission import decisions_of
from callbacks.rules.deliveries import Rates
from callbacks.states import BY_HAND, DELIVERY_MOVES, OPEN, DeliveryState
from campaigns.models import Variant
from customers.models import Channel

# What one sheet holds at most; more people are more sheets, each with its own line in the access log.
SHEET = 200
TABS = {
    "todo": Q(state__in=OPEN)
    & (
        Q(delivery=None)
        | Q(delivery__state__in=[DeliveryState.OPEN, DeliveryState.RETURNED, DeliveryState.ABSENT])
    ),
    "out": Q(delivery__state=DeliveryState.SENT),
    "over": ~Q(state__in=OPEN),
}


def by_hand(user, *, campaign=None, channel="", tab="todo"):
    """Tasks in scope that are letters or visits, earliest deadline first; ``result`` is the state of each.

    ``asks`` says whether there may be answers to write down.
    """
    rows = Task.objects.visible_to(user).filter(channel__in=BY_HAND)
    if campaign:
        rows = rows.filter(campaign=campaign)
    if channel in BY_HAND:
        rows = rows.filter(channel=channel)
    rows = rows.filter(TABS.get(tab, TABS["todo"]))
    variants = Variant.objects.filter(campaign=OuterRef("campaign"))
    rows = rows.annotate(
        result=Coalesce("delivery__state", Value(DeliveryState.OPEN.value)),
        asks=Q(questionnaire__isnull=False) | Q(campaign__questionnaire__isnull=False) | Exists(variants),
    )
    rows = rows.select_related("campaign", "customer", "queue__team", "delivery", "agent")
    return rows.order_by("deadline", "id") if tab != "over" else rows.order_by("-closed_at", "-id")


def next_results(channel: str, state: str) -> list[tuple[str, str]]:
    """The results a letter or visit may be given from its state, with their names."""
    from_here = DELIVERY_MOVES.get(state, ())
    return [(one.value, one.label) for one in DeliveryState if one in from_here]


@dataclass(frozen=True)
class CampaignRates:
    """One line of the response rates."""

    campaign: str
    channel: str
    label: str
    waiting: int
    rates: Rates


def response_rates(user, *, campaign=None) -> list[CampaignRates]:
    """Per campaign and channel what was sent or visited and what came of it; one query over the tasks in scope."""
    rows = Task.objects.visible_to(user).filter(channel__in=BY_HAND)
    if campaign:
        rows = rows.filter(campaign=campaign)
    found = (
        rows.values("campaign_id", "campaign__name", "channel")
        .annotate(
            waiting=Count("id", filter=TABS["todo"]),
            done=Count("delivery", filter=Q(delivery__attempts__gt=0)),
            back=Count("delivery", filter=Q(delivery__state=DeliveryState.RETURNED)),
            answered=Count(
                "delivery",
                filter=Q(delivery__state__in=[DeliveryState.RECEIVED, DeliveryState.VISITED]),
            ),
            refused=Count("delivery", filter=Q(delivery__state=DeliveryState.REFUSED)),
        )
        .order_by("campaign__name", "campaign_id", "channel")
    )
    labels = dict(Channel.choices)
    return [
        CampaignRates(
            row["campaign__name"],
            row["channel"],
            str(labels.get(row["channel"], row["channel"])),
            row["waiting"],
            Rates(row["done"], row["back"], row["answered"], row["refused"]),
        )
        for row in found
    ]


@dataclass(frozen=True)
class Address:
    """One line of an address sheet."""

    task: Task
    name: str
    address: str


def address_sheet(tasks, *, now) -> tuple[list[Address], int]:
    """The addresses of letters and visits that may be made now, and how many were left out.

    Left out are customers who may not be contacted (do-not-call, withdrawn, restricted, closed campaign) and those without
    an address. Hours of the day are not asked: a sheet is printed before the visit.
    """
    tasks = list(tasks.select_related("campaign__client", "customer", "queue__team").order_by("id")[:SHEET])
    allowed = set()
    for campaign, channel in {(task.campaign, task.channel) for task in tasks}:
        own = [task for task in tasks if task.campaign_id == campaign.pk and task.channel == channel]
        answers = decisions_of(own, campaign, now=now, channel=channel)
        allowed |= {
            task.pk
            for task, answer in zip(own, answers, strict=True)
            if answer.allowed or answer.next_at is not None
        }
    lines = [
        Address(task, task.customer.name, task.customer.address)
        for task in tasks
        if task.pk in allowed and task.customer.address
    ]
    return lines, len(tasks) - len(lines)


def delivery_of(task) -> Delivery | None:
    """The letter or visit of a task, if one was reported."""
    return Delivery.objects.filter(task=task).first()
