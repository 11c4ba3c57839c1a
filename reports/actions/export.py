"""Building the KPI workbook as a job, and at once for the command and the API (KPI-9)."""

from dataclasses import asdict
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.files import checksum, new_path
from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from people.models import User
from reports.queries.counts import Selection
from reports.queries.kpi import board
from reports.sheets import write_kpi_book

KIND = "kpi_workbook"


def start_workbook(*, selection, by, language, now) -> Job:
    """Queue the workbook of ``selection`` in ``language``; the export is logged in the same transaction."""
    facts = {
        name: str(value) if isinstance(value, date) else value for name, value in asdict(selection).items()
    }
    log_access(by, AccessLog.Action.EXPORT, "kpi_workbook", now=now, **facts)
    title = _("KPI workbook %(start)s – %(end)s") % {"start": selection.start, "end": selection.end}
    return jobs.start(KIND, title, owner=by, now=now, params={"selection": facts, "language": language})


def file_name(selection) -> str:
    """``KPI_20261101-20261130.xlsx``."""
    return f"KPI_{selection.start:%Y%m%d}-{selection.end:%Y%m%d}.xlsx"


def build_workbook(target, *, selection, user, language, now):
    """Write the workbook of what ``user`` may see to ``target``, in ``language``."""
    with translation.override(language):
        write_kpi_book(target, board=board(user, selection), requester=str(user), now=now)


@jobs.handler(KIND)
def _run(job, progress):
    """The scope is the owner's at run time, not at request time: a lost role loses the rows (S-04)."""
    selection = selection_of(job.params["selection"])
    path = new_path("reports", ".xlsx")
    user = User.objects.get(pk=job.owner_id)
    build_workbook(path, selection=selection, user=user, language=job.params["language"], now=job.created_at)
    progress.save(
        done=1,
        total=1,
        ok=1,
        result_path=str(path),
        result_name=file_name(selection),
        result={"sha256": checksum(path)},
    )


def selection_of(facts) -> Selection:
    """A selection from the JSON of a job."""
    days = {name: date.fromisoformat(facts[name]) for name in ("start", "end")}
    return Selection(**{**facts, **days})
