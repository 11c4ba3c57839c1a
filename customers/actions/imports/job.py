"""The job of an import: check (read, match, preview) and import (the same, then move into the archive) (CUS-3).

Every chunk is a transaction together with the cursor that tells it; a job taken over after a crash goes on behind the last
chunk. Two kinds share one handler: "customers.check" stops after the preview.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.jobs import Cancelled, handler
from callcenter.models import AccessLog
from callcenter.notify import log_access
from customers.actions.imports.applying import CHUNK, apply_chunk
from customers.actions.imports.files import discard_staging, must_be_allowed
from customers.actions.imports.matching import match_with_archive, match_within_file
from customers.actions.imports.reporting import write_error_file
from customers.actions.imports.staging import read_into_staging
from customers.models import Import, ImportRow
from customers.queries.imports import DUPLICATE, OUTCOME, listed_outcomes, outcome_counts, without_consent

COUNTED = ("accepted", "updated", "duplicate", "do_not_call", "without_consent")


class PermissionLost(Refused):
    """The owner may no longer import there; what was imported before stays."""


@handler("customers.check")
def check(job, progress):
    """Stage the file and say what importing it would do; nothing of the archive changes."""
    batch = _batch_of(job)
    with translation.override(batch.language or settings.LANGUAGE_CODE):
        must_be_allowed(batch)
        _stage(batch, progress)
        counts = _match_all(batch, progress)
        progress.save(
            result=counts,
            ok=counts["accepted"] + counts["updated"],
            skipped=counts["duplicate"] + counts["blank"],
            failed=counts["rejected"],
        )
        files = write_error_file(batch, listed_outcomes(batch))
        progress.save(stage="", **files)


@handler("customers.import")
def run_import(job, progress):
    """Stage the file unless that is done, then move its rows into the archive."""
    batch = _batch_of(job)
    with translation.override(batch.language or settings.LANGUAGE_CODE):
        must_be_allowed(batch)
        if batch.finished_at:
            return
        try:
            _stage(batch, progress)
            _refuse_if_told_to(batch, progress)
            moved = _move(batch, progress)
        except (Cancelled, PermissionLost):
            _finish(batch, _moved(progress.cursor), progress)
            raise
        _finish(batch, moved, progress)


def _batch_of(job) -> Import:
    return Import.objects.select_related("owner", "client", "unit", "team").get(pk=job.params["import"])


def _stage(batch: Import, progress) -> None:
    """Make the staging rows complete, and matched with each other."""
    if not _is_staged(batch):
        Import.objects.filter(pk=batch.pk).update(checked_at=None)
        if ImportRow.objects.filter(batch=batch).count() != progress.cursor.get("rows", 0):
            # Nothing was read yet, or the database has crashed meanwhile and the staging table with it.
            discard_staging(batch)
            progress.save(cursor={})
        read = read_into_staging(batch, progress)
        with transaction.atomic():
            match_within_file(batch)
            batch.counts = {name: read[name] for name in ("rows", "blank", "reasons", "bad_phone")}
            batch.checked_at = timezone.now()
            batch.save(update_fields=["counts", "checked_at"])
            progress.save(cursor=progress.cursor | {"staged": True})


def _match_all(batch: Import, progress) -> dict:
    """Match every staged row with the archive; returns the counts of the preview."""
    progress.save(stage=_("Looking for known customers"))
    with transaction.atomic():
        match_with_archive(batch, after=0, until=_last_row(batch), now=timezone.now())
    return _preview(batch)


def _is_staged(batch: Import) -> bool:
    """Whether every row is there: after a crash of the database the staging table is empty."""
    return bool(batch.checked_at) and ImportRow.objects.filter(batch=batch).count() == batch.counts["rows"]


def _last_row(batch: Import) -> int:
    return ImportRow.objects.filter(batch=batch).aggregate(last=Max("row"))["last"] or 0


def _preview(batch: Import) -> dict:
    """What an import now would come to; rows = accepted + updated + duplicate + rejected + blank."""
    found = outcome_counts(batch)
    updated = found[OUTCOME.KNOWN] if batch.updates_known else 0
    read = batch.counts
    counts = {
        "rows": read["rows"] + read["blank"],
        "blank": read["blank"],
        "accepted": found[OUTCOME.NEW],
        "updated": updated,
        "duplicate": sum(found[outcome] for outcome in DUPLICATE) - updated,
        "rejected": found[OUTCOME.REJECTED],
        "do_not_call": found["do_not_call"],
        "without_consent": without_consent(batch),
        "bad_phone": read.get("bad_phone", 0),
        "reasons": read["reasons"],
        **{outcome: found[outcome] for outcome in DUPLICATE},
    }
    Import.objects.filter(pk=batch.pk).update(counts=read | {"preview": counts})
    batch.counts = read | {"preview": counts}
    return counts


def _refuse_if_told_to(batch: Import, progress) -> None:
    """Import nothing when a customer is known (policy "fail") or a row is wrong (all or nothing)."""
    rejected = sum(batch.counts["reasons"].values())
    known = _match_all(batch, progress)["duplicate"] if batch.duplicates == Import.Duplicates.FAIL else 0
    if not known and (batch.keep_good or not rejected):
        return
    _finish(batch, {"duplicate": known}, progress)
    if known:
        message = _(
            "Nothing was imported: %(count)s rows are customers that are known already or repeat another row."
        )
        raise Refused(message % {"count": known}, code="duplicates")
    raise Refused(_("Nothing was imported: %(count)s rows are wrong.") % {"count": rejected}, code="bad_rows")


def _move(batch: Import, progress) -> dict:
    last = _last_row(batch)
    total = batch.counts["rows"] + batch.counts["blank"]
    progress.save(stage=_("Importing"), total=total, done=0)
    if batch.duplicates == Import.Duplicates.FAIL:
        return _move_all_or_nothing(batch, last, progress)
    moved = _moved(progress.cursor)
    while moved["after"] < last:
        progress.stop_if_cancelled()
        _must_still_be_allowed(batch)
        with transaction.atomic():
            moved = _move_chunk(batch, moved, last)
            done = min(moved["after"], total)
            progress.save(cursor=progress.cursor | moved, done=done, ok=moved["accepted"] + moved["updated"])
    return moved


def _must_still_be_allowed(batch: Import) -> None:
    """Rights are read afresh for every chunk: somebody may lose them while a large file is being imported."""
    if batch.owner_id is None:
        return
    batch.owner = type(batch.owner).objects.get(pk=batch.owner_id)
    try:
        must_be_allowed(batch)
    except Refused as refused:
        message = _("Stopped, what was done before is kept: %(reason)s") % {"reason": refused.message}
        raise PermissionLost(message, code=refused.code) from refused


def _move_all_or_nothing(batch: Import, last: int, progress) -> dict:
    """Everything in one transaction, which a customer added meanwhile undoes."""
    with transaction.atomic():
        moved = _moved({})
        while moved["after"] < last:
            moved = _move_chunk(batch, moved, last)
        if moved["duplicate"]:
            raise Refused(
                _(
                    "Nothing was imported: meanwhile somebody added one of the customers. Check the file again."
                )
            )
        progress.save(cursor=progress.cursor | moved)
    return moved


def _moved(cursor: dict) -> dict:
    return (
        {"after": 0}
        | dict.fromkeys(COUNTED, 0)
        | {name: cursor[name] for name in ("after", *COUNTED) if name in cursor}
    )


def _move_chunk(batch: Import, moved: dict, last: int) -> dict:
    until = moved["after"] + CHUNK
    if last - until < CHUNK // 10:
        until = last  # no chunk for a handful
    found = apply_chunk(batch, after=moved["after"], until=until, now=timezone.now())
    return {"after": until} | {name: moved[name] + found[name] for name in COUNTED}


def _finish(batch: Import, moved: dict, progress) -> None:
    """Write the error file, the counts that always add up, and clear the staging rows."""
    read = batch.counts
    rejected = sum(read.get("reasons", {}).values())
    rows = read.get("rows", progress.cursor.get("rows", 0))
    blank = read.get("blank", progress.cursor.get("blank", 0))
    left = rows - rejected - sum(moved.get(name, 0) for name in ("accepted", "updated", "duplicate"))
    counts = {
        "rows": rows + blank,
        "blank": blank,
        "rejected": rejected + left,
        "bad_phone": read.get("bad_phone", 0),
        "reasons": read.get("reasons", {}) | ({"not_imported": left} if left else {}),
        **{name: moved.get(name, 0) for name in COUNTED},
    }
    files = write_error_file(batch, listed_outcomes(batch)) if batch.checked_at else {}
    now = timezone.now()
    with transaction.atomic():
        discard_staging(batch)
        batch.finished_at, batch.counts = now, counts
        batch.save(update_fields=["finished_at", "counts"])
        log_access(
            batch.owner,
            AccessLog.Action.IMPORT,
            "customers",
            batch.pk,
            now=now,
            file=batch.name,
            accepted=counts["accepted"],
        )
        progress.save(
            stage="",
            result=counts,
            total=counts["rows"],
            done=counts["rows"],
            ok=counts["accepted"] + counts["updated"],
            skipped=counts["duplicate"] + blank,
            failed=counts["rejected"],
            **files,
        )
