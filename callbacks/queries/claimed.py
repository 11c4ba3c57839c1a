"""What handing out a task just claimed asks of its customer, by one statement (DESIGN section 4).

Its campaign, client and team are kept. Whether the campaign runs is not read here; the claim itself asks that each time.
"""

from callbacks.models import Call, Task
from callbacks.queries.at_hand import queue_at_hand
from customers.models import BlacklistEntry, Consent, Contact, Customer, Phone
from customers.states import ENTRY_FORBIDS

FORBIDS = ", ".join(f"'{state}'" for state in ENTRY_FORBIDS)
CUSTOMER = f"""
    SELECT c.*, (
        SELECT p.number FROM {Phone._meta.db_table} p WHERE p.customer_id = c.id AND p.state = 'valid'
        ORDER BY (SELECT COUNT(*) FROM {Call._meta.db_table} d WHERE d.account_id = %(account)s AND d.number = p.number),
            p.preferred DESC, p.id LIMIT 1
    ) AS next_number,
    EXISTS (SELECT 1 FROM {Task._meta.db_table} t WHERE t.customer_id = c.id AND t.id <> %(task)s
        AND t.state IN ('claimed', 'in_call', 'wrap_up')) AS busy,
    EXISTS (SELECT 1 FROM {Contact._meta.db_table} l WHERE l.customer_id = c.id)
    OR EXISTS (SELECT 1 FROM {Consent._meta.db_table} a WHERE a.customer_id = c.id)
    OR EXISTS (SELECT 1 FROM {BlacklistEntry._meta.db_table} b WHERE b.customer_id = c.id AND b.state IN ({FORBIDS}))
    OR EXISTS (SELECT 1 FROM {Phone._meta.db_table} o JOIN {BlacklistEntry._meta.db_table} n ON n.number = o.number
        WHERE o.customer_id = c.id AND n.number <> '' AND n.state IN ({FORBIDS})) AS known
    FROM {Customer._meta.db_table} c WHERE c.id = %(customer)s"""  # noqa: S608


def with_customer(task: Task) -> Task:
    """The same task with its queue, campaign and client from what is kept, and its customer as it is now.

    The customer carries three more facts: ``next_number`` to dial (least tried, then preferred; None without a usable one),
    ``busy`` whether somebody works with the customer by another task, and ``known`` whether consents, do-not-call list or
    ledger hold anything about the customer.
    """
    values = {"customer": task.customer_id, "account": task.account_id, "task": task.pk}
    task.customer = Customer.objects.raw(CUSTOMER, values)[0]
    task.queue = queue_at_hand(task.queue_id)
    task.campaign = task.queue.campaign
    return task
