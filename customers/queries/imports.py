"""Reads about imports: who may import where, what a staged file would do, the rows that need correction (CUS-3)."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.access import Role
from callcenter.spreadsheet.problems import RowError
from customers.models import Import, ImportMapping, ImportRow, Region
from customers.rules.importing import CUSTOM, guess
from people.models import Team, Unit

IMPORT_ROLES = (Role.LEAD, Role.MANAGER)
OUTCOME = ImportRow.Outcome
DUPLICATE = (OUTCOME.KNOWN, OUTCOME.SHARED, OUTCOME.FOREIGN, OUTCOME.REPEATED)
SHOWN = 50

# outcome: (what was found, what to do), for duplicates that somebody should look at.
NOTES = {
    OUTCOME.KNOWN: (
        gettext_lazy("The customer is already in the archive."),
        gettext_lazy("Delete the row, or choose to update known customers."),
    ),
    OUTCOME.SHARED: (
        gettext_lazy("Another customer number already has this phone."),
        gettext_lazy("Check which number is right. If both are, enter the customer by hand."),
    ),
    OUTCOME.FOREIGN: (
        gettext_lazy(
            "This row cannot be imported by you: its number is taken, or its data have been erased."
        ),
        gettext_lazy("Leave it out, or ask the client whether the number is right."),
    ),
    OUTCOME.REPEATED: (
        gettext_lazy("Row %(row)s of this file is the same customer, by number or phone."),
        gettext_lazy("Keep one of the two rows."),
    ),
}


def importable_teams(user):
    """The teams into which the person may import."""
    scope = user.scope()
    teams = Team.objects.select_related("unit")
    return teams if scope.everything else teams.filter(pk__in=scope.team_ids(*IMPORT_ROLES))


def importable_units(user):
    """The units into which the person may import without naming a team."""
    scope = user.scope()
    if scope.everything:
        return Unit.objects.all()
    ids = {pk for grant in scope.grants if grant.role in IMPORT_ROLES for pk in grant.unit_ids}
    return Unit.objects.filter(pk__in=ids)


def imports_of(user):
    """Imports the person may see, the latest first, with what a list of them shows."""
    rows = Import.objects.visible_to(user).select_related("client", "team", "unit", "owner", "job")
    return rows.order_by("-created_at", "-id")


def guessed_mapping(client, keys: list[str]) -> dict:
    """The mapping to offer: the client's latest saved one that fits all its columns into the file, else guessed by name."""
    saved = ImportMapping.objects.filter(client=client).order_by("-id").values_list("mapping", flat=True)
    for mapping in saved:
        if set(mapping.get("columns", {})) <= set(keys):
            return mapping
    return {"columns": guess(keys), "rest": CUSTOM}


def region_ids() -> dict[str, int]:
    """Region ids by code and by name, in lower case; a name that several regions share names none."""
    names, found = {}, {}
    for pk, code, name in Region.objects.order_by("id").values_list("pk", "code", "name"):
        names.setdefault(name.casefold(), []).append(pk)
        found[code.casefold()] = pk
    return {name: pks[0] for name, pks in names.items() if len(pks) == 1} | found


def outcome_counts(batch: Import, *, after: int = 0, until: int | None = None) -> dict[str, int]:
    """How many staged rows have each outcome, and how many numbers are on the do-not-call list ("do_not_call")."""
    rows = ImportRow.objects.filter(batch=batch, row__gt=after)
    if until is not None:
        rows = rows.filter(row__lte=until)
    called = Count("row", filter=Q(do_not_call=True))
    found = dict.fromkeys(OUTCOME.values, 0) | {"do_not_call": 0}
    for outcome, count, marked in (
        rows.values_list("outcome").annotate(n=Count("row"), d=called).order_by("outcome")
    ):
        found[outcome] = count
        if outcome != OUTCOME.REJECTED:
            found["do_not_call"] += marked
    return found


def archiving_counts(batch: Import, limit: int = 200) -> list[dict]:
    """The archiving preview: rows that would be new, by region, level and nature, the largest groups first."""
    groups = (
        ImportRow.objects.filter(batch=batch, outcome=OUTCOME.NEW)
        .values("region_id", "level", "nature")
        .annotate(count=Count("row"))
        .order_by("-count", "region_id", "level", "nature")[:limit]
    )
    groups = list(groups)
    names = dict(
        Region.objects.filter(
            pk__in={group["region_id"] for group in groups if group["region_id"]}
        ).values_list("pk", "name")
    )
    return [group | {"region": names.get(group["region_id"], "")} for group in groups]


def rows_to_correct(batch: Import, outcomes) -> Iterator[tuple[int, list[RowError], list[str] | None]]:
    """(row number, errors, cells) of the staged rows with one of ``outcomes``, in the file's order.

    ``cells`` is None where staging did not keep them; a stream, however many there are.
    """
    rows = ImportRow.objects.filter(batch=batch, outcome__in=outcomes).order_by("row")
    for row, outcome, other, errors, cells in rows.values_list(
        "row", "outcome", "other_row", "errors", "cells"
    ).iterator(chunk_size=2_000):
        if errors:
            yield row, [RowError(row, *error) for error in errors], cells
        else:
            message, hint = NOTES[outcome]
            text = _(str(message)) % {"row": other}
            yield row, [RowError(row, "", "", outcome, text, str(hint))], cells


def first_errors(batch: Import, limit: int = SHOWN) -> list[RowError]:
    """The first errors of a staged file for the preview page."""
    found = []
    for _row, errors, _cells in rows_to_correct(batch, listed_outcomes(batch)):
        found += errors
        if len(found) >= limit:
            break
    return found[:limit]


def listed_outcomes(batch: Import) -> list[str]:
    """Which outcomes somebody has to look at: errors always, known customers only when they stop the import."""
    listed = [OUTCOME.REJECTED, OUTCOME.SHARED, OUTCOME.REPEATED, OUTCOME.FOREIGN]
    return [*listed, OUTCOME.KNOWN] if batch.duplicates == Import.Duplicates.FAIL else listed
