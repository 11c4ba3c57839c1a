"""Turning an agent from one activity to the next, and ending what nobody is doing any more (ORG-5)."""

from contextlib import nullcontext, suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.models import AccessLog, Notification
from callcenter.notify import gettext_noop, log_access, notify
from callcenter.sweeps import beat, drain
from callcenter.workdays import local_day
from people.models import Activity, BreakRequest, User
from people.queries import halves_of, leads_of, rule_for
from people.queries.activity import as_interval, home_team, rests_in, running_of
from people.rules.activity import allowance_ends, half_at
from people.states import BREAKS, RESTS, ActivityKind, BreakState, Ending

# A page in a hidden tab may be woken only once a minute, and one request may go astray.
LOST_AFTER = timedelta(seconds=90)
BACK_AGAIN = 60

FLAGS = {
    ActivityKind.AFTER_CALL: gettext_noop("%(agent)s has hung up and not sent the form."),
    ActivityKind.AWAY: gettext_noop("%(agent)s seems to be away."),
    ActivityKind.BREAK: gettext_noop("%(agent)s has used up the rest of this half-day."),
    ActivityKind.MEAL: gettext_noop("%(agent)s has used up the rest of this half-day."),
}


def turn_to(kind, *, agent, now, note="", limit_seconds=None) -> Activity | None:
    """End what the agent is doing and begin ``kind``; the same kind goes on as it is. None for somebody without a team.

    ``limit_seconds`` is after how long the lead is told of after-call work, where that is not the rule of the floor.

    The new interval begins at the very instant at which the old one ends. Of two requests of one agent that arrive together
    the constraints let one through, and the other goes again after it.
    """
    team_id = home_team(agent)
    if team_id is None:
        return None
    if connection.vendor == "postgresql" and kind not in LIMITED:
        with suppress(IntegrityError), transaction.atomic() if connection.in_atomic_block else nullcontext():
            if begun := _turn_at_once(kind, agent, team_id, now, note):
                return begun
    for _again in range(TRIES):
        # Who turned at once, a moment ago, was not seen yet.
        with suppress(IntegrityError):
            return _turn_in_turn(kind, agent, team_id, now, note, limit_seconds)
    return _turn_in_turn(kind, agent, team_id, now, note, limit_seconds)


TRIES = 5
# What the lead is told of after a while; the limit of these takes more questions than one statement holds.
LIMITED = {ActivityKind.AFTER_CALL, ActivityKind.AWAY, *RESTS}
ACTIVITIES = Activity._meta.db_table
# The end is written before the beginning: the beginning waits for the count of what was ended.
AT_ONCE = f"""
    WITH last AS MATERIALIZED (
        SELECT id, kind, started_at, ended_at FROM {ACTIVITIES} WHERE agent_id = %(agent)s
        ORDER BY started_at DESC, id DESC LIMIT 1 FOR UPDATE
    ), moment AS (
        SELECT GREATEST(%(now)s, MAX(started_at), MAX(ended_at)) AS at, COUNT(*) FILTER (
            WHERE ended_at IS NULL AND kind = %(kind)s) AS goes_on FROM last
    ), ended AS (
        UPDATE {ACTIVITIES} a SET ended_at = moment.at, ending = '{Ending.CHANGED}', seen_at = GREATEST(a.seen_at, moment.at)
        FROM last, moment WHERE a.id = last.id AND last.ended_at IS NULL AND moment.goes_on = 0 RETURNING a.id
    )
    INSERT INTO {ACTIVITIES} (agent_id, team_id, kind, started_at, seen_at, note, ending, chosen_kind, correction_reason)
    SELECT %(agent)s, %(team)s, %(kind)s, moment.at, moment.at, %(note)s, '', '', ''
    FROM moment WHERE moment.goes_on = 0 AND (SELECT COUNT(*) FROM ended) >= 0 RETURNING *"""  # noqa: S608


def _turn_at_once(kind, agent, team_id, now, note) -> Activity | None:
    """The turn as one statement; None when the agent is doing that already."""
    values = {"agent": agent.pk, "team": team_id, "kind": str(kind), "now": now, "note": note}
    return next(iter(Activity.objects.raw(AT_ONCE, values)), None)


@transaction.atomic
def _turn_in_turn(kind, agent, team_id, now, note, limit_seconds) -> Activity:
    """The same with the agent's row locked, so that whoever comes meanwhile waits."""
    last = lock_time_of(agent)
    if last and last.ended_at is None:
        if last.kind == kind:
            Activity.objects.filter(pk=last.pk).update(seen_at=Greatest(F("seen_at"), now))
            return last
        # A clock of another host that is behind must not end it before it began.
        now = max(now, last.started_at)
        Activity.objects.filter(pk=last.pk).update(
            ended_at=now, ending=Ending.CHANGED, seen_at=Greatest(F("seen_at"), now)
        )
    elif last:
        now = max(now, last.ended_at)
    return Activity.objects.create(
        agent=agent,
        team_id=team_id,
        kind=kind,
        started_at=now,
        seen_at=now,
        note=note,
        limit_at=_limit(kind, agent, team_id, now, limit_seconds),
    )


