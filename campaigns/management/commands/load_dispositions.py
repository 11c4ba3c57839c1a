"""Add the shipped dispositions that an installation lacks."""

from django.core.management.base import BaseCommand

from campaigns.actions import load_dispositions


class Command(BaseCommand):
    help = (
        "Add the shipped dispositions (call results) that are missing. What was changed here stays as it is."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{load_dispositions()} dispositions added.")
