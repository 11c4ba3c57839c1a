"""A first look into a file, for the page that asks which column is what (CUS-3)."""

from dataclasses import dataclass
from itertools import islice

from callcenter.masking import mask_text
from customers.actions.imports.opening import open_path
from customers.models import Import
from customers.rules.importing import column_keys
from customers.rules.phones import PhoneRejected, mask, normalise

SHOWN = 60


@dataclass(frozen=True)
class Sample:
    """The columns of a file as a mapping calls them, its first rows with phone numbers hidden, and what was noticed."""

    keys: list[str]
    kind: str
    sheets: list[str]
    encoding: str
    header_row: int
    rows: list[list[str]]
    problems: list

    def cells_by_column(self) -> list[list[str]]:
        """The first cells of each column."""
        return [
            [row[place] if place < len(row) else "" for row in self.rows] for place in range(len(self.keys))
        ]


def sample_of(batch: Import, *, reading: dict, rows: int) -> Sample:
    """The beginning of the import's file, read as ``reading`` says or as chosen before. Raises ``Refused``."""
    table = open_path(batch.path, reading or batch.reading)
    first = [[_shown(cell) for cell in cells] for _number, cells in islice(table.rows(), rows)]
    return Sample(
        column_keys((cell.name, cell.letters) for cell in table.header),
        table.kind,
        table.sheets,
        table.encoding or "",
        table.header_row,
        first,
        table.problems,
    )


def _shown(cell: str) -> str:
    text = str(cell)
    try:
        return mask(normalise(text).e164)
    except PhoneRejected:
        return mask_text(text)[:SHOWN]
