"""A new wave: chosen results of a finished campaign are worked again, the old tasks stay as they ended (CAM-1)."""

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callbacks.actions.plan import rank_of
from callbacks.models import Task, TaskStep
from callbacks.queries.waves import ended_sql
from callbacks.states import TaskState
from callcenter.errors import Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from campaigns.actions import reopen_campaign
from campaigns.models import Campaign
from customers.models import Customer

TASKS, STEPS, CUSTOMERS = Task._meta.db_table, TaskStep._meta.db_table, Customer._meta.db_table
WAVE = gettext_noop("Wave %(wave)s")


@transaction.atomic
def open_wave(*, campaign, results, by, now) -> int:
    """Run a finished campaign again and plan a fresh task for each customer whose last one ended in one of ``results``.

    Attempts count from zero, the team stays, and whatever forbids a call is asked about when it is handed out. Returns how
    many tasks were planned. Raises ``Refused`` when nothing is chosen or nobody is left, and what ``reopen_campaign`` raises.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not results:
        raise Refused(_("Choose at least one result to be worked again."), code="no_results")
    wave = campaign.wave + 1
    note = _(WAVE) % {"wave": wave}
    reopen_campaign(campaign=campaign, by=by, now=now, note=note)
    Campaign.objects.filter(pk=campaign.pk).update(wave=F("wave") + 1)
    with connection.cursor() as cursor:
        planned = _plan(cursor, campaign, wave, [result.pk for result in results], note, now)
        if not planned:
            raise Refused(_("No customer is left whose last contact ended so."), code="nobody_left")
        cursor.execute(
            f"""INSERT INTO {STEPS} (case_id, from_state, to_state, at, by_id, note)
            SELECT id, '', '{TaskState.PLANNED}', %s, %s, %s FROM {TASKS} WHERE source LIKE %s""",  # noqa: S608
            [_stored(now), by.pk if by else None, note, f"wave:{campaign.pk}:{wave}:%"],
        )
    codes = [result.code for result in results]
    log_access(by, AccessLog.Action.CHANGE, "campaign", campaign.pk, now=now, wave=wave, results=codes)
    return planned


def _stored(now):
    return connection.ops.adapt_datetimefield_value(now)


def _plan(cursor, campaign, wave, results, note, now):
    """One statement, however many customers; the source makes each task exactly once."""
    parts = {"kind": Task.Kind.CALLBACK, "deadline": None, "priority": campaign.priority, "attempts": 0}
    ranks = [rank_of(key_customer=key, **parts) for key in (True, False)]
    no = "false" if connection.vendor == "postgresql" else "0"
    ended, values = ended_sql(campaign, results)
    cursor.execute(
        f"""INSERT INTO {TASKS} (campaign_id, queue_id, customer_id, account_id, kind, reason, channel, source, state, priority,
            rank, due_at, appointment, token, dialled_number, attempts, hold, blocked_by, created_at)
        SELECT t.campaign_id, t.queue_id, t.customer_id, t.account_id, '{Task.Kind.CALLBACK}', %s, 'phone',
            'wave:{campaign.pk}:{wave}:account:' || t.account_id, '{TaskState.PLANNED}', %s,
            CASE WHEN c.key_customer THEN %s ELSE %s END, %s, {no}, 0, '', 0, '', '[]', %s
        FROM {TASKS} t JOIN {CUSTOMERS} c ON c.id = t.customer_id AND c.restriction = '' WHERE {ended}
        ON CONFLICT (source) DO NOTHING""",  # noqa: S608
        [note, campaign.priority, *ranks, _stored(now), _stored(now), *values],
    )
    return cursor.rowcount
