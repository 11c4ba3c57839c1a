"""The demo's assignment: what agents can do, a capacity plan, tasks dealt, a worn-out question (CAM-3, CAM-8, CAM-9)."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from callbacks.actions import distribute
from callbacks.models import Distribution
from callbacks.queries.distribution import Selection, takeable
from callbacks.rules.distribution import EQUAL
from callcenter.workdays import local_day
from campaigns.actions import add_quota_line, create_quota_plan, propose_quota, save_capacity_plan
from campaigns.models import Campaign, CapacityPlan, QuotaPlan, RequiredSkill
from people.models import AgentSkill, Skill, Team, User
from people.queries import agents_of_team
from surveys.actions import propose_everywhere

DEALT = 6
LEVELS = (4, 3, 5, 2)


def load(*, now, rng) -> None:
    """Make what is missing."""
    campaign, team = Campaign.objects.get(code="SAT"), Team.objects.get(code="T1")
    lead, manager = (User.objects.get(username=name) for name in ("lead1", "manager1"))
    _skills()
    if not CapacityPlan.objects.exists():
        save_capacity_plan(
            campaign=campaign,
            by=manager,
            now=now,
            completes=1_500,
            connect_rate=Decimal("0.55"),
            connected_per_complete=Decimal("1.60"),
            dials_per_day=35,
            agents=4,
            days=32,
        )
    if not QuotaPlan.objects.exists():
        plan = create_quota_plan(campaign=campaign, team=team, name="重点客户补充回访", by=lead, now=now)
        add_quota_line(plan=plan, wanted=3, customers="key")
        add_quota_line(plan=plan, wanted=10, customers="ordinary")
        propose_quota(plan=plan, by=lead, now=now)
    if not Distribution.objects.exists() and takeable(Selection(team=team)).exists():
        distribute(
            selection=Selection(team=team, at_most=DEALT),
            way=EQUAL,
            agents=list(agents_of_team(team).values_list("pk", flat=True)),
            seed=f"{rng.getrandbits(64):016x}",
            key=uuid.UUID(int=rng.getrandbits(128)),
            by=lead,
            now=now,
        )
    yesterday = local_day(now, settings.TIME_ZONE) - timedelta(days=1)
    propose_everywhere(until=yesterday, now=now)


def _skills():
    """Cantonese and the work of two campaigns, the second of which nobody works unrated."""
    agents = list(User.objects.filter(username__in=["agent1", "agent2", "agent3", "agent4"]).order_by("id"))
    names = {("language", "yue"): "粤语", ("campaign", "SAT"): "理赔回访", ("campaign", "TEL"): "流量包推荐"}
    for (kind, code), name in names.items():
        skill, made = Skill.objects.get_or_create(kind=kind, code=code, defaults={"name": name})
        rated = list(zip(agents, LEVELS, strict=False))[: 2 if kind == "language" else None] if made else []
        for agent, level in rated:
            AgentSkill.objects.create(skill=skill, user=agent, level=level)
    work = Skill.objects.get(kind="campaign", code="TEL")
    for campaign in Campaign.objects.filter(code="TEL", required_skills=None):
        RequiredSkill.objects.create(campaign=campaign, skill=work, level=min(LEVELS))
