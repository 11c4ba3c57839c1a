"""The customers of a segment as a file: scoped, masked, for a recorded reason, marked with who took it (CUS-5, CUS-11)."""

from array import array
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from callcenter import jobs
from callcenter.errors import Refused
from callcenter.files import checksum, new_path
from callcenter.models import AccessLog, Job
from callcenter.notify import log_access
from callcenter.spreadsheet.write import Sheet, stream_csv, write_xlsx
from customers.models import Customer, Segment
from customers.queries.segments import Run, definition_of, first_customers, selected
from customers.rules.phones import mask
from people.models import User

KIND = "customers.segment_export"
FORMATS = ("xlsx", "csv")
CHUNK = 1_000


@transaction.atomic
def start_segment_export(
    *, segment: Segment, file_format: str, reason: str, by, now: datetime, request=None
) -> Job:
    """Queue the file of a segment, as "xlsx" or "csv"; reason and conditions go into the access log in the same transaction.

    Raises ``Refused`` without a reason, for another format, or for conditions that can no longer be read.
    """
    if not reason.strip():
        raise Refused(
            _("Give the reason for the export; it is recorded."),
            code="no_reason",
            fields={"reason": [_("Give the reason.")]},
        )
    if file_format not in FORMATS:
        raise Refused(
            _("Choose XLSX or CSV."), code="format", fields={"file_format": [_("Choose XLSX or CSV.")]}
        )
    definition = definition_of(segment).as_json()
    log_access(
        by,
        AccessLog.Action.EXPORT,
        "segment",
        segment.pk,
        now=now,
        reason=reason.strip(),
        request=request,
        file_format=file_format,
        definition=definition,
        client=segment.client_id,
    )
    params = {
        "segment": segment.pk,
        "name": segment.name,
        "client": segment.client_id,
        "definition": definition,
        "file_format": file_format,
        "reason": reason.strip()[:300],
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
            _write(path, params, _lines(owner, ids, progress), _mark(owner, job))
    except BaseException:
        # Stopped or broken off: what was written is personal data nobody will fetch.
        path.unlink(missing_ok=True)
        raise
    progress.save(
        done=len(ids),
        ok=len(ids),
        result_path=str(path),
        result_name=f"segment-{params['segment']}.{params['file_format']}",
        result={"sha256": checksum(path)},
    )


def _write(path, params, lines, mark):
    zone = ZoneInfo(settings.TIME_ZONE)
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
    rows = _marked(lines, mark)
    if params["file_format"] == "csv":
        with path.open("wb") as file:
            file.writelines(stream_csv(rows, header=header, zone=zone))
    else:
        write_xlsx(path, Sheet(_("Customers"), header, rows), zone=zone, title=params["name"])


def _marked(lines, mark):
    yield from lines
    yield [mark]


def _mark(owner, job):
    """The last line of the file: who took it, when and why."""
    at = job.created_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return _("Exported by %(who)s (%(login)s), %(at)s. Reason: %(reason)s") % {
        "who": owner,
        "login": owner.username,
        "at": f"{at:%Y-%m-%d %H:%M}",
        "reason": job.params["reason"],
    }


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
