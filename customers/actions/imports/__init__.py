"""Importing customers from a file: one pipeline for page, command and API (CUS-3).

`files` begins an import, `staging` reads it, `matching` finds duplicates, `applying` moves rows into the archive, `reporting`
writes the rows to correct, and `job` runs them in this order.
"""

from customers.actions.imports.files import (
    begin_import,
    choose_columns,
    clear_imports,
    import_file,
    start_check,
    start_import,
)
from customers.actions.imports.job import check, run_import
from customers.actions.imports.sample import Sample, sample_of
from customers.actions.imports.staging import columns_of

__all__ = [
    "Sample",
    "begin_import",
    "check",
    "choose_columns",
    "clear_imports",
    "columns_of",
    "import_file",
    "run_import",
    "sample_of",
    "start_check",
    "start_import",
]
