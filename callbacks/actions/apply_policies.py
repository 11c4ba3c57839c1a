"""Policies become tasks: service events × policy → accounts, queues, tasks, in set-based SQL (CAM-2, CAM-4).

One statement per table, however many customers; nothing is done customer by customer. A task's ``source`` makes it exactly
once, so applying again adds nothing. Both databases run the same text. What is drawn is what ``campaigns.rules.coverage``
draws: within a region the customers with the lowest md5(seed:customer id), those drawn before first.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbacks.actions.plan import rank_of
from callbacks.models import Queue, Task
from callbacks.states import TaskState
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.jobs import handler
from callcenter.models import Job
from callcenter.workdays import NoWorkingTime, day_bounds, local_day
from campaigns.models import Account, Policy
from campaigns.rules.coverage import Span, policy_window
from campaigns.states import CampaignState
from customers.models import BlacklistEntry, Customer, Phone, ServiceEvent
from people.queries import work_calendar

# How far back a window may reach that is still open; longer ones are not offered.
LONGEST_WINDOW_DAYS = 800
# Events whose import began before the last application and ended after it are looked at again.
OVERLAP = timedelta(days=1)

JOB = "callbacks.apply_policies"

TASKS, ACCOUNTS = Task._meta.db_table, Account._meta.db_table
CUSTOMERS, PHONES, BLACKLIST = Customer._meta.db_table, Phone._meta.db_table, BlacklistEntry._meta.db_table


@dataclass(frozen=True)
class Applied:
    """What an application found and did: promised contacts (all drawn so far, in an open window), their people, new tasks."""

    promised: int
    customers: int
    created: int


@dataclass(frozen=True)
class _Day:
    """One local day of events and what the policy promises for it; ``begins_at`` None means at the event itself."""

    starts_at: object
    ends_at: object
    begins_at: object
    deadline: object
    rank: int
    key_rank: int


@transaction.atomic
def apply_policy(*, policy, now, by=None, full=False) -> Applied:
    """Plan the tasks a policy promises for the events of its campaign's client; returns what was done.

    Counted are events whose window is still open at ``now``, of customers who pass the policy's filters and are not on the
    do-not-call list; of them the coverage is drawn per region. Under full coverage only events that came in since the last
    application are looked at, unless ``full``. Raises ``Refused`` when the campaign does not run or has no team.
    """
    policy = (
        Policy.objects.select_for_update(of=("self",)).select_related("campaign__client").get(pk=policy.pk)
    )
    campaign = policy.campaign
    if campaign.state != CampaignState.RUNNING or not policy.active:
        raise Refused(
            _("The policy “%(policy)s” is not active or its campaign does not run; start it first.")
            % {"policy": policy},
            code="policy_idle",
        )
    queues = _queues(campaign)
    days = _periodic_day(policy, now) if policy.every_months else _days(policy, now)
    if not days:
        return _done(policy, now, Applied(0, 0, 0))
    whole = full or policy.coverage_percent < 100 or not policy.applied_through
    since = None if whole else policy.applied_through - OVERLAP
    with connection.cursor() as cursor:
        _stage(cursor, policy, days, since, now)
        promised, customers = _row(cursor, "SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM policy_member")
        _open_accounts(cursor, campaign, queues, now)
        created = _plan(cursor, policy, queues, now)
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


def _span(policy):
    return Span(policy.window, policy.window_unit, policy.due_time)


def _day_of(policy, day, calendar, starts_at, ends_at):
    """The promise for one local day; None when the calendar has no working day that could keep it."""
    try:
        begins_at, deadline = policy_window(
            starts_at, delay_days=policy.start_delay_days, length=_span(policy), cal=calendar
        )
    except NoWorkingTime:
        return None
    rank = {"kind": Task.Kind.CALLBACK, "deadline": deadline, "priority": policy.priority, "attempts": 0}
    return _Day(
        starts_at,
        ends_at,
        begins_at if policy.start_delay_days else None,
        deadline,
        rank_of(key_customer=False, **rank),
        rank_of(key_customer=True, **rank),
    )


def _days(policy, now):
    """The local days whose events still have an open window at ``now``, not before the campaign; latest first."""
    calendar = work_calendar(policy.campaign.calendar)
    day, found = local_day(now, settings.TIME_ZONE), []
    for _back in range(LONGEST_WINDOW_DAYS):
        if day < policy.campaign.starts_on:
            break
        promise = _day_of(policy, day, calendar, *day_bounds(day, settings.TIME_ZONE))
        if promise and promise.deadline <= now:
            break
        if promise:
            found.append(promise)
        day -= timedelta(days=1)
    return found


def period_of(day: date, months: int) -> date:
    """The first day of the period of so many calendar months that ``day`` lies in."""
    index = day.year * 12 + day.month - 1
    index -= index % months
    return date(index // 12, index % 12 + 1, 1)


def _periodic_day(policy, now):
    """A policy without events: everybody once in the period, from now on until its window ends."""
    day = local_day(now, settings.TIME_ZONE)
    starts_at, ends_at = day_bounds(day, settings.TIME_ZONE)
    promise = _day_of(policy, day, work_calendar(policy.campaign.calendar), starts_at, ends_at)
    return [promise] if promise else []


def _stage(cursor, policy, days, since, now):
    """Put the promised contacts, after the do-not-call list and the draw, into a temporary table."""
    members, member_values = _members(policy, since, now)
    stored = connection.ops.adapt_datetimefield_value
    cast = "::timestamptz" if connection.vendor == "postgresql" else ""
    rows = ", ".join([f"(%s{cast}, %s{cast}, %s{cast}, %s{cast}, %s, %s)"] * len(days))
    day_values = [
        value
        for day in days
        for value in (
            stored(day.starts_at),
            stored(day.ends_at),
            stored(day.begins_at) if day.begins_at else None,
            stored(day.deadline),
            day.rank,
            day.key_rank,
        )
    ]
    blocked, blocked_values = _blocked(policy, now)
    on_day = "1 = 1" if policy.every_months else "m.at >= d.starts_at AND m.at < d.ends_at"
    chosen, chosen_values = (
        _drawn(policy, now) if policy.coverage_percent < 100 else ("SELECT * FROM promised", [])
    )
    cursor.execute("DROP TABLE IF EXISTS policy_member")
    cursor.execute(
        f"""CREATE TEMPORARY TABLE policy_member AS
        WITH days (starts_at, ends_at, begins_at, deadline, rank, key_rank) AS (VALUES {rows}),
        members (source, customer_id, at) AS ({members}),
        blocked (customer_id) AS ({blocked}),
        promised AS (
            SELECT m.source, m.customer_id, c.region_id, c.team_id, COALESCE(d.begins_at, m.at) AS due_at, d.deadline,
                CASE WHEN c.key_customer THEN d.key_rank ELSE d.rank END AS rank
            FROM days d JOIN members m ON {on_day} JOIN {CUSTOMERS} c ON c.id = m.customer_id
            LEFT JOIN blocked b ON b.customer_id = c.id
            WHERE b.customer_id IS NULL
        ) {chosen}""",  # noqa: S608
        [*day_values, *member_values, *blocked_values, *chosen_values],
    )


def _drawn(policy, now):
    """SQL and values of the coverage: per region ``quota`` people; those drawn before for an open window stay and count."""
    return (
        f""", already AS (
            SELECT DISTINCT customer_id FROM {TASKS} WHERE policy_id = %s AND deadline > %s
        ), people AS (
            SELECT p.customer_id, p.region_id, CASE WHEN a.customer_id IS NULL THEN 0 ELSE 1 END AS kept
            FROM (SELECT DISTINCT customer_id, region_id FROM promised) p
            LEFT JOIN already a ON a.customer_id = p.customer_id
        ), placed AS (
            SELECT customer_id, COUNT(*) OVER (PARTITION BY region_id) AS population,
                SUM(kept) OVER (PARTITION BY region_id) AS stay,
                ROW_NUMBER() OVER (
                    PARTITION BY region_id ORDER BY kept DESC, MD5(%s || ':' || customer_id), customer_id
                ) AS place
            FROM people
        )
        SELECT promised.* FROM promised JOIN placed ON placed.customer_id = promised.customer_id
        WHERE place <= stay OR place <= %s OR place <= (population * %s + 9999) / 10000""",  # noqa: S608
        [
            policy.pk,
            connection.ops.adapt_datetimefield_value(now),
            policy.seed,
            policy.minimum_per_stratum,
            int(policy.coverage_percent * 100),
        ],
    )


def _members(policy, since, now):
    """SQL and values of (source, customer_id, at): who the policy speaks of, before the do-not-call list and the draw."""
    people = _people(policy, "customer__" if policy.event_kind else "")
    client = policy.campaign.client
    prefix = f"policy:{policy.pk}:"
    text, instant = models.CharField(), models.DateTimeField()
    if policy.event_kind:
        rows = ServiceEvent.objects.filter(
            people, client=client, kind=policy.event_kind, occurred_at__lte=now
        )
        if since is not None:
            rows = rows.filter(created_at__gt=since)
        if policy.fact_name:
            fact = Cast(KeyTextTransform(policy.fact_name, "facts"), text)
            rows = rows.annotate(fact=fact).filter(fact=policy.fact_value)
        rows = rows.annotate(task_source=Concat(Value(f"{prefix}event:"), F("id"), output_field=text))
        rows = rows.values_list("task_source", "customer_id", "occurred_at")
    else:
        period = period_of(local_day(now, settings.TIME_ZONE), policy.every_months)
        source = Concat(Value(f"{prefix}{period:%Y-%m}:customer:"), F("id"), output_field=text)
        rows = Customer.objects.filter(people, client=client)
        rows = rows.annotate(task_source=source, task_at=Value(now, output_field=instant))
        rows = rows.values_list("task_source", "pk", "task_at")
    sql, values = rows.order_by().query.sql_with_params()
    return sql, list(values)


def _people(policy, prefix):
    """The policy's filters on customers, as seen from a model that reaches them by ``prefix``."""
    chosen = Q(**{f"{prefix}restriction": ""})
    if policy.key_customers_only:
        chosen &= Q(**{f"{prefix}key_customer": True})
    if policy.ordinary_only:
        chosen &= Q(**{f"{prefix}key_customer": False})
    if policy.nature:
        chosen &= Q(**{f"{prefix}nature": policy.nature})
    if policy.without_phone:
        reachable = Phone.objects.usable().values("customer_id")
        chosen &= ~Q(**{f"{prefix}address": ""}) & ~Q(**{f"{prefix}pk__in": reachable})
    return chosen


