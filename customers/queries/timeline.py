"""One timeline per customer, put together from every app (CUS-9).

An app above registers where its entries come from, in ``AppConfig.ready()``: one ``Source`` per kind of row. A page asks each
source for its newest rows before the cursor and merges them: as many queries as there are sources, however long the history
is, and no OFFSET or COUNT. A source's rows need an index that leads with the customer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

PAGE_SIZE = 50
KINDS = {
    "call": _("Calls"),
    "message": _("Messages"),
    "answer": _("Answers"),
    "issue": _("Issues"),
    "complaint": _("Complaints"),
    "order": _("Orders"),
    "recontact": _("Re-contacts"),
    "event": _("Service events"),
    "consent": _("Consent changes"),
    "do_not_call": _("Do not call"),
    "record": _("Merges"),
    "access": _("Access to the data"),
}


@dataclass(frozen=True)
class Entry:
    """One line: what happened, in words; ``tone`` is quiet, info, good, warn or bad and colours the ``badge``."""

    title: str
    text: str = ""
    badge: str = ""
    tone: str = "quiet"
    by: Any = None
    url: str = ""
    # Filled in by the page.
    at: datetime = datetime.min.replace(tzinfo=UTC)
    kind: str = ""
    label: str = ""


@dataclass(frozen=True)
class Source:
    """Where entries come from.

    ``rows(user, customer)`` are the rows about the customer which the person may see, with what ``show(row)`` needs
    (``select_related``: no query per row). ``at`` is the column, never NULL, that dates them. Who holds none of ``roles`` sees
    none of them; links are shown to holders of ``link_roles``, in both cases everybody when it is empty.
    """

    name: str
    kind: str
    rows: Callable[[Any, Any], QuerySet]
    at: str
    show: Callable[[Any], Entry]
    roles: tuple = ()
    link_roles: tuple = ()


@dataclass(frozen=True)
class Cursor:
    """The last entry of the page before: its instant, its source and its id. Total order: newest first, then by source."""

    at: datetime
    source: str
    pk: int

    def __str__(self):
        return f"{self.at.astimezone(UTC).isoformat()}~{self.source}~{self.pk}"


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and the cursor of the next page ("" when this is the last)."""

    entries: list[Entry] = field(default_factory=list)
    more: str = ""


_sources: dict[str, Source] = {}


def register(*sources: Source) -> None:
    """Add sources to every customer's timeline. Raises ``ValueError`` for an unknown kind or a name that is taken."""
    for source in sources:
        if source.kind not in KINDS:
            raise ValueError(f"{source.kind} is not a kind of timeline entry")
        if _sources.setdefault(source.name, source) is not source:
            raise ValueError(f"the timeline has a source {source.name} already")


def kinds_for(user) -> dict[str, str]:
    """The kinds of entries of which the person may see any, with their labels, in the order of ``KINDS``."""
    there = {source.kind for source in _allowed(user)}
    return {kind: label for kind, label in KINDS.items() if kind in there}


def read_cursor(text: str) -> Cursor | None:
    """The cursor that a page handed out, or None for anything else."""
    at, _tilde, rest = text.partition("~")
    name, _tilde, pk = rest.partition("~")
    try:
        instant = parse_datetime(at.replace(" ", "+"))
        instant = instant.astimezone(UTC) if instant and instant.tzinfo else None
    except (ValueError, OverflowError):
        return None
    if instant is None or name not in _sources:
        return None
    return Cursor(instant, name, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def timeline(user, customer, *, kind: str = "", before: Cursor | None = None, size: int = PAGE_SIZE) -> Page:
    """The customer's entries that the person may see, newest first: one query per source (and its prefetches)."""
    found = []
    places = {name: place for place, name in enumerate(sorted(_sources))}
    for source in _allowed(user):
        if kind and source.kind != kind:
            continue
        rows = source.rows(user, customer)
        if before:
            rows = rows.filter(_before(source, before, places))
        for row in rows.order_by(f"-{source.at}", "-pk")[: size + 1]:
            found.append((getattr(row, source.at), -places[source.name], row.pk, source, row))
    found.sort(key=lambda one: one[:3], reverse=True)
    entries = [_entry(source, row, user) for _at, _place, _pk, source, row in found[:size]]
    if len(found) <= size:
        return Page(entries)
    at, _place, pk, source, _row = found[size - 1]
    return Page(entries, str(Cursor(at, source.name, pk)))


def _allowed(user) -> list[Source]:
    scope = user.scope()
    return [source for source in _sources.values() if not source.roles or scope.has(*source.roles)]


def _before(source: Source, cursor: Cursor, places: dict[str, int]) -> Q:
    """What comes after the cursor's entry: older, or as old and of a later source, or of the same and with a smaller id."""
    older = Q(**{f"{source.at}__lt": cursor.at})
    if source.name == cursor.source:
        return older | Q(**{source.at: cursor.at, "pk__lt": cursor.pk})
    if places[source.name] > places[cursor.source]:
        return older | Q(**{source.at: cursor.at})
    return older


def _entry(source: Source, row, user) -> Entry:
    entry = source.show(row)
    linked = not source.link_roles or user.scope().has(*source.link_roles)
    return replace(
        entry,
        at=getattr(row, source.at),
        kind=source.kind,
        label=str(KINDS[source.kind]),
        url=entry.url if linked else "",
    )
