"""The one way to move a case (DESIGN section 2).

A case's model names its table of legal moves (``MOVES``: state → set of next states) and its history model
(``STEP``: a concrete ``callcenter.models.Step`` with a foreign key ``case``).
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callcenter.errors import Conflict


class IllegalMove(Conflict):
    """The table of moves does not lead from the case's state to the wanted one. Pages and API answer 409."""

    def __init__(self, case, to):
        self.case, self.to = case, to
        labels = dict(type(case)._meta.get_field("state").choices)
        super().__init__(
            _(
                "This %(thing)s is “%(was)s” and cannot become “%(to)s”. Reload the page to see what is possible now."
            )
            % {
                "thing": type(case)._meta.verbose_name,
                "was": labels.get(case.state, case.state),
                "to": labels.get(to, to),
            },
            code="illegal_move",
        )


class LostRace(Conflict):
    """Somebody else moved the case first. Pages and API answer 409."""

    def __init__(self, case):
        self.case = case
        super().__init__(
            _("Somebody else has just changed this %(thing)s. Reload the page; what you typed is kept.")
            % {"thing": type(case)._meta.verbose_name},
            code="lost_race",
        )


def can_move(case, to) -> bool:
    """Whether the table of moves leads from the case's state to ``to``."""
    return to in type(case).MOVES.get(case.state, ())


@transaction.atomic
def advance(case, to, *, by, at, note="", where=None, **fields):
    """Move ``case`` to state ``to``, set ``fields`` in the same UPDATE and write one history row.

    ``where`` adds conditions to the UPDATE (a fencing token, a version). ``by`` is a user or None for the system,
    ``at`` an aware instant. Raises ``IllegalMove`` when the table forbids the move, ``LostRace`` when the row no
    longer is in the state the caller saw. Returns the case with its new values.
    """
    if not can_move(case, to):
        raise IllegalMove(case, to)
    was = case.state
    moved = type(case)._base_manager.filter(pk=case.pk, state=was, **(where or {})).update(state=to, **fields)
    if moved != 1:
        raise LostRace(case)
    case.state = to
    for name, value in fields.items():
        if not hasattr(value, "resolve_expression"):
            setattr(case, name, value)
    type(case).STEP.objects.create(case=case, from_state=was, to_state=to, at=at, by=by, note=note[:500])
    return case


@transaction.atomic
def advance_all(cases: QuerySet, to, *, by, at, note="", **fields) -> int:
    """Move every case of ``cases`` that may legally move to ``to``, in two statements; returns how many moved.

    Cases in a state from which ``to`` cannot be reached are left alone. The rows are locked first, so a case that
    somebody claims meanwhile is either moved or untouched, never both.
    """
    model = cases.model
    sources = [state for state, targets in model.MOVES.items() if to in targets]
    rows = list(
        cases.filter(state__in=sources)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", "state")
    )
    model.STEP.objects.bulk_create(
        [
            model.STEP(case_id=pk, from_state=state, to_state=to, at=at, by=by, note=note[:500])
            for pk, state in rows
        ],
        batch_size=5_000,
    )
    ids = [pk for pk, _state in rows]
    for start in range(0, len(ids), 5_000):
        model._base_manager.filter(pk__in=ids[start : start + 5_000]).update(state=to, **fields)
    return len(ids)
