"""Drawing the daily samples: 10 % of each agent's valid calls, once per plan, day and agent, by a stored seed (QA-1)."""

import secrets
from datetime import timedelta
from fractions import Fraction

from django.conf import settings
from django.db import transaction

from callcenter.sweeps import beat
from callcenter.workdays import is_working_day, local_day
from people.queries import work_calendar
from qa.models import Review, ReviewStep, Sample, SamplingPlan
from qa.queries import already_drawn, current_version, failures, strata
from qa.rules.sampling import draw, rate_for
from qa.states import ReviewState


def draw_samples(*, day, now, by=None, plans=None) -> int:
    """Draw every active local plan's samples of the local ``day``; returns the reviews created.

    A sample that exists is never drawn again, so running twice, late or in parallel changes nothing. ``plans`` limits
    the draw to a queryset of plans.
    """
    chosen = (
        SamplingPlan.objects.filter(active=True, level=SamplingPlan.Level.LOCAL) if plans is None else plans
    )
    total = sum(
        _draw_plan(plan, day, now, by) for plan in chosen.select_related("unit", "scorecard").order_by("id")
    )
    beat("qa.draw_samples", now=now, handled=total)
    return total


@transaction.atomic
def _draw_plan(plan, day, now, by):
    SamplingPlan.objects.select_for_update().get(pk=plan.pk)
    drawn = already_drawn(plan, day)
    groups = {key: calls for key, calls in strata(plan, day).items() if key[0] not in drawn}
    version = current_version(plan.scorecard)
    if not groups or version is None:
        return 0
    rates = _rates(plan, {agent for agent, _team in groups}, now)
    reviews = []
    for (agent_id, team_id), calls in _one_team_per_agent(groups).items():
        seed = secrets.token_hex(8)
        chosen = draw(calls, rate=rates[agent_id], seed=seed)
        sample = Sample.objects.create(
            plan=plan,
            day=day,
            agent_id=agent_id,
            team_id=team_id,
            population=len(calls),
            size=len(chosen),
            seed=seed,
            drawn_at=now,
        )
        reviews += [
            Review(sample=sample, call_id=call, agent_id=agent_id, team_id=team_id, scorecard=version)
            for call in chosen
        ]
    created = Review.objects.bulk_create(reviews, batch_size=1_000)
    ReviewStep.objects.bulk_create(
        [ReviewStep(case=row, from_state="", to_state=ReviewState.DRAWN, at=now, by=by) for row in created],
        batch_size=1_000,
    )
    return len(created)


def _one_team_per_agent(groups):
    """An agent who worked in two teams is one stratum, under the team of most calls; the order stays the draw's."""
    merged = {}
    for (agent_id, team_id), calls in sorted(
        groups.items(), key=lambda entry: (entry[0][0], -len(entry[1]), entry[0])
    ):
        known = next((key for key in merged if key[0] == agent_id), None)
        merged.setdefault(known or (agent_id, team_id), []).extend(calls)
    return merged


def _rates(plan, agent_ids, now):
    calendar, today = work_calendar(), local_day(now, settings.TIME_ZONE)
    failed = failures(agent_ids, now=now)
    rates = {}
    for agent_id in agent_ids:
        failed_at, passes = failed.get(agent_id, (None, 0))
        days = None
        if failed_at:
            since = local_day(failed_at, settings.TIME_ZONE)
            days = sum(
                is_working_day(since + timedelta(days=n), calendar)
                for n in range(1, (today - since).days + 1)
            )
        rates[agent_id] = rate_for(
            Fraction(plan.percent) / 100,
            on_probation=False,
            working_days_since_fail=days,
            passes_since_fail=passes,
        )
    return rates