def _blocked(policy, now):
    """SQL and values of the customers on the do-not-call list for this campaign, or with no number left that is not."""
    campaign, stored = policy.campaign, connection.ops.adapt_datetimefield_value(now)
    in_force = """({0}.expires_at IS NULL OR {0}.expires_at > %s) AND ({0}.client_id IS NULL OR {0}.client_id = %s)
        AND {0}.campaign_code IN ('', %s) AND {0}.purpose IN ('', %s)"""
    values = [stored, campaign.client_id, campaign.code, campaign.purpose]
    sql = f"""
        SELECT b.customer_id FROM {BLACKLIST} b WHERE b.customer_id IS NOT NULL AND b.number = '' AND {in_force.format("b")}
        UNION
        SELECT p.customer_id FROM {BLACKLIST} b JOIN {PHONES} p ON p.number = b.number
        WHERE b.number <> '' AND (b.customer_id IS NULL OR b.customer_id = p.customer_id) AND {in_force.format("b")}
            AND NOT EXISTS (
                SELECT 1 FROM {PHONES} o WHERE o.customer_id = p.customer_id AND o.state = 'valid' AND NOT EXISTS (
                    SELECT 1 FROM {BLACKLIST} x WHERE x.number = o.number
                        AND (x.customer_id IS NULL OR x.customer_id = o.customer_id) AND {in_force.format("x")}))"""  # noqa: S608
    return sql, values * 3


