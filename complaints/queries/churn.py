"""Who may leave, as each rule sees it, and the list of the warnings (CUS-10). Each rule is one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    F,
    FloatField,
    Max,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Floor, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.workdays import local_day
from campaigns.models import Campaign
from campaigns.states import CampaignState
from complaints.models import ChurnReason, ChurnRule, ChurnWarning, Complaint
from complaints.rules.churn import BEFORE_DAYS, SENTENCES, SPEND_DAYS, contract_days, percent_down
from complaints.states import WARNING_OPEN, ComplaintState, WarningState
from customers.models import Client, Customer, ServiceEvent
from surveys.models import Answer, Item, Question, Response

DATE = r"^\d{4}-\d{2}-\d{2}"
AMOUNT = r"^\d{1,10}(\.\d{1,2})?$"
TABS = {
    "open": gettext_lazy("Open"),
    "task_made": gettext_lazy("Task made"),
    "settled": gettext_lazy("Settled"),
}
UNSETTLED = WARNING_OPEN
SETTLED = (WarningState.DISMISSED, WarningState.RETAINED, WarningState.LOST, WarningState.OVER)


def found_by(rule: ChurnRule, *, now: datetime) -> Iterator[tuple[int, dict]]:
    """The customers in whom the rule sees a sign at ``now``, by id, with the facts of its sentence.

    Customers whose data may not be used are left out. A stream: one statement however many there are.
    """
    return FINDERS[rule.kind](rule, now)


def _customers(rule, prefix=""):
    chosen = Q(**{f"{prefix}restriction": ""})
    return chosen & Q(**{f"{prefix}client": rule.client_id}) if rule.client_id else chosen


def _text(column, rule):
    return Cast(KeyTextTransform(rule.field, column), CharField())


def _contract_end(rule, now):
    """The latest date counts: a renewal moves the end of the contract on."""
    first, last = contract_days(local_day(now, settings.TIME_ZONE), rule.days)
    if rule.event_kind:
        rows = ServiceEvent.objects.filter(_customers(rule, "customer__"), kind=rule.event_kind)
        rows = rows.annotate(date=_text("facts", rule)).filter(date__regex=DATE).values("customer_id")
    else:
        rows = Customer.objects.filter(_customers(rule)).annotate(date=_text("custom", rule))
        rows = rows.filter(date__regex=DATE).values(customer_id=F("pk"))
    rows = rows.annotate(ends_on=Max(Substr("date", 1, 10))).filter(ends_on__gte=first, ends_on__lte=last)
    for row in rows.order_by("customer_id").iterator(chunk_size=2_000):
        yield row["customer_id"], {"ends_on": row["ends_on"]}


def _spend_down(rule, now):
    recent_from = now - timedelta(days=SPEND_DAYS)
    events = ServiceEvent.objects.filter(
        _customers(rule, "customer__"),
        kind=rule.event_kind,
        occurred_at__gt=recent_from - timedelta(days=BEFORE_DAYS),
        occurred_at__lte=now,
    )
    events = events.annotate(amount=_text("facts", rule)).filter(amount__regex=AMOUNT)
    # Whole cents, so that the same sum decides on both databases.
    cents = Cast(Floor(Cast("amount", FloatField()) * 100 + 0.5), BigIntegerField())
    whole = {"default": 0, "output_field": BigIntegerField()}
    rows = (
        events.values("customer_id")
        .annotate(
            recent=Sum(Case(When(occurred_at__gt=recent_from, then=cents), **whole)),
            before=Sum(Case(When(occurred_at__lte=recent_from, then=cents), **whole)),
        )
        .filter(before__gt=0, recent__lte=F("before") * (100 - rule.percent) / 300)
    )
    for row in rows.order_by("customer_id").iterator(chunk_size=2_000):
        recent, before = int(row["recent"]), int(row["before"])
        facts = {
            "recent": _money(recent),
            "average": _money(before // 3),
            "percent": percent_down(recent, before),
        }
        yield row["customer_id"], facts


def _money(cents):
    return str((Decimal(cents) / 100).quantize(Decimal("0.01")))


def _low_scores(rule, now):
    """A reply's score is the mean of its 1 to 5 answers; "in a row" looks at the last replies only."""
    where = "AND c.client_id = %(client)s" if rule.client_id else ""
    placed = "AND place <= %(times)s" if rule.in_a_row else ""
    sql = f"""
        WITH scored AS (
            SELECT r.customer_id, r.id, r.submitted_at, AVG(a.number) AS score
            FROM {Response._meta.db_table} r
            JOIN {Customer._meta.db_table} c ON c.id = r.customer_id
            JOIN {Answer._meta.db_table} a ON a.response_id = r.id
            JOIN {Item._meta.db_table} i ON i.id = a.item_id
            JOIN {Question._meta.db_table} q ON q.id = i.question_id
            WHERE r.complete AND r.submitted_at > %(since)s AND r.submitted_at <= %(now)s AND c.restriction = '' {where}
                AND a.asked AND NOT a.refused AND a.number IS NOT NULL AND q.kind = 'scale5'
            GROUP BY r.customer_id, r.id, r.submitted_at
        ), placed AS (
            SELECT scored.*, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY submitted_at DESC, id DESC) AS place
            FROM scored
        )
        SELECT customer_id, COUNT(*), MAX(submitted_at) FROM placed WHERE score <= %(score)s {placed}
        GROUP BY customer_id HAVING COUNT(*) >= %(times)s ORDER BY customer_id"""  # noqa: S608
    stored = connection.ops.adapt_datetimefield_value
    values = {
        "since": stored(now - timedelta(days=rule.days)),
        "now": stored(now),
        "client": rule.client_id,
        "times": rule.times,
        "score": float(rule.score),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    for customer_id, count, last_at in rows:
        last = datetime.fromisoformat(f"{last_at}+00:00") if isinstance(last_at, str) else last_at
        day = local_day(last, settings.TIME_ZONE).isoformat()
        yield customer_id, {"count": count, "score": f"{rule.score:.1f}", "last_on": day}


def _complaints(rule, now):
    rows = (
        Complaint.objects.filter(_customers(rule, "customer__"), registered_at__lte=now)
        .exclude(state=ComplaintState.ARCHIVED)
        .values("customer_id")
        .annotate(count=Count("id"))
        .filter(count__gte=rule.times)
    )
    for row in rows.order_by("customer_id").iterator(chunk_size=2_000):
        yield row["customer_id"], {"count": row["count"]}


FINDERS = {
    ChurnRule.Kind.CONTRACT_END: _contract_end,
    ChurnRule.Kind.SPEND_DOWN: _spend_down,
    ChurnRule.Kind.LOW_SCORES: _low_scores,
    ChurnRule.Kind.COMPLAINTS: _complaints,
}


def reason_sentence(reason: ChurnReason) -> str:
    """A reason in the reader's language; only its kind where the facts are erased."""
    return _(SENTENCES[reason.kind]) % reason.facts if reason.facts else reason.get_kind_display()


@dataclass(frozen=True)
class WarningShown:
    """A warning with its reasons as sentences."""

    warning: ChurnWarning
    reasons: list[str]


def warning_list(
    user, *, tab: str = "open", kind: str = "", client: Client | None = None, key_customer: bool | None = None
) -> QuerySet[ChurnWarning]:
    """Warnings in the scope of ``user``, newest first, with what the list shows: two queries."""
    states = SETTLED if tab == "settled" else [tab]
    rows = ChurnWarning.objects.visible_to(user).filter(state__in=states)
    if kind:
        rows = rows.filter(pk__in=ChurnReason.objects.filter(kind=kind).values("warning_id"))
    if client is not None:
        rows = rows.filter(customer__client=client)
    if key_customer is not None:
        rows = rows.filter(customer__key_customer=key_customer)
    return _shown(rows).order_by("-id")


def _shown(rows):
    reasons = Prefetch("reasons", ChurnReason.objects.order_by("rule_id", "id"))
    return rows.select_related("customer__client", "customer__team", "task__campaign").prefetch_related(
        reasons
    )


def shown(warnings) -> list[WarningShown]:
    """The warnings of a page with their sentences."""
    return [
        WarningShown(warning, [reason_sentence(reason) for reason in warning.reasons.all()])
        for warning in warnings
    ]


def warning_page(user) -> QuerySet[ChurnWarning]:
    """Warnings in scope with what the page of one shows."""
    return _shown(ChurnWarning.objects.visible_to(user))


def is_led_by(warning: ChurnWarning, user) -> bool:
    """Whether the person may settle the warning: it is about a customer of a team or unit they lead."""
    return ChurnWarning.objects.led_by(user).filter(pk=warning.pk).exists()


def warning_history(warning: ChurnWarning) -> list[tuple]:
    """The steps of a warning with the name of the state each led to, newest first: one query."""
    names = dict(WarningState.choices)
    steps = warning.steps.select_related("by").order_by("-at", "-id")
    return [(step, names.get(step.to_state, step.to_state)) for step in steps]


def retention_campaigns(user) -> QuerySet[Campaign]:
    """Running retention campaigns in scope: those for which retention tasks may be made."""
    rows = Campaign.objects.visible_to(user).filter(kind=Campaign.Kind.RETENTION, state=CampaignState.RUNNING)
    return rows.select_related("client").order_by("name", "id")


def churn_rules(user) -> QuerySet[ChurnRule]:
    """The rules, those in use first."""
    return ChurnRule.objects.visible_to(user).select_related("client").order_by("-active", "kind", "id")
