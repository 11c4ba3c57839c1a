"""Every row a merge changes, written down as it is changed, so that undoing it restores each value exactly.

Entries are lists that JSON can hold, in the order of the changes:

    ["move",   "app.Model", column, was, now, [primary keys]]
    ["change", "app.Model", primary key, {column: [was, now]}]
    ["remove", "app.Model", {column: value}]
    ["add",    "app.Model", [primary keys]]
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from callcenter.errors import Conflict
from callcenter.sealing import unseal

CHUNK = 1_000


class Journal:
    """Makes changes and remembers them; ``entries`` is what ``undo`` takes back."""

    def __init__(self):
        self.entries: list[list] = []

    def move(self, rows: models.QuerySet, column: str, *, was, to) -> list:
        """Let ``column`` of all ``rows``, now ``was``, be ``to``: one UPDATE; returns their primary keys."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        for part in _chunks(keys):
            rows.model._base_manager.filter(pk__in=part).update(**{column: to})
        if keys:
            stored = [_stored_key(rows.model, key) for key in keys]
            self.entries.append(["move", rows.model._meta.label, column, was, to, stored])
        return keys

    @contextmanager
    def watching(self, rows: models.QuerySet):
        """Remember what the statements inside change of ``rows``."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        before = {row.pk: row for row in rows.model._base_manager.filter(pk__in=keys)}
        yield
        for row in rows.model._base_manager.filter(pk__in=keys).order_by("pk"):
            self._note(before[row.pk], row)

    def change(self, row: models.Model, **columns) -> None:
        """Change columns of one row in the database; the object passed is left as it was."""
        with self.watching(type(row)._base_manager.filter(pk=row.pk)):
            type(row)._base_manager.filter(pk=row.pk).update(**columns)

    def remove(self, rows: models.QuerySet) -> None:
        """Remove rows that nothing points at any more."""
        for row in rows.order_by("pk"):
            values = {field.attname: _stored(field, row) for field in _fields(row)}
            self.entries.append(["remove", rows.model._meta.label, values])
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")

    def added(self, rows: models.QuerySet) -> None:
        """Remember rows that the merge has added."""
        keys = [_stored_key(rows.model, key) for key in rows.order_by("pk").values_list("pk", flat=True)]
        if keys:
            self.entries.append(["add", rows.model._meta.label, keys])

    def _note(self, before, after) -> None:
        changed = {
            field.attname: [_stored(field, before), _stored(field, after)]
            for field in _fields(after)
            if getattr(before, field.attname) != getattr(after, field.attname)
        }
        if changed:
            key = _stored_key(type(after), after.pk)
            self.entries.append(["change", after._meta.label, key, changed])


def rewrite(entries: Iterable[list], model: type[models.Model], again: Callable[[dict], dict]) -> list[list]:
    """The entries with ``again(columns)`` in place of every set of columns that is kept of a row of ``model``."""
    rewritten = []
    for verb, label, *rest in entries:
        if label == model._meta.label and verb == "change":
            key, changed = rest
            was, now = (again({name: pair[place] for name, pair in changed.items()}) for place in (0, 1))
            rest = [key, {name: [was[name], now[name]] for name in changed}]
        elif label == model._meta.label and verb == "remove":
            rest = [again(rest[0])]
        rewritten.append([verb, label, *rest])
    return rewritten


def undo(entries: Iterable[list]) -> None:
    """Take the changes back, last first; call it in a transaction.

    Raises ``Conflict`` when a row is no longer as the merge left it.
    """
    verbs = {"move": _move_back, "change": _change_back, "remove": _put_back, "add": _take_away}
    for verb, label, *rest in reversed(list(entries)):
        verbs[verb](apps.get_model(label), *rest)


def _move_back(model, column, was, to, keys):
    moved = 0
    for part in _chunks(keys):
        moved += model._base_manager.filter(pk__in=part, **{column: to}).update(**{column: was})
    if moved != len(keys):
        raise _contradiction(model)


def _change_back(model, key, changed):
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=key).first()
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if row is None or not all(
        _is_same(name, _stored(fields[name], row), now) for name, (_was, now) in changed.items()
    ):
        raise _contradiction(model)
    values = {name: _read(fields[name], was) for name, (was, _now) in changed.items()}
    model._base_manager.filter(pk=key).update(**values)


def _is_same(name, held, kept):
    """Whether two stored values are one; what is sealed differs with every sealing and is compared by what is in it."""
    return held == kept or (name.endswith("_sealed") and unseal(held) == unseal(kept) != "")


def _put_back(model, values):
    fields = {field.attname: field for field in model._meta.concrete_fields}
    row = model(**{name: _read(fields[name], value) for name, value in values.items()})
    row.save_base(raw=True, force_insert=True)


def _take_away(model, keys):
    for part in _chunks(keys):
        model._base_manager.filter(pk__in=part)._raw_delete("default")


def _contradiction(model):
    return Conflict(
        _("The merge can no longer be undone: meanwhile one of its rows has changed (%(thing)s).")
        % {"thing": model._meta.verbose_name},
        code="merge_contradicted",
    )


def _fields(row):
    return type(row)._meta.concrete_fields


def _stored(field, row):
    """A value as JSON holds it without loss: datetimes with their microseconds, decimals as they are written."""
    value = getattr(row, field.attname)
    if value is None or isinstance(field, models.JSONField):
        return value
    return field.value_to_string(row)


def _read(field, stored):
    if stored is None or isinstance(field, models.JSONField):
        return stored
    return field.to_python(stored)


def _stored_key(model, key):
    return key if isinstance(key, int) else str(key)


def _chunks(keys):
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
