"""Handing out the next best task (CB-2, CB-3, DESIGN section 4).

The claim touches ready rows only, through the partial indexes ``task_claim`` and ``task_claim_own``: one probe for the
agent's own appointments and one per queue she is subscribed to, the best head of them wins. On PostgreSQL that, the
lease and the history row are one statement with SKIP LOCKED; on SQLite one immediate transaction. Its cost does not grow
with what waits. Then ``may_contact`` is asked, and a refused task goes back to the plan with its next permitted time.
"""

from contextlib import nullcontext, suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from callbacks.actions.hold import LEASE, renew_lease
from callbacks.actions.promote import put_back, release_due, screen_heads
from callbacks.models import Queue, Task, TaskStep
from callbacks.queries.claimed import with_customer
from callbacks.queries.permission import permission_at_claim, with_context
from callbacks.states import TaskState
from callcenter.access import Role
from callcenter.errors import Conflict
from callcenter.workdays import local_day
from callcenter.workflow import LostRace
from campaigns.models import Campaign, RequiredSkill
from campaigns.states import CampaignState
from people.models import AgentSkill

# After this many refusals in one request the heads of the queues are screened in bulk.
TRIES = 4
SCREENINGS = 3
# A task she has just given back is offered to her again only when there is nothing else. Whom she called minutes ago and who
# asked for another call now is no such task: it was agreed after she had it.
PASSED_OVER = timedelta(minutes=15)


def claim_next(*, agent, now) -> Task | None:
    """The task the agent should work on now, with a lease of 90 s; None when nothing is callable.

    An agent holds one task at most: whoever holds one gets that one again, with its state, token and draft. Every task
    handed out has just been permitted by ``may_contact``; the others go back to the plan and the next is tried.
    """
    screened = released = False
    for attempt in range(TRIES * (SCREENINGS + 1)):
        task = _take(agent, now)
        if task is None:
            held, lost = _held(agent, now)
            if held:
                return held
            if lost:
                continue
            queues = _queues(agent, now)
            if released or not queues or not (release_due(now=now, queue_ids=queues) or screened):
                return None
            released, screened = True, False
            continue
        decision = permission_at_claim(with_customer(task), now=now)
        if decision.allowed:
            return task
        with suppress(LostRace):
            put_back(task, decision, by=agent, now=now)
        if attempt % TRIES == TRIES - 1:
            screened = bool(screen_heads(_queues(agent, now), now=now)) or screened
    return None


def _queues(agent, now) -> list[int]:
    day = local_day(now, settings.TIME_ZONE)
    return list(Queue.objects.callable_by(agent, day).order_by("id").values_list("id", flat=True))


def _held(agent, now):
    """The task the agent holds, its lease renewed, and whether one was just taken back."""
    task = with_context(Task.objects.held().filter(agent=agent)).first()
    if task is None:
        return None, False
    try:
        task.lease_until = renew_lease(task_id=task.pk, agent=agent, token=task.token, now=now)
    except Conflict:
        return None, True
    return task, False


def _take(agent, now):
    """The task claimed, or None when there is none or the agent holds one already."""
    take = _take_by_skipping if connection.features.has_select_for_update_skip_locked else _take_alone
    try:
        # Outside a transaction the statement commits by itself, which saves two round trips of each claim.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return take(agent, now, passing_over=True) or take(agent, now, passing_over=False)
    except IntegrityError:
        # Another request of the same agent was first: the constraint one_task_in_hand.
        return None


TASKS, STEPS = Task._meta.db_table, TaskStep._meta.db_table
# The rule of ``Queue.objects.callable_by``, asked inside the claim: a paused campaign hands out nothing from that moment on.
CALLABLE = f"""SELECT q.id FROM {Queue._meta.db_table} q JOIN {Campaign._meta.db_table} c ON c.id = q.campaign_id
    WHERE q.open AND q.team_id = ANY(%(teams)s) AND c.state = '{CampaignState.RUNNING}' AND c.starts_on <= %(day)s
    AND (c.ends_on IS NULL OR c.ends_on >= %(day)s)
    AND NOT EXISTS (SELECT 1 FROM {RequiredSkill._meta.db_table} r WHERE r.campaign_id = c.id AND NOT EXISTS (
        SELECT 1 FROM {AgentSkill._meta.db_table} s
        WHERE s.skill_id = r.skill_id AND s.user_id = %(agent)s AND s.level >= r.level))"""  # noqa: S608
