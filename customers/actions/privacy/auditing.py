"""The log of data protection as a workbook (CUS-11)."""

import json
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.exports import export_workbook
from callcenter.files import new_path
from callcenter.spreadsheet.write import Sheet

MOST = 100_000


def export_protection(*, rows, filters: dict, by, reason: str, now: datetime) -> Path:
    """Write the lines of ``rows``, rows of the access log, to a fresh file; returns its path, which the caller deletes.

    Raises ``Refused`` without a reason or for more than ``MOST`` lines.
    """
    if rows[MOST : MOST + 1]:
        raise Refused(
            _("These are more than %(count)s lines. Choose a shorter period.") % {"count": MOST},
            code="too_many",
        )
    header = [
        _("At"),
        _("Person"),
        _("What"),
        _("About"),
        _("Number"),
        _("Reason"),
        _("Rows"),
        _("File hash"),
        _("Facts"),
    ]
    path = new_path("exports", ".xlsx")
    lines = (_line(row) for row in rows.iterator(chunk_size=2_000))
    sheet = Sheet(_("Data protection"), header, lines)
    try:
        export_workbook(
            path,
            sheet,
            what="protection_log",
            by=by,
            reason=reason,
            filters=filters,
            now=now,
            title=sheet.name,
        )
    except Refused:
        path.unlink(missing_ok=True)
        raise
    return path


def _line(row):
    facts = dict(row.facts)
    counted = [facts.pop(name, None) for name in ("rows", "sha256")]
    rest = json.dumps(facts, ensure_ascii=False) if facts else ""
    return [
        row.at,
        str(row.user or ""),
        row.get_action_display(),
        row.subject,
        row.subject_id,
        row.reason,
        *counted,
        rest,
    ]
