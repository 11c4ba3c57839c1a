"""One agent's day: every interval, and how they add up to the time signed in (ORG-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.dateparse import parse_date

from callcenter.workdays import day_bounds, local_day
from people.queries import halves_of, rule_for
from people.queries.activity import as_interval, rows_between
from people.rules.activity import rest_used, seconds_by_kind, time_shares
from people.states import BREAKS, NON_PRODUCTIVE, RESTS
from reports.queries.floor_rows import ICONS, LABELS

FIRST = date(2000, 1, 1)


@dataclass(frozen=True)
class Stretch:
    """One interval cut at the day's bounds."""

    activity: object
    start: object
    end: object
    seconds: float

    @property
    def label(self):
        return LABELS[self.activity.kind]

    @property
    def icon(self):
        return ICONS[self.activity.kind]

    @property
    def chosen(self):
        return LABELS.get(self.activity.chosen_kind, "")

    @property
    def correctable(self):
        return self.activity.kind in BREAKS


def day_page(agent, wanted, *, now) -> dict:
    """The day asked for (today when it makes no sense): stretches, shares, kinds, and the rest used per half-day."""
    today = local_day(now, settings.TIME_ZONE)
    day = _day(wanted, today)
    start, end = day_bounds(day, settings.TIME_ZONE)
    rows = list(rows_between(start, end).filter(agent=agent).select_related("team"))
    intervals = [as_interval(row, now) for row in rows]
    seconds = seconds_by_kind(intervals, start, end)
    rests = [interval for interval in intervals if interval.kind in RESTS]
    halves = halves_of(rule_for(rows[-1].team_id if rows else None), day)
    return {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "stretches": [
            Stretch(row, max(one.start, start), min(one.end, end), one.within(start, end))
            for row, one in zip(rows, intervals, strict=True)
        ],
        "shares": time_shares(seconds, NON_PRODUCTIVE),
        "kinds": [
            (LABELS[kind], value) for kind, value in sorted(seconds.items(), key=lambda pair: -pair[1])
        ],
        "halves": [(half, rest_used(rests, half)) for half in halves],
    }


def _day(wanted, today):
    try:
        day = parse_date(wanted[:10])
    except ValueError:
        day = None
    return day if day and FIRST <= day <= today else today
