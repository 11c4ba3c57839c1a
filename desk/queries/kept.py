"""Focus issues in force, which change a few times a week and are shown with every customer.

Each process keeps them for ``REFERENCE_SECONDS`` (a setting), as ``customers.queries.reference`` keeps the calling hours.
"""

import time

from django.conf import settings

from complaints.models import FocusIssue
from complaints.queries import published_focus

FOCUS = 5
_kept: list = []


def focus_at_hand() -> list[FocusIssue]:
    """The newest published focus issues with their answers for customers."""
    moment = time.monotonic()
    if not _kept or moment - _kept[0] >= settings.REFERENCE_SECONDS:
        _kept[:] = [moment, list(published_focus()[:FOCUS])]
    return _kept[1]
