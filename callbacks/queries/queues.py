"""What waits where, and why nothing is callable (CB-2, DESIGN section 2)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callbacks.models import Queue, Task
from callbacks.queries.permission import is_running
from callbacks.states import AT_DESK, BY_HAND, TaskState
from callcenter.access import Role
from callcenter.workdays import local_day
from campaigns.models import RequiredSkill
from campaigns.states import CampaignState
from customers.queries.reference import reference
from customers.rules.contact import REASON_TEXTS

# Counts stop here: a page must not read a million waiting rows to say "many".
COUNTED = 10_000

# Why a task waits that no contact rule has refused; the codes of the contact rules have their own sentences, which
# speak of one customer, so the counts use these short names.
NAMES: dict[str, str | Promise] = {
    "no_queue": gettext_lazy("your teams work for no campaign"),
    "campaign_closed": gettext_lazy("campaign not running"),
    "queue_closed": gettext_lazy("queue closed"),
    "skill_missing": gettext_lazy("needs a skill you do not have"),
    "not_due": gettext_lazy("not due yet"),
    "due": gettext_lazy("due, about to be released"),
    "message": gettext_lazy("promised by message"),
    "by_hand": gettext_lazy("letter or visit"),
    "reserved": gettext_lazy("kept for another agent"),
    "in_hand": gettext_lazy("with another agent"),
    "on_hold": gettext_lazy("on hold"),
    "level3": gettext_lazy("waiting for the level-3 result"),
    "focus": gettext_lazy("under a focus issue"),
    "campaign": gettext_lazy("campaign paused"),
    "no_purpose": gettext_lazy("no purpose given"),
    "no_consent": gettext_lazy("no consent"),
    "consent_withdrawn": gettext_lazy("consent withdrawn"),
    "customer_restricted": gettext_lazy("data may not be used"),
    "no_number": gettext_lazy("no usable number"),
    "number_closed": gettext_lazy("number not in use"),
    "blacklisted": gettext_lazy("on the do-not-call list"),
    "refused": gettext_lazy("has refused"),
    "attempts_used": gettext_lazy("attempts used up"),
    "not_yet": gettext_lazy("not due yet"),
    "window_over": gettext_lazy("time for the contact over"),
    "no_time_left": gettext_lazy("no permitted time left"),
    "other_agent": gettext_lazy("customer with another agent"),
    "before_appointment": gettext_lazy("before the agreed time"),
    "closed_day": gettext_lazy("no calls on such a day"),
    "outside_hours": gettext_lazy("outside hours"),
    "campaign_hours": gettext_lazy("outside the campaign's hours"),
    "rest_hours": gettext_lazy("rest hours"),
    "day_cap": gettext_lazy("called often enough today"),
    "burst_cap": gettext_lazy("called just now"),
    "recent_contact": gettext_lazy("reached a short time ago"),
}


@dataclass(frozen=True)
class Reason:
    """``count`` tasks wait for the reason ``code``; ``until`` is when the first of them may be called, if known."""

    code: str
    count: int
    until: datetime | None = None

    @property
    def label(self) -> str:
        return str(NAMES.get(self.code, self.code))


@dataclass
class QueueStatus:
    """What the queues hold now: ``ready`` tasks may be claimed at once, ``reasons`` say why the others wait."""

    ready: int = 0
    planned: int = 0
    suspended: int = 0
    in_hand: int = 0
    next_at: datetime | None = None
    reasons: list[Reason] = field(default_factory=list)

    @property
    def counted_all(self) -> bool:
        """False when there are more than were counted; the numbers are then lower bounds."""
        return max(self.ready, self.planned, self.suspended) < COUNTED


def running_queues(day):
    """Open queues of campaigns that run on the local ``day``, with their campaign."""
    running = Q(campaign__state=CampaignState.RUNNING, campaign__starts_on__lte=day) & (
        Q(campaign__ends_on=None) | Q(campaign__ends_on__gte=day)
    )
    return Queue.objects.filter(running, open=True).select_related("campaign").order_by("id")


def open_for_calls(purpose, *, now) -> bool:
    """Whether ``now`` lies in the calling hours of at least one region for the purpose; rest hours are not looked at."""
    return next_opening(purpose, now=now) == now


def next_opening(purpose, *, now) -> datetime | None:
    """The first instant from ``now`` on at which somebody, somewhere may be called for the purpose."""
    ref = reference()
    openings = [
        ref.hours.next_open(now, purpose, path, settings.TIME_ZONE) for path in {(), *ref.regions.values()}
    ]
    return min((opening for opening in openings if opening), default=None)


def queue_status(*, agent=None, team=None, campaign=None, now) -> QueueStatus:
    """What waits in the queues of an agent, a team or a campaign, and why it is not handed out (DESIGN section 2).

    Counts stop at 10,000 per state. For an agent the reserved tasks of others are a reason, her own are ready.
    """
    queues = Queue.objects.select_related("campaign").order_by("id")
    if agent is not None:
        queues = queues.filter(team__in=agent.scope().team_ids(Role.AGENT))
    if team is not None:
        queues = queues.filter(team=team)
    if campaign is not None:
        queues = queues.filter(campaign=campaign)
    queues = list(queues)
    status = QueueStatus()
    if not queues:
        status.reasons = [Reason("no_queue", 0)]
        return status
    day = local_day(now, settings.TIME_ZONE)
    beyond = set(RequiredSkill.objects.lacking(agent).values_list("campaign", flat=True)) if agent else set()
    working = [
        queue
        for queue in queues
        if queue.open and is_running(queue.campaign, day) and queue.campaign_id not in beyond
    ]
    found: Counter[str] = Counter()
    _count_ready(status, found, working, agent, now)
    _count_planned(status, found, working, now)
    _count_stopped(found, [queue for queue in queues if queue not in working], day, beyond)
    _count_others(status, found, queues)
    _count_ended(found, queues, now)
    status.reasons = [
        Reason(code, count, _until(code, working, now) or (status.next_at if code == "not_due" else None))
        for code, count in found.most_common()
        if count
    ]
    return status


def _first(tasks):
    """At most ``COUNTED`` of the tasks, as a source for a count."""
    return Task.objects.filter(pk__in=tasks.order_by("pk").values("pk")[:COUNTED])


def _count_ready(status, found, queues, agent, now):
    ready = Task.objects.filter(queue__in=queues, state=TaskState.READY)
    counts = _first(ready).aggregate(
        free=Count("id", filter=Q(reserved_for=None) | Q(reserved_until__lte=now)),
        own=Count("id", filter=Q(reserved_for=agent) if agent else Q(pk=None)),
        all=Count("id"),
    )
    status.ready = counts["free"] + counts["own"] if agent else counts["all"]
    found["reserved"] += counts["all"] - status.ready


def _count_planned(status, found, queues, now):
    planned = Task.objects.filter(queue__in=queues, state=TaskState.PLANNED)
    rows = (
        _first(planned)
        .order_by()
        .values("blocked_by", "channel", "queue__campaign__purpose")
        .annotate(
            later=Count("id", filter=Q(due_at__gt=now)),
            due=Count("id", filter=Q(due_at__lte=now)),
            next_at=Min("due_at", filter=Q(due_at__gt=now)),
        )
    )
    for row in rows:
        status.planned += row["later"] + row["due"]
        if row["next_at"] and (status.next_at is None or row["next_at"] < status.next_at):
            status.next_at = row["next_at"]
        if row["channel"] not in AT_DESK:
            code = "by_hand" if row["channel"] in BY_HAND else "message"
            found[code] += row["later"] + row["due"]
            continue
        for code in row["blocked_by"] or ["not_due"]:
            found[code] += row["later"]
        open_now = open_for_calls(row["queue__campaign__purpose"], now=now)
        found["due" if open_now else "outside_hours"] += row["due"]


def _count_stopped(found, queues, day, beyond):
    for queue in queues:
        waiting = _first(
            Task.objects.filter(queue=queue, state__in=[TaskState.READY, TaskState.PLANNED])
        ).count()
        if not is_running(queue.campaign, day):
            found["campaign_closed"] += waiting
        else:
            found["skill_missing" if queue.campaign_id in beyond else "queue_closed"] += waiting


def _count_others(status, found, queues):
    suspended = _first(Task.objects.filter(queue__in=queues, state=TaskState.SUSPENDED))
    for hold, count in suspended.order_by().values_list("hold").annotate(count=Count("id")):
        status.suspended += count
        found[hold or "on_hold"] += count
    status.in_hand = Task.objects.held().filter(queue__in=queues).count()
    found["in_hand"] += status.in_hand


def _count_ended(found, queues, now):
    """Tasks that the rules ended for good within the last day, among the thousand cancelled last."""
    latest = (
        Task.objects.filter(queue__in=queues, state=TaskState.CANCELLED).order_by("-pk").values("pk")[:1_000]
    )
    ended = Task.objects.filter(pk__in=latest, closed_at__gt=now - timedelta(days=1)).exclude(blocked_by=[])
    for codes, count in ended.order_by().values_list("blocked_by").annotate(count=Count("id")):
        for code in codes:
            found[code] += count


def _until(code, queues, now):
    """When the calling hours begin, for tasks that are due but outside them."""
    if code != "outside_hours":
        return None
    openings = [next_opening(purpose, now=now) for purpose in {queue.campaign.purpose for queue in queues}]
    return min((opening for opening in openings if opening and opening > now), default=None)


def reason_sentence(code) -> str:
    """The sentence of a contact rule's code without its numbers, for lists of codes on a task."""
    return str(NAMES[code]) if code in NAMES else _(REASON_TEXTS.get(code, code))
