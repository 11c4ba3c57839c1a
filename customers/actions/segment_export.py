"""The customers of a segment as a file: scoped, masked, for a recorded reason, marked with who took it (CUS-5, CUS-11)."""

from array import array
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.exports import export_csv, export_workbook, reason_for
from callcenter.files import new_path
from callcenter.models import Job
from callcenter.spreadsheet.write import Sheet
from customers.models import Customer, Segment
from customers.queries.segments import Run, definition_of, first_customers, selected
from customers.rules.phones import mask
from people.models import User

KIND = "customers.segment_export"
FORMATS = ("xlsx", "csv")
CHUNK = 1_000


@transaction.atomic
def start_segment_export(*, segment: Segment, file_format: str, reason: str, by, now: datetime) -> Job:
    """Queue the file of a segment, as "xlsx" or "csv"; the access log gets reason, conditions, rows and hash when it is made.

    Raises ``Refused`` without a reason, for another format, or for conditions that can no longer be read.
    """
    reason = reason_for(reason)
    if file_format not in FORMATS:
        raise Refused(
            _("Choose XLSX or CSV."), code="format", fields={"file_format": [_("Choose XLSX or CSV.")]}
        )
    params = {
        "segment": segment.pk,
        "name": segment.name,
        "client": segment.client_id,
        "definition": definition_of(segment).as_json(),
        "file_format": file_format,
        "reason": reason,
        "language": get_language() or settings.LANGUAGE_CODE,
    }
    return jobs.start(
        KIND, _("Customers of the segment “%(name)s”") % {"name": segment}, owner=by, now=now, params=params
    )


@jobs.handler(KIND)
def export_segment(job, progress):
    """Write the file. The scope is the owner's at run time, not at request time: a lost role loses the rows (S-04)."""
    params = job.params
    owner = User.objects.get(pk=job.owner_id)
    segment = Segment(
        pk=params["segment"], name=params["name"], client_id=params["client"], definition=params["definition"]
    )
    rows = selected(segment, Run(job.created_at, owner), Customer.objects.visible_to(owner))
    ids = array("q", rows.order_by("-id").values_list("pk", flat=True).iterator(chunk_size=10_000))
    progress.save(total=len(ids), done=0, ok=0)
    path = new_path("exports", f".{params['file_format']}")
    try:
        with translation.override(params["language"]):
            done = _write(path, params, _lines(owner, ids, progress), owner, job.created_at)
    except BaseException:
        # Stopped or broken off: what was written is personal data nobody will fetch.
        path.unlink(missing_ok=True)
        raise
    progress.save(
        done=len(ids),
        ok=len(ids),
        result_path=str(path),
        result_name=f"segment-{params['segment']}.{params['file_format']}",
        result={"sha256": done["sha256"]},
    )


def _write(path, params, lines, owner, now) -> dict:
    """Through the gate of every export: marked with the reason, and logged with rows and hash (CUS-11)."""
    header = [
        _("Customer number"),
        _("Name"),
        _("Phones"),
        _("Client"),
        _("Unit"),
        _("Team"),
        _("Region"),
        _("Level"),
        _("Key customer"),
        _("Nature"),
        _("New, renewal or potential"),
        _("Insured amount or spend"),
        _("Language"),
        _("Source"),
    ]
    gate = {
        "what": "segment",
        "by": owner,
        "reason": params["reason"],
        "filters": {
            "segment": params["segment"],
            "definition": params["definition"],
            "client": params["client"],
        },
        "now": now,
    }
    if params["file_format"] == "csv":
        return export_csv(path, lines, header=header, **gate)
    return export_workbook(path, Sheet(_("Customers"), header, lines), title=params["name"], **gate)


def _lines(owner, ids, progress):
    """One line per customer still in the owner's scope; progress and a wish to stop are looked at after each thousand."""
    for start in range(0, len(ids), CHUNK):
        progress.stop_if_cancelled()
        progress.save(done=start, ok=start)
        for customer in first_customers(Customer.objects.visible_to(owner), ids[start : start + CHUNK]):
            yield [
                customer.external_id,
                customer.name,
                "; ".join(mask(phone.number) for phone in customer.phones.all()),
                customer.client.name,
                customer.unit.name,
                customer.team.name if customer.team else None,
                customer.region.name if customer.region else None,
                customer.level,
                _("yes") if customer.key_customer else _("no"),
                customer.get_nature_display(),
                customer.get_relation_display(),
                customer.amount,
                customer.language,
                customer.source,
            ]
