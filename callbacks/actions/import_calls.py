"""Calls from a file: read, checked and written in chunks, each a transaction with the cursor that tells it (CB-6, CB-13).

A call's number makes it exactly once: loading a file again, or going on after a crash, adds nothing twice. Rows that are
wrong come back in a file with their reasons; the good ones stay.
"""

import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from callbacks.actions.accounts import recount_accounts
from callbacks.actions.fetch_recordings import await_recordings
from callbacks.models import Call, Order, OrderStep
from callbacks.queries.imports import Known, known_for
from callbacks.rules.call_rows import PROBLEMS, BadMapping, Layout, guessed_mapping, layout_of, read_row
from callcenter import jobs
from callcenter.errors import Refused
from callcenter.files import checksum, new_path, store_upload
from callcenter.jobs import Cancelled, handler
from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from callcenter.spreadsheet import refusals
from callcenter.spreadsheet.errors import ErrorFile
from callcenter.spreadsheet.problems import RowError
from callcenter.spreadsheet.read import open_table
from callcenter.workdays import local_day
from campaigns.models import Account, Campaign
from customers.actions import record_contacts
from customers.models import Contact

KIND = "callbacks.import_calls"
CHUNK = 2_500
MAPPING_PROBLEMS = {
    "not_a_mapping": gettext_noop(
        "The mapping is not readable. It is a JSON object with “columns”, and perhaps “values” and “time_of_day”."
    ),
    "no_such_field": gettext_noop("The mapping names the field “%(names)s”, which calls do not have."),
    "no_such_column": gettext_noop("The file has no column “%(names)s”."),
    "field_missing": gettext_noop(
        "No column of the file is mapped to: %(names)s. Map one, or rename the column."
    ),
}


def start_import(*, campaign, by, now, upload=None, path=None, mapping=None) -> Job:
    """Queue the import of an uploaded file, or of a file on disk (command); returns the job.

    ``mapping`` None recognises the columns by their names. Raises ``Refused`` when the file cannot be read or the mapping
    does not fit it; nothing is kept then.
    """
    if upload is not None:
        stored, digest = store_upload(upload, "imports", Path(upload.name).suffix.lower()[:8])
        name = upload.name
    else:
        stored, digest, name = Path(path), checksum(path), Path(path).name
    try:
        table = opened(stored)
        mapping = mapping if mapping is not None else guessed_mapping([cell.name for cell in table.header])
        fitted(mapping, table)
    except Refused:
        if upload is not None:
            stored.unlink(missing_ok=True)
        raise
    return jobs.start(
        KIND,
        _("Import of calls: %(file)s") % {"file": name[:120]},
        owner=by,
        now=now,
        params={"campaign": campaign.pk, "mapping": mapping, "language": get_language() or ""},
        input_path=str(stored),
        input_name=name[:200],
        checksum=digest,
        total=table.total_rows,
    )


def read_mapping(data: bytes) -> dict:
    """A mapping from the bytes of a JSON file. Raises ``Refused``."""
    try:
        mapping = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        mapping = None
    if not isinstance(mapping, dict):
        raise _refused_mapping("not_a_mapping", [])
    return mapping


def opened(path):
    """The table in the file. Raises ``Refused`` with what is wrong with it and what to do."""
    try:
        return open_table(path, max_bytes=settings.MAX_IMPORT_BYTES)
    except refusals.Refused as refused:
        raise Refused(f"{refused.message} {refused.hint}", code="file_refused") from refused


def fitted(mapping, table) -> Layout:
    """The mapping as it fits the table. Raises ``Refused``."""
    try:
        return layout_of(mapping, [cell.name for cell in table.header])
    except BadMapping as bad:
        raise _refused_mapping(bad.code, bad.names) from bad


def _refused_mapping(code, names):
    return Refused(_(MAPPING_PROBLEMS[code]) % {"names": ", ".join(names)}, code=code)


