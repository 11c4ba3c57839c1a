"""Beginning an import: the file, where its customers go, its columns, and what happens to known ones (CUS-3)."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Conflict, Refused
from callcenter.files import checksum, store_upload
from callcenter.models import Job, JobState
from customers.actions.imports.staging import mapping_for, open_file
from customers.models import Client, Import, ImportMapping, ImportRow
from customers.queries.imports import importable_teams, importable_units

KIND = "customers"
KEPT_DAYS = 7


def begin_import(*, upload, client, unit, team, by, now: datetime) -> Import:
    """Store an uploaded file and open it once, so that an unreadable one is refused at once, before any question is asked.

    Raises ``Refused`` for a file that cannot be read, or a unit or team outside the person's own.
    """
    suffix = Path(upload.name).suffix.lower()[:8]
    path, digest = store_upload(upload, "imports", suffix)
    batch = _new(path, upload.name, digest, client, unit, team, by, now)
    try:
        must_be_allowed(batch)
        open_file(batch)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    batch.save()
    return batch


def import_file(
    *, path, client, unit, team=None, by=None, mapping, duplicates, keep_good=True, now: datetime
) -> tuple[Import, Job]:
    """An import of a file on disk and its job, already taken by this process: run it with ``jobs.run`` (the command)."""
    batch = _new(Path(path), Path(path).name, checksum(path), client, unit, team, by, now)
    must_be_allowed(batch)
    batch.save()
    choose_columns(batch=batch, mapping=mapping, duplicates=duplicates, keep_good=keep_good)
    taken = {"state": JobState.RUNNING, "token": 1, "attempts": 1, "started_at": now, "heartbeat_at": now}
    return batch, _start("customers.import", _("Import of %(file)s"), batch, by, now, **taken)


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
    keep_good: bool = True,
    reading: dict | None = None,
    save_as: str = "",
) -> Import:
    """Settle which column is what and what happens to known customers; ``save_as`` keeps the mapping for the client.

    Raises ``Refused`` when the mapping does not fit the file, ``Conflict`` once the import has run.
    """
    if batch.finished_at:
        raise Conflict(
            _("This import has already run. Upload the file again to import it once more."),
            code="import_over",
        )
    if duplicates not in Import.Duplicates.values:
        raise Refused(_("Choose what happens to known customers: skip, update or fail."), code="invalid")
    if reading is not None:
        batch.reading = reading
    mapping_for(open_file(batch), mapping)
    batch.mapping, batch.duplicates, batch.keep_good = mapping, duplicates, keep_good
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
    """Queue the job that stages the file for the preview."""
    return _start("customers.check", _("Check of %(file)s"), batch, by, now)


def start_import(*, batch: Import, by, now: datetime) -> Job:
    """Queue the job that imports; raises ``Conflict`` when it has run or is running, ``Refused`` without a mapping."""
    return _start("customers.import", _("Import of %(file)s"), batch, by, now)


@transaction.atomic
def _start(kind, title, batch, by, now, **fields):
    batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if not batch.mapping:
        raise Refused(_("First say which column is what."), code="no_mapping")
    if batch.finished_at or (batch.job and batch.job.is_open):
        raise Conflict(_("This file is already being imported, or has been."), code="import_started")
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


def clear_imports(*, now: datetime) -> int:
    """Remove staging rows and files of imports a week old: personal data that nobody came back for. Returns how many."""
    old = Import.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).exclude(path="")
    count = 0
    for batch in old.select_related("job").order_by("id")[:500]:
        if batch.job is not None and batch.job.is_open:
            continue
        discard_staging(batch)
        stored = Path(batch.path)
        if stored.is_relative_to(Path(settings.MEDIA_ROOT)):
            stored.unlink(missing_ok=True)
        Import.objects.filter(pk=batch.pk).update(path="")
        count += 1
    return count
