"""Opening an import's file: as a table, as the names of its columns, or as a question nobody but a person can answer (CUS-3)."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from callcenter.errors import Refused
from callcenter.spreadsheet import refusals
from callcenter.spreadsheet.read import Table, open_table
from customers.models import Import
from customers.rules.importing import BadMapping, Mapping, column_keys, read_mapping

UNCERTAIN = refusals.AmbiguousEncoding.code
_LONG_NUMBER = re.compile(r"(?<=\d{3})\d{4,}(?=\d{2})")


def open_file(batch: Import) -> Table:
    """The file's table, read as its owner chose. Raises ``Refused`` with what to do about an unreadable file."""
    return open_path(batch.path, batch.reading)


def open_path(path, reading: dict) -> Table:
    """The table in the file at ``path``; see ``open_file``.

    A file of uncertain encoding is a ``Refused`` whose ``facts`` hold the choices, each with its first lines.
    """
    try:
        return open_table(path, max_bytes=settings.MAX_IMPORT_BYTES, **reading)
    except refusals.AmbiguousEncoding as asked:
        choices = [
            {"encoding": each.encoding, "preview": _LONG_NUMBER.sub("****", each.preview)}
            for each in asked.candidates
        ]
        raise refusal_of(asked, facts={"encodings": choices}) from asked
    except refusals.Refused as refused:
        raise refusal_of(refused) from refused
    except FileNotFoundError:
        raise Refused(_("The file is no longer there. Upload it again."), code="file_gone") from None


def refusal_of(refused: refusals.Refused, **details) -> Refused:
    """The spreadsheet layer's refusal as one that pages, API and jobs show."""
    return Refused(f"{refused.message} {refused.hint}", code=refused.code, **details)


def look_into(batch: Import) -> Table:
    """Open the file and keep on the import what kind it is and how its columns are called. Raises ``Refused``."""
    table = open_file(batch)
    batch.table = {"kind": table.kind, "header": [[cell.raw, cell.letters] for cell in table.header]}
    return table


def encodings_of(batch: Import) -> list[dict]:
    """The encodings to choose from, each with the file's first lines; [] when it is certain. Raises ``Refused``."""
    try:
        keys_of(batch)
    except Refused as refused:
        if refused.code == UNCERTAIN:
            return refused.facts["encodings"]
        raise
    return []


def keys_of(batch: Import) -> list[str]:
    """What each column of the import's file is called in a mapping; the file is opened only if it was not yet."""
    if not batch.table:
        look_into(batch)
    return column_keys((raw.strip(), letters) for raw, letters in batch.table["header"])


def mapping_for(batch: Import, data) -> Mapping:
    """The mapping made ready for the import's file. Raises ``Refused`` when it does not fit."""
    try:
        return read_mapping(data, keys_of(batch))
    except BadMapping as bad:
        raise Refused(_(bad.message) % bad.params, code=f"mapping_{bad.code}") from None
