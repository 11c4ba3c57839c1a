"""What the calls make of an account, recomputed from the calls that count, for one or for many (DESIGN section 3)."""

from django.db import connection

from callbacks.models import Call
from campaigns.models import Account, Disposition
from customers.models import Phone

ACCOUNTS, CALLS = Account._meta.db_table, Call._meta.db_table
DISPOSITIONS, PHONES = Disposition._meta.db_table, Phone._meta.db_table
BATCH = 5_000


def recount_accounts(account_ids) -> None:
    """Set first call, attempts, reached, completed, sold and useless of these accounts from their counted calls.

    A call made before the account was loaded (an imported history) moves the day of loading back to it.
    Days are the site's local days of the calls. An account is useless when its latest call says so; a vacant, suspended or
    wrong number makes it so only when no usable number is left (domain.md section 3).
    """
    ids = [int(pk) for pk in account_ids]
    for start in range(0, len(ids), BATCH):
        _recount(", ".join(map(str, ids[start : start + BATCH])))


def _recount(listed):
    """One statement; both databases understand it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {ACCOUNTS} SET
                attempts = COALESCE(s.attempts, 0),
                loaded_on = CASE WHEN s.called < {ACCOUNTS}.loaded_on THEN s.called ELSE {ACCOUNTS}.loaded_on END,
                first_called_on = s.called, reached_on = s.reached, completed_on = s.completed, sold_on = s.sold,
                useless_on = CASE WHEN s.useless THEN s.last_on END,
                useless_code = CASE WHEN s.useless THEN s.last_code ELSE '' END
            FROM (
                SELECT account_id, MAX(customer_id) AS customer_id,
                    SUM(attempts) FILTER (WHERE attempt) AS attempts,
                    MIN(local_day) FILTER (WHERE attempt) AS called,
                    MIN(local_day) FILTER (WHERE reached) AS reached,
                    MIN(local_day) FILTER (WHERE completed) AS completed,
                    MIN(local_day) FILTER (WHERE sold) AS sold,
                    MAX(local_day) FILTER (WHERE latest = 1) AS last_on,
                    MAX(code) FILTER (WHERE latest = 1) AS last_code,
                    COUNT(*) FILTER (WHERE latest = 1 AND useless AND (phone_state = '' OR NOT EXISTS (
                        SELECT 1 FROM {PHONES} p WHERE p.customer_id = counted.customer_id AND p.state = 'valid'
                    ))) > 0 AS useless
                FROM (
                    SELECT c.account_id, c.customer_id, c.attempts, c.local_day, d.attempt, d.reached, d.completed,
                        d.sold, d.useless, d.phone_state, d.code,
                        ROW_NUMBER() OVER (PARTITION BY c.account_id ORDER BY c.started_at DESC, c.id DESC) AS latest
                    FROM {CALLS} c JOIN {DISPOSITIONS} d ON d.id = c.disposition_id
                    WHERE c.account_id IN ({listed}) AND NOT c.superseded AND NOT c.test
                ) counted GROUP BY account_id
            ) s WHERE {ACCOUNTS}.id = s.account_id"""  # noqa: S608
        )
