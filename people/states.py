"""What an agent can be doing, and what becomes of a request for a break (ORG-5, ux.md section 6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActivityKind(models.TextChoices):
    """One thing at a time; whoever has no open interval is signed out."""

    WAIT = "wait", pgettext_lazy("activity", "waiting")
    PREPARE = "prepare", pgettext_lazy("activity", "preparing")
    TALK = "talk", pgettext_lazy("activity", "on a call")
    AFTER_CALL = "after_call", pgettext_lazy("activity", "after-call work")
    BREAK = "break", pgettext_lazy("activity", "break")
    MEAL = "meal", pgettext_lazy("activity", "meal")
    MEETING = "meeting", pgettext_lazy("activity", "meeting")
    TRAINING = "training", pgettext_lazy("activity", "training")
    COACHING = "coaching", pgettext_lazy("activity", "coaching")
    SYSTEM = "system", pgettext_lazy("activity", "system failure")
    OTHER = "other", pgettext_lazy("activity", "other")
    PAPERWORK = "paperwork", pgettext_lazy("activity", "paperwork")
    AWAY = "away", pgettext_lazy("activity", "seems to be away")


PRODUCTIVE = (ActivityKind.WAIT, ActivityKind.PREPARE, ActivityKind.TALK, ActivityKind.AFTER_CALL)
NON_PRODUCTIVE = tuple(kind for kind in ActivityKind if kind not in PRODUCTIVE)

# With a customer's task in hand.
BUSY = (ActivityKind.PREPARE, ActivityKind.TALK, ActivityKind.AFTER_CALL)

# What an agent may choose, in the order of the digits that choose it.
BREAKS = (
    ActivityKind.BREAK,
    ActivityKind.MEAL,
    ActivityKind.MEETING,
    ActivityKind.TRAINING,
    ActivityKind.COACHING,
    ActivityKind.SYSTEM,
    ActivityKind.OTHER,
    ActivityKind.PAPERWORK,
)

# Rest: counts against the allowance of the half-day, and only so many of a team rest at once.
RESTS = (ActivityKind.BREAK, ActivityKind.MEAL)


class Ending(models.TextChoices):
    """How an interval came to its end."""

    OPEN = "", _("not ended")
    CHANGED = "changed", _("went on to something else")
    SIGNED_OUT = "signed_out", _("signed out")
    LOST = "lost", _("nothing more was heard of the page")


class BreakState(models.TextChoices):
    AFTER_CALL = "after_call", _("after this call")
    WAITING = "waiting", _("waiting")
    APPROVED = "approved", _("approved")
    STARTED = "started", _("begun")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


PENDING = (BreakState.AFTER_CALL, BreakState.WAITING, BreakState.APPROVED)


class Obstacle(models.TextChoices):
    """Why a break has to wait."""

    NONE = "", _("nothing")
    PLACES = "places", _("enough people of the team are on a break")
    ALLOWANCE = "allowance", _("the allowance of this half-day is used up")
