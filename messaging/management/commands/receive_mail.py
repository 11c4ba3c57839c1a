"""Take e-mail from a mail server's pipe, or from files (CB-9)."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from callcenter.errors import DomainError
from messaging.actions import receive_mail


class Command(BaseCommand):
    help = (
        "Take one e-mail from standard input (Postfix: `callcenter: |/srv/callcenter/.venv/bin/python manage.py receive_mail`), "
        "or each of FILES. Replies go to the queue, stop words withdraw consent, bounces mark their message. The same e-mail "
        "twice is taken once."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args, files, verbosity, **options):
        failed = 0
        raws = [(str(path), path) for path in files] or [("standard input", None)]
        for number, (name, path) in enumerate(raws, start=1):
            try:
                raw = path.read_bytes() if path else sys.stdin.buffer.read()
                outcome = receive_mail(raw=raw, now=timezone.now())
            except (DomainError, OSError) as error:
                failed += 1
                outcome = f"refused: {error}"
            if verbosity:
                self.stdout.write(f"[{number}/{len(raws)}] {name}: {outcome}")
        if failed:
            raise CommandError(f"{failed} of {len(raws)} e-mails could not be taken.")
