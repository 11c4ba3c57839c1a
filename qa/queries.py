"""What quality reads: the calls a plan may draw from, the work list, and one review with everything to judge it by."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Count, Max, Q

from callbacks.models import Call
from people.models import Team
from qa.models import Criterion, Review, Sample, SamplingPlan, ScorecardVersion
from qa.states import ReviewState
from surveys.models import Answer

RECHECK_MEMORY = timedelta(days=14)
TABS = {
    "todo": [ReviewState.DRAWN],
    "doing": [ReviewState.IN_REVIEW],
    "done": [ReviewState.PUBLISHED, ReviewState.ACKNOWLEDGED, ReviewState.RE_REVIEWED, ReviewState.FINAL],
}


def strata(plan: SamplingPlan, day) -> dict[tuple[int, int], list[int]]:
    """The valid calls of ``day`` a plan draws from, as ``{(agent id, team id): [call ids]}``, in drawing order.

    Valid: counted, connected, at least the plan's seconds of talk (domain.md 7.2). The order is campaign, result, start
    time, so that equal steps spread over all of them. What a campaign's own plan draws from is no other's. One query.
    """
    teams = Team.objects.filter(unit__path__startswith=plan.unit.path).values("pk")
    calls = Call.objects.counted().filter(
        local_day=day,
        team__in=teams,
        agent__isnull=False,
        disposition__connected=True,
        talk_seconds__gte=plan.minimum_talk_seconds,
    )
    if plan.campaign_id:
        calls = calls.filter(campaign=plan.campaign_id)
    else:
        own = SamplingPlan.objects.filter(active=True, level=plan.level, campaign__isnull=False)
        calls = calls.exclude(campaign__in=own.values("campaign"))
    ordered = calls.order_by("campaign_id", "disposition_id", "started_at", "id")
    found = defaultdict(list)
    for call_id, agent_id, team_id in ordered.values_list("pk", "agent_id", "team_id"):
        found[agent_id, team_id].append(call_id)
    return dict(sorted(found.items()))


def plans_of(campaign) -> list[SamplingPlan]:
    """The active plans that draw from a campaign's calls: its own, or those of the units its teams belong to."""
    plans = (
        SamplingPlan.objects.filter(active=True).select_related("unit", "scorecard").order_by("level", "id")
    )
    own = list(plans.filter(campaign=campaign))
    covered = {plan.level for plan in own}
    paths = list(campaign.teams.values_list("unit__path", flat=True))
    shared = plans.filter(campaign=None).exclude(level__in=covered)
    return own + [plan for plan in shared if any(path.startswith(plan.unit.path) for path in paths)]


def own_plan(campaign) -> SamplingPlan | None:
    """The local plan that draws from this campaign alone."""
    plans = SamplingPlan.objects.filter(campaign=campaign, active=True, level=SamplingPlan.Level.LOCAL)
    return plans.select_related("scorecard").first()


def already_drawn(plan, day) -> set[int]:
    """Agents whose sample of ``day`` exists."""
    return set(Sample.objects.filter(plan=plan, day=day).values_list("agent_id", flat=True))


def failures(agent_ids, *, now) -> dict[int, tuple]:
    """Per agent with a recent failed review: when the last one was published, and the reviews passed since."""
    recent = Review.objects.filter(agent__in=agent_ids, published_at__gte=now - RECHECK_MEMORY)
    last = dict(
        recent.filter(passed=False).order_by().values_list("agent").annotate(last=Max("published_at"))
    )
    since = Q(pk__in=[])
    for agent_id, failed_at in last.items():
        since |= Q(agent=agent_id, published_at__gt=failed_at)
    passes = dict(recent.filter(since, passed=True).order_by().values_list("agent").annotate(n=Count("pk")))
    return {agent_id: (failed_at, passes.get(agent_id, 0)) for agent_id, failed_at in last.items()}


def current_version(scorecard) -> ScorecardVersion:
    """The newest version of a scorecard."""
    return scorecard.versions.order_by("-number", "-id").first()


def work_list(user, tab):
    """Reviews in the person's scope by tab; an inspector never finds calls of their own."""
    rows = Review.objects.visible_to(user).filter(state__in=TABS.get(tab, TABS["todo"]))
    if not user.scope().has("agent"):
        rows = rows.exclude(agent=user)
    return rows.select_related(
        "agent", "reviewer", "team", "sample", "call__campaign", "call__disposition", "call__customer"
    ).order_by("-id")


def open_reviews(user) -> dict[str, int]:
    """How many reviews wait and are being done, for the tabs."""
    counts = dict(
        Review.objects.visible_to(user)
        .filter(state__in=[ReviewState.DRAWN, ReviewState.IN_REVIEW])
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    return {"todo": counts.get(ReviewState.DRAWN, 0), "doing": counts.get(ReviewState.IN_REVIEW, 0)}


def criteria_of(version) -> list[Criterion]:
    return list(Criterion.objects.filter(version=version).order_by("position", "id"))


def answers_of(call) -> list[Answer]:
    """What the agent recorded, to compare with what was said."""
    if call.response_id is None:
        return []
    rows = Answer.objects.filter(response=call.response_id, asked=True).select_related("item__question")
    return list(rows.order_by("item__position", "id"))


def progress(user, day):
    """Sampled against reviewed per plan for one day, for the plans page."""
    done = ~Q(reviews__state__in=[ReviewState.DRAWN, ReviewState.IN_REVIEW])
    return (
        Sample.objects.filter(day=day, team__in=Team.objects.visible_to(user))
        .order_by("plan_id")
        .values("plan_id", "plan__name")
        .annotate(
            agents=Count("agent", distinct=True),
            drawn=Count("reviews", distinct=True),
            reviewed=Count("reviews", filter=done, distinct=True),
        )
    )
