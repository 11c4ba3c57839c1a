"""Write the KPI workbook to a file: ``kpi_workbook --from 2026-11-01 --to 2026-11-30 --out kpi.xlsx``."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callcenter.files import checksum
from campaigns.models import Campaign
from people.models import User
from reports.actions import build_workbook, log_workbook, roll_dirty
from reports.queries import Selection


class Command(BaseCommand):
    help = "Write the KPI workbook (XLSX) of a period, of everything or of one campaign."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="start", type=date.fromisoformat, required=True, help="first local day"
        )
        parser.add_argument("--to", dest="end", type=date.fromisoformat, required=True, help="last local day")
        parser.add_argument("--out", type=Path, required=True, help="file to write")
        parser.add_argument("--campaign", help="code of one campaign")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "zh-hant", "en"])
        parser.add_argument(
            "--reason", default="kpi_workbook", help="why it is made; it stands in the file and in the log"
        )
        parser.add_argument(
            "--as", dest="username", help="write what this person may see (default: everything)"
        )

    def handle(self, *args, start, end, out, campaign, language, username, reason, **options):
        if end < start:
            raise CommandError("--to lies before --from.")
        now = timezone.now()
        roll_dirty(now=now)
        campaign_id = None
        if campaign:
            campaign_id = Campaign.objects.filter(code=campaign).values_list("pk", flat=True).first()
            if campaign_id is None:
                raise CommandError(f"There is no campaign with the code {campaign}.")
        people = (
            User.objects.filter(username=username) if username else User.objects.filter(is_superuser=True)
        )
        user = people.order_by("id").first()
        if user is None:
            raise CommandError(
                "Nobody to write it for: name a user with --as, or create an administrator first."
            )
        selection = Selection(start, end, campaign_id=campaign_id)
        asked = {"selection": selection, "user": user, "reason": reason, "now": now}
        rows = build_workbook(out, language=language, **asked)
        log_workbook(rows=rows, sha256=checksum(out), **asked)
        self.stdout.write(f"{out}: {out.stat().st_size:,} bytes, {start} to {end}")
