"""Identity numbers sealed anew when a key changes (CUS-11)."""

from django.db import transaction

from callcenter.sealing import fingerprint, seal, unseal
from customers.actions.merging.journal import rewrite
from customers.models import Customer, Merge

CHUNK = 500


def reseal(*, watch=lambda count: None) -> tuple[int, int]:
    """Seal every identity number under the newest key; returns how many were, and how many no key opens.

    In chunks, each a transaction; safe to run again. ``watch`` is called with the number done so far. The journals of merges hold
    numbers too: before the rows, so that nothing undone meanwhile brings an old seal back, and after them for the new merges.
    """
    _reseal_journals()
    done = lost = after = 0
    while ids := list(
        Customer.objects.filter(pk__gt=after)
        .exclude(id_sealed="")
        .order_by("pk")
        .values_list("pk", flat=True)[:CHUNK]
    ):
        with transaction.atomic():
            rows = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
            for row in rows:
                number = unseal(row.id_sealed)
                lost += not number
                if number:
                    row.id_sealed, row.id_print = seal(number), fingerprint(number)
            Customer.objects.bulk_update(rows, ["id_sealed", "id_print"], batch_size=CHUNK)
        done, after = done + len(rows), ids[-1]
        watch(done)
    _reseal_journals()
    return done - lost, lost


def _reseal_journals() -> None:
    """Seal anew what a merge that is undone would put back."""
    waiting = Merge.objects.filter(undone_at=None).exclude(journal=[])
    for pk in waiting.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        with transaction.atomic():
            merge = Merge.objects.select_for_update(of=("self",)).get(pk=pk)
            journal = rewrite(merge.journal, Customer, _sealed_anew)
            if journal != merge.journal:
                Merge.objects.filter(pk=pk).update(journal=journal)


def _sealed_anew(columns: dict) -> dict:
    number = unseal(columns.get("id_sealed") or "")
    return {**columns, "id_sealed": seal(number), "id_print": fingerprint(number)} if number else columns
