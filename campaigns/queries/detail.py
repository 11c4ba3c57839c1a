"""What the page of one campaign shows (CAM-1)."""

from django.db.models import Count, Q

from campaigns.models import Account, CampaignStep
from customers.models import Customer

STEPS = 50


def history(campaign):
    """The campaign's moves, newest first."""
    return CampaignStep.objects.filter(case=campaign).select_related("by").order_by("-at", "-id")[:STEPS]


def policies(campaign):
    """Its callback policies, active ones first."""
    return campaign.policies.select_related("segment").order_by("-active", "priority", "id")


def targets(campaign):
    """Its targets, the newest first."""
    return campaign.targets.select_related("team", "agent").order_by("metric", "-valid_from", "id")[:200]


def account_counts(campaign) -> dict:
    """How many customers of the campaign are loaded, called, reached, completed, sold, useless (domain.md 5.1, 5.2)."""
    return Account.objects.filter(campaign=campaign, reclaimed_on=None).aggregate(
        loaded=Count("id"),
        called=Count("id", filter=Q(first_called_on__isnull=False)),
        reached=Count("id", filter=Q(reached_on__isnull=False)),
        completed=Count("id", filter=Q(completed_on__isnull=False)),
        sold=Count("id", filter=Q(sold_on__isnull=False)),
        useless=Count("id", filter=Q(useless_on__isnull=False)),
    )


def preview_customers(user, script):
    """Some customers in the user's scope on whom a script can be tried: those of its client, newest first."""
    rows = Customer.objects.records().visible_to(user)
    if script.client_id:
        rows = rows.filter(client_id=script.client_id)
    return rows.order_by("-id")[:20]
