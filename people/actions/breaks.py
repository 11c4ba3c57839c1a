"""Breaks: asked for with one key, after the call if need be, so many of a team at once (ORG-5, ux.md section 6)."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.notify import gettext_noop, notify
from callcenter.workdays import local_day
from people.actions.activity import lock_time_of, turn_to
from people.models import Activity, BreakRequest, Team
from people.queries import break_status, halves_of, rule_for, running_of, team_size
from people.queries.activity import earlier_requests, home_team
from people.rules.activity import half_at, places
from people.states import BREAKS, BUSY, NON_PRODUCTIVE, PENDING, RESTS, ActivityKind, BreakState, Obstacle

NOTE_LENGTH = 120


@transaction.atomic
def ask_break(*, agent, kind, now, note="", after_call=False) -> BreakRequest:
    """Ask for a break; it begins at once, after the call in hand, or when a place is free or the lead has approved.

    Raises ``Refused`` for a kind that is no break or a missing note, ``Conflict`` when one was asked for already or the
    agent is on this very break (a key pressed twice).
    """
    team_id = home_team(agent)
    if kind not in BREAKS or team_id is None:
        raise Refused(_("Choose one of the listed kinds of break."), code="no_such_break")
    if kind == ActivityKind.OTHER and not note.strip():
        raise Refused(
            _("Write what the break is for."),
            code="note_missing",
            fields={"note": [_("Write what it is for.")]},
        )
    # In the order everybody locks; a second press of the key waits here until the first has begun the break.
    Team.objects.select_for_update().get(pk=team_id)
    latest = lock_time_of(agent)
    if latest is not None and latest.ended_at is None and latest.kind == kind:
        raise Conflict(_("You are on this break already."), code="on_break_already")
    try:
        with transaction.atomic():
            request = BreakRequest.objects.create(
                agent=agent,
                team_id=team_id,
                kind=kind,
                note=note.strip()[:NOTE_LENGTH],
                state=BreakState.AFTER_CALL if after_call else BreakState.WAITING,
                asked_at=now,
            )
    except IntegrityError as error:
        raise Conflict(
            _("You have asked for a break already. Withdraw that request first."), code="asked_already"
        ) from error
    if not after_call:
        _begin_if_allowed(request, now)
    return request


def begin_pending(*, agent, now) -> Activity | None:
    """Begin the break the agent has asked for, now that no call is in hand; None when there is none or it must wait."""
    request = BreakRequest.objects.pending().filter(agent=agent).first()
    if request is None:
        return None
    request.agent = agent
    with transaction.atomic():
        return _begin_if_allowed(request, now)


def _begin_if_allowed(request, now):
    """Begin the break unless something stands against it; the team's row is locked, so places are counted by one at a time."""
    Team.objects.select_for_update().get(pk=request.team_id)
    state = BreakRequest.objects.filter(pk=request.pk).values_list("state", flat=True).get()
    if state not in PENDING:
        return None
    obstacle = Obstacle.NONE if state == BreakState.APPROVED else _obstacle(request, now)
    if obstacle:
        request.state, request.obstacle = BreakState.WAITING, obstacle
        request.save(update_fields=["state", "obstacle"])
        return None
    request.activity = turn_to(request.kind, agent=request.agent, now=now, note=request.note)
    request.state, request.obstacle = BreakState.STARTED, Obstacle.NONE
    request.save(update_fields=["state", "obstacle", "activity"])
    return request.activity


def _obstacle(request, now):
    if request.kind not in RESTS:
        return Obstacle.NONE
    rule = rule_for(request.team_id)
    if half_at(halves_of(rule, local_day(now, settings.TIME_ZONE)), now) is None:
        return Obstacle.NONE
    if not break_status(agent=request.agent, now=now).left:
        return Obstacle.ALLOWANCE
    resting = Activity.objects.running().filter(team=request.team_id, kind__in=RESTS).count()
    request.obstacle = Obstacle.PLACES
    waiting = earlier_requests(request).count()
    allowed = places(team_size(request.team_id), float(rule.share), rule.at_least)
    return Obstacle.PLACES if resting + waiting >= allowed else Obstacle.NONE


@transaction.atomic
def end_break(*, agent, now) -> Activity | None:
    """Back to work: the agent waits for the next task. Saying it twice changes nothing."""
    running = running_of(agent)
    if running is not None and running.kind in NON_PRODUCTIVE:
        return turn_to(ActivityKind.WAIT, agent=agent, now=now)
    return running


def withdraw_break(*, agent, now) -> bool:
    """The agent no longer wants the break asked for; False when there was none, or it has begun."""
    changed = BreakRequest.objects.filter(agent=agent, state__in=PENDING).update(
        state=BreakState.WITHDRAWN, decided_at=now
    )
    return bool(changed)


@transaction.atomic
def approve_break(*, request, by, now) -> BreakRequest:
    """Allow the break beyond the limit; it begins at once unless a task is in hand. Raises ``Conflict`` when decided."""
    Team.objects.select_for_update().get(pk=request.team_id)
    latest = lock_time_of(request.agent)
    _decide(request, BreakState.APPROVED, by, now)
    if latest is not None and latest.ended_at is None and latest.kind not in BUSY:
        _begin_if_allowed(request, now)
    return request


@transaction.atomic
def refuse_break(*, request, by, now) -> None:
    """Not now; the agent is told in the bell."""
    _decide(request, BreakState.REFUSED, by, now)
    notify(
        [request.agent],
        gettext_noop("%(lead)s asks you to take your break later."),
        key=f"floor:break:{request.pk}",
        now=now,
        lead=str(by),
    )


def _decide(request, state, by, now):
    pending = BreakRequest.objects.filter(
        pk=request.pk, state__in=[BreakState.AFTER_CALL, BreakState.WAITING]
    )
    if not pending.update(state=state, decided_by=by, decided_at=now):
        raise Conflict(
            _("This request has been decided, withdrawn or begun already."), code="decided_already"
        )
    request.state = state


@transaction.atomic
def call_back(*, activity, by, now) -> None:
    """Ask somebody on a break to come back; told once, and shown on the agent's page until the break ends."""
    changed = (
        Activity.objects.running().filter(pk=activity.pk, kind__in=NON_PRODUCTIVE).update(recalled_at=now)
    )
    if not changed:
        raise Conflict(_("This break is over already."), code="break_over")
    notify(
        [activity.agent],
        gettext_noop("%(lead)s asks you to come back from your break."),
        key=f"floor:recall:{activity.pk}",
        now=now,
        lead=str(by),
    )
