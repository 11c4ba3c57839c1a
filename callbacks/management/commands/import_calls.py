"""Import calls made elsewhere from a CSV or XLSX file: the same pipeline as the page (CB-13)."""

import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callbacks.actions.import_calls import read_mapping, start_import
from callcenter import jobs
from callcenter.errors import DomainError
from callcenter.models import JobState
from campaigns.models import Campaign


class Command(BaseCommand):
    help = "Import calls from a CSV or XLSX file. Rows that are wrong come back in a file that can be corrected and loaded."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--campaign", required=True, help="code of the campaign")
        parser.add_argument(
            "--mapping",
            type=Path,
            help="JSON file saying which column is what, such as callbacks/mappings/bank-marketing-calls.json; "
            "without it columns are recognised by their names",
        )
        parser.add_argument("--errors", type=Path, help="where to put the file of the rows to correct")

    def handle(self, *args, **options):
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            known = ", ".join(Campaign.objects.order_by("code").values_list("code", flat=True)[:20])
            raise CommandError(
                f"No campaign has the code {options['campaign']}. Known are: {known or 'none'}."
            )
        try:
            job = start_import(
                campaign=campaign,
                path=options["file"].resolve(),
                mapping=self._mapping(options["mapping"]),
                by=None,
                now=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self._report(jobs.run_now(job, self._show if self.stderr.isatty() else None), options)

    def _mapping(self, path):
        if path is None:
            return None
        try:
            return read_mapping(path.read_bytes())
        except OSError as error:
            raise CommandError(f"The mapping file {path} cannot be read: {error}") from error

    def _show(self, job):
        share = min(job.done / job.total, 1) if job.total else 0
        self.stderr.write(f"\r[{'#' * int(share * 30):<30}] {job.done:>9,}/{job.total:,}", ending="")

    def _report(self, job, options):
        if self.stderr.isatty():
            self.stderr.write("")
        counts = job.result
        names = ("rows", "accepted", "duplicate", "rejected", "blank")
        self.stdout.write(", ".join(f"{counts.get(name, 0)} {name}" for name in names))
        if job.error_path:
            target = options["errors"] or options["file"].with_name(f"{options['file'].stem}.errors.csv")
            shutil.copyfile(job.error_path, target)
            self.stdout.write(f"Rows to correct: {target}")
        if job.state not in (JobState.DONE, JobState.PARTLY):
            raise CommandError(job.message)
