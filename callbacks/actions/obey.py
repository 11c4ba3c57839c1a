"""What customers say about being contacted reaches the work that waits (CUS-6, CUS-8).

``may_contact`` refuses from the same instant, at the claim and at the dial. This sweep takes the work off the plan within a
minute, so that nobody waits for what cannot come: a task whose channel was withdrawn goes on by the next channel of its
policy that the customer still agrees to, or ends with the reason; so does a task of somebody on the do-not-call list.
"""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from callbacks.actions.plan import cancel_tasks
from callbacks.models import Task
from callbacks.queries.permission import decisions_of
from callbacks.rules.channels import channels_after
from callbacks.states import BY_MESSAGE, WAITING, TaskState
from callcenter.sweeps import drain
from callcenter.workflow import LostRace, advance
from customers.actions import mark_entries_obeyed, mark_withdrawals_obeyed
from customers.models import BlacklistEntry, Channel, Consent, Phone
from customers.queries import usable_channels
from customers.rules.contact import ReasonCode

# What a customer or the list says for good; hours, caps and holds pass by themselves.
SAID = frozenset({ReasonCode.CONSENT_WITHDRAWN, ReasonCode.BLACKLISTED})
# An agent who has not dialled yet loses the task; a call under way is left to its result.
OPEN_TO_CHANGE = (*WAITING, TaskState.CLAIMED)


def obey_customers(*, now, limit=500) -> int:
    """Sweep: apply withdrawals of consent and new do-not-call entries to the open tasks; returns how many were obeyed.

    Entries that concern no open task, such as those of a long imported list, are settled in one statement.
    """
    mark_entries_obeyed(_of_nobody(BlacklistEntry.objects.to_obey()), now=now)
    mark_withdrawals_obeyed(_without_task(Consent.objects.withdrawals_to_obey()), now=now)
    withdrawals = Consent.objects.withdrawals_to_obey().order_by("id")
    entries = BlacklistEntry.objects.to_obey().order_by("id")
    done = drain("callbacks.withdrawals", withdrawals, lambda row: _withdrawn(row, now), now=now, limit=limit)
    return done + drain("callbacks.do_not_call", entries, lambda row: _listed(row, now), now=now, limit=limit)


def _tasks(**where):
    return Task.objects.filter(state__in=OPEN_TO_CHANGE, **where)


def _without_task(rows):
    return rows.filter(~Exists(_tasks(customer=OuterRef("customer_id"))))


def _of_nobody(entries):
    owners = Phone.objects.filter(number=OuterRef(OuterRef("number"))).values("customer_id")
    called = Task.objects.filter(state__in=OPEN_TO_CHANGE, customer_id__in=owners)
    return _without_task(entries).filter(~Exists(called))


def _withdrawn(consent, now):
    review_tasks(_tasks(customer_id=consent.customer_id), now=now)
    mark_withdrawals_obeyed(Consent.objects.filter(pk=consent.pk), now=now)


def _listed(entry, now):
    owners = Phone.objects.filter(number=entry.number).values("customer_id")
    about = {"customer_id": entry.customer_id} if entry.customer_id else {"customer_id__in": owners}
    review_tasks(_tasks(**about), now=now)
    mark_entries_obeyed(BlacklistEntry.objects.filter(pk=entry.pk), now=now)


def review_tasks(tasks, *, now) -> int:
    """Take those tasks off the plan that the customer's word forbids for good; returns how many changed."""
    groups = {}
    rows = tasks.select_related("campaign__client", "customer__region", "policy", "queue__team", "account")
    for task in rows.order_by("id"):
        groups.setdefault((task.campaign_id, task.channel), []).append(task)
    changed = 0
    for (_campaign, channel), group in groups.items():
        decisions = decisions_of(group, group[0].campaign, channel=channel, now=now)
        for task, decision in zip(group, decisions, strict=True):
            codes = {reason.code for reason in decision.reasons if reason.until is None} & SAID
            changed += bool(codes) and _give_way(task, sorted(codes), now)
    return changed


def _give_way(task, codes, now):
    """The task goes on by its next channel, or ends; one that somebody has just moved on is left alone."""
    try:
        if to := next_channel(task, now=now):
            use_channel(task, to, now=now, blocked_by=codes)
            return True
    except LostRace:
        return False
    note = _("The customer does not agree to being contacted: %(codes)s") % {"codes": ", ".join(codes)}
    cancelled = cancel_tasks(Task.objects.filter(pk=task.pk), by=None, now=now, note=note)
    Task.objects.filter(pk=task.pk, state=TaskState.CANCELLED).update(blocked_by=codes)
    return bool(cancelled)


def next_channel(task, *, now) -> str:
    """The next channel of the task's policy by which the customer may be contacted; "" when there is none."""
    policy = task.policy
    order = channels_after(task.channel, [policy.channel, policy.fallback_channel]) if policy else []
    campaign = task.campaign
    found = usable_channels(
        task.customer, purpose=campaign.purpose, campaign_code=campaign.code, channels=order, now=now
    )
    return found[0] if found else ""


def use_channel(task, channel, *, now, by=None, blocked_by=()) -> Task:
    """Put an open task back into the plan with another channel and say so in its history. Raises ``LostRace``."""
    note = _("No longer by %(was)s (%(codes)s); goes on by %(channel)s.") % {
        "was": Channel(task.channel).label,
        "codes": ", ".join(blocked_by),
        "channel": Channel(channel).label,
    }
    # A time agreed for a call means nothing to a message.
    changes = {
        "channel": channel,
        "blocked_by": [],
        "lease_until": None,
        "appointment": False,
        "agreed_at": None,
        "reserved_for": None,
        "reserved_until": None,
    }
    if channel in BY_MESSAGE:
        # What was sent before is not the message that is due now.
        changes["message"] = None
    if task.state in (TaskState.PLANNED, TaskState.SUSPENDED):
        return _same_state(task, note, by, now, changes)
    return advance(task, TaskState.PLANNED, by=by, at=now, note=note, where={"token": task.token}, **changes)


def _same_state(task, note, by, now, changes):
    if not Task.objects.filter(pk=task.pk, state=task.state).update(**changes):
        raise LostRace(task)
    Task.STEP.objects.create(
        case=task, from_state=task.state, to_state=task.state, at=now, by=by, note=note[:500]
    )
    return task