HEAD = f"""SELECT t.id, t.rank, t.due_at FROM {TASKS} t
    WHERE t.state = '{TaskState.READY}' AND {{which}}{{passing}} ORDER BY t.rank, t.due_at, t.id LIMIT 1"""  # noqa: S608
PASSING = """ AND NOT (t.agent_id IS NOT NULL AND t.agent_id = %(agent)s AND t.claimed_at > %(since)s
    AND (t.agreed_at IS NULL OR t.claimed_at >= t.agreed_at))"""
FREE = f"""NOT EXISTS (SELECT 1 FROM {TASKS} h WHERE h.agent_id = %(agent)s
    AND h.state IN ('{TaskState.CLAIMED}', '{TaskState.IN_CALL}', '{TaskState.WRAP_UP}'))"""  # noqa: S608
CLAIM = f"""UPDATE {TASKS} SET state = '{TaskState.CLAIMED}', agent_id = %(agent)s, lease_until = %(until)s,
    claimed_at = %(now)s, token = token + 1, blocked_by = '[]', dialled_at = NULL, dialled_number = '',
    answered_at = NULL, hung_up_at = NULL"""  # noqa: S608
STEP = f"""INSERT INTO {STEPS} (case_id, from_state, to_state, at, by_id, note)
    SELECT {{id}}, '{TaskState.READY}', '{TaskState.CLAIMED}', %(now)s, %(agent)s, '' """


def _values(agent, now):
    stored = connection.ops.adapt_datetimefield_value
    return {
        "agent": agent.pk,
        "now": stored(now),
        "until": stored(now + LEASE),
        "since": stored(now - PASSED_OVER),
    }


def _take_by_skipping(agent, now, *, passing_over):
    passing = PASSING if passing_over else ""
    own = HEAD.format(
        which="t.reserved_for_id = %(agent)s AND t.queue_id IN (SELECT id FROM queues)", passing=passing
    )
    pool = HEAD.format(which="t.queue_id = q.id AND t.reserved_for_id IS NULL", passing=passing)
    sql = f"""
        WITH queues AS MATERIALIZED ({CALLABLE}), best AS (
            SELECT id FROM (
                SELECT * FROM ({own} FOR UPDATE SKIP LOCKED) own
                UNION ALL
                SELECT head.* FROM queues q
                CROSS JOIN LATERAL ({pool} FOR UPDATE SKIP LOCKED) head
            ) heads ORDER BY rank, due_at, id LIMIT 1
        ), taken AS (
            {CLAIM} WHERE id = (SELECT id FROM best) AND state = '{TaskState.READY}' AND {FREE} RETURNING *
        ), step AS ({STEP.format(id="taken.id")} FROM taken)
        SELECT * FROM taken"""  # noqa: S608
    teams, day = sorted(agent.scope().team_ids(Role.AGENT)), local_day(now, settings.TIME_ZONE)
    return next(iter(Task.objects.raw(sql, _values(agent, now) | {"teams": teams, "day": day})), None)


@transaction.atomic
def _take_alone(agent, now, *, passing_over):
    """SQLite: the immediate transaction keeps everybody else out, so plain probes are enough."""
    queues = _queues(agent, now)
    if not queues:
        return None
    passing = PASSING if passing_over else ""
    listed = ", ".join(str(int(queue)) for queue in queues)
    probes = [f"t.reserved_for_id = %(agent)s AND t.queue_id IN ({listed})"]
    probes += [f"t.queue_id = {int(queue)} AND t.reserved_for_id IS NULL" for queue in queues]
    heads = " UNION ALL ".join(
        f"SELECT * FROM ({HEAD.format(which=probe, passing=passing)})"  # noqa: S608
        for probe in probes  # noqa: S608
    )
    values = _values(agent, now)
    claim = f"""{CLAIM} WHERE id = (SELECT id FROM ({heads}) heads ORDER BY rank, due_at, id LIMIT 1)
        AND {FREE} RETURNING *"""  # noqa: S608
    task = next(iter(Task.objects.raw(claim, values)), None)
    if task:
        with connection.cursor() as cursor:
            cursor.execute(STEP.format(id="%(task)s"), values | {"task": task.pk})
    return task
