"""Policies become tasks: service events × policy → accounts, queues, tasks, in set-based SQL (CAM-2, CAM-4).

One statement per table, however many customers; nothing is done customer by customer. A task's ``source`` makes it exactly
once, so applying again adds nothing. Both databases run the same text.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbacks.models import Queue, Task
from callbacks.queries.policies import (
    blocked_sql,
    channel_sql,
    drawn_sql,
    members_sql,
    owner_sql,
    promised_days,
    promised_today,
    seed_of,
)
from callbacks.states import TaskState
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.jobs import handler
from callcenter.models import Job
from callcenter.workdays import local_day
from campaigns.models import Account, Frame, Policy
from campaigns.states import CampaignState
from customers.models import Customer

# Events whose import began before the last application and ended after it are looked at again.
OVERLAP = timedelta(days=1)

JOB = "callbacks.apply_policies"

TASKS, ACCOUNTS, CUSTOMERS = Task._meta.db_table, Account._meta.db_table, Customer._meta.db_table
FRAMES = Frame._meta.db_table


@dataclass(frozen=True)
class Applied:
    """What an application found and did: promised contacts (all drawn so far, in an open window), their people, new tasks."""

    promised: int
    customers: int
    created: int


@transaction.atomic
def apply_policy(*, policy, now, by=None, full=False) -> Applied:
    """Plan the tasks a policy promises for the events of its campaign's client; returns what was done.

    Counted are events whose window is still open at ``now``, of customers who pass the policy's filters and are not on the
    do-not-call list; of them the coverage is drawn per region. Under full coverage only events that came in since the last
    application are looked at, unless ``full`` or the policy has a segment, which customers enter later. Raises ``Refused``
    when the campaign does not run or has no team, or when the segment can no longer be read.
    """
    policy = (
        Policy.objects.select_for_update(of=("self",))
        .select_related("campaign__client", "segment")
        .get(pk=policy.pk)
    )
    campaign = policy.campaign
    if campaign.state != CampaignState.RUNNING or not policy.active:
        raise Refused(
            _("The policy “%(policy)s” is not active or its campaign does not run; start it first.")
            % {"policy": policy},
            code="policy_idle",
        )
    queues = _queues(campaign)
    days = promised_today(policy, now) if policy.every_months else promised_days(policy, now)
    if not days:
        return _done(policy, now, Applied(0, 0, 0))
    # A customer may come into the segment long after the event did.
    whole = full or policy.coverage_percent < 100 or policy.segment_id or not policy.applied_through
    since = None if whole else policy.applied_through - OVERLAP
    with connection.cursor() as cursor:
        _stage(cursor, policy, days, queues, since, now)
        counted = "SELECT COUNT(source), COUNT(DISTINCT customer_id) FROM policy_member"
        promised, customers = _row(cursor, counted)
        _open_accounts(cursor, campaign, now)
        created = _plan(cursor, policy, queues, now)
        if policy.coverage_percent < 100:
            _keep_frame(cursor, policy, now)
        cursor.execute("DROP TABLE policy_member")
    return _done(policy, now, Applied(promised, customers, created))


def _done(policy, now, applied):
    Policy.objects.filter(pk=policy.pk).update(applied_through=now)
    return applied


def _row(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchone()


def _queues(campaign):
    """(team id, queue id) of every team of the campaign, by team; queues that lack are made."""
    teams = list(campaign.teams.order_by("id").values_list("id", flat=True))
    if not teams:
        raise Refused(
            _("No team works for the campaign “%(campaign)s”. Give it a team first.")
            % {"campaign": campaign},
            code="no_team",
        )
    Queue.objects.bulk_create(
        [Queue(campaign=campaign, team_id=team) for team in teams], ignore_conflicts=True
    )
    return list(
        Queue.objects.filter(campaign=campaign, team__in=teams)
        .order_by("team_id")
        .values_list("team_id", "id")
    )


def _team_sql(policy, queues):
    """SQL of the team a customer ``c`` goes to: the own one if the campaign has it and the policy says so, else in turn."""
    teams = [team_id for team_id, _queue in queues]
    turns = " ".join(f"WHEN {place} THEN {team_id}" for place, team_id in enumerate(teams))
    in_turn = f"CASE c.id %% {len(teams)} {turns} END"
    if policy.owner == Policy.Owner.TURNS:
        return in_turn
    return f"CASE WHEN c.team_id IN ({', '.join(map(str, teams))}) THEN c.team_id ELSE {in_turn} END"


def _stage(cursor, policy, days, queues, since, now):
    """Put the promised contacts, after the do-not-call list and the draw, into a temporary table."""
    members, member_values = members_sql(policy, since, now)
    stored = connection.ops.adapt_datetimefield_value
    cast = "::timestamptz" if connection.vendor == "postgresql" else ""
    rows = ", ".join([f"(%s{cast}, %s{cast}, %s{cast}, %s{cast}, %s{cast}, %s, %s)"] * len(days))
    day_values = [
        value
        for day in days
        for value in (
            stored(day.starts_at),
            stored(day.ends_at),
            stored(day.begins_at) if day.begins_at else None,
            stored(day.deadline),
            stored(day.kept_until),
            day.rank,
            day.key_rank,
        )
    ]
    blocked, blocked_values = blocked_sql(policy, now)
    on_day = "1 = 1" if policy.every_months else "m.at >= d.starts_at AND m.at < d.ends_at"
    chosen, chosen_values = (
        drawn_sql(policy, now)
        if policy.coverage_percent < 100
        else ("SELECT promised.*, 1 AS contacts FROM promised", [])
    )
    cursor.execute("DROP TABLE IF EXISTS policy_member")
    cursor.execute(
        f"""CREATE TEMPORARY TABLE policy_member AS
        WITH days (starts_at, ends_at, begins_at, deadline, kept_until, rank, key_rank) AS (VALUES {rows}),
        members (source, customer_id, at) AS ({members}),
        blocked (customer_id) AS ({blocked}),
        promised AS (
            SELECT m.source, m.customer_id, c.region_id, {_team_sql(policy, queues)} AS team_id,
                COALESCE(d.begins_at, m.at) AS due_at, d.deadline, d.kept_until,
                CASE WHEN c.key_customer THEN d.key_rank ELSE d.rank END AS rank
            FROM days d JOIN members m ON {on_day} JOIN {CUSTOMERS} c ON c.id = m.customer_id
            LEFT JOIN blocked b ON b.customer_id = c.id
            WHERE b.customer_id IS NULL
        ) {chosen}""",  # noqa: S608
        [*day_values, *member_values, *blocked_values, *chosen_values],
    )


def _open_accounts(cursor, campaign, now):
    """One account for each customer who has none in the campaign yet."""
    cursor.execute(
        f"""INSERT INTO {ACCOUNTS} (campaign_id, customer_id, team_id, loaded_on, attempts, useless_code)
        SELECT %s, m.customer_id, m.team_id, %s, 0, ''
        FROM (SELECT DISTINCT customer_id, team_id FROM policy_member WHERE source IS NOT NULL) m WHERE 1 = 1
        ON CONFLICT (campaign_id, customer_id) DO UPDATE SET reclaimed_on = NULL
            WHERE {ACCOUNTS}.reclaimed_on IS NOT NULL""",  # noqa: S608
        [campaign.pk, local_day(now, settings.TIME_ZONE)],
    )


def _plan(cursor, policy, queues, now):
    """Insert the tasks that do not exist; returns how many."""
    listed = " ".join(f"WHEN {team} THEN {queue}" for team, queue in queues)
    fallback = queues[0][1]
    channel, channel_values = channel_sql(policy, now)
    agent, until = owner_sql(policy)
    cursor.execute(
        f"""INSERT INTO {TASKS} (campaign_id, queue_id, customer_id, account_id, kind, reason, channel, source, policy_id,
            state, priority, rank, due_at, deadline, reserved_for_id, reserved_until,
            appointment, token, dialled_number, attempts, hold, blocked_by, created_at)
        SELECT a.campaign_id, CASE a.team_id {listed} ELSE {fallback} END, a.customer_id, a.id, %s, %s, {channel}, m.source, %s,
            %s, %s, m.rank, m.due_at, m.deadline, {agent}, {until},
            {"false" if connection.vendor == "postgresql" else "0"}, 0, '', 0, '', '[]', %s
        FROM policy_member m JOIN {ACCOUNTS} a ON a.customer_id = m.customer_id AND a.campaign_id = %s
        WHERE m.source IS NOT NULL
        ON CONFLICT (source) DO NOTHING""",  # noqa: S608
        [
            Task.Kind.CALLBACK,
            policy.name[:200],
            *channel_values,
            policy.pk,
            TaskState.PLANNED,
            policy.priority,
            connection.ops.adapt_datetimefield_value(now),
            policy.campaign_id,
        ],
    )
    return cursor.rowcount


def _keep_frame(cursor, policy, now):
    """Replace the frame of the windows that are open: what the sample was drawn from, and how much of it was left out.

    A policy without events promises one period: its frame ends with the first contacts of the period.
    """
    stored = connection.ops.adapt_datetimefield_value(now)
    open_windows = "policy_id = %s AND deadline > %s"
    cursor.execute(f"DELETE FROM {FRAMES} WHERE {open_windows}", [policy.pk, stored])  # noqa: S608
    deadline, values = "m.deadline", []
    if policy.every_months:
        deadline = f"COALESCE((SELECT MIN(t.deadline) FROM {TASKS} t WHERE t.policy_id = %s AND t.deadline > %s), m.deadline)"  # noqa: S608
        values = [policy.pk, stored]
    cursor.execute(
        f"""INSERT INTO {FRAMES} (policy_id, team_id, region_id, deadline, eligible, left_out, seed, counted_at)
        SELECT %s, m.team_id, m.region_id, {deadline}, SUM(CASE WHEN m.source IS NULL THEN m.contacts ELSE 0 END),
            SUM(CASE WHEN m.source IS NULL THEN m.contacts ELSE -1 END), %s, %s
        FROM policy_member m GROUP BY m.team_id, m.region_id, m.deadline""",  # noqa: S608
        [policy.pk, *values, seed_of(policy, now), stored],
    )


def apply_policies_of(*, campaign, by, now) -> Job:
    """Queue the application of all active policies of a campaign; returns the job."""
    return jobs.start(
        JOB,
        _("Policies of %(campaign)s") % {"campaign": campaign},
        owner=by,
        now=now,
        params={"campaign": campaign.pk, "language": get_language() or ""},
    )


@handler(JOB)
def apply_as_job(job, progress):
    """Policy after policy; what was applied before a stop is kept."""
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        policies = list(Policy.objects.filter(campaign_id=job.params["campaign"], active=True).order_by("id"))
        created = 0
        for number, policy in enumerate(policies, start=1):
            progress.stop_if_cancelled()
            created += apply_policy(policy=policy, now=timezone.now(), by=job.owner, full=True).created
            progress.save(done=number, total=len(policies), ok=created, stage=str(policy))
        progress.save(stage="", result={"created": created})
