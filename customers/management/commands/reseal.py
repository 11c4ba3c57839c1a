"""Seal identity numbers under the newest key, after ``FIELD_KEYS`` has got a new one in front."""

from django.core.management.base import BaseCommand, CommandError

from customers.actions import reseal


class Command(BaseCommand):
    help = (
        "Seal every identity number under the first key of FIELD_KEYS. Run it after a new key was put in front and the "
        "processes were restarted; afterwards the old key can be removed. Safe to run again."
    )

    def handle(self, *args, verbosity, **options):
        def tell(count):
            if verbosity:
                self.stderr.write(f"\r{count:,} …", ending="")

        sealed, lost = reseal(watch=tell)
        self.stdout.write(f"{sealed:,} identity numbers sealed anew, {lost:,} that no key opens")
        if lost:
            raise CommandError("Some numbers were sealed under a key that FIELD_KEYS does not have.")
