"""A campaign's own quality plan (CAM-1, QA-1)."""

from django.db import transaction

from callcenter.models import AccessLog
from callcenter.notify import log_access
from people.models import Unit
from qa.models import SamplingPlan
from qa.queries import own_plan


@transaction.atomic
def save_campaign_plan(*, campaign, scorecard, percent, minimum_talk_seconds, by, now) -> SamplingPlan:
    """Draw ``percent`` of a campaign's valid calls each day by a plan of its own; its calls leave the plans of the units.

    ``percent`` is above 0 and at most 100. Days that are drawn already stay as they are.
    """
    plan = own_plan(campaign) or SamplingPlan(campaign=campaign, unit=_top_unit(campaign))
    plan.name = campaign.name
    plan.scorecard, plan.percent, plan.minimum_talk_seconds = scorecard, percent, minimum_talk_seconds
    plan.save()
    log_access(by, AccessLog.Action.CHANGE, "sampling_plan", plan.pk, now=now, campaign=campaign.code)
    return plan


@transaction.atomic
def drop_campaign_plan(*, campaign, by, now) -> bool:
    """Let the plans of the units draw from the campaign again; False when it had none of its own. Its samples stay."""
    plan = own_plan(campaign)
    if plan is None:
        return False
    SamplingPlan.objects.filter(pk=plan.pk).update(active=False)
    log_access(
        by, AccessLog.Action.CHANGE, "sampling_plan", plan.pk, now=now, campaign=campaign.code, removed=True
    )
    return True


def _top_unit(campaign) -> Unit:
    """The unit at the top of the tree of the campaign's teams, so that the plan covers every one of them."""
    path = campaign.teams.order_by("unit__path", "id").values_list("unit__path", flat=True).first()
    above = [unit for unit in Unit.objects.order_by("path", "id") if path.startswith(unit.path)]
    return above[0]
