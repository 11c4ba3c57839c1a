"""Which promised contacts are meant, and how each of them stands (CAM-2, domain.md 5.2).

One expression, ``outcome_at``, says how a contact stands; the counts and the lists read the same one. A window that is still
open is pending, never a miss.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Case, CharField, F, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from callbacks.models import Task
from callbacks.states import BY_MESSAGE, TaskState
from callcenter.workdays import day_bounds
from campaigns.models import Frame
from messaging.states import OUT

NOBODY = "none"
"""In an address: those without a region or an agent."""

OUTCOMES = {
    "in_time": _("completed in time"),
    "late": _("completed late"),
    "attempted": _("tried, not completed"),
    "missed": _("missed"),
    "open_done": _("completed, window open"),
    "open": _("still open"),
}
"""How a promised contact may stand; each is in exactly one."""

ENDED = ("in_time", "late", "attempted", "missed")


@dataclass(frozen=True)
class Choice:
    """Which promises: of windows that end from ``start`` to ``end`` (local days), narrowed by what is given."""

    start: date
    end: date | None = None
    campaign: int | None = None
    policy: int | None = None
    unit: int | None = None
    region: int | str | None = None
    agent: int | str | None = None


def _sent():
    """A message that went out keeps a promise that asks for no more than sending it."""
    return Q(channel__in=BY_MESSAGE, policy__fallback_channel="", message__state__in=OUT)


def _done():
    completed = Q(disposition__completed=True) | Q(disposition=None, channel__in=BY_MESSAGE)
    return Q(completed, state=TaskState.DONE)


def _in_time():
    return Q(_done(), closed_at__lt=F("deadline")) | Q(_sent(), message__sent_at__lt=F("deadline"))


def _tried():
    return Q(attempts__gt=0) | Q(disposition__attempt=True) | Q(message__state__in=OUT)


def outcome_at(now: datetime) -> Case:
    """How a promised contact stands at ``now``: one of ``OUTCOMES``."""
    done = _done() | _sent()
    return Case(
        When(Q(done, deadline__gt=now), then=Value("open_done")),
        When(deadline__gt=now, then=Value("open")),
        When(_in_time(), then=Value("in_time")),
        When(done, then=Value("late")),
        When(_tried(), then=Value("attempted")),
        default=Value("missed"),
        output_field=CharField(max_length=10),
    )


def touched(now):
    """Completed inside a window that has ended, or tried as often as the rules allow."""
    used_up = Q(disposition__code="EXH") | Q(attempts__gte=F("campaign__max_attempts"))
    return Q(deadline__lte=now) & (_in_time() | used_up)


def promised(user, choice: Choice):
    """The promised contacts in the person's scope that the choice means."""
    rows = Task.objects.visible_to(user).filter(policy__isnull=False, deadline__isnull=False)
    rows = _ending(rows, choice)
    lookups = {"policy_id": choice.policy, "policy__campaign_id": choice.campaign}
    lookups |= {"queue__team__unit_id": choice.unit}
    lookups |= {"customer__region_id": choice.region, "agent_id": choice.agent}
    return _narrowed(rows, lookups)


def frames(user, choice: Choice):
    """The draws that the choice means: the strata, in the person's scope, of which not everybody was drawn."""
    rows = _ending(Frame.objects.visible_to(user), choice)
    lookups = {"policy_id": choice.policy, "policy__campaign_id": choice.campaign}
    return _narrowed(rows, lookups | {"team__unit_id": choice.unit, "region_id": choice.region})


def _ending(rows, choice):
    rows = rows.filter(deadline__gt=day_bounds(choice.start, settings.TIME_ZONE)[0])
    if choice.end is not None:
        rows = rows.filter(deadline__lte=day_bounds(choice.end, settings.TIME_ZONE)[1])
    return rows


def _narrowed(rows, lookups):
    wanted = {name: value for name, value in lookups.items() if value}
    nobody = {f"{name}__isnull": True for name, value in wanted.items() if value == NOBODY}
    return rows.filter(**nobody, **{name: value for name, value in wanted.items() if value != NOBODY})


def behind(user, choice: Choice, *, what: str, now: datetime):
    """The contacts behind a number of the board, the earliest deadline first."""
    rows = promised(user, choice).annotate(outcome=outcome_at(now))
    if what == "touched":
        rows = rows.filter(touched(now))
    elif what in OUTCOMES:
        rows = rows.filter(outcome=what)
    elif what == "ended":
        rows = rows.filter(outcome__in=ENDED)
    return rows.select_related(
        "customer__region", "policy__campaign", "queue__team__unit", "agent", "disposition"
    ).order_by("deadline", "id")


def draws(user, choice: Choice):
    """The strata behind "eligible" with who was drawn and who was not, the earliest deadline first (CAM-2)."""
    rows = frames(user, choice).select_related("policy__campaign", "team__unit", "region")
    return rows.annotate(drawn=F("eligible") - F("left_out")).order_by(
        "deadline", "policy_id", "team_id", "id"
    )


def drawn_in_all(user, choice: Choice) -> dict:
    """``eligible``, ``drawn`` and ``left_out`` of all the strata of the choice."""
    found = frames(user, choice).order_by().aggregate(eligible=Sum("eligible"), left_out=Sum("left_out"))
    eligible, left_out = found["eligible"] or 0, found["left_out"] or 0
    return {"eligible": eligible, "drawn": eligible - left_out, "left_out": left_out}


def about(user, choice: Choice) -> str:
    """The names of the policy, unit, region and agent a choice means, of those in the person's scope."""
    first = (
        promised(user, choice)
        .select_related("policy", "queue__team__unit", "customer__region", "agent")
        .order_by("deadline", "id")
        .first()
    )
    if first is None:
        return ""
    named = {
        "policy": first.policy.name,
        "unit": first.queue.team.unit.name,
        "region": first.customer.region.name if first.customer.region else _("no region"),
        "agent": str(first.agent or _("nobody yet")),
    }
    return " · ".join(str(name) for key, name in named.items() if getattr(choice, key))
