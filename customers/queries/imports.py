"""Reads about imports: who may import where, what a staged file would do, the rows that need correction (CUS-3)."""

from collections.abc import Iterator

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.access import Role
from callcenter.spreadsheet.problems import PROBLEMS, RowError
from customers.models import Channel, Consent, Customer, Import, ImportMapping, ImportRow, Purpose, Region
from customers.queries.reference import reference
from customers.rules.importing import CUSTOM, FAULTS, guess
from people.models import Team, Unit

IMPORT_ROLES = (Role.LEAD, Role.MANAGER)
OUTCOME = ImportRow.Outcome
DUPLICATE = (OUTCOME.KNOWN, OUTCOME.SHARED, OUTCOME.FOREIGN, OUTCOME.ELSEWHERE, OUTCOME.REPEATED)
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
    OUTCOME.ELSEWHERE: (
        gettext_lazy("A customer of another client already has this phone."),
        gettext_lazy(
            "If the customer belongs to both clients, import the row again and look for the same phone only among this client's."
        ),
    ),
    OUTCOME.REPEATED: (
        gettext_lazy("Row %(row)s of this file is the same customer, by number or phone."),
        gettext_lazy("Keep one of the two rows."),
    ),
}

# Reasons whose sentence for one row names values of that row.
IN_GENERAL = {
    "not_imported": gettext_lazy("The row was good, but the import was stopped or was to import nothing."),
    "too_few_cells": gettext_lazy("The row has fewer cells than the header."),
    "too_many_cells": gettext_lazy("The row has more cells than the header."),
    "error_value": gettext_lazy("A cell holds an error instead of a value."),
    "too_long": gettext_lazy("A text is too long."),
    "date_order": gettext_lazy("A date is not written as declared for its column."),
    "date_far": gettext_lazy("The year of a date is not plausible."),
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


def offered_mapping(client, keys: list[str]) -> tuple[str, dict]:
    """(name, mapping) to offer: the client's latest saved one that fits all its columns into the file, else ("", a guess)."""
    saved = ImportMapping.objects.filter(client=client).order_by("-id").values_list("name", "mapping")
    for name, mapping in saved:
        if set(mapping.get("columns", {})) <= set(keys):
            return name, mapping
    return "", {"columns": guess(keys), "rest": CUSTOM}


def guessed_mapping(client, keys: list[str]) -> dict:
    """The mapping to take without a question; see ``offered_mapping``."""
    return offered_mapping(client, keys)[1]


def region_ids() -> dict[str, int]:
    """Region ids by code and by name, in lower case; a name that several regions share names none."""
    names, found = {}, {}
    for pk, code, name in Region.objects.order_by("id").values_list("pk", "code", "name"):
        names.setdefault(name.casefold(), []).append(pk)
        found[code.casefold()] = pk
    return {name: pks[0] for name, pks in names.items() if len(pks) == 1} | found


def outcome_counts(batch: Import, *, after: int = 0, until: int | None = None) -> dict[str, int]:
    """How many staged rows have each outcome; "do_not_call": how many numbers to be imported are on the do-not-call list."""
    rows = ImportRow.objects.filter(batch=batch, row__gt=after)
    if until is not None:
        rows = rows.filter(row__lte=until)
    imported = (OUTCOME.NEW, OUTCOME.KNOWN) if batch.updates_known else (OUTCOME.NEW,)
    found = dict.fromkeys(OUTCOME.values, 0) | {"do_not_call": 0}
    called = Count("row", filter=Q(do_not_call=True))
    for outcome, count, marked in (
        rows.values_list("outcome").annotate(n=Count("row"), d=called).order_by("outcome")
    ):
        found[outcome] = count
        found["do_not_call"] += marked if outcome in imported else 0
    return found


def purposes_needing_consent() -> list[str]:
    """The purposes for which customers may be called only if they have agreed (CUS-8)."""
    free = reference().contract_purposes
    return [purpose for purpose in Purpose.values if purpose not in free]


def without_consent(batch: Import, *, after: int = 0, until: int | None = None) -> int:
    """How many rows that would be imported leave their customer without consent to some call that needs it.

    Consent is the file's word, or for a known customer what is on record; a withdrawal on record outweighs the file.
    """
    purposes = purposes_needing_consent()
    if not purposes:
        return 0
    rows = ImportRow.objects.filter(batch=batch, row__gt=after)
    if until is not None:
        rows = rows.filter(row__lte=until)
    lacking = rows.filter(outcome=OUTCOME.NEW).exclude(consent=True).count()
    if not batch.updates_known:
        return lacking
    words, lacks = {}, Q(consent=False)
    for purpose in purposes:
        on_record = Consent.objects.filter(
            customer_id=OuterRef("customer_id"), channel=Channel.PHONE, purpose=purpose
        )
        words[purpose] = Subquery(on_record.order_by("-at", "-id").values("state")[:1])
        lacks |= Q(**{purpose: Consent.State.WITHDRAWN})
        lacks |= Q(**{f"{purpose}__isnull": True}, consent__isnull=True)
    return lacking + rows.filter(outcome=OUTCOME.KNOWN).annotate(**words).filter(lacks).count()


def archiving_counts(batch: Import, limit: int = SHOWN) -> list[dict]:
    """The archiving preview: how many individuals and companies would be new, by region and level, the largest groups first.

    The smallest groups beyond ``limit`` are one line, the last, with "others" saying how many they are.
    """
    company = Count("row", filter=Q(nature=Customer.Nature.COMPANY))
    groups = list(
        ImportRow.objects.filter(batch=batch, outcome=OUTCOME.NEW)
        .values("region_id", "level")
        .annotate(count=Count("row"), companies=company)
        .order_by("-count", "region_id", "level")
    )
    names = dict(
        Region.objects.filter(
            pk__in={group["region_id"] for group in groups[:limit] if group["region_id"]}
        ).values_list("pk", "name")
    )
    shown = [
        {
            "region": names.get(group["region_id"], ""),
            "level": group["level"],
            "individuals": group["count"] - group["companies"],
            "companies": group["companies"],
            "count": group["count"],
            "others": 0,
        }
        for group in groups[:limit]
    ]
    if rest := groups[limit:]:
        count, companies = sum(each["count"] for each in rest), sum(each["companies"] for each in rest)
        shown.append(
            {
                "region": "",
                "level": "",
                "individuals": count - companies,
                "companies": companies,
                "count": count,
                "others": len(rest),
            }
        )
    return shown


def reasons(batch: Import) -> list[dict]:
    """Why rows are wrong or not imported, the commonest reason first: code, text and how many rows.

    A row with several faults counts under its first.
    """
    counts = batch.counts if batch.finished_at else batch.counts.get("preview", {})
    found = [
        {"code": code, "text": _reason_text(code), "count": count}
        for code, count in counts.get("reasons", {}).items()
    ]
    return sorted(found, key=lambda reason: (-reason["count"], reason["code"]))


def _reason_text(code: str) -> str:
    if code in IN_GENERAL:
        return str(IN_GENERAL[code])
    message = (FAULTS.get(code) or PROBLEMS.get(code) or (code, ""))[0]
    return _(str(message))


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
    listed = [
        OUTCOME.REJECTED,
        OUTCOME.SHARED,
        OUTCOME.REPEATED,
        OUTCOME.FOREIGN,
        OUTCOME.ELSEWHERE,
    ]
    return [*listed, OUTCOME.KNOWN] if batch.duplicates == Import.Duplicates.FAIL else listed
