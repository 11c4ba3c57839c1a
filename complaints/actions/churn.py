"""Early warning of churn: looking every night, making retention tasks, settling (CUS-10)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callbacks.actions import cancel_tasks, plan_task
from callbacks.models import Task
from callbacks.states import TaskState
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.jobs import handler
from callcenter.models import Job
from callcenter.workflow import advance, advance_all
from campaigns.models import Campaign
from campaigns.states import CampaignState
from complaints.models import ChurnReason, ChurnRule, ChurnWarning, WarningStep
from complaints.queries.churn import found_by, reason_sentence
from complaints.states import WarningState
from customers.queries import decide_many

JOB = "complaints.warn_of_churn"
CHUNK = 2_000
MOST_AT_ONCE = 500
SETTLED_BY_PEOPLE = (WarningState.DISMISSED, WarningState.RETAINED, WarningState.LOST)
TASK_DAYS = 7


@dataclass
class Looked:
    """What a look at all rules found: signs, warnings opened, and warnings whose reasons are gone."""

    signs: int = 0
    opened: int = 0
    over: int = 0


def warn_of_churn(*, now, rules=None, progress=None) -> Looked:
    """Apply every active rule; open, refresh and end warnings. Safe to run twice, late or beside itself.

    A rule is one statement; what it finds is written in chunks, each a transaction. Customers whose warning was settled less
    than the rule's quiet days ago are left in peace by that rule.
    """
    looked = Looked()
    settle_by_tasks(now=now)
    active = list(ChurnRule.objects.filter(active=True).order_by("id")) if rules is None else list(rules)
    for number, rule in enumerate(active, start=1):
        found = found_by(rule, now=now)
        while chunk := dict(islice(found, CHUNK)):
            looked.signs += len(chunk)
            looked.opened += _write(rule, chunk, now)
        if progress is not None:
            progress.stop_if_cancelled()
            progress.save(done=number, total=len(active), ok=looked.signs, stage=str(rule))
    looked.over = _end_passed(active, now)
    return looked


@transaction.atomic
def _write(rule, found, now) -> int:
    """Warnings and reasons for one chunk of customers; returns how many warnings are new."""
    quiet = _quiet(rule, found, now)
    opened = _open([pk for pk in found if pk not in quiet], now)
    unsettled = ChurnWarning.objects.unsettled().filter(customer_id__in=found)
    warnings = dict(unsettled.order_by("id").values_list("customer_id", "id"))
    ChurnReason.objects.bulk_create(
        [
            ChurnReason(warning_id=warnings[pk], rule=rule, kind=rule.kind, facts=facts, seen_at=now)
            for pk, facts in found.items()
            if pk in warnings and pk not in quiet
        ],
        update_conflicts=True,
        unique_fields=["warning", "rule"],
        update_fields=["kind", "facts", "seen_at"],
        batch_size=CHUNK,
    )
    unsettled.update(seen_at=now)
    return opened


def _quiet(rule, found, now):
    since = now - timedelta(days=rule.quiet_days)
    settled = ChurnReason.objects.filter(
        rule=rule,
        warning__customer_id__in=list(found),
        warning__state__in=SETTLED_BY_PEOPLE,
        warning__closed_at__gt=since,
    )
    return set(settled.values_list("warning__customer_id", flat=True))


def _open(customer_ids, now):
    there = ChurnWarning.objects.unsettled().filter(customer_id__in=customer_ids)
    known = set(there.values_list("customer_id", flat=True))
    new = [pk for pk in customer_ids if pk not in known]
    ChurnWarning.objects.bulk_create(
        [ChurnWarning(customer_id=pk, opened_at=now, seen_at=now) for pk in new],
        ignore_conflicts=True,
        batch_size=CHUNK,
    )
    made = ChurnWarning.objects.filter(customer_id__in=new, opened_at=now, state=WarningState.OPEN)
    fresh = made.filter(~Exists(WarningStep.objects.filter(case=OuterRef("pk")))).order_by("id")
    steps = [
        WarningStep(case_id=pk, from_state="", to_state=WarningState.OPEN, at=now)
        for pk in fresh.values_list("pk", flat=True)
    ]
    WarningStep.objects.bulk_create(steps, batch_size=CHUNK)
    return len(steps)


@transaction.atomic
def _end_passed(rules, now) -> int:
    """Drop the reasons that a rule no longer sees; open warnings without any left are over."""
    unsettled = ChurnReason.objects.filter(warning__in=ChurnWarning.objects.unsettled())
    unsettled.filter(Q(rule__in=rules, seen_at__lt=now) | Q(rule__active=False)).delete()
    without = ChurnWarning.objects.filter(
        ~Exists(ChurnReason.objects.filter(warning=OuterRef("pk"))), state=WarningState.OPEN
    )
    note = _("No rule sees a reason any more.")
    return advance_all(without, WarningState.OVER, by=None, at=now, note=note, closed_at=now)


def settle_by_tasks(*, now) -> int:
    """Take over what the retention tasks came to; returns how many warnings moved.

    A sale retains the customer, a refusal loses them. A task that ended without a word gives the warning back to the list. A
    call that was completed without either is left to a person.
    """
    made = ChurnWarning.objects.filter(state=WarningState.TASK_MADE)
    done = made.filter(task__state=TaskState.DONE)
    sold, refused = Q(task__disposition__sold=True), Q(task__disposition__refused=True)
    ended = {"by": None, "at": now, "closed_at": now}
    moved = advance_all(
        done.filter(sold), WarningState.RETAINED, note=_("The retention call was a success."), **ended
    )
    moved += advance_all(
        done.filter(refused, ~sold), WarningState.LOST, note=_("The customer refused."), **ended
    )
    unheard = Q(task=None) | Q(task__state=TaskState.CANCELLED)
    unheard |= Q(task__state=TaskState.DONE, task__disposition__completed=False)
    note = _("The retention task ended without a word of the customer.")
    return moved + advance_all(
        made.filter(unheard).exclude(sold | refused), WarningState.OPEN, by=None, at=now, note=note, task=None
    )


@dataclass
class Made:
    """What became of the ticked warnings: tasks made, customers who had one, and why the others got none (code → count)."""

    made: int = 0
    already: int = 0
    refused: Counter = field(default_factory=Counter)


@transaction.atomic
def make_retention_tasks(warnings, *, campaign, by, now) -> Made:
    """Plan a retention task for the open warnings of a queryset, in a running retention campaign of their client.

    Whoever may not be called for good (do-not-call, refusal, consent, no number) gets none and is counted by reason. A
    customer has one open retention task at most. Raises ``Refused`` for more than 500 at once or a campaign that is none.
    """
    if campaign.kind != Campaign.Kind.RETENTION or campaign.state != CampaignState.RUNNING:
        raise Refused(_("Choose a running retention campaign."), code="campaign_idle")
    chosen = warnings.filter(state=WarningState.OPEN).select_for_update(of=("self",))
    rows = list(chosen.select_related("customer").order_by("id")[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        raise Refused(_("At most %(count)s at once.") % {"count": MOST_AT_ONCE}, code="too_many")
    result = Made()
    own = [row for row in rows if row.customer.client_id == campaign.client_id]
    result.refused.update({"other_client": len(rows) - len(own)} if len(rows) > len(own) else {})
    decisions = decide_many(
        [row.customer_id for row in own],
        channel="phone",
        purpose=campaign.purpose,
        campaign_code=campaign.code,
        now=now,
    )
    facts = _facts_of(own)
    for row in own:
        for_good = [reason.code for reason in decisions[row.customer_id].reasons if reason.until is None]
        if for_good:
            result.refused[for_good[0]] += 1
            continue
        reason, times = facts[row.pk]
        task, made = plan_task(
            campaign=campaign,
            customer=row.customer,
            kind=Task.Kind.RETENTION,
            source=f"churn:{row.pk}:{times}",
            due_at=now,
            deadline=now + timedelta(days=TASK_DAYS),
            reason=reason,
            priority=campaign.priority,
            now=now,
            by=by,
        )
        advance(
            row, WarningState.TASK_MADE, by=by, at=now, note=_("Task %(task)s") % {"task": task}, task=task
        )
        result.made, result.already = result.made + made, result.already + (not made)
    return result


def _facts_of(rows):
    """Per warning the sentences of its reasons, and how often a task was made of it before; two queries."""
    found = ChurnWarning.objects.filter(pk__in=[row.pk for row in rows]).order_by("id")
    times = dict(
        found.annotate(tasks=Count("steps", filter=Q(steps__to_state=WarningState.TASK_MADE))).values_list(
            "pk", "tasks"
        )
    )
    sentences = {row.pk: [] for row in rows}
    for reason in ChurnReason.objects.filter(warning__in=found).order_by("rule_id", "id"):
        sentences[reason.warning_id].append(reason_sentence(reason))
    return {pk: (" ".join(words), times[pk] + 1) for pk, words in sentences.items()}


@transaction.atomic
def settle_warning(*, warning, to, by, now, reason) -> ChurnWarning:
    """Dismiss a warning, or say that the customer was retained or lost, with the reason; a task still waiting is cancelled.

    Raises ``Refused`` without a reason, ``IllegalMove`` once it is settled.
    """
    if not reason.strip():
        message = _("Give the reason; it stays in the history.")
        raise Refused(message, code="no_reason", fields={"reason": [message]})
    advance(warning, to, by=by, at=now, note=reason.strip(), closed_at=now)
    if warning.task_id:
        cancel_tasks(Task.objects.filter(pk=warning.task_id), by=by, now=now, note=reason.strip()[:500])
    return warning


# What the pages call the ways to settle.
WARNING_VERBS = {
    "dismiss": WarningState.DISMISSED,
    "retained": WarningState.RETAINED,
    "lost": WarningState.LOST,
}

# kind, name and values of the rules that most centres begin with; names are data in the language of who adds them.
USUAL = (
    (ChurnRule.Kind.CONTRACT_END, {"event_kind": "contract_expiry", "field": "ends_on", "days": 30}),
    (ChurnRule.Kind.SPEND_DOWN, {"event_kind": "purchase", "field": "amount", "percent": 50}),
    (ChurnRule.Kind.LOW_SCORES, {"days": 180, "times": 2}),
    (ChurnRule.Kind.COMPLAINTS, {"times": 1}),
)


@transaction.atomic
def add_usual_rules() -> int:
    """Add the usual rule of each kind that has none yet; returns how many."""
    there = set(ChurnRule.objects.values_list("kind", flat=True))
    rules = [
        ChurnRule(kind=kind, name=str(kind.label), **values) for kind, values in USUAL if kind not in there
    ]
    return len(ChurnRule.objects.bulk_create(rules))


def save_rule(*, rule: ChurnRule) -> ChurnRule:
    """Store a rule as a form has checked it; it counts from the next look on."""
    rule.save()
    return rule


def look_now(*, by, now) -> Job:
    """Queue a look at all rules; returns the job."""
    params = {"language": get_language() or ""}
    return jobs.start(JOB, _("Churn warnings"), owner=by, now=now, params=params)


@handler(JOB)
def look_as_job(job, progress):
    """Apply every rule; what was found before a stop is kept."""
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        looked = warn_of_churn(now=timezone.now(), progress=progress)
        result = {"signs": looked.signs, "opened": looked.opened, "over": looked.over}
        message = _("%(signs)s signs, %(opened)s new warnings, %(over)s passed by themselves.") % result
        progress.save(stage="", result=result, message=message)
