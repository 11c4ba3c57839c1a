"""What can be dealt to whom: the tasks of a team that wait, its agents with their loads, the deal before it is made (CAM-4)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from callbacks.models import Call, Task
from callbacks.queries.assigned import DEALT, MOST, counted, untouched
from callbacks.rules import distribution as rules
from callbacks.states import AT_DESK, HELD, WAITING, TaskState
from callcenter.workdays import day_bounds, local_day
from campaigns.models import Campaign
from campaigns.queries import unable_by_campaign
from campaigns.states import CampaignState
from customers.models import Region
from people.models import Team, User
from people.queries import absent_on, agents_of_team, languages_of, levels_in

DEFAULT_TARGET = 80


@dataclass(frozen=True)
class Selection:
    """Which tasks of a team: those that are nobody's, or those kept for ``sources``; narrowed by the rest."""

    team: Team
    sources: tuple[User, ...] = ()
    campaign: Campaign | None = None
    region: Region | None = None
    kind: str = ""
    nature: str = ""
    level: str = ""
    least: object = None
    most: object = None
    due_until: object = None
    fresh: bool = False
    appointments: bool = False
    at_most: int | None = None

    @property
    def limit(self) -> int:
        return min(self.at_most or MOST, MOST)


@dataclass(frozen=True)
class Load:
    """An agent's day: ``waiting`` is kept for them, ``room`` what the day's target still leaves (CAM-4).

    Who is ``gone`` no longer works in the team, but tasks are still kept for them: they only give up.
    """

    user: User
    target: int
    done: int
    waiting: int
    in_hand: int
    untouched: int
    level: int | None
    languages: frozenset[str]
    absent: bool
    gone: bool = False

    @property
    def room(self) -> int:
        return rules.room_left(self.target, self.done, self.waiting)

    @property
    def hand(self) -> rules.Hand:
        """The agent as the rule sees them."""
        level = rules.MIDDLE_LEVEL if self.level is None else self.level
        return rules.Hand(self.user.pk, self.room, level, self.languages)


@dataclass
class Change:
    """One agent before and after a deal."""

    load: Load
    gets: int = 0
    loses: int = 0

    @property
    def after(self) -> int:
        return self.load.waiting + self.gets - self.loses


@dataclass
class Plan:
    """A deal that has not been made: ``dealt`` maps tasks to agents (None: to the team), ``skipped`` says what stays and why."""

    dealt: dict[int, int | None]
    changes: list[Change] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.dealt)


def _matching(selection: Selection):
    """Open tasks of the selection in any state, before it is asked which of them may move."""
    rows = Task.objects.filter(queue__team=selection.team, channel__in=AT_DESK)
    if selection.sources:
        rows = rows.filter(reserved_for__in=selection.sources)
    wanted = {
        "campaign": selection.campaign,
        "kind": selection.kind,
        "customer__nature": selection.nature,
        "customer__level": selection.level,
        "customer__amount__gte": selection.least,
        "customer__amount__lte": selection.most,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "")})
    if selection.region:
        rows = rows.filter(customer__region__in=_places(selection.region))
    if selection.due_until:
        rows = rows.filter(due_at__lt=day_bounds(selection.due_until, settings.TIME_ZONE)[1])
    if selection.fresh:
        rows = rows.filter(attempts=0)
    return rows


def _places(region: Region) -> list[int]:
    """The region and everything below it; the tree is small."""
    parents = dict(Region.objects.order_by("id").values_list("pk", "parent_id"))
    found = {region.pk}
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


def takeable(selection: Selection):
    """The tasks that may be dealt: never one in somebody's hands, nor an agreed time unless it is asked for."""
    rows = _matching(selection).filter(state__in=DEALT)
    if not selection.appointments:
        rows = rows.filter(appointment=False)
    return rows if selection.sources else rows.filter(reserved_for=None)