def lock_time_of(agent) -> Activity | None:
    """Keep everybody else from changing what the agent does until the transaction ends; returns the latest interval.

    Whoever locks more takes the team first, then this, then the request for a break.
    """
    User.objects.select_for_update(no_key=True).get(pk=agent.pk)
    latest = Activity.objects.filter(agent=agent).order_by("-started_at", "-id")
    return latest.select_for_update(of=("self",)).first()


def _limit(kind, agent, team_id, now, limit_seconds=None):
    """From when on the lead is to be told of this interval (ux.md section 9)."""
    if kind == ActivityKind.AWAY:
        return now
    if kind == ActivityKind.AFTER_CALL:
        return now + timedelta(seconds=limit_seconds or rule_for(team_id).form_seconds)
    if kind in RESTS:
        half = half_at(halves_of(rule_for(team_id), local_day(now, settings.TIME_ZONE)), now)
        rests = [as_interval(row, now) for row in rests_in(half, now=now, agent=agent)] if half else []
        return allowance_ends(rests, half, now)
    return None


def be_seen(*, agent, now, idle_seconds=0) -> Activity | None:
    """The agent's page lives: note it; without a key for long while waiting, the agent seems to be away.

    None when the agent is signed out, also because nothing was heard for too long: the caller then begins anew.
    """
    running = running_of(agent)
    if running is None:
        return None
    if running.kind == ActivityKind.WAIT and idle_seconds >= rule_for(running.team_id).idle_minutes * 60:
        return turn_to(ActivityKind.AWAY, agent=agent, now=now)
    if running.kind == ActivityKind.AWAY and idle_seconds < BACK_AGAIN:
        return turn_to(ActivityKind.WAIT, agent=agent, now=now)
    seen = Activity.objects.running().filter(pk=running.pk).update(seen_at=Greatest(F("seen_at"), now))
    return running if seen else None


@transaction.atomic
def sign_out(*, agent, now) -> bool:
    """End the agent's day at this desk; False when it had ended already."""
    ended = (
        Activity.objects.running()
        .filter(agent=agent)
        .update(ended_at=Greatest(F("started_at"), now), ending=Ending.SIGNED_OUT)
    )
    BreakRequest.objects.pending().filter(agent=agent).update(state=BreakState.WITHDRAWN, decided_at=now)
    return bool(ended)


@transaction.atomic
def close_lost(*, now) -> int:
    """End intervals whose page has gone silent, at the instant it was last heard of (domain.md section 4, rule 4)."""
    lost = (
        Activity.objects.running()
        .filter(seen_at__lt=now - LOST_AFTER)
        .update(ended_at=Greatest(F("started_at"), F("seen_at")), ending=Ending.LOST)
    )
    there = Activity.objects.running().filter(agent=OuterRef("agent"))
    BreakRequest.objects.pending().filter(~Exists(there)).update(state=BreakState.WITHDRAWN, decided_at=now)
    beat("people.close_lost", now=now, handled=lost)
    return lost


def flag_late(*, now, limit=500) -> int:
    """Tell leads, once each, of forms not sent after hanging up, of people away and of rest used up (ORG-5)."""
    due = (
        Activity.objects.running()
        .filter(flagged_at=None, limit_at__lte=now)
        .select_related("agent", "team__unit")
        .order_by("limit_at", "id")
    )
    return drain("people.flag_late", due, lambda activity: _flag(activity, now), now=now, limit=limit)


def _flag(activity, now):
    Activity.objects.filter(pk=activity.pk).update(flagged_at=now)
    notify(
        leads_of(activity.team),
        FLAGS[ActivityKind(activity.kind)],
        key=f"activity:{activity.pk}",
        now=now,
        url=reverse("people:person", args=[activity.agent_id]),
        level=Notification.Level.WARNING,
        agent=str(activity.agent),
    )


@transaction.atomic
def correct_activity(*, activity, kind, reason, by, now) -> None:
    """Say what a break really was; what the agent had chosen is kept, with the reason (ux.md section 6)."""
    if activity.kind not in BREAKS or kind not in BREAKS:
        raise Refused(_("Only the kind of a break can be corrected."), code="not_a_break")
    if not reason.strip():
        raise Refused(
            _("Write why the kind is corrected."), code="reason_missing", fields={"reason": [_("Write why.")]}
        )
    running = activity.ended_at is None
    limit = _limit(kind, activity.agent, activity.team_id, activity.started_at) if running else None
    Activity.objects.filter(pk=activity.pk).update(
        kind=kind,
        chosen_kind=activity.chosen_kind or activity.kind,
        correction_reason=reason.strip()[:200],
        limit_at=limit,
    )
    log_access(
        by,
        AccessLog.Action.CHANGE,
        "activity",
        activity.pk,
        now=now,
        reason=reason,
        was=activity.kind,
        becomes=kind,
    )
