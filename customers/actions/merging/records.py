"""The merge itself (CUS-1)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.actions.archive import EDITABLE
from customers.actions.duplicates import forget_pairs
from customers.actions.merging.journal import Journal
from customers.actions.merging.relations import follow_up, move_everything, refuse_if_told_to, rows_of
from customers.actions.names import read_names
from customers.models import Customer, Merge, held

UNDO_DAYS = 30
# Columns of which somebody may take the other record's value; "custom:" and a name for a client's own field.
MERGEABLE = (*(name for name in EDITABLE if name != "custom"), "id_sealed")
FORBIDDEN = (Customer.Restriction.ERASED, Customer.Restriction.LEGAL_HOLD)


@transaction.atomic
def merge_customers(
    *,
    survivor: Customer,
    loser: Customer,
    take: Collection[str] = (),
    versions: Mapping[int, int],
    by,
    now: datetime,
) -> Merge:
    """Make ``loser`` part of ``survivor``: every row of every app moves, and the loser stays as a signpost.

    ``take`` names the columns (of ``MERGEABLE``, or "custom:name") whose value comes from the loser; an empty column of the
    survivor is filled in any case. ``versions`` are the versions the person had before their eyes, by id. Do-not-call entries,
    refusals and consents of both count from now on. Can be undone for ``UNDO_DAYS`` days (``undo_merge``). Raises ``Conflict``
    when somebody has changed or merged one of them meanwhile, ``Refused`` for two clients' customers, for one that is erased or
    under a legal hold, or by the rules of the apps above. Whether ``by`` reaches both is the caller's gate.
    """
    survivor, loser = _locked(survivor, loser, versions)
    if survivor.client_id != loser.client_id:
        raise Refused(_("The two are customers of different clients and stay apart."), code="other_client")
    holds = Customer.objects.filter(held(now), pk__in=[survivor.pk, loser.pk])
    if survivor.restriction in FORBIDDEN or loser.restriction in FORBIDDEN or holds.exists():
        raise Refused(
            _("One of the two is erased or under a legal hold and cannot be merged."), code="restricted"
        )
    refuse_if_told_to(survivor=survivor, loser=loser, by=by, now=now)
    journal = Journal()
    move_everything(journal=journal, survivor=survivor, loser=loser, by=by, now=now)
    _unite_columns(journal, survivor, loser, set(take), now)
    follow_up(journal=journal, survivor=survivor, loser=loser, by=by, now=now)
    merge = Merge.objects.create(
        survivor=survivor,
        loser=loser,
        by=by,
        at=now,
        undo_until=now + timedelta(days=UNDO_DAYS),
        journal=journal.entries,
        rows_after=rows_of(survivor.pk),
    )
    forget_pairs(loser)
    read_names(Customer.objects.filter(pk__in=[survivor.pk, loser.pk]))
    moved = sum(len(entry[-1]) for entry in journal.entries if entry[0] == "move")
    for one, other in ((survivor, loser), (loser, survivor)):
        log_access(
            by,
            AccessLog.Action.CHANGE,
            "customer_merged",
            one.pk,
            now=now,
            merge=merge.pk,
            other=other.pk,
            survivor=survivor.pk,
            rows=moved,
        )
    return merge


def _locked(survivor, loser, versions):
    """Both rows, locked in the order of their ids, so that two merges of the same people wait for each other."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[survivor.pk, loser.pk])
    found = {row.pk: row for row in rows.order_by("id")}
    if survivor.pk == loser.pk:
        raise Refused(_("A customer cannot be merged with itself."), code="same_customer")
    changed = len(found) < 2 or any(
        row.merged_into_id is not None or row.version != versions.get(pk) for pk, row in found.items()
    )
    if changed:
        raise Conflict(
            _("Somebody else has changed or merged one of these customers meanwhile. Look at both again."),
            code="lost_race",
        )
    return found[survivor.pk], found[loser.pk]


def _unite_columns(journal, survivor, loser, take, now):
    """The survivor with the chosen values, the loser as a signpost to it."""
    values = {
        name: getattr(loser, name)
        for name in MERGEABLE
        if getattr(survivor, name) in ("", None, []) or name in take
    }
    values = {name: value for name, value in values.items() if value not in ("", None, [])}
    if "id_sealed" in values:
        values["id_print"] = loser.id_print
    values["custom"] = _custom(survivor.custom, loser.custom, take)
    if "key_customer" not in take:
        values["key_customer"] = survivor.key_customer or loser.key_customer
    first = [one.first_contact_at for one in (survivor, loser) if one.first_contact_at]
    values["first_contact_at"] = min(first, default=None)
    if loser.restriction:
        values["restriction"] = loser.restriction
    signpost = {"restriction": Customer.Restriction.MERGED, "merged_into": survivor}
    if values.get("external_id"):
        # The numbers change places, so that each of them still leads to the survivor.
        signpost["external_id"] = survivor.external_id
        journal.change(loser, external_id="")
    journal.change(survivor, **values, updated_at=now)
    journal.change(loser, **signpost, updated_at=now)
    Customer.objects.filter(pk__in=[survivor.pk, loser.pk]).update(version=F("version") + 1)


def _custom(own, other, take):
    filled = {name: value for name, value in other.items() if f"custom:{name}" in take or not own.get(name)}
    return own | filled
