"""When the day's target will be reached at the speed so far (CB-11)."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def worked(hours: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime) -> timedelta:
    """The working time of the day between two instants."""
    return sum(
        (max(min(end, until) - max(start, since), timedelta()) for start, end in hours),
        timedelta(),
    )


def reached_at(
    *, done: int, target: int, since: datetime, now: datetime, hours: Sequence[tuple[datetime, datetime]]
) -> datetime | None:
    """The instant at which ``target`` is reached if the pace since the first call goes on in the working hours left.

    None without a pace (nothing done, no working time yet), when the target is reached, and when today's hours do not suffice.
    """
    spent = worked(hours, since, now)
    if done <= 0 or done >= target or spent <= timedelta():
        return None
    needed = spent / done * (target - done)
    for start, end in sorted(hours):
        start = max(start, now)
        if start >= end:
            continue
        if needed <= end - start:
            return start + needed
        needed -= end - start
    return None
