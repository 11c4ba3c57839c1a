"""The demo's time: what its agents did on the last two days, and the rule for their breaks (ORG-4, ORG-5)."""

import random
from datetime import datetime, time, timedelta

from django.conf import settings

from callcenter.access import Role
from callcenter.workdays import instant_of, local_day
from people.models import Activity, FloorRule, Membership
from people.states import ActivityKind, Ending

SEED = 20_260_302
# From, until, and what fills it: None is calling.
DAY = (
    (time(9, 0), time(9, 20), ActivityKind.MEETING),
    (time(9, 30), time(11, 30), None),
    (time(11, 30), time(13, 0), ActivityKind.MEAL),
    (time(13, 0), time(13, 20), ActivityKind.MEETING),
    (time(13, 30), time(16, 30), None),
    (time(16, 30), time(17, 0), ActivityKind.PAPERWORK),
)
ROUND = (
    (ActivityKind.PREPARE, 10, 25),
    (ActivityKind.TALK, 40, 140),
    (ActivityKind.AFTER_CALL, 10, 45),
    (ActivityKind.WAIT, 5, 60),
)
BREAK_EVERY = 18


def load_time(*, now) -> int:
    """Two days of every agent's time, up to ``now``; nothing where there is some already. Returns how many intervals."""
    FloorRule.objects.get_or_create(team=None)
    if Activity.objects.exists():
        return 0
    rng = random.Random(SEED)
    today = local_day(now, settings.TIME_ZONE)
    agents = Membership.objects.filter(role=Role.AGENT).select_related("user").order_by("id")
    rows = [
        row
        for member in agents
        for back in (1, 0)
        for row in _day(member, today - timedelta(days=back), now, rng)
    ]
    return len(Activity.objects.bulk_create(rows, batch_size=1_000))


def _day(member, day, now, rng):
    """The intervals of one day that had ended by ``now``."""
    rows = []
    for start, end, kind in DAY:
        begins, ends = (instant_of(day, clock, settings.TIME_ZONE) for clock in (start, end))
        rows += [(kind, begins, ends)] if kind else _calls(begins, ends, rng)
    done = [row for row in rows if row[2] <= now]
    return [
        Activity(
            agent_id=member.user_id,
            team_id=member.team_id,
            kind=kind,
            started_at=begins,
            ended_at=ends,
            seen_at=ends,
            ending=Ending.SIGNED_OUT if (kind, begins, ends) == done[-1] else Ending.CHANGED,
        )
        for kind, begins, ends in done
    ]


def _calls(begins: datetime, ends: datetime, rng):
    rows, number = [], 0
    while begins < ends:
        number += 1
        steps = ROUND if number % BREAK_EVERY else ((ActivityKind.BREAK, 300, 700),)
        for kind, least, most in steps:
            until = min(ends, begins + timedelta(seconds=rng.randint(least, most)))
            if until > begins:
                rows.append((kind, begins, until))
            begins = until
    return rows
