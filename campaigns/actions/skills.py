"""What a campaign asks of its agents (CAM-1, ORG-7)."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict
from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.actions.campaigns import CLOSED
from campaigns.models import RequiredSkill
from people.models import Skill


@transaction.atomic
def set_required_skills(*, campaign, levels: Mapping[Skill, int], by, now) -> None:
    """Replace the skills an agent needs for this campaign: ``levels`` maps each to the least level, 1 to 5.

    Holds from the next task handed out on. Raises ``Conflict`` when the campaign is closed.
    """
    if campaign.state in CLOSED:
        raise Conflict(
            _("This campaign is finished and no longer changes. Copy it to start a new one."), code="closed"
        )
    campaign.required_skills.all().delete()
    RequiredSkill.objects.bulk_create(
        [RequiredSkill(campaign=campaign, skill=skill, level=level) for skill, level in levels.items()]
    )
    log_access(by, AccessLog.Action.CHANGE, "campaign", campaign.pk, now=now, columns=["required_skills"])
