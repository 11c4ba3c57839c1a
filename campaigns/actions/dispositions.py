"""The shipped dispositions (CB-4)."""

from django.db import transaction

from campaigns import catalogue
from campaigns.models import Disposition


@transaction.atomic
def load_dispositions() -> int:
    """Add the shipped dispositions that are missing; what an administrator changed stays. Returns how many."""
    return catalogue.load_dispositions(Disposition)
