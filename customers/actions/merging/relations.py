"""The rows of every app that point at a customer, found in the models themselves, and how they move in a merge.

A row moves by a new foreign key, unless a unique constraint would then be broken: such a row stays with the merged record. An
app for which that is not enough registers its own way in ``AppConfig.ready()``:

    @unites("campaigns.Account")          instead of the plain move of that model's rows
    @before_merging                        a reason to refuse: raise Refused or Conflict
    @after_merging                         what follows once every row has moved

Each is called with keywords: journal, survivor, loser, by, now (``before_merging`` without the journal).
"""

from collections.abc import Callable, Iterator

from django.db import models
from django.db.models import Exists, OuterRef, Q

from customers.actions.merging.journal import Journal
from customers.models import Customer, DuplicatePair, Merge, NameKey

# Made from the customers, or about the merge itself.
DERIVED = (NameKey, DuplicatePair, Merge)

_uniters: dict[str, Callable] = {}
_before: list[Callable] = []
_after: list[Callable] = []


def unites(label: str):
    """Register how the rows of a model unite."""

    def register(function):
        _uniters[label] = function
        return function

    return register


def before_merging(function):
    """Register a check."""
    _before.append(function)
    return function


def after_merging(function):
    """Register a consequence."""
    _after.append(function)
    return function


def refuse_if_told_to(**people) -> None:
    for check in _before:
        check(**people)


def follow_up(**people) -> None:
    for consequence in _after:
        consequence(**people)


def relations(target: type[models.Model] = Customer) -> Iterator[models.Field]:
    """Every foreign key to ``target``, hidden ones too, in a steady order."""
    found = [
        relation.field
        for relation in target._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    kept = (field for field in found if field.model not in DERIVED)
    return iter(sorted(kept, key=lambda field: (field.model._meta.label, field.name)))


def move_everything(*, journal: Journal, survivor, loser, by, now) -> None:
    """Move every row of every app from ``loser`` to ``survivor``, set-based, in one statement per relation."""
    for field in relations():
        unite = _uniters.get(field.model._meta.label)
        if unite is not None:
            unite(journal=journal, survivor=survivor, loser=loser, by=by, now=now)
        else:
            move_rows(journal, field, survivor.pk, loser.pk)


def move_rows(journal: Journal, field: models.Field, to: int, was: int) -> list:
    """Move the rows of one relation but those a unique constraint keeps back; returns the moved primary keys."""
    rows = field.model._base_manager.filter(**{field.attname: was})
    for others, condition in _unique_with(field):
        twin = field.model._base_manager.filter(condition, **{field.attname: to})
        clash = Exists(twin.filter(**{name: OuterRef(name) for name in others}))
        rows = rows.exclude(condition & clash) if condition else rows.exclude(clash)
    return journal.move(rows, field.attname, was=was, to=to)


def _unique_with(field: models.Field) -> Iterator[tuple[list[str], Q]]:
    """For each unique constraint over the relation: its other columns, and its condition."""
    meta = field.model._meta
    if field.unique:
        yield [], Q()
    for names in meta.unique_together:
        if field.name in names:
            yield [name for name in names if name != field.name], Q()
    for constraint in meta.total_unique_constraints:
        if field.name in constraint.fields:
            yield [name for name in constraint.fields if name != field.name], Q()
    for constraint in meta.constraints:
        partial = isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None
        if partial and field.name in constraint.fields:
            yield [name for name in constraint.fields if name != field.name], constraint.condition


def rows_of(customer_id: int) -> dict[str, int]:
    """How many rows of each relation point at a customer."""
    return {
        f"{field.model._meta.label}.{field.attname}": field.model._base_manager.filter(
            **{field.attname: customer_id}
        ).count()
        for field in relations()
    }
