"""What the merge of two records of one customer does to accounts and tasks (CUS-1, KPI-2 … KPI-4)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callbacks.actions.accounts import recount_accounts
from callbacks.actions.plan import cancel_tasks
from callbacks.models import Call, Task, TaskStep
from callbacks.states import OPEN, WAITING
from callcenter.errors import Conflict
from campaigns.models import Account
from customers.actions.merging.relations import (
    after_merging,
    before_merging,
    move_rows,
    relations,
    unites,
)

# One contact of these kinds stands for another in the same campaign; the others are promises of their own.
REPLACEABLE = (Task.Kind.CALLBACK, Task.Kind.RETENTION)
NOTE = gettext_noop("the customer was merged with another record, which has this task already")


@before_merging
def nobody_is_calling(*, survivor, loser, **_rest):
    """Refuse while an agent works with one of the two: what is typed belongs to the record on the screen."""
    if Task.objects.held().filter(customer__in=[survivor, loser]).exists():
        raise Conflict(
            _("An agent is working with one of these customers at this moment. Merge them afterwards."),
            code="customer_in_hand",
        )


@unites("callbacks.Task")
def unite_tasks(*, journal, survivor, loser, by, now):
    """Tasks move; of two calls that ask the customer to stay only the survivor's is made (CUS-10)."""
    asking = Task.objects.filter(kind=Task.Kind.RETENTION, state__in=OPEN)
    if asking.filter(customer=survivor).exists():
        _cancel(journal, asking.filter(customer=loser), by, now)
    move_rows(journal, Task._meta.get_field("customer"), survivor.pk, loser.pk)


@unites("campaigns.Account")
def unite_accounts(*, journal, survivor, loser, **_rest):
    """One account per campaign: of two, the survivor's takes over what hangs on the other, and is counted anew later."""
    kept = {account.campaign_id: account for account in Account.objects.filter(customer=survivor)}
    field = Account._meta.get_field("customer")
    for account in Account.objects.filter(customer=loser).order_by("id"):
        own = kept.get(account.campaign_id)
        if own is None:
            continue
        for relation in relations(Account):
            move_rows(journal, relation, own.pk, account.pk)
        journal.change(
            own,
            loaded_on=min(own.loaded_on, account.loaded_on),
            team_id=own.team_id or account.team_id,
            **_without_calls(own, account),
        )
        journal.remove(Account.objects.filter(pk=account.pk))
    move_rows(journal, field, survivor.pk, loser.pk)


def _without_calls(own, other) -> dict:
    """What two accounts come to by themselves; an account with calls is recounted from them afterwards."""
    first = {
        name: min(filter(None, [getattr(own, name), getattr(other, name)]), default=None)
        for name in ("first_called_on", "reached_on", "completed_on", "sold_on")
    }
    useless = own.useless_on and other.useless_on
    return first | {
        "attempts": own.attempts + other.attempts,
        "useless_on": max(own.useless_on, other.useless_on) if useless else None,
        "useless_code": own.useless_code if useless else "",
    }


@after_merging
def recount(*, journal, survivor, **_rest):
    """Count the accounts from the calls of both records, now that the numbers of both are known."""
    called = Call.objects.filter(customer=survivor).values("account")
    accounts = Account.objects.filter(pk__in=called)
    with journal.watching(accounts):
        recount_accounts(accounts.values_list("pk", flat=True))


@after_merging
def cancel_doubles(*, journal, survivor, by, now, **_rest):
    """Cancel open tasks that came with the merged record where the survivor has one of the campaign already."""
    moved = {
        key
        for verb, label, *rest in journal.entries
        if verb == "move" and label == Task._meta.label and rest[0] == "customer_id"
        for key in rest[-1]
    }
    waiting = Task.objects.filter(customer=survivor, kind__in=REPLACEABLE)
    own = waiting.exclude(pk__in=moved).filter(state__in=OPEN).values_list("campaign_id", "kind")
    there = set(own)
    came = waiting.filter(pk__in=moved, state__in=WAITING).order_by("id")
    doubles = [task.pk for task in came if (task.campaign_id, task.kind) in there]
    if not doubles:
        return
    _cancel(journal, Task.objects.filter(pk__in=doubles), by, now)


def _cancel(journal, tasks, by, now):
    keys = list(tasks.order_by("pk").values_list("pk", flat=True))
    last = TaskStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with journal.watching(tasks):
        cancel_tasks(tasks, by=by, now=now, note=_(NOTE))
    journal.added(TaskStep.objects.filter(case__in=keys, pk__gt=last))
