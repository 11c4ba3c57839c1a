"""Where every app keeps what tells who a customer is: one list that erasure, retention and copies go by (CUS-11).

This app cannot look up into those above it; each of them adds its own from ``AppConfig.ready``. A test holds the list against the
columns of all models: a new text column that nobody has declared fails it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Q

from callcenter.files import unlink_later
from callcenter.models import Notification

# The columns of a history row that hold codes.
_STATES = ("from_state", "to_state")


@dataclass(frozen=True)
class Kept:
    """The rows of one model that speak of a customer.

    ``customer`` is the lookup to the customer, ``clear`` what its columns become when the texts go, ``keeps`` the text
    columns that name nobody and stay. ``kind`` and ``at``, the lookup of the instant that counts, put the rows under a
    retention period. ``bell`` is the beginning of the keys of notifications about a row, before its number. What is
    not ``copied`` is made of other rows and says nothing to the person. ``files`` is the column with the path of the row's file
    below ``MEDIA_ROOT``: the file goes with the texts and is part of the copy.
    """

    model: str
    customer: str = "customer"
    clear: Mapping[str, object] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    kind: str = ""
    at: str = ""
    bell: str = ""
    copied: bool = True
    files: str = ""

    @property
    def rows(self):
        """The model's rows, past any manager that hides some."""
        return apps.get_model(self.model)._base_manager.order_by()

    @property
    def full(self) -> Q:
        """The condition that something is left to clear."""
        return Q() if not self.clear else ~Q(**self.clear)

    def empty(self, rows) -> int:
        """Clear the rows and, once the transaction is committed, delete their files; returns how many rows changed."""
        if self.files:
            unlink_later(rows.exclude(**{self.files: ""}).values_list(self.files, flat=True))
        return rows.update(**self.clear)


@dataclass(frozen=True)
class Registry:
    """What the apps have declared: models, and functions ``(customer_ids, client_ids) -> None`` for what is no model's."""

    kept: dict[str, Kept] = field(default_factory=dict)
    erasers: list[Callable[[list[int], list[int]], None]] = field(default_factory=list)

    def declare(self, *rows: Kept) -> None:
        """Add models, once each; declaring one again replaces it."""
        self.kept.update({one.model: one for one in rows})

    def on_erase(self, eraser: Callable[[list[int], list[int]], None]) -> None:
        """Have ``eraser(customer_ids, client_ids)`` called in the transaction that erases customers."""
        if eraser not in self.erasers:
            self.erasers.append(eraser)


REGISTRY = Registry()


def steps(model: str, case: str, **fields) -> Kept:
    """The history rows of a case, whose notes are what people typed."""
    return Kept(model, case, {"note": ""}, _STATES, **fields)


def clear_texts(customer_ids: Iterable[int]) -> int:
    """Clear every declared text about the customers and the notifications about their cases; returns rows changed.

    One statement per model, however many customers; rows stay, so that counts stay what they were. Call it in a transaction.
    """
    ids, changed = list(customer_ids), 0
    for kept in REGISTRY.kept.values():
        if kept.bell:
            _silence(kept, ids)
        if kept.clear:
            rows = kept.rows.filter(**{f"{kept.customer}__in": ids})
            changed += kept.empty(rows.filter(kept.full))
    return changed


def _silence(kept: Kept, ids: list[int]) -> None:
    """Take the names out of the notifications about the customers' rows; the lines stay."""
    cases = {
        f"{kept.bell}:{pk}"
        for pk in kept.rows.filter(**{f"{kept.customer}__in": ids}).values_list("pk", flat=True)
    }
    if not cases:
        return
    lines = Notification.objects.filter(key__startswith=f"{kept.bell}:").exclude(params={}).order_by("id")
    about = [line for line in lines.only("key", "params") if ":".join(line.key.split(":")[:2]) in cases]
    for line in about:
        line.params = dict.fromkeys(line.params, "—")
    Notification.objects.bulk_update(about, ["params"], batch_size=1_000)


def declare() -> None:
    """Add this app's models to the list; those above do the same."""
    REGISTRY.declare(
        Kept("customers.Phone", keeps=("number", "extension")),
        Kept(
            "customers.ServiceEvent",
            clear={"facts": {}},
            keeps=("kind", "external_id"),
            kind="events",
            at="occurred_at",
        ),
        Kept("customers.Consent", clear={"source": "", "evidence": ""}),
        # The number alone goes on saying that it is not to be called, without saying whose it is (``erasing.forget``).
        Kept(
            "customers.BlacklistEntry",
            clear={"reason": "", "evidence": "", "removal_reason": ""},
            keeps=("number", "campaign_code", "category", "source"),
        ),
        steps("customers.BlacklistStep", "case__customer"),
        Kept("customers.Contact", clear={"number": ""}, keeps=("campaign_code",), kind="calls", at="at"),
        Kept("customers.LegalHold", clear={"reason": "", "lift_reason": ""}),
        # Made anew of the name, which is gone by then (``erasing.forget``).
        Kept("customers.NameKey", keeps=("key",), copied=False),
        Kept("customers.DuplicatePair", "first", copied=False),
        Kept("customers.Merge", "survivor", {"journal": []}, ("rows_after",), copied=False),
    )
