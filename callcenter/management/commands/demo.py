"""Fill an empty installation with a demo organisation and say who can sign in."""

import os
import random
import secrets

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from callbacks import demo as callbacks
from callcenter.access import Role
from campaigns import demo as campaigns
from complaints import demo as complaints
from customers import demo as customers
from customers.models import Client
from knowledge import demo as knowledge
from messaging import demo as messaging
from people import demo as people
from people.models import User
from qa import demo as qa
from reports import demo as reports
from surveys import demo as surveys

# In the order of the layers: each needs what the ones before it have made.
LOADS = [
    ("people", people.load),
    ("customers", customers.load),
    ("messaging", messaging.load),
    ("surveys", surveys.load),
    ("campaigns", campaigns.load),
    ("knowledge", knowledge.load),
    ("callbacks", callbacks.load),
    ("complaints", complaints.load),
    ("qa", qa.load),
    ("reports", reports.load),
]
SEED = 20_260_101


class Command(BaseCommand):
    help = (
        "Fill an empty installation with a small demo organisation: people of every role, customers, campaigns and "
        "work. Does nothing but list the sign-ins when people exist already. The password is made anew for each "
        "installation and only printed, or taken from DEMO_PASSWORD."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--new-password", action="store_true", help="give the demo's people a new password"
        )

    def handle(self, *args, new_password, verbosity, **options):
        if not User.objects.exists():
            self.load(verbosity)
            new_password = True
        elif verbosity:
            self.stdout.write("There are people already: nothing was loaded.")
        password = ""
        if new_password:
            password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
            people.set_password(password)
        if verbosity:
            self.list_sign_ins(password)

    @transaction.atomic
    def load(self, verbosity):
        """Everything or nothing, so that an interrupted run leaves an empty installation."""
        now, rng = timezone.now(), random.Random(SEED)
        for number, (name, load) in enumerate(LOADS, start=1):
            if verbosity:
                self.stdout.write(f"[{number}/{len(LOADS)}] {name} …", ending=" ")
                self.stdout.flush()
            summary = load(now=now, rng=rng)
            if verbosity:
                self.stdout.write(str(summary or "done"))
        people.grant_observers(dict(Client.objects.values_list("code", "id")))

    def list_sign_ins(self, password):
        """Who can sign in, as what, and where to begin."""
        there = set(User.objects.values_list("username", flat=True))
        rows = [person for person in people.PEOPLE if person.username in there]
        if not rows:
            self.stdout.write("The demo's people are not part of this installation.")
            return
        self.stdout.write(f"\n{'sign in':<12}{'role':<22}{'open':<14}")
        for person in rows:
            self.stdout.write(f"{person.username:<12}{Role(person.role).value:<22}{person.opens:<14}")
        known = password or "as printed when it was made; `manage.py demo --new-password` makes another"
        self.stdout.write(f"\nDemo organisation ready: {len(rows)} people. Password of all of them: {known}")
