"""Which customers a quota speaks of, and how many there are (CAM-3)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, Exists, OuterRef, Q, Value
from django.db.models.functions import MD5, Cast, Concat

from campaigns.models import Account, QuotaLine, QuotaPlan
from customers.models import Customer, Region
from customers.queries import not_listed
from customers.queries.segments import Run, chosen, definition_of


@dataclass(frozen=True)
class LineShown:
    """A quota with how many customers fit it now; ``short`` when there are fewer than wanted."""

    line: QuotaLine
    available: int

    @property
    def short(self) -> bool:
        return self.available < self.line.wanted


def quota_plans(user, campaign):
    """The quota plans of a campaign in scope, newest first."""
    rows = QuotaPlan.objects.visible_to(user).filter(campaign=campaign).select_related("team", "created_by")
    return rows.order_by("-id")


def _children() -> dict[int | None, list[int]]:
    """The tree of regions, parent → children; one query (the tree is small)."""
    children = defaultdict(list)
    for pk, parent in Region.objects.order_by("id").values_list("pk", "parent_id"):
        children[parent].append(pk)
    return children


def _below(region_id: int, children) -> set[int]:
    """The region and everything below it."""
    found, waiting = set(), [region_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children[current])
    return found


def _people(plan: QuotaPlan, now: datetime):
    """The customers a plan may draw: of the campaign's client and the plan's team (or its unit without a team of their own),
    not in the campaign yet or given back unused, and not on the do-not-call list."""
    own = Q(team_id=plan.team_id) | Q(team=None, unit_id=plan.team.unit_id)
    there = Account.objects.filter(
        campaign_id=plan.campaign_id, customer=OuterRef("pk"), reclaimed_on__isnull=True
    )
    rows = Customer.objects.filter(own, client_id=plan.campaign.client_id, restriction="")
    campaign = plan.campaign
    rows = rows.filter(~Exists(there))
    return not_listed(
        rows, client_id=campaign.client_id, purpose=campaign.purpose, campaign_code=campaign.code, now=now
    )


def _fits(line: QuotaLine, children, run: Run) -> Q:
    """The region, kind and segment of a line as a condition. The plan's client is that of its campaign."""
    fits = Q(pk__isnull=False)
    if line.region_id:
        fits &= Q(region_id__in=_below(line.region_id, children))
    if line.customers:
        fits &= Q(key_customer=line.customers == QuotaLine.Customers.KEY)
    if line.nature:
        fits &= Q(nature=line.nature)
    if line.level:
        fits &= Q(level=line.level)
    if line.segment_id:
        fits &= chosen(definition_of(line.segment), run)
    return fits


def quota_customers(line: QuotaLine, *, now: datetime):
    """Customers that fit a quota at ``now`` and are not in the campaign yet, in the order in which they are drawn.

    The order is that of md5(seed:customer id), as in the policies' samples, so that anybody can draw them again.
    """
    key = MD5(Concat(Value(f"{line.plan.seed}:"), Cast("pk", CharField()), output_field=CharField()))
    return _people(line.plan, now).filter(_fits(line, _children(), Run(now))).order_by(key, "pk")


def quota_lines(plan: QuotaPlan, *, now: datetime) -> list[LineShown]:
    """The plan's lines with how many customers fit each at ``now``; three queries whatever their number.

    Places that segments name are looked up once more each.
    """
    lines = list(plan.lines.select_related("region", "segment").order_by("id"))
    if not lines:
        return []
    children, run = _children(), Run(now)
    counts = {f"line{line.pk}": Count("pk", filter=_fits(line, children, run)) for line in lines}
    available = _people(plan, now).aggregate(**counts)
    return [LineShown(line, available[f"line{line.pk}"]) for line in lines]
