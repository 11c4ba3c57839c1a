"""Import customers from a CSV or XLSX file: the same pipeline as the page (CUS-3)."""

import json
import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callcenter import jobs
from callcenter.errors import DomainError
from callcenter.models import JobState
from customers.actions.imports import import_file
from customers.models import Client, Import
from people.models import Team, Unit

READING = ("encoding", "delimiter", "sheet", "header_row")


class Command(BaseCommand):
    help = "Import customers from a CSV or XLSX file. Rows that are wrong come back in a file that can be corrected and loaded."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--client", required=True, help="code of the client")
        parser.add_argument("--unit", required=True, help="code of the unit")
        parser.add_argument("--team", help="code of the team, if the customers belong to one")
        parser.add_argument(
            "--mapping", type=Path, help="JSON file; without it columns are recognised by their names"
        )
        parser.add_argument(
            "--duplicates",
            choices=Import.Duplicates.values,
            default="skip",
            help="what happens to known customers",
        )
        parser.add_argument(
            "--scope",
            choices=Import.Scope.values,
            default="client",
            help="among whom the same phone makes a customer known: this file, the client, or all clients",
        )
        parser.add_argument(
            "--encoding", help="of a CSV, when it is not certain: utf-8, gb18030, big5, utf-16-le …"
        )
        parser.add_argument("--delimiter", help="of a CSV, when it is not recognised")
        parser.add_argument("--sheet", help="of a workbook with several")
        parser.add_argument("--header-row", type=int, help="row number of the column names")
        parser.add_argument("--all-or-nothing", action="store_true", help="import nothing if a row is wrong")
        parser.add_argument("--errors", type=Path, help="where to put the file of the rows to correct")

    def handle(self, *args, **options):
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        client = _named(Client, options["client"])
        try:
            _batch, job = import_file(
                path=options["file"].resolve(),
                client=client,
                unit=_named(Unit, options["unit"]),
                team=_named(Team, options["team"]) if options["team"] else None,
                mapping=_mapping(options["mapping"]),
                duplicates=options["duplicates"],
                scope=options["scope"],
                reading={name: options[name] for name in READING if options.get(name)},
                keep_good=not options["all_or_nothing"],
                now=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        job = jobs.run(job, self._show if self.stderr.isatty() else None)
        self._report(job, options)

    def _show(self, job):
        share = min(job.done / job.total, 1) if job.total else 0
        self.stderr.write(
            f"\r{job.stage:<32} [{'#' * int(share * 30):<30}] {job.done:>9,}/{job.total:,}", ending=""
        )

    def _report(self, job, options):
        counts = job.result
        if self.stderr.isatty():
            self.stderr.write("")
        names = (
            "rows",
            "accepted",
            "updated",
            "duplicate",
            "rejected",
            "blank",
            "do_not_call",
            "without_consent",
        )
        self.stdout.write(", ".join(f"{counts.get(name, 0)} {name.replace('_', ' ')}" for name in names))
        for reason, count in sorted(counts.get("reasons", {}).items()):
            self.stdout.write(f"  {count} {reason}")
        if job.error_path:
            target = options["errors"] or options["file"].with_name(
                f"{options['file'].stem}.errors{Path(job.error_path).suffix}"
            )
            shutil.copyfile(job.error_path, target)
            self.stdout.write(f"Rows to correct: {target}")
        if job.state not in (JobState.DONE, JobState.PARTLY):
            raise CommandError(job.message)


def _named(model, code):
    found = model.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(model.objects.order_by("code").values_list("code", flat=True)[:20])
        raise CommandError(
            f"No {model._meta.verbose_name} has the code {code}. Known are: {known or 'none'}."
        )
    return found


def _mapping(path):
    if path is None:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"The mapping file {path} cannot be read: {error}") from error
