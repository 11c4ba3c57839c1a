"""What beat rings for, and when. Times of day are in ``TIME_ZONE``.

Every entry is a sweep that asks "what is due?" and is safe to run twice, late or in parallel. A ring that no worker
has answered within one period is thrown away (``expires``): the next one does the same work.
"""

from dataclasses import dataclass

from celery.schedules import crontab

DAY = 24 * 3600


@dataclass(frozen=True)
class Ring:
    """One line of the table: the task's name, when it rings, and after how many seconds a ring is worthless."""

    task: str
    when: float | crontab
    expires: float


def every(seconds: float, task: str) -> Ring:
    """Ring each ``seconds``."""
    return Ring(task, seconds, seconds)


def daily(time: str, task: str) -> Ring:
    """Ring each day at ``time`` ("03:40")."""
    hour, minute = time.split(":")
    return Ring(task, crontab(hour=int(hour), minute=int(minute)), DAY)


def weekly(day: str, time: str, task: str) -> Ring:
    """Ring each week on ``day`` ("mon") at ``time``."""
    hour, minute = time.split(":")
    return Ring(task, crontab(day_of_week=day, hour=int(hour), minute=int(minute)), 7 * DAY)


def monthly(day: int, time: str, task: str) -> Ring:
    """Ring each month on ``day`` (1 to 28) at ``time``."""
    hour, minute = time.split(":")
    return Ring(task, crontab(day_of_month=day, hour=int(hour), minute=int(minute)), 28 * DAY)


RINGS = [
    every(300, "reports.roll_dirty"),
    daily("04:00", "reports.roll_provisional"),
    daily("05:00", "qa.draw_samples"),
    daily("02:10", "surveys.propose_rotation"),
    every(10, "callcenter.run_jobs"),
    daily("03:50", "customers.clear_imports"),
    daily("03:55", "callcenter.clear_files"),
    daily("04:20", "customers.erase_expired"),
    daily("04:40", "customers.clear_expired"),
    every(10, "customers.read_names"),
    every(600, "customers.find_duplicates"),
    every(15, "people.close_lost"),
    every(15, "people.flag_late"),
    every(10, "callbacks.return_expired"),
    every(30, "callbacks.release_due"),
    every(30, "callbacks.obey_customers"),
    every(30, "callbacks.fetch_recordings"),
    daily("03:58", "callbacks.clear_recordings"),
    every(10, "messaging.send"),
    every(60, "messaging.read_events"),
    every(30, "surveys.read_replies"),
    every(60, "callbacks.send_messages"),
    every(60, "callbacks.follow_trials"),
    daily("08:20", "knowledge.remind_of_reviews"),
    daily("01:30", "callbacks.apply_policies"),
    daily("08:30", "callbacks.surface_untouched"),
    daily("03:40", "callcenter.prune_broker"),
    every(60, "complaints.open_second_contacts"),
    every(60, "complaints.escalate_overdue"),
    every(60, "complaints.follow_up"),
    daily("02:30", "complaints.warn_of_churn"),
    every(300, "complaints.settle_warnings"),
]


def beat_schedule() -> dict[str, dict]:
    """The table in the form Celery's beat reads."""
    return {
        ring.task: {"task": ring.task, "schedule": ring.when, "options": {"expires": ring.expires}}
        for ring in RINGS
    }
