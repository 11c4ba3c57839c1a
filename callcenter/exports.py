"""The gate of every export: a reason before it, a line in it, a row of the access log with its hash after it (CUS-11).

Whatever leaves as a file with customers in it, or with the names of people, goes through here; nothing else writes
``AccessLog.Action.EXPORT``.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.errors import Refused
from callcenter.files import checksum
from callcenter.models import AccessLog
from callcenter.notify import log_access
from callcenter.spreadsheet.write import Sheet, stream_csv, write_xlsx


class ExportReasonForm(forms.Form):
    """Why something is exported; it is recorded, and stands in the file."""

    reason = forms.CharField(
        label=gettext_lazy("Reason of the export"),
        max_length=300,
        help_text=gettext_lazy("It is recorded with your name, and stands in the file."),
    )


def reason_for(text: str) -> str:
    """The reason as it is kept. Raises ``Refused`` without one."""
    if not text.strip():
        message = _("Give the reason for the export; it is recorded and stands in the file.")
        raise Refused(message, code="no_reason", fields={"reason": [_("Give the reason.")]})
    return " ".join(text.split())[:300]


def watermark(*, by, now: datetime, reason: str) -> str:
    """The line that every exported file carries: who, when (on the site's clock) and why."""
    return _("Exported for %(person)s on %(at)s (%(zone)s). Reason: %(reason)s") % {
        "person": by if by is not None else _("the command line"),
        "at": date_format(timezone.localtime(now, ZoneInfo(settings.TIME_ZONE)), "SHORT_DATETIME_FORMAT"),
        "zone": settings.TIME_ZONE,
        "reason": reason,
    }


def log_export(
    by,
    what: str,
    *,
    reason: str,
    rows: int,
    sha256: str,
    now: datetime,
    filters: dict,
    request=None,
    subject_id="",
) -> AccessLog:
    """The row of the access log about an export that has been made, in the caller's transaction."""
    return log_access(
        by,
        AccessLog.Action.EXPORT,
        what,
        subject_id,
        now=now,
        reason=reason,
        request=request,
        rows=rows,
        sha256=sha256,
        filters=filters,
    )


def export_workbook(
    path: Path, *sheets: Sheet, what: str, by, reason: str, filters: dict, now: datetime, title: str = ""
) -> dict:
    """Write sheets to ``path``, each with the line of ``watermark`` as its last row, and log it.

    Returns ``rows`` and ``sha256``. Raises ``Refused`` without a reason. ``now`` is the instant on the line.
    """
    reason = reason_for(reason)
    line = watermark(by=by, now=now, reason=reason)
    marked = [sheet._replace(rows=chain(sheet.rows, [[line]])) for sheet in sheets]
    rows = write_xlsx(path, *marked, zone=ZoneInfo(settings.TIME_ZONE), title=title) - len(marked)
    done = {"rows": rows, "sha256": checksum(path)}
    log_export(by, what, reason=reason, now=now, filters=filters, **done)
    return done


def export_csv(
    path: Path,
    rows: Iterable[Sequence],
    *,
    header: Sequence[str],
    what: str,
    by,
    reason: str,
    filters: dict,
    now: datetime,
) -> dict:
    """The same as a CSV file."""
    reason = reason_for(reason)
    count, digest = 0, hashlib.sha256()

    def counted() -> Iterator[Sequence]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    lines = chain(counted(), [[watermark(by=by, now=now, reason=reason)]])
    with path.open("wb") as file:
        for piece in stream_csv(lines, header=header, zone=ZoneInfo(settings.TIME_ZONE)):
            digest.update(piece)
            file.write(piece)
    done = {"rows": count, "sha256": digest.hexdigest()}
    log_export(by, what, reason=reason, now=now, filters=filters, **done)
    return done
