"""Building the KPI workbook as a job, and at once for the command and the API (KPI-9)."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.exports import log_export, reason_for
from callcenter.files import checksum, new_path
from callcenter.models import Job
from people.models import User
from reports.queries.counts import Selection
from reports.queries.kpi import board
from reports.sheets import write_kpi_book

KIND = "kpi_workbook"


def start_workbook(*, selection, by, reason, language, now) -> Job:
    """Queue the workbook of ``selection`` in ``language``; it is logged when it is made. Raises ``Refused`` without a reason."""
    params = {"selection": facts_of(selection), "language": language, "reason": reason_for(reason)}
    title = _("KPI workbook %(start)s – %(end)s") % {"start": selection.start, "end": selection.end}
    return jobs.start(KIND, title, owner=by, now=now, params=params)


def facts_of(selection) -> dict:
    """The selection as JSON: in a job, and as the filter in the access log."""
    return {
        name: str(value) if isinstance(value, date) else value for name, value in asdict(selection).items()
    }


def file_name(selection) -> str:
    """``KPI_20261101-20261130.xlsx``."""
    return f"KPI_{selection.start:%Y%m%d}-{selection.end:%Y%m%d}.xlsx"


def build_workbook(target, *, selection, user, reason, language, now) -> int:
    """Write the workbook of what ``user`` may see to ``target``, in ``language``; returns the number of groups in its tables.

    The cover says for whom, when and why it was made.
    """
    with translation.override(language):
        found = board(user, selection)
        write_kpi_book(target, board=found, requester=user, reason=reason, now=now)
    return len(found.campaigns) + len(found.teams) + len(found.agents)


def log_workbook(*, user, selection, reason, rows, sha256, now, request=None):
    """The row of the access log about a workbook that has been made."""
    log_export(
        user,
        "kpi_workbook",
        reason=reason,
        rows=rows,
        sha256=sha256,
        now=now,
        filters=facts_of(selection),
        request=request,
    )


@jobs.handler(KIND)
def _run(job, progress):
    """The scope is the owner's at run time, not at request time: a lost role loses the rows (S-04)."""
    selection = selection_of(job.params["selection"])
    path = new_path("reports", ".xlsx")
    user = User.objects.get(pk=job.owner_id)
    reason, now = job.params.get("reason", ""), job.created_at
    rows = build_workbook(
        path, selection=selection, user=user, reason=reason, language=job.params["language"], now=now
    )
    made = {"rows": rows, "sha256": checksum(path)}
    with transaction.atomic():
        log_workbook(user=user, selection=selection, reason=reason, now=now, **made)
        progress.save(
            done=1, total=1, ok=1, result_path=str(path), result_name=file_name(selection), result=made
        )


def selection_of(facts) -> Selection:
    """A selection from the JSON of a job."""
    days = {name: date.fromisoformat(facts[name]) for name in ("start", "end")}
    return Selection(**{**facts, **days})
