"""Taking a merge back (CUS-1)."""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from callcenter.errors import Conflict, Refused
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.actions.merging.journal import undo
from customers.actions.merging.relations import rows_of
from customers.actions.names import read_names
from customers.models import Customer, Merge


@transaction.atomic
def undo_merge(*, merge: Merge, by, now: datetime) -> Merge:
    """Restore both records, and every row the merge changed, to what they were.

    Only the counters ``version`` go on, so that a form opened before or after is not mistaken for the current one. Raises
    ``Conflict`` when the time is over, it has been undone already, or something contradicts: a row the merge touched has changed,
    or something new was recorded about the customer, of which nobody can say to which of the two it belongs.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    both = [merge.survivor_id, merge.loser_id]
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=both)
    found = {row.pk: row for row in rows.order_by("id")}
    if merge.undone_at is not None:
        raise Conflict(_("This merge has been undone already."), code="already_undone")
    if now > merge.undo_until or not merge.journal:
        raise Refused(_("The time in which this merge could be undone is over."), code="too_late")
    if found[merge.survivor_id].merged_into_id is not None:
        raise Conflict(
            _("Meanwhile the customer was merged into another one. Undo that merge first."),
            code="merged_again",
        )
    _must_be_quiet(merge)
    undo(merge.journal)
    Customer.objects.filter(pk__in=both).update(version=F("version") + 1)
    Merge.objects.filter(pk=merge.pk).update(undone_at=now, undone_by=by)
    read_names(Customer.objects.filter(pk__in=both))
    for one, other in (both, reversed(both)):
        log_access(
            by, AccessLog.Action.CHANGE, "customer_unmerged", one, now=now, merge=merge.pk, other=other
        )
    merge.refresh_from_db()
    return merge


def _must_be_quiet(merge: Merge) -> None:
    """Refuse when there are more rows about the survivor than the merge left."""
    new = {
        name: count - merge.rows_after.get(name, 0)
        for name, count in rows_of(merge.survivor_id).items()
        if count > merge.rows_after.get(name, 0)
    }
    if new:
        listed = ", ".join(f"{_label(name)}: {count}" for name, count in sorted(new.items()))
        raise Conflict(
            _(
                "The merge can no longer be undone: since then something was recorded about the customer (%(what)s), "
                "and nobody can say to which of the two it belongs."
            )
            % {"what": listed},
            code="merge_contradicted",
        )


def _label(name: str) -> str:
    app, model, _column = name.split(".")
    return str(apps.get_model(app, model)._meta.verbose_name_plural)
