"""The records behind every line of a statement, and what they add up to (KPI-13)."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear

from callbacks.models import Call, Delivery, Order, OrderStep
from callbacks.states import OrderState
from callcenter.workdays import day_bounds
from campaigns.models import Campaign
from complaints.models import Complaint
from qa.models import Review
from reports.models import CampaignScheme, SettlementScheme, StatementLine
from reports.rules.settlement import Item, month_number, penalty, pieces, shares
from surveys.models import Invitation, Response

Kind = StatementLine.Kind


def next_month(month: date, steps: int = 1) -> date:
    """The first day of the month that lies ``steps`` after (or, negative, before) ``month``."""
    whole = month.year * 12 + month.month - 1 + steps
    return date(whole // 12, whole % 12 + 1, 1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first instant of a local month and the first one after it."""
    return (
        day_bounds(month, settings.TIME_ZONE)[0],
        day_bounds(next_month(month), settings.TIME_ZONE)[0],
    )


def scheme_of(campaign: Campaign, month: date) -> SettlementScheme | None:
    """By what a campaign is settled in a month; None while nobody has chosen a scheme for it."""
    rows = CampaignScheme.objects.filter(campaign=campaign, since__lte=month).select_related("scheme")
    found = rows.order_by("-since").first()
    return found.scheme if found else None


def schemes_of(campaign: Campaign):
    """Its schemes, the newest first."""
    return CampaignScheme.objects.filter(campaign=campaign).select_related("scheme").order_by("-since")


def settled_campaigns(client, month: date) -> list[tuple[Campaign, SettlementScheme]]:
    """Each campaign of a client that has a scheme in the month, with it; by name."""
    newest: dict[int, CampaignScheme] = {}
    rows = CampaignScheme.objects.filter(campaign__client=client, since__lte=month)
    for row in rows.select_related("campaign", "scheme").order_by("since"):
        newest[row.campaign_id] = row
    found = [(row.campaign, row.scheme) for row in newest.values()]
    return sorted(found, key=lambda pair: (pair[0].name, pair[0].pk))


def items_of(campaign: Campaign, scheme: SettlementScheme, month: date) -> list[Item]:
    """The lines of one campaign's month as the records say now."""
    found = shares(scheme.percents, _paying_users(campaign, scheme, month))
    found += pieces(
        Kind.QUESTIONNAIRE,
        responses(campaign, month).count(),
        scheme.per_questionnaire,
    )
    found += pieces(
        Kind.VOID_ORDER, void_orders(campaign, month).count(), penalty(scheme.per_void_order, doubled=False)
    )
    found += pieces(
        Kind.COMPLAINT,
        complaints(campaign, month).count(),
        penalty(scheme.per_complaint, doubled=scheme.complaints_double),
    )
    return found


def paying(campaign: Campaign, month: date, last: int):
    """Orders whose customers pay in the month, in one of the first ``last`` months; each with the day it ``began``.

    A trial pays from its billing on, a sale without one from the day of the sale once quality has found it valid. Who ends
    the service pays no more for that month; a void order was never one.
    """
    after = next_month(month)
    rows = Order.objects.filter(campaign=campaign).annotate(began=Coalesce("billed_on", "sold_on"))
    runs = Q(state__in=[OrderState.BILLING, OrderState.VALID])
    ran = Exists(_ended_from(OrderState.BILLING, OrderState.VALID).filter(at__gte=bounds(month)[1]))
    return rows.filter(runs | ran, began__lt=after, began__gte=next_month(month, 1 - last))


def _ended_from(*states):
    """The step by which an order of the query around it was cancelled out of one of ``states``; nothing follows it."""
    return OrderStep.objects.filter(case=OuterRef("pk"), to_state=OrderState.CANCELLED, from_state__in=states)


def paying_in(campaign: Campaign, month: date, place: int):
    """Those of them for whom it is month number ``place`` of the service."""
    began = next_month(month, 1 - place)
    return paying(campaign, month, place).filter(began__lt=next_month(began))


def _paying_users(campaign, scheme, month):
    fee = Coalesce(F("amount"), scheme.monthly_fee)
    rows = paying(campaign, month, len(scheme.fee_percents)).order_by()
    by_month = rows.values(year=ExtractYear("began"), number=ExtractMonth("began"))
    users: dict[int, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal()))
    for row in by_month.annotate(count=Count("id"), fees=Sum(fee)):
        users[month_number(date(row["year"], row["number"], 1), month)] = row["count"], row["fees"]
    return users


def valid_calls(campaign: Campaign, month: date):
    """Completed calls of the month with a whole questionnaire that quality has not failed."""
    failed = Review.objects.filter(call=OuterRef("pk"), passed=False, published_at__isnull=False)
    rows = Call.objects.counted().filter(
        campaign=campaign,
        local_day__gte=month,
        local_day__lt=next_month(month),
        disposition__completed=True,
        response__complete=True,
    )
    return rows.exclude(Exists(failed))


def responses(campaign: Campaign, month: date):
    """The whole questionnaires of the month: of valid calls, one that was called about twice once, by link and on paper."""
    parts = (valid_calls(campaign, month), by_link(campaign, month), on_paper(campaign, month))
    calls, links, papers = (rows.order_by().values("response") for rows in parts)
    return Response.objects.filter(pk__in=calls.union(links, papers))


def by_link(campaign: Campaign, month: date):
    """Whole questionnaires that customers of the campaign filled in themselves in the month."""
    first, after = bounds(month)
    return Invitation.objects.filter(
        campaign_code=campaign.code,
        response__complete=True,
        response__submitted_at__gte=first,
        response__submitted_at__lt=after,
    )


def on_paper(campaign: Campaign, month: date):
    """Whole questionnaires of letters and visits that were written down in the month."""
    first, after = bounds(month)
    return Delivery.objects.filter(
        task__campaign=campaign,
        response__complete=True,
        response__submitted_at__gte=first,
        response__submitted_at__lt=after,
    )


def void_orders(campaign: Campaign, month: date):
    """Orders that quality found unqualified in the month and that still are, or were when they were cancelled."""
    first, after = bounds(month)
    steps = OrderStep.objects.filter(
        case=OuterRef("pk"), to_state=OrderState.VOID, at__gte=first, at__lt=after
    )
    still = Q(state=OrderState.VOID) | Exists(_ended_from(OrderState.VOID))
    return Order.objects.filter(still, Exists(steps), campaign=campaign)


def complaints(campaign: Campaign, month: date):
    """Complaints registered in the month that were judged founded."""
    first, after = bounds(month)
    return Complaint.objects.filter(
        campaign=campaign, founded=True, registered_at__gte=first, registered_at__lt=after
    )


def records_behind(line: StatementLine):
    """(what the records are, the ordered rows) of a line as they are today; None for a correction, whose months tell."""
    if line.campaign is None:
        return None
    month = line.statement.month
    if line.kind == Kind.SHARE:
        rows = paying_in(line.campaign, month, line.place).select_related("account__customer", "agent")
        return "orders", rows.order_by("began", "id")
    if line.kind == Kind.QUESTIONNAIRE:
        rows = responses(line.campaign, month).select_related("customer")
        return "answers", rows.order_by("submitted_at", "id")
    if line.kind == Kind.VOID_ORDER:
        rows = void_orders(line.campaign, month).annotate(began=F("sold_on"))
        return "orders", rows.select_related("account__customer", "agent").order_by("sold_on", "id")
    rows = complaints(line.campaign, month).select_related("customer")
    return "complaints", rows.order_by("registered_at", "id")
