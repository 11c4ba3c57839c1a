"""A list of numbers from a file, such as the one of a 谢绝来电 platform: entries are added, never replaced (CUS-6).

Read and written in chunks, each a transaction with the cursor that tells it. A number that is on the list with the same reach
already is left as it is, so that the same file twice adds nothing. Rows that are wrong come back in a file with their reasons.
"""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.files import new_path, store_upload
from callcenter.jobs import Cancelled, handler
from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from callcenter.spreadsheet import refusals
from callcenter.spreadsheet.errors import ErrorFile
from callcenter.spreadsheet.problems import RowError
from callcenter.spreadsheet.read import open_table
from customers.models import BlacklistEntry, BlacklistStep, Client
from customers.rules.blacklist import needs_approval
from customers.rules.blacklist_rows import FAULTS, places_of, read_row
from customers.states import EntryState

KIND = "customers.do_not_call"
CHUNK = 1_000


def start_list_import(*, upload, by, now) -> Job:
    """Queue the import of an uploaded list; returns the job. Raises ``Refused`` for a file that cannot be read."""
    path, digest = store_upload(upload, "imports", Path(upload.name).suffix.lower()[:8])
    try:
        table, _places = _opened(path)
    except Refused:
        path.unlink(missing_ok=True)
        raise
    return jobs.start(
        KIND,
        _("Do-not-call list: %(file)s") % {"file": Path(upload.name).name[:120]},
        owner=by,
        now=now,
        params={"language": get_language() or ""},
        input_path=str(path),
        input_name=Path(upload.name).name[:200],
        checksum=digest,
        total=table.total_rows,
    )


def _opened(path):
    """The table and where its columns stand. Raises ``Refused``."""
    try:
        table = open_table(path, max_bytes=settings.MAX_IMPORT_BYTES)
    except refusals.Refused as refused:
        raise Refused(f"{refused.message} {refused.hint}", code="file_refused") from refused
    places = places_of([cell.name for cell in table.header])
    if "number" not in places:
        raise Refused(
            _("No column of the file is a phone number. Call the column “number” or “手机号码”."),
            code="field_missing",
        )
    return table, places


@handler(KIND)
def import_list(job, progress):
    """Run the import; a job taken over goes on behind the last chunk written."""
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        run = _Run(job, progress)
        try:
            run.whole_file()
        except Cancelled:
            run.close()
            raise
        log_access(
            job.owner,
            AccessLog.Action.IMPORT,
            "do_not_call",
            now=timezone.now(),
            file=job.input_name,
            rows=run.rows,
        )


class _Run:
    """One pass over the file. After a crash the rows before the cursor are read once more for the error file, not written."""

    def __init__(self, job, progress):
        self.job, self.progress, self.now = job, progress, timezone.now()
        self.table, self.places = _opened(job.input_path)
        self.clients = dict(Client.objects.order_by("id").values_list("code", "id"))
        self.cursor = progress.cursor.get("row", 0)
        self.added = progress.cursor.get("added", 0)
        self.known = progress.cursor.get("known", 0)
        self.rows = self.rejected = 0
        self.error_path = new_path("errors", ".csv")
        self.errors = ErrorFile(self.error_path, [cell.name for cell in self.table.header])

    def whole_file(self):
        chunk = []
        try:
            for row in self.table.rows():
                chunk.append(row)
                if len(chunk) == CHUNK:
                    self._chunk(chunk)
                    chunk = []
        except refusals.Refused as refused:
            raise Refused(f"{refused.message} {refused.hint}", code="file_refused") from refused
        if chunk:
            self._chunk(chunk)
        self.close()

    def close(self):
        """Complete the error file and the job's figures; the counts always add up to the rows."""
        self.errors.close()
        files = {}
        if self.rejected:
            stem = Path(self.job.input_name).stem[:100]
            files = {"error_path": str(self.error_path), "error_name": f"{stem}.errors.csv"}
        else:
            self.error_path.unlink(missing_ok=True)
        result = {
            "rows": self.rows,
            "accepted": self.added,
            "duplicate": self.known,
            "rejected": self.rejected,
        }
        self.progress.save(result=result, total=self.rows, failed=self.rejected, stage="", **files)

    def _chunk(self, chunk):
        self.progress.stop_if_cancelled()
        good = [row for number, cells in chunk if (row := self._read(number, cells))]
        self.rows += len(chunk)
        last = chunk[-1][0]
        if last <= self.cursor:
            return
        with transaction.atomic():
            added = self._write(good)
            self.added, self.known = self.added + added, self.known + len(good) - added
            self.progress.save(
                cursor={"row": last, "added": self.added, "known": self.known},
                done=self.rows,
                ok=self.added,
                skipped=self.known,
                failed=self.rejected,
                stage=_("Reading the file"),
            )
        self.cursor = last

    def _read(self, number, cells):
        row, faults = read_row(
            cells,
            self.places,
            clients=frozenset(self.clients),
            zone=settings.TIME_ZONE,
            now=self.now,
        )
        wrong = self.table.check(number, cells, self.places.values())
        wrong += [self._error(number, fault) for fault in faults]
        if not wrong:
            return row
        self.rejected += 1
        self.errors.add(number, cells, wrong)
        return None

    def _error(self, number, fault):
        message, hint = FAULTS[fault.code]
        values = {"value": fault.value, **fault.params}
        place = self.places.get(fault.field)
        column = self.table.header[place].name if place is not None else ""
        return RowError(number, column, fault.value, fault.code, _(message) % values, _(hint) % values)

    def _write(self, good) -> int:
        """Add the entries that are not on the list yet; returns how many. Three statements whatever their number."""
        reach = ("number", "client_id", "purpose", "campaign_code")
        listed = BlacklistEntry.objects.live(self.now).filter(
            customer=None, number__in={row.number for row in good}
        )
        there = set(listed.values_list(*reach))
        fresh = {}
        for row in good:
            key = (row.number, self.clients.get(row.client), row.purpose, row.campaign_code)
            if key not in there:
                fresh.setdefault(key, row)
        entries = BlacklistEntry.objects.bulk_create(
            [self._entry(key, row) for key, row in fresh.items()], batch_size=CHUNK
        )
        BlacklistStep.objects.bulk_create(
            [
                BlacklistStep(
                    case=entry,
                    from_state="",
                    to_state=entry.state,
                    at=self.now,
                    by=self.job.owner,
                    note=self.job.input_name[:500],
                )
                for entry in entries
            ],
            batch_size=CHUNK,
        )
        return len(entries)

    def _entry(self, key, row):
        number, client_id, purpose, campaign_code = key
        return BlacklistEntry(
            state=EntryState.PROPOSED if needs_approval(row.category) else EntryState.IN_FORCE,
            number=number,
            client_id=client_id,
            purpose=purpose,
            campaign_code=campaign_code,
            category=row.category,
            reason=row.reason or _("imported list"),
            evidence=row.evidence or self.job.input_name[:300],
            created_by=self.job.owner,
            created_at=self.now,
            expires_at=row.expires_at,
        )
