"""What the merge of two records of one customer does to churn warnings (CUS-1, CUS-10)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from callcenter.workflow import advance_all
from complaints.models import ChurnReason, ChurnWarning, WarningStep
from complaints.states import WarningState
from customers.actions.merging.relations import move_rows, unites

NOTE = gettext_noop("the customer was merged with another record, which has this warning already")


@unites("complaints.ChurnWarning")
def unite_warnings(*, journal, survivor, loser, by, now):
    """Of two unsettled warnings one stays, with the reasons of both: the one with a task, else the survivor's."""
    unsettled = ChurnWarning.objects.unsettled()
    kept = unsettled.filter(customer=survivor).first()
    other = unsettled.filter(customer=loser).first()
    if kept and other:
        if other.state == WarningState.TASK_MADE and kept.state == WarningState.OPEN:
            kept, other = other, kept
        move_rows(journal, ChurnReason._meta.get_field("warning"), kept.pk, other.pk)
        journal.remove(ChurnReason.objects.filter(warning=other))
        _end(journal, ChurnWarning.objects.filter(pk=other.pk), by, now)
    move_rows(journal, ChurnWarning._meta.get_field("customer"), survivor.pk, loser.pk)


def _end(journal, warnings, by, now):
    """Over, by way of the list: nobody has decided about it."""
    keys = list(warnings.values_list("pk", flat=True))
    last = WarningStep.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    how = {"by": by, "at": now, "note": _(NOTE)}
    with journal.watching(warnings):
        advance_all(warnings.filter(state=WarningState.TASK_MADE), WarningState.OPEN, task=None, **how)
        advance_all(warnings, WarningState.OVER, closed_at=now, **how)
    journal.added(WarningStep.objects.filter(case__in=keys, pk__gt=last))
