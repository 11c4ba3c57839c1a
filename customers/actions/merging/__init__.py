"""Making two records of one customer one, and undoing it (CUS-1).

`records` is the verb, `undoing` takes it back, `journal` remembers every row that is changed, `relations` knows the rows of every
app that point at a customer, and `own` how this app's own rows unite. An app above whose rows need more than a new customer
registers what in `relations`.
"""

from customers.actions.merging import own  # noqa: F401  (registers how phones unite)
from customers.actions.merging.records import MERGEABLE, UNDO_DAYS, merge_customers
from customers.actions.merging.undoing import undo_merge

__all__ = ["MERGEABLE", "UNDO_DAYS", "merge_customers", "undo_merge"]
