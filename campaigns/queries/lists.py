"""Campaigns and results as lists (CAM-1, CB-4)."""

from django.db.models import Q

from callcenter.kept import kept
from campaigns.models import Campaign, Disposition, Script
from campaigns.rules import variants
from campaigns.states import CampaignState


def campaigns(user, *, search="", state="", kind="", client=None):
    """Campaigns in scope that match the filters; running ones first, then by name."""
    rows = Campaign.objects.visible_to(user).select_related("client").prefetch_related("teams")
    if search := search.replace("\x00", "").strip()[:80]:
        rows = rows.filter(Q(name__icontains=search) | Q(code__icontains=search))
    if state in CampaignState.values:
        rows = rows.filter(state=state)
    if kind in Campaign.Kind.values:
        rows = rows.filter(kind=kind)
    if client:
        rows = rows.filter(client=client)
    return rows.order_by("-starts_on", "name", "id")


def running_campaigns():
    """Campaigns whose tasks are handed out now."""
    return Campaign.objects.filter(state=CampaignState.RUNNING).order_by("priority", "id")


def disposition_by_code() -> dict[str, Disposition]:
    """Every disposition by its code; one query."""
    return {row.code: row for row in Disposition.objects.order_by("position", "id")}


def offered_dispositions(campaign) -> list[Disposition]:
    """What an agent may choose in a campaign, in order; kept for some seconds."""
    return [row for row in _offered() if not row.kinds or campaign.kind in row.kinds]


@kept
def _offered() -> list[Disposition]:
    return list(Disposition.objects.offered().order_by("position", "id"))


def questionnaire_for(campaign, customer_id: int):
    """The questionnaire version this customer is asked: one of the variants by weight, else the campaign's own."""
    rows = sorted(campaign.variants.all(), key=lambda row: row.pk)
    if not rows:
        return campaign.questionnaire
    place = variants.pick([row.weight for row in rows], campaign_id=campaign.pk, customer_id=customer_id)
    return rows[place].version


def scripts(user):
    """Scripts in scope with their client and versions."""
    rows = Script.objects.visible_to(user).select_related("client").prefetch_related("versions")
    return rows.order_by("name", "id")
