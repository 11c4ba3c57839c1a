"""Stay signed in to the telephone system and hear what becomes of calls (CB-13)."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from callbacks.actions.line import hear, lose_attempts
from callbacks.queries.line import PULSE
from callbacks.rules.line import heard
from callbacks.telephony.ami import AmiError, Manager
from callcenter.sweeps import beat

SIGN_SECONDS = 10
# Seconds between attempts to reach an exchange that does not answer.
PAUSES = (1, 2, 4, 8, 15, 30)


class Command(BaseCommand):
    help = (
        "Sign in to Asterisk's manager interface (ASTERISK_HOST, ASTERISK_PORT, ASTERISK_USER, ASTERISK_SECRET) and move the "
        "desk by its events. Connects again by itself. Runs for ever; start it once beside the worker if TELEPHONY is asterisk. "
        "Two at a time do no harm."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", type=float, metavar="SECONDS", help="stop after so many seconds")

    def handle(self, *args, once, **options):
        if settings.TELEPHONY != "asterisk":
            raise CommandError("TELEPHONY is not asterisk: there is nothing to listen to.")
        self.until = time.monotonic() + once if once else None
        self.count = failures = 0
        while self.goes_on():
            started = time.monotonic()
            try:
                self.listen()
            except AmiError as error:
                self.stderr.write(f"exchange: {error}")
            # A session that held counts as a success: the next pause is short again.
            failures = 0 if time.monotonic() - started > 60 else failures + 1
            self.pause(PAUSES[min(failures, len(PAUSES)) - 1] if failures else PAUSES[0])
        self.stdout.write(f"{self.count} events heard.")

    def goes_on(self):
        return self.until is None or time.monotonic() < self.until

    def pause(self, seconds):
        end = time.monotonic() + seconds
        while self.goes_on() and time.monotonic() < end:
            time.sleep(0.1)

    def listen(self):
        """One session; whatever ended while nobody listened is marked first."""
        with Manager(events="call") as manager:
            self.stdout.write("exchange: listening")
            lose_attempts(living=manager.channels(), now=timezone.now())
            signed = 0.0
            while self.goes_on():
                if time.monotonic() - signed > SIGN_SECONDS:
                    # No sign is given for a connection that is only half there.
                    manager.ask("Ping")
                    beat(PULSE, now=timezone.now(), handled=self.count)
                    signed = time.monotonic()
                if event := manager.read(1):
                    self.take(event)

    def take(self, event):
        """Keep one event; what goes wrong with it does not stop the others."""
        now = timezone.now()
        word = heard(event, now)
        if word is None:
            return
        try:
            self.count += hear(word=word, now=now)
        except Exception as error:
            self.stderr.write(f"an event could not be kept: {error!r}")
            close_old_connections()