def pieces(selection: Selection, way: str, *, lock=False) -> dict[rules.Piece, int | None]:
    """The first tasks of the selection in the order of work, as the rule sees them → for whom each is kept now.

    With ``lock`` they are held until the end of the transaction; one that is just being claimed is passed over.
    """
    last = Call.objects.filter(account=OuterRef("account_id"), agent__isnull=False)
    owner = (
        Subquery(last.order_by("-started_at", "-id").values("agent")[:1])
        if way == rules.OWNER
        else Value(None, output_field=IntegerField())
    )
    rows = takeable(selection).annotate(
        place=Coalesce(F("customer__region__code"), Value("")), owner=owner, speaks=F("customer__language")
    )
    if lock:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    rows = rows.order_by("rank", "due_at", "id").values_list(
        "pk", "place", "speaks", "owner", "campaign", "reserved_for"
    )
    return {rules.Piece(*row): kept_for for *row, kept_for in rows[: selection.limit]}


def _left_alone(selection: Selection) -> dict[str, int]:
    """How many of the selection's tasks do not move, by reason."""
    counts = _matching(selection).aggregate(
        in_hand=Count("pk", filter=Q(state__in=HELD)),
        appointment=Count("pk", filter=Q(state__in=DEALT, appointment=True)),
        on_hold=Count("pk", filter=Q(state=TaskState.SUSPENDED)),
    )
    if selection.appointments:
        del counts["appointment"]
    return {reason: count for reason, count in counts.items() if count}


def loads(team: Team, *, campaign: Campaign | None, now: datetime) -> list[Load]:
    """The team's agents with their day so far, and who has left tasks behind; a fixed number of queries."""
    day = local_day(now, settings.TIME_ZONE)
    working = list(agents_of_team(team))
    kept = Task.objects.filter(queue__team=team, state__in=WAITING, reserved_for__isnull=False)
    left = User.objects.filter(pk__in=kept.values("reserved_for")).exclude(
        pk__in=[user.pk for user in working]
    )
    gone = list(left.order_by("full_name", "id"))
    people = working + gone
    waiting = counted(Task.objects.filter(reserved_for__in=people, state__in=WAITING), "reserved_for")
    in_hand = counted(Task.objects.held().filter(agent__in=people), "agent")
    calls = Call.objects.counted().filter(agent__in=people, local_day=day, disposition__completed=True)
    done = counted(calls, "agent")
    late = counted(untouched(now).filter(reserved_for__in=people), "reserved_for")
    levels = levels_in(campaign.code, people) if campaign else {}
    languages, absent, target = languages_of(people), absent_on(people, day), _target(team, campaign)
    return [
        Load(
            user=user,
            target=target,
            done=done.get(user.pk, 0),
            waiting=waiting.get(user.pk, 0),
            in_hand=in_hand.get(user.pk, 0),
            untouched=late.get(user.pk, 0),
            level=levels.get(user.pk),
            languages=languages.get(user.pk, frozenset()),
            absent=user.pk in absent,
            gone=user in gone,
        )
        for user in people
    ]


def _target(team, campaign) -> int:
    """Successes a day: the campaign's, or the highest of those the team works for."""
    if campaign:
        return campaign.daily_target or DEFAULT_TARGET
    running = Campaign.objects.filter(teams=team, state=CampaignState.RUNNING)
    return running.aggregate(most=Max("daily_target"))["most"] or DEFAULT_TARGET


def plan(selection: Selection, *, way, agents, seed, now, lock=False) -> Plan:
    """What the deal would be: who gets how many, and what stays. ``agents`` are ids of the team's agents."""
    found = loads(selection.team, campaign=selection.campaign, now=now)
    work = pieces(selection, way, lock=lock)
    sources = {user.pk for user in selection.sources}
    wanted = set(agents)
    hands = [load.hand for load in found if load.user.pk in wanted and not load.gone]
    dealt: dict[int, int | None] = {}
    if way == rules.POOL:
        dealt = {piece.id: None for piece in work}
    else:
        unable = unable_by_campaign({piece.campaign for piece in work}, [hand.id for hand in hands])
        dealt |= rules.deal_by_skill(way, work, hands, unable, seed)
    skipped = _left_alone(selection)
    if stay := len(work) - len(dealt):
        skipped["no_speaker" if way == rules.LANGUAGE else "no_skill"] = stay
    changes = {load.user.pk: Change(load) for load in found}
    for piece, kept_for in work.items():
        if piece.id not in dealt:
            continue
        if kept_for in changes:
            changes[kept_for].loses += 1
        if dealt[piece.id] in changes:
            changes[dealt[piece.id]].gets += 1
    touched = [one for one in changes.values() if one.load.user.pk in wanted | sources]
    return Plan(dealt, touched, skipped)
