"""Roll days up again: ``rollup --from 2026-11-01 --to 2026-11-30``."""

import sys
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.actions import roll_dirty, roll_up

MAX_DAYS = 5_000


class Command(BaseCommand):
    help = "Count the calls of each day anew, per campaign, team and agent. Without dates: every day that has changed."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="start", type=date.fromisoformat, help="first local day, YYYY-MM-DD"
        )
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="last local day, YYYY-MM-DD")

    def handle(self, *args, start, end, **options):
        now = timezone.now()
        if start is None and end is None:
            self.stdout.write(f"{roll_dirty(now=now)} changed days rolled up")
            return
        if start is None or end is None or end < start or (end - start).days >= MAX_DAYS:
            raise CommandError(f"Give --from and --to, in this order, at most {MAX_DAYS} days apart.")
        days = [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
        rows = 0
        for number, day in enumerate(days, 1):
            rows += roll_up(days=[day], now=now)
            if sys.stderr.isatty():
                self.stderr.write(f"\r{number}/{len(days)} days", ending="")
        self.stdout.write(f"{len(days)} days rolled up, {rows} rows written")
