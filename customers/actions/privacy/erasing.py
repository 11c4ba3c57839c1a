"""Erasing what tells who a customer was, in every app; counts stay what they were (CUS-11)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.files import unlink_later
from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from customers.actions.names import read_names
from customers.models import BlacklistEntry, Customer, Import, ImportRow, Merge, Phone, held
from customers.personal import REGISTRY, clear_texts

# What is asked about a customer in the access log; the reasons given there may name the person.
_LOGGED = ("customer", "email", "identity", "customer_copy", "legal_hold")


@transaction.atomic
def erase_customer(*, customer: Customer, by, reason: str, now: datetime) -> Customer:
    """Take everything out of every app that tells who the customer is; counts stay what they were (CUS-11).

    The client's customer number stays, so that the next list does not bring the person back, and so does what was said about not
    calling. Files of this client's imports go as well: the person may be in them. The log's row is the certificate. Raises
    ``Refused`` without a reason, under a legal hold, or for a customer already erased.
    """
    if not reason.strip():
        raise Refused(_("Give the reason for erasing; it is recorded."), code="no_reason")
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    under_hold = Customer.objects.filter(held(now), pk=customer.pk).exists()
    if under_hold or customer.restriction == Customer.Restriction.LEGAL_HOLD:
        raise Refused(
            _("The customer is under a legal hold and cannot be erased before it is lifted."),
            code="legal_hold",
        )
    if customer.restriction == Customer.Restriction.ERASED:
        raise Refused(_("The customer has been erased already."), code="already_erased")
    facts = forget([customer.pk], now=now)
    _forget_files(customer.client_id)
    log_access(
        by, AccessLog.Action.CHANGE, "customer_erased", customer.pk, now=now, reason=reason.strip(), **facts
    )
    customer.refresh_from_db()
    return customer


def forget(ids: list[int], *, now: datetime) -> dict[str, int]:
    """Clear the customers everywhere in a fixed number of statements; returns counts for the certificate.

    The records merged into them go with them. Call it in a transaction with the customers' rows locked.
    """
    merged = list(Customer.objects.filter(merged_into__in=ids).order_by("id").values_list("pk", flat=True))
    facts = _clear([*ids, *merged])
    _blank(ids, Customer.Restriction.ERASED, now)
    _blank(merged, Customer.Restriction.MERGED, now)
    read_names(Customer.objects.filter(pk__in=[*ids, *merged]))
    return facts


def _clear(ids) -> dict[str, int]:
    """What hangs on the customers."""
    clients = list(
        Customer.objects.filter(pk__in=ids).order_by().values_list("client_id", flat=True).distinct()
    )
    phones = Phone.objects.filter(customer__in=ids).order_by("id").values_list("pk", "number")
    numbers = {number for _pk, number in phones}
    about = Q(subject__in=_LOGGED, subject_id__in=[str(pk) for pk in ids])
    pks = [*_forget_merges(ids), *(str(pk) for pk, _number in phones)]
    about |= Q(subject="phone", subject_id__in=pks)
    AccessLog.objects.filter(about).exclude(reason="", facts={}).update(reason="", facts={})
    _forget_staged(ids, clients, numbers)
    texts = clear_texts(ids)
    BlacklistEntry.objects.filter(customer__in=ids).exclude(number="").update(customer=None)
    for eraser in REGISTRY.erasers:
        eraser(ids, clients)
    gone = Phone.objects.filter(customer__in=ids).delete()[0]
    return {"phones": gone, "texts": texts}


def _blank(ids, restriction, now):
    Customer.objects.filter(pk__in=ids).update(
        **dict.fromkeys(
            ("name", "gender", "salutation", "level", "relation", "address", "email", "source"), ""
        ),
        id_sealed="",
        id_print="",
        amount=None,
        rest_hours=[],
        preferred_hours=[],
        custom={},
        restriction=restriction,
        version=F("version") + 1,
        updated_at=now,
    )


def _forget_merges(ids) -> list[str]:
    """Empty the journals of merges, which hold what was merged: without one a merge can never be undone.

    Returns the numbers of phones that merging has removed: the log still speaks of them.
    """
    merges = Merge.objects.filter(Q(survivor__in=ids) | Q(loser__in=ids)).exclude(journal=[])
    removed = [
        entry[2]["id"]
        for journal in merges.order_by("id").values_list("journal", flat=True)
        for entry in journal
        if entry[:2] == ["remove", Phone._meta.label]
    ]
    merges.update(journal=[])
    return removed


def _forget_staged(ids, clients, numbers):
    """Rows of files being imported that are these customers, by number, by phone or because they were matched."""
    known = Customer.objects.filter(pk__in=ids).exclude(external_id="").values("external_id")
    same = Q(customer_id__in=ids) | Q(external_id__in=known) | Q(number__in=numbers)
    ImportRow.objects.filter(same, batch__in=Import.objects.filter(client__in=clients)).delete()


def _forget_files(client_id):
    """Delete the files of the client's imports that have run, and every file of rows to correct."""
    batches = Import.objects.filter(client=client_id)
    forget_job_files(Job.objects.filter(pk__in=batches.values("job_id")))
    done = batches.filter(finished_at__isnull=False).exclude(path="")
    unlink_later(done.values_list("path", flat=True))
    done.update(path="")


def forget_job_files(jobs) -> None:
    """Delete the error files of the jobs, and the uploads of those that have ended, once the transaction is committed."""
    unlink_later(jobs.exclude(error_path="").values_list("error_path", flat=True))
    jobs.update(error_path="", error_name="")
    over = jobs.filter(finished_at__isnull=False).exclude(input_path="")
    unlink_later(over.values_list("input_path", flat=True))
    over.update(input_path="")
