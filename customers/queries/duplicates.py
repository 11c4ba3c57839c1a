"""Possible duplicates and merges, as pages show them (CUS-1)."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.text import capfirst

from callcenter.models import Pulse
from customers.models import Customer, DuplicatePair, Merge, Phone

SWEEP = "customers.find_duplicates"


def duplicate_pairs(user, customer: Customer | None = None) -> QuerySet[DuplicatePair]:
    """Open pairs of which the person reaches both records, the surest first; of one ``customer`` if given."""
    pairs = DuplicatePair.objects.open().visible_to(user)
    if customer is not None:
        pairs = pairs.filter(Q(first=customer) | Q(second=customer))
    phones = Phone.objects.order_by("-preferred", "id")
    sides = ("first", "second")
    rows = pairs.select_related(*(f"{side}__{name}" for side in sides for name in ("client", "team", "unit")))
    return rows.prefetch_related(*(Prefetch(f"{side}__phones", phones) for side in sides)).order_by(
        "reason", "-id"
    )


def duplicates_looked_for() -> datetime | None:
    """When the archive was last searched for duplicates; None before the first time."""
    return Pulse.objects.filter(name=SWEEP).values_list("ran_at", flat=True).first()


def merges(customer: Customer | None = None) -> QuerySet[Merge]:
    """Merges that stand, the latest first; those into ``customer`` if given."""
    rows = Merge.objects.filter(undone_at=None).select_related("by", "loser")
    return (rows if customer is None else rows.filter(survivor=customer)).order_by("-id")


def rows_beside(survivor: Customer, loser: Customer) -> list[dict]:
    """What hangs on each of two records: label, and how many rows of both; kinds of which neither has any are left out.

    Numbers are left out too: they are shown themselves.
    """
    found = []
    for relation in Customer._meta.related_objects:
        if relation.related_model is Phone:
            continue
        column, model = relation.field.attname, relation.related_model
        own, other = (model._base_manager.filter(**{column: one.pk}).count() for one in (survivor, loser))
        if own or other:
            label = capfirst(str(model._meta.verbose_name_plural))
            found.append({"label": label, "own": own, "other": other})
    return sorted(found, key=lambda row: row["label"])