@handler(KIND)
def import_calls(job, progress):
    """Run the import; a job taken over goes on behind the last chunk written."""
    with translation.override(job.params.get("language") or settings.LANGUAGE_CODE):
        campaign = Campaign.objects.select_related("client").get(pk=job.params["campaign"])
        table = opened(job.input_path)
        run = _Run(job, progress, campaign, table, fitted(job.params["mapping"], table))
        try:
            run.whole_file()
        except Cancelled:
            run.close()
            raise
        log_access(
            job.owner,
            AccessLog.Action.IMPORT,
            "calls",
            campaign.pk,
            now=timezone.now(),
            file=job.input_name,
            rows=run.rows,
        )


class _Run:
    """One pass over the file. After a crash the rows before the cursor are read once more for the error file, not written."""

    def __init__(self, job, progress, campaign, table, layout):
        self.job, self.progress, self.campaign, self.table, self.layout = (
            job,
            progress,
            campaign,
            table,
            layout,
        )
        self.now = timezone.now()
        self.cursor = progress.cursor.get("row", 0)
        self.counts = {"accepted": 0, "duplicate": 0} | progress.cursor.get("counts", {})
        self.rejected = self.rows = 0
        self.seen = {}
        self.error_path = new_path("errors", ".csv")
        self.errors = ErrorFile(self.error_path, [cell.name for cell in table.header])

    def whole_file(self):
        chunk, last = [], 0
        try:
            for number, cells in self.table.rows():
                chunk.append((number, cells))
                last = number
                if len(chunk) == CHUNK:
                    self._chunk(chunk, last)
                    chunk = []
        except refusals.Refused as refused:
            raise Refused(f"{refused.message} {refused.hint}", code="file_refused") from refused
        self._chunk(chunk, last)
        self.close()

    def close(self):
        """Complete the error file and the job's figures."""
        self.errors.close()
        blank = self.table.blank_rows
        result = self.counts | {"rejected": self.rejected, "blank": blank, "rows": self.rows + blank}
        files = {}
        if self.rejected:
            stem = Path(self.job.input_name).stem[:100]
            files = {"error_path": str(self.error_path), "error_name": f"{stem}.errors.csv"}
        else:
            self.error_path.unlink(missing_ok=True)
        self.progress.save(result=result, total=self.rows, failed=self.rejected, stage="", **files)

    def _chunk(self, chunk, last):
        self.progress.stop_if_cancelled()
        good = self._checked(chunk)
        self.rows += len(chunk)
        if last > self.cursor:
            with transaction.atomic():
                self._write(good)
                self._save(last)
            self.cursor = last

    def _save(self, last):
        self.progress.save(
            cursor={"row": last, "counts": self.counts},
            done=self.rows,
            ok=self.counts["accepted"],
            skipped=self.counts["duplicate"],
            failed=self.rejected,
            stage=_("Reading the file"),
        )

    def _checked(self, chunk):
        """The rows that can be written, as (row, customer, disposition, agent); the others go to the error file."""
        read = [
            (number, cells, *read_row(cells, self.layout, zone=settings.TIME_ZONE, now=self.now))
            for number, cells in chunk
        ]
        known = known_for(self.campaign, [row for _number, _cells, row, _problems in read], self.job.owner)
        good = []
        for number, cells, row, problems in read:
            problems = [*problems, *known.problems(row, self.seen)]
            wrong = self.table.check(number, cells, self.layout.places.values())
            wrong += [self._row_error(number, problem) for problem in problems]
            if wrong:
                self.rejected += 1
                self.errors.add(number, cells, wrong)
                continue
            self.seen[row.external_id] = number
            good.append((row, known))
        return good

    def _row_error(self, number, problem):
        message, hint = PROBLEMS[problem.code]
        details = {"value": problem.value, **problem.details}
        column = (
            self.table.header[self.layout.places[problem.field]].name
            if problem.field in self.layout.places
            else ""
        )
        return RowError(number, column, problem.value, problem.code, _(message) % details, _(hint) % details)

    def _write(self, good):
        """Insert the calls that are new, and what follows from them, in a fixed number of statements."""
        fresh = [
            (row, known)
            for row, known in good
            if row.external_id not in known.calls and not known.dialled_at_desk(row)
        ]
        self.counts["duplicate"] += len(good) - len(fresh)
        if not fresh:
            return
        accounts = self._accounts(fresh)
        calls = [self._call(row, known, accounts) for row, known in fresh]
        Call.objects.bulk_create(calls, batch_size=1_000)
        record_contacts([_ledger(call, self.campaign) for call in calls if call.disposition.attempt])
        orders = Order.objects.bulk_create(
            [
                Order(
                    call=call,
                    account_id=call.account_id,
                    campaign=self.campaign,
                    agent_id=call.agent_id,
                    sold_on=call.local_day,
                    created_at=self.now,
                )
                for call in calls
                if call.disposition.sold
            ],
            batch_size=1_000,
        )
        OrderStep.objects.bulk_create(
            [
                OrderStep(case=order, from_state="", to_state=order.state, at=self.now, by=self.job.owner)
                for order in orders
            ],
            batch_size=1_000,
        )
        await_recordings(
            [
                (call, row.recording)
                for call, (row, _known) in zip(calls, fresh, strict=True)
                if row.recording
            ],
            now=self.now,
        )
        recount_accounts({call.account_id for call in calls})
        self.counts["accepted"] += len(calls)

    def _accounts(self, fresh):
        """The account of each customer, by customer id; those that lack are opened."""
        customers = {known.customers[row.customer].pk: known.customers[row.customer] for row, known in fresh}
        day = local_day(self.now, settings.TIME_ZONE)
        Account.objects.bulk_create(
            [
                Account(
                    campaign=self.campaign,
                    customer_id=pk,
                    team_id=fresh[0][1].team_of(customer),
                    loaded_on=day,
                )
                for pk, customer in customers.items()
            ],
            batch_size=2_000,
            ignore_conflicts=True,
        )
        rows = Account.objects.filter(campaign=self.campaign, customer_id__in=list(customers))
        return {account.customer_id: account for account in rows.order_by("id")}

    def _call(self, row, known: Known, accounts):
        customer, agent = known.customers[row.customer], known.agents.get(row.agent)
        account, disposition = accounts[customer.pk], known.dispositions[row.disposition]
        answered = row.answered_at or row.started_at + timedelta(seconds=float(row.ring_seconds))
        ended = row.ended_at or row.started_at + timedelta(seconds=float(row.ring_seconds + row.talk_seconds))
        return Call(
            account_id=account.pk,
            campaign=self.campaign,
            customer_id=customer.pk,
            team_id=known.team_of_agent(agent) or account.team_id,
            agent=agent,
            number=known.number(row.number),
            line=row.line,
            started_at=row.started_at,
            answered_at=answered if disposition.connected else None,
            ended_at=ended,
            local_day=local_day(row.started_at, settings.TIME_ZONE),
            ring_seconds=row.ring_seconds,
            talk_seconds=row.talk_seconds,
            wrap_seconds=row.wrap_seconds,
            prep_seconds=row.prep_seconds,
            hold_seconds=row.hold_seconds,
            hung_up_by=row.hung_up_by,
            attempts=row.attempts if disposition.attempt else 0,
            disposition=disposition,
            note=row.note,
            source=Call.Source.IMPORT,
            external_id=row.external_id,
            created_at=self.now,
        )


def _ledger(call, campaign):
    return Contact(
        customer_id=call.customer_id,
        channel="phone",
        purpose=campaign.purpose,
        number=call.number,
        campaign_code=campaign.code,
        at=call.started_at,
        completed=call.disposition.completed,
        refused=call.disposition.refused,
    )
