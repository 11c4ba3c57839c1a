"""Who may not work a campaign for want of a skill it requires (CAM-1, CAM-4)."""

from collections.abc import Collection

from campaigns.models import RequiredSkill
from people.models import AgentSkill


def unable_by_campaign(campaign_ids: Collection[int], user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Campaign id → those of the users who lack a required skill or its level; campaigns that require none are missing."""
    required = list(
        RequiredSkill.objects.filter(campaign__in=campaign_ids)
        .order_by("campaign", "id")
        .values_list("campaign", "skill", "level")
    )
    if not required:
        return {}
    held = AgentSkill.objects.filter(
        user__in=user_ids, skill__in={skill for _campaign, skill, _level in required}
    )
    levels = {(user, skill): level for user, skill, level in held.values_list("user", "skill", "level")}
    unable: dict[int, frozenset[int]] = {}
    for campaign, skill, level in required:
        lacking = frozenset(user for user in user_ids if levels.get((user, skill), 0) < level)
        unable[campaign] = unable.get(campaign, frozenset()) | lacking
    return unable
