"""Identity numbers at rest: written sealed, found by their hash, sealed anew when a key changes (CUS-11)."""

from django.db import transaction
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.sealing import fingerprint, seal, unseal
from customers.models import Customer
from customers.rules.identity import IdentityRejected, read_identity

CHUNK = 500


def sealed(text: str) -> dict[str, str]:
    """The columns for an identity number as typed. Raises ``Refused`` for what is none; "" empties them."""
    try:
        number = read_identity(text)
    except IdentityRejected as rejected:
        message = f"{_(rejected.message)} {_(rejected.hint)}"
        raise Refused(message, code=rejected.code, fields={"id_number": [message]}) from None
    return {"id_sealed": seal(number), "id_print": fingerprint(number)}


def set_identity(*, customer: Customer, number: str) -> None:
    """Store the identity number of a customer, "" to remove it. Raises ``Refused`` for what is none."""
    Customer.objects.filter(pk=customer.pk).update(**sealed(number))


def reseal(*, watch=lambda count: None) -> tuple[int, int]:
    """Seal every identity number under the newest key; returns how many were, and how many no key opens.

    In chunks, each a transaction; safe to run again. ``watch`` is called with the number done so far.
    """
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
    return done - lost, lost
