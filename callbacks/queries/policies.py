"""Whom a callback policy speaks of and until when, as parts of set-based SQL (CAM-2).

The draw is that of ``campaigns.rules.coverage``: within a region the customers with the lowest md5(seed:customer id), those
drawn before first. Values are passed beside the SQL, never inside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from callbacks.models import Call, Task
from callbacks.rules.rank import rank
from callcenter.workdays import NoWorkingTime, day_bounds, local_day
from campaigns.rules.coverage import Span, policy_window
from customers.models import BlacklistEntry, Consent, Customer, Phone, ServiceEvent
from customers.queries.segments import Run, selected
from customers.states import ENTRY_FORBIDS
from people.models import Membership, User
from people.queries import work_calendar

# How far back a window may reach that is still open; longer ones are not offered.
LONGEST_WINDOW_DAYS = 800
KEPT_FOR_AGENT = timedelta(days=1)

TASKS, PHONES, BLACKLIST = Task._meta.db_table, Phone._meta.db_table, BlacklistEntry._meta.db_table
CONSENTS = Consent._meta.db_table
CALLS, USERS, MEMBERSHIPS = Call._meta.db_table, User._meta.db_table, Membership._meta.db_table
FORBIDS = ", ".join(f"'{state}'" for state in ENTRY_FORBIDS)
# Values: purpose, channel, and twice the instant.
WITHDRAWN = f"""SELECT w.customer_id FROM {CONSENTS} w
    WHERE w.state = 'withdrawn' AND w.purpose = %s AND w.channel = %s AND w.at <= %s AND NOT EXISTS (
        SELECT 1 FROM {CONSENTS} g WHERE g.customer_id = w.customer_id AND g.purpose = w.purpose
            AND g.channel = w.channel AND g.state = 'granted' AND g.at > w.at AND g.at <= %s)"""  # noqa: S608


@dataclass(frozen=True)
class PromisedDay:
    """One local day of events and what the policy promises for it; ``begins_at`` None means at the event itself.

    ``kept_until`` is how long a contact is kept for the agent whose customer it is, where the policy says so.
    """

    starts_at: object
    ends_at: object
    begins_at: object
    deadline: object
    kept_until: object
    rank: int
    key_rank: int


def _span(policy):
    return Span(policy.window, policy.window_unit, policy.due_time)


def _promise(policy, day, calendar, starts_at, ends_at):
    """The promise for one local day; None when the calendar has no working day that could keep it."""
    try:
        begins_at, deadline = policy_window(
            starts_at, delay_days=policy.start_delay_days, length=_span(policy), cal=calendar
        )
    except NoWorkingTime:
        return None
    parts = {
        "appointment_due": False,
        "second_contact": False,
        "deadline": local_day(deadline, settings.TIME_ZONE),
        "priority": policy.priority,
        "attempts": 0,
    }
    return PromisedDay(
        starts_at,
        ends_at,
        begins_at if policy.start_delay_days else None,
        deadline,
        (begins_at if policy.start_delay_days else ends_at) + KEPT_FOR_AGENT,
        rank(key_customer=False, **parts),
        rank(key_customer=True, **parts),
    )


def promised_days(policy, now):
    """The local days whose events still have an open window at ``now``, not before the campaign; latest first."""
    calendar = work_calendar(policy.campaign.calendar)
    day, found = local_day(now, settings.TIME_ZONE), []
    for _back in range(LONGEST_WINDOW_DAYS):
        if day < policy.campaign.starts_on:
            break
        promise = _promise(policy, day, calendar, *day_bounds(day, settings.TIME_ZONE))
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


def promised_today(policy, now):
    """A policy without events: everybody once in the period, from now on until its window ends."""
    day = local_day(now, settings.TIME_ZONE)
    starts_at, ends_at = day_bounds(day, settings.TIME_ZONE)
    promise = _promise(policy, day, work_calendar(policy.campaign.calendar), starts_at, ends_at)
    return [promise] if promise else []


def members_sql(policy, since, now):
    """SQL and values of (source, customer_id, at): who the policy speaks of, before the do-not-call list and the draw."""
    people = _people(policy, "customer__" if policy.event_kind else "", now)
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


def _people(policy, prefix, now):
    """The policy's filters on customers, as seen from a model that reaches them by ``prefix``.

    A segment is a subquery of the same statement. It is asked for the campaign's client, not in the scope of a person.
    """
    chosen = Q(**{f"{prefix}restriction": ""})
    if policy.key_customers_only:
        chosen &= Q(**{f"{prefix}key_customer": True})
    if policy.ordinary_only:
        chosen &= Q(**{f"{prefix}key_customer": False})
    if policy.nature:
        chosen &= Q(**{f"{prefix}nature": policy.nature})
    if policy.segment_id:
        chosen &= Q(**{f"{prefix}pk__in": selected(policy.segment, Run(now)).values("pk")})
    if policy.without_phone:
        reachable = Phone.objects.usable().values("customer_id")
        chosen &= ~Q(**{f"{prefix}address": ""}) & ~Q(**{f"{prefix}pk__in": reachable})
    return chosen


def blocked_sql(policy, now):
    """SQL and values of the customers the policy must not reach.

    Those on the do-not-call list for this campaign, those with no number left that is not, and those who have withdrawn their
    consent to every channel of the policy. Entries that are only proposed, removed or run out forbid nothing.
    """
    campaign, stored = policy.campaign, connection.ops.adapt_datetimefield_value(now)
    in_force = (
        f"{{0}}.state IN ({FORBIDS})"
        " AND ({0}.expires_at IS NULL OR {0}.expires_at > %s) AND ({0}.client_id IS NULL OR {0}.client_id = %s)"
        " AND {0}.campaign_code IN ('', %s) AND {0}.purpose IN ('', %s)"
    )
    values = [stored, campaign.client_id, campaign.code, campaign.purpose]
    withdrawn, withdrawn_values = _withdrawn_sql(policy, stored)
    sql = f"""
        SELECT b.customer_id FROM {BLACKLIST} b WHERE b.customer_id IS NOT NULL AND b.number = '' AND {in_force.format("b")}
        UNION
        SELECT p.customer_id FROM {BLACKLIST} b JOIN {PHONES} p ON p.number = b.number
        WHERE b.number <> '' AND (b.customer_id IS NULL OR b.customer_id = p.customer_id) AND {in_force.format("b")}
            AND NOT EXISTS (
                SELECT 1 FROM {PHONES} o WHERE o.customer_id = p.customer_id AND o.state = 'valid' AND NOT EXISTS (
                    SELECT 1 FROM {BLACKLIST} x WHERE x.number = o.number
                        AND (x.customer_id IS NULL OR x.customer_id = o.customer_id) AND {in_force.format("x")}))
        UNION
        {withdrawn}"""  # noqa: S608
    return sql, [*values * 3, *withdrawn_values]


def _withdrawn_sql(policy, stored):
    """SQL and values of the customers whose latest word on each channel of the policy is a withdrawal (CUS-8)."""
    channels = list(dict.fromkeys(filter(None, [policy.channel, policy.fallback_channel])))
    purpose = policy.campaign.purpose
    values = [value for channel in channels for value in (purpose, channel, stored, stored)]
    return WITHDRAWN + f" AND w.customer_id IN ({WITHDRAWN})" * (len(channels) - 1), values


def channel_sql(policy, now):
    """SQL and values of the channel a customer's contact begins with, given ``a.customer_id``.

    It is the policy's first, or its next for those who have withdrawn the first: nobody waits for a channel that is closed.
    """
    if not policy.fallback_channel:
        return "%s", [policy.channel]
    stored = connection.ops.adapt_datetimefield_value(now)
    values = [policy.campaign.purpose, policy.channel, stored, stored]
    case = f"CASE WHEN a.customer_id IN ({WITHDRAWN}) THEN %s ELSE %s END"
    return case, [*values, policy.fallback_channel, policy.channel]


# The agent of the customer's last call, if she still works in the team the contact goes to; given m, a.
LAST_AGENT = f"""(SELECT l.agent_id FROM {CALLS} l JOIN {USERS} u ON u.id = l.agent_id AND u.is_active
    JOIN {MEMBERSHIPS} w ON w.user_id = l.agent_id AND w.role = 'agent' AND w.team_id = a.team_id
    WHERE l.customer_id = m.customer_id ORDER BY l.started_at DESC, l.id DESC LIMIT 1)"""  # noqa: S608


def owner_sql(policy):
    """SQL of (who alone may take a contact, until when), given the staged contact ``m`` and its account ``a``."""
    if policy.owner != policy.Owner.LAST_AGENT:
        return "NULL", "NULL"
    return LAST_AGENT, f"CASE WHEN {LAST_AGENT} IS NULL THEN NULL ELSE m.kept_until END"


def _period(policy, now) -> str:
    """The month in which the period of a policy without events began; "" for one with events."""
    if policy.event_kind:
        return ""
    return f"{period_of(local_day(now, settings.TIME_ZONE), policy.every_months):%Y-%m}"


def seed_of(policy, now) -> str:
    """The seed of the draw: the policy's own, and its period's where it draws anew in each."""
    period = _period(policy, now)
    return f"{policy.seed}:{period}" if period else policy.seed


def drawn_sql(policy, now):
    """SQL and values of the coverage: per region ``quota`` people; those drawn before for an open window stay and count.

    Rows without a source are the frame: how many contacts of each deadline, region and team there were to draw from.

    A policy without events draws anew in each of its periods: by the same seed, but not the same people every time, and
    those of the last period, whose window may still be open, do not count.
    """
    period, seed = _period(policy, now), seed_of(policy, now)
    of_period = f"policy:{policy.pk}:{period}:%" if period else "%"
    return (
        f""", already AS (
            SELECT DISTINCT customer_id FROM {TASKS} WHERE policy_id = %s AND deadline > %s AND source LIKE %s
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
        SELECT promised.*, 1 AS contacts FROM promised JOIN placed ON placed.customer_id = promised.customer_id
        WHERE place <= stay OR place <= %s OR place <= (population * %s + 9999) / 10000
        UNION ALL
        SELECT NULL, NULL, region_id, team_id, NULL, deadline, NULL, NULL, COUNT(*) FROM promised
        GROUP BY region_id, team_id, deadline""",  # noqa: S608
        [
            policy.pk,
            connection.ops.adapt_datetimefield_value(now),
            of_period,
            seed,
            policy.minimum_per_stratum,
            int(policy.coverage_percent * 100),
        ],
    )
