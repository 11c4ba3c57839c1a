"""Look for customers who may leave, as every night (CUS-10)."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.actions.churn import warn_of_churn


class Command(BaseCommand):
    help = "Apply the rules of the churn warning now: open, refresh and end warnings. Running it again changes nothing."

    def handle(self, *args, **options):
        looked = warn_of_churn(now=timezone.now())
        self.stdout.write(f"{looked.signs} signs, {looked.opened} opened, {looked.over} over")
