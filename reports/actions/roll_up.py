"""Rolling calls up into days (KPI-8): one set-based statement per day, replaced as a whole, so that a rerun is equal."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, DecimalField, F, Max, Q, Sum

from callbacks.models import Call
from callcenter.sweeps import beat, last_beat
from callcenter.workdays import local_day
from customers.models import Merge
from reports.models import DailyCount, RolledDay

# Calls get their number before they are committed; a row this far behind the newest may still appear.
OVERLAP = 2_000
# A merge carries the instant of its request and is seen once it is committed.
LATE = timedelta(minutes=5)
# A day is provisional for three days and rolled again every night until then (domain.md section 4, rule 11).
PROVISIONAL_DAYS = 3
FLAGS = ("attempt", "connected", "reached", "completed", "refused", "sold", "useless")
PARTS = ("prep", "ring", "talk", "hold", "wrap")


def roll_up(*, days, now) -> int:
    """Count the calls of each local day in ``days`` anew; returns the number of rows written."""
    return sum(_roll_day(day, now) for day in sorted(set(days)))


def roll_dirty(*, now) -> int:
    """Roll every day that has calls newer than the last rollup saw, or that was marked dirty; returns days rolled."""
    seen = RolledDay.objects.aggregate(seen=Max("calls_seen"))["seen"] or 0
    fresh = Call.objects.filter(pk__gt=max(0, seen - OVERLAP)).order_by("local_day")
    days = set(fresh.values_list("local_day", flat=True).distinct())
    days |= set(RolledDay.objects.filter(dirty=True).values_list("day", flat=True))
    days |= _days_of_merged(since=last_beat("reports.roll_dirty"))
    roll_up(days=days, now=now)
    beat("reports.roll_dirty", now=now, handled=len(days))
    return len(days)


def _days_of_merged(*, since) -> set:
    """The days of calls with customers merged or parted since the last sweep: two people of a day became one, or two again."""
    merges = Merge.objects.all()
    if since is not None:
        since -= LATE
        merges = merges.filter(Q(at__gte=since) | Q(undone_at__gte=since))
    people = {person for pair in merges.values_list("survivor", "loser") for person in pair}
    calls = Call.objects.filter(customer__in=people).order_by()
    return set(calls.values_list("local_day", flat=True).distinct())


def roll_provisional(*, now) -> int:
    """Roll the last days again, changed or not; returns rows written. Nightly."""
    today = local_day(now, settings.TIME_ZONE)
    rows = roll_up(days=[today - timedelta(days=back) for back in range(PROVISIONAL_DAYS + 1)], now=now)
    beat("reports.roll_provisional", now=now, handled=rows)
    return rows


@transaction.atomic
def _roll_day(day, now):
    RolledDay.objects.get_or_create(day=day)
    rolled = RolledDay.objects.select_for_update().get(day=day)
    groups = list(counts_of_day(day))
    newest = max((group.pop("newest") for group in groups), default=rolled.calls_seen)
    DailyCount.objects.filter(day=day).delete()
    rows = DailyCount.objects.bulk_create([_daily_count(day, counts) for counts in groups], batch_size=1_000)
    rolled.rolled_at, rolled.dirty, rolled.calls_seen = now, False, newest
    rolled.save(update_fields=["rolled_at", "dirty", "calls_seen"])
    return len(rows)


def counts_of_day(day):
    """The day's counts and seconds per campaign × team × agent, from the calls themselves, in one statement.

    Flags of the disposition decide, never its name. ``calls`` are rows, ``dials`` the attempts they stand for.
    """
    flag = {name: Q(**{f"disposition__{name}": True}) for name in FLAGS}
    return (
        Call.objects.counted()
        .filter(local_day=day)
        .order_by()
        .values("campaign_id", "team_id", "agent_id")
        .annotate(
            newest=Max("pk"),
            calls=Count("pk"),
            dials=Sum("attempts", filter=flag["attempt"], default=0),
            customers=Count("customer_id", distinct=True),
            **{name: Count("pk", filter=flag[name]) for name in FLAGS[1:]},
            **{part: Sum(f"{part}_seconds", default=0) for part in PARTS},
            connected_handle_seconds=Sum(
                F("talk_seconds") + F("hold_seconds") + F("wrap_seconds"),
                filter=flag["connected"],
                default=0,
                output_field=DecimalField(max_digits=14, decimal_places=3),
            ),
            completed_talk_seconds=Sum("talk_seconds", filter=flag["completed"], default=0),
            completed_long=Count(
                "pk", filter=flag["completed"] & Q(talk_seconds__gt=F("campaign__guide_seconds"))
            ),
        )
    )


def _daily_count(day, counts):
    """The row to store: the summed parts of a call go to the columns of the same name."""
    seconds = {f"{part}_seconds": counts.pop(part) for part in PARTS}
    return DailyCount(day=day, **counts, **seconds)
