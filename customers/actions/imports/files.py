"""Beginning an import: the file, where its customers go, its columns, and what happens to known ones (CUS-3)."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Conflict, DomainError, Refused
from callcenter.files import checksum, store_upload
from callcenter.models import Job, JobState
from customers.actions.imports.opening import UNCERTAIN, keys_of, look_into, mapping_for
from customers.models import Client, Import, ImportMapping, ImportRow
from customers.queries.imports import guessed_mapping, importable_teams, importable_units

KIND = "customers"
JOBS = ("customers.check", "customers.import")
KEPT_DAYS = 7
ERRORS_KEPT_DAYS = 30
# Files one person may have waiting for their import; each may be large, and each is a list of people.
WAITING = 20


def begin_import(
    *, upload, client, unit, team, by, now: datetime, reading: dict | None = None, may_ask: bool = False
) -> Import:
    """Store an uploaded file and open it once, so that an unreadable one is refused at once, before any question is asked.

    ``reading`` is how to read it (encoding, delimiter, sheet, header_row). Raises ``Refused`` for a file that cannot be read
    or whose encoding is not certain, for a unit or team outside the person's own, and with too many files waiting. With
    ``may_ask`` a file of uncertain encoding is kept for ``choose_encoding``; its ``table`` is empty till then.
    """
    batch = _new("", upload.name, "", client, unit, team, by, now)
    batch.reading = reading or {}
    must_be_allowed(batch)
    _must_not_hoard(by)
    suffix = Path(upload.name).suffix.lower()[:8]
    path, batch.checksum = store_upload(upload, "imports", suffix if suffix.isascii() else "")
    batch.path = str(path)
    try:
        look_into(batch)
    except Refused as refused:
        if not (may_ask and refused.code == UNCERTAIN):
            path.unlink(missing_ok=True)
            raise
    batch.save()
    return batch


def choose_encoding(*, batch: Import, encoding: str) -> Import:
    """Settle in which encoding a file is read that could be read in several. Raises ``Refused`` if it cannot be read so."""
    batch.reading = batch.reading | {"encoding": encoding}
    look_into(batch)
    batch.save(update_fields=["reading", "table"])
    return batch


def import_file(
    *,
    path,
    client,
    unit,
    team=None,
    by=None,
    mapping=None,
    duplicates,
    scope=Import.Scope.CLIENT,
    keep_good=True,
    reading: dict | None = None,
    now: datetime,
) -> tuple[Import, Job]:
    """An import of a file on disk and its job, already taken by this process: run it with ``jobs.run`` (the command).

    Without a ``mapping`` the client's saved one is taken, or columns are recognised by their names.
    """
    batch = _new(Path(path), Path(path).name, checksum(path), client, unit, team, by, now)
    batch.reading = reading or {}
    must_be_allowed(batch)
    look_into(batch)
    if mapping is None:
        mapping = guessed_mapping(client, keys_of(batch))
    batch.save()
    choose_columns(batch=batch, mapping=mapping, duplicates=duplicates, scope=scope, keep_good=keep_good)
    taken = {"state": JobState.RUNNING, "token": 1, "attempts": 1, "started_at": now, "heartbeat_at": now}
    return batch, _start("customers.import", _("Import of %(file)s"), batch, by, now, **taken)


def import_upload(
    *,
    upload,
    client,
    unit,
    team,
    by,
    mapping=None,
    duplicates,
    scope=Import.Scope.CLIENT,
    keep_good=True,
    reading: dict | None = None,
    now: datetime,
) -> tuple[Import, Job]:
    """An uploaded file without any question asked, and its queued job (API). Whatever is ``Refused``, no file is kept."""
    batch = begin_import(upload=upload, client=client, unit=unit, team=team, by=by, reading=reading, now=now)
    try:
        if mapping is None:
            mapping = guessed_mapping(client, keys_of(batch))
        choose_columns(batch=batch, mapping=mapping, duplicates=duplicates, scope=scope, keep_good=keep_good)
        return batch, start_import(batch=batch, by=by, now=now)
    except DomainError:
        discard_import(batch=batch)
        raise


def _new(path, name, digest, client, unit, team, by, now):
    return Import(
        owner=by,
        client=client,
        unit=unit,
        team=team,
        path=str(path),
        name=Path(name).name[:200],
        checksum=digest,
        language=get_language() or "",
        created_at=now,
    )


def _must_not_hoard(by) -> None:
    """Raise ``Refused`` when as many files as may wait are waiting already."""
    if (
        by is not None
        and Import.objects.filter(owner=by, finished_at=None).exclude(path="").count() >= WAITING
    ):
        raise Refused(
            _("%(count)s of your files are waiting to be imported. Import or discard some of them first.")
            % {"count": WAITING},
            code="too_many_files",
        )


def must_be_allowed(batch: Import) -> None:
    """Raise ``Refused`` unless the owner may import for this client into this team or unit; asked again when it runs."""
    if batch.team is not None and batch.team.unit_id != batch.unit_id:
        raise _refused("team", _("The team belongs to another unit. Choose a team of the unit."))
    if batch.owner is None:
        return
    if not Client.objects.visible_to(batch.owner).filter(pk=batch.client_id).exists():
        raise _refused("client", _("You may not import customers of this client."))
    if batch.team is not None and importable_teams(batch.owner).filter(pk=batch.team_id).exists():
        return
    if not importable_units(batch.owner).filter(pk=batch.unit_id).exists():
        raise _refused("unit", _("You may import only into your own units and teams. Choose one of them."))


def _refused(field, message):
    return Refused(message, code="out_of_scope", fields={field: [message]})


@transaction.atomic
def choose_columns(
    *,
    batch: Import,
    mapping: dict,
    duplicates: str,
    scope: str = Import.Scope.CLIENT,
    keep_good: bool = True,
    reading: dict | None = None,
    save_as: str = "",
) -> Import:
    """Settle which column is what, what happens to known customers and among whom they are looked for.

    ``reading`` replaces how the file is read, ``save_as`` keeps the mapping for the client.

    Raises ``Refused`` when the mapping does not fit the file, ``Conflict`` once the import has run.
    """
    if batch.finished_at:
        raise Conflict(
            _("This import has already run. Upload the file again to import it once more."),
            code="import_over",
        )
    if duplicates not in Import.Duplicates.values:
        raise Refused(_("Choose what happens to known customers: skip, update or fail."), code="invalid")
    if scope not in Import.Scope.values:
        raise Refused(_("Choose where to look for the same phone: file, client or all."), code="invalid")
    if reading is not None and reading != batch.reading:
        batch.reading, batch.table = reading, {}
    mapping_for(batch, mapping)
    batch.mapping, batch.duplicates, batch.scope, batch.keep_good = mapping, duplicates, scope, keep_good
    batch.repeat_of = _earlier(batch)
    batch.checked_at = None
    batch.save()
    if save_as.strip():
        ImportMapping.objects.update_or_create(
            client=batch.client, kind=KIND, name=save_as.strip()[:80], defaults={"mapping": mapping}
        )
    return batch


def _earlier(batch: Import) -> Import | None:
    """The last completed import of the same file for the same client with the same mapping."""
    same = Import.objects.filter(client=batch.client, checksum=batch.checksum, finished_at__isnull=False)
    return next((each for each in same.exclude(pk=batch.pk).order_by("-id") if _repeats(each, batch)), None)


def _repeats(earlier: Import, batch: Import) -> bool:
    ran = earlier.counts.get("accepted", 0) + earlier.counts.get("updated", 0)
    return bool(ran) and earlier.mapping == batch.mapping and earlier.reading == batch.reading


def start_check(*, batch: Import, by, now: datetime) -> Job:
    """Queue the job that stages the file for the preview; raises as ``start_import`` does."""
    return _start("customers.check", _("Check of %(file)s"), batch, by, now)


def start_import(*, batch: Import, by, now: datetime) -> Job:
    """Queue the job that imports.

    Raises ``Conflict`` when it has run or is running, ``Refused`` without a mapping or with too many jobs of the person open.
    """
    return _start("customers.import", _("Import of %(file)s"), batch, by, now)


@transaction.atomic
def _start(kind, title, batch, by, now, **fields):
    batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.mapping:
        raise Refused(_("First say which column is what."), code="no_mapping")
    if batch.finished_at or (batch.job and batch.job.is_open):
        raise Conflict(_("This file is already being imported, or has been."), code="import_started")
    if by is not None:
        jobs.must_have_room(by)
    job = jobs.start(
        kind,
        title % {"file": batch.name},
        owner=by,
        now=now,
        params={"import": batch.pk},
        input_path=batch.path,
        input_name=batch.name,
        checksum=batch.checksum,
        **fields,
    )
    Import.objects.filter(pk=batch.pk).update(job=job)
    return job


def discard_staging(batch: Import) -> None:
    """Remove what is staged of the file."""
    ImportRow.objects.filter(batch=batch)._raw_delete("default")


@transaction.atomic
def discard_import(*, batch: Import) -> None:
    """Forget a file that was uploaded and is not to be imported, with everything read from it.

    Raises ``Conflict`` while a job works on it and once it has been imported: what was done stays on record.
    """
    batch = Import.objects.select_for_update(of=("self",)).select_related("job").get(pk=batch.pk)
    if batch.finished_at or (batch.job and batch.job.is_open):
        raise Conflict(_("This file is already being imported, or has been."), code="import_started")
    discard_staging(batch)
    _forget_error_files(batch)
    stored = _stored(batch)
    batch.delete()
    if stored is not None:
        transaction.on_commit(lambda: stored.unlink(missing_ok=True))


def clear_imports(*, now: datetime) -> int:
    """Remove staging rows and files of imports a week old, and error files a month old. Returns how many.

    They are personal data that nobody came back for.
    """
    old = Import.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(path="")
    count = 0
    for batch in old.select_related("job").order_by("id")[:500]:
        if batch.job is not None and batch.job.is_open:
            continue
        discard_staging(batch)
        if (stored := _stored(batch)) is not None:
            stored.unlink(missing_ok=True)
        Import.objects.filter(pk=batch.pk).update(path="")
        count += 1
    done = Job.objects.filter(kind__in=JOBS, finished_at__lt=now - timedelta(days=ERRORS_KEPT_DAYS))
    return count + _forget(done.exclude(error_path="").order_by("created_at")[:500])


def _stored(batch: Import) -> Path | None:
    """The uploaded file; a file on somebody's disk, given to the command, is not ours to remove."""
    stored = Path(batch.path)
    return stored if batch.path and stored.is_relative_to(Path(settings.MEDIA_ROOT)) else None


def _forget_error_files(batch: Import) -> None:
    _forget(Job.objects.filter(kind__in=JOBS, params__import=batch.pk).exclude(error_path=""))


def _forget(rows) -> int:
    count = 0
    for job in rows:
        Path(job.error_path).unlink(missing_ok=True)
        count += Job.objects.filter(pk=job.pk).update(error_path="", error_name="")
    return count