def _open_accounts(cursor, campaign, queues, now):
    """The own team of a customer if the campaign has it, else the campaign's teams take turns."""
    teams = [team_id for team_id, _queue in queues]
    turns = " ".join(f"WHEN {place} THEN {team_id}" for place, team_id in enumerate(teams))
    listed = ", ".join(map(str, teams))
    cursor.execute(
        f"""INSERT INTO {ACCOUNTS} (campaign_id, customer_id, team_id, loaded_on, attempts, useless_code)
        SELECT %s, m.customer_id, CASE WHEN m.team_id IN ({listed}) THEN m.team_id
            ELSE CASE m.customer_id %% {len(teams)} {turns} END END, %s, 0, ''
        FROM (SELECT DISTINCT customer_id, team_id FROM policy_member) m WHERE 1 = 1
        ON CONFLICT (campaign_id, customer_id) DO NOTHING""",  # noqa: S608
        [campaign.pk, local_day(now, settings.TIME_ZONE)],
    )


def _plan(cursor, policy, queues, now):
    """Insert the tasks that do not exist; returns how many."""
    listed = " ".join(f"WHEN {team} THEN {queue}" for team, queue in queues)
    fallback = queues[0][1]
    cursor.execute(
        f"""INSERT INTO {TASKS} (campaign_id, queue_id, customer_id, account_id, kind, reason, channel, source, policy_id,
            state, priority, rank, due_at, deadline, appointment, token, dialled_number, attempts, hold, blocked_by, created_at)
        SELECT a.campaign_id, CASE a.team_id {listed} ELSE {fallback} END, a.customer_id, a.id, %s, %s, %s, m.source, %s,
            %s, %s, m.rank, m.due_at, m.deadline, {"false" if connection.vendor == "postgresql" else "0"}, 0, '', 0, '', '[]', %s
        FROM policy_member m JOIN {ACCOUNTS} a ON a.customer_id = m.customer_id AND a.campaign_id = %s WHERE 1 = 1
        ON CONFLICT (source) DO NOTHING""",  # noqa: S608
        [
            Task.Kind.CALLBACK,
            policy.name[:200],
            policy.channel,
            policy.pk,
            TaskState.PLANNED,
            policy.priority,
            connection.ops.adapt_datetimefield_value(now),
            policy.campaign_id,
        ],
    )
    return cursor.rowcount


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
