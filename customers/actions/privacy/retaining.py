"""What is kept long enough goes: customers whole, other records their texts (CUS-11, domain.md 8.6). Set-based, in chunks."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.actions.privacy.erasing import forget
from customers.models import Client, Contact, Customer, Retention, ServiceEvent, held
from customers.personal import REGISTRY
from customers.rules.retention import ACCESS_LOG_FLOOR, CUSTOMER_FLOOR, cutoff

CUSTOMERS = 200
ROWS = 2_000


def erase_expired(*, now: datetime, limit: int = 2_000) -> int:
    """Erase customers whose client's retention period is over since the last contact, event or change; returns how many.

    Safe to run twice, late or beside itself; customers under a restriction or a legal hold are left alone. Every customer has a
    row in the log, and every client's run one with the count.
    """
    count = 0
    for client in Client.objects.filter(retention_days__isnull=False).order_by("id"):
        before = now - timedelta(days=max(client.retention_days, CUSTOMER_FLOOR))
        done = 0
        while count + done < limit and (found := _erase_some(client, before, now, limit - count - done)):
            done += found
        _certify(client, "customers", before, done, now)
        count += done
    return count


@transaction.atomic
def _erase_some(client, before, now, most) -> int:
    due = (
        Customer.objects.filter(client=client, restriction="", updated_at__lt=before)
        .exclude(held(now))
        .exclude(Exists(Contact.objects.filter(customer=OuterRef("pk"), at__gte=before)))
        .exclude(Exists(ServiceEvent.objects.filter(customer=OuterRef("pk"), occurred_at__gte=before)))
    )
    locked = due.select_for_update(skip_locked=True, of=("self",)).order_by("id")
    ids = list(locked.values_list("pk", flat=True)[: min(CUSTOMERS, most)])
    if not ids:
        return 0
    forget(ids, now=now)
    reason = gettext_noop("the client's retention period is over")
    AccessLog.objects.bulk_create(
        [
            AccessLog(
                at=now,
                action=AccessLog.Action.CHANGE,
                subject="customer_erased",
                subject_id=str(pk),
                reason=reason,
            )
            for pk in ids
        ]
    )
    return len(ids)


def clear_expired(*, now: datetime, limit: int = 200_000) -> int:
    """Clear the texts of records whose kind is kept for so many days for their client; returns how many rows.

    Rows stay, so that counts stay. Customers under a legal hold are left alone. Each run leaves a certificate per client
    and kind.
    """
    count = 0
    for rule in Retention.objects.select_related("client").order_by("client_id", "kind"):
        before, done = cutoff(rule.kind, rule.days, now), 0
        for kept in [one for one in REGISTRY.kept.values() if one.kind == rule.kind and one.clear]:
            while count + done < limit and (found := _clear_some(kept, rule.client_id, before, now)):
                done += found
        _certify(rule.client, rule.kind, before, done, now)
        count += done
    return count


@transaction.atomic
def _clear_some(kept, client_id, before, now) -> int:
    due = kept.rows.filter(kept.full, **{f"{kept.customer}__client": client_id, f"{kept.at}__lt": before})
    due = due.exclude(held(now, kept.customer)).exclude(
        **{f"{kept.customer}__restriction": Customer.Restriction.LEGAL_HOLD}
    )
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:ROWS])
    return kept.empty(kept.rows.filter(pk__in=ids)) if ids else 0


def _certify(client, kind, before, rows, now):
    """The certificate of a run: which client and kind, up to which instant, how many rows; none for nothing."""
    if rows:
        log_access(
            None,
            AccessLog.Action.CHANGE,
            "retention",
            client.code,
            now=now,
            kind=kind,
            before=before.isoformat(),
            rows=rows,
        )


def prune_access_log(*, now: datetime) -> int:
    """Delete rows of the access log older than ``ACCESS_LOG_DAYS``, never younger than three years; returns how many."""
    if not settings.ACCESS_LOG_DAYS:
        return 0
    before = now - timedelta(days=max(settings.ACCESS_LOG_DAYS, ACCESS_LOG_FLOOR))
    count = 0
    while ids := list(
        AccessLog.objects.filter(at__lt=before).order_by("at", "id").values_list("pk", flat=True)[:ROWS]
    ):
        count += AccessLog.objects.filter(pk__in=ids).delete()[0]
    return count
