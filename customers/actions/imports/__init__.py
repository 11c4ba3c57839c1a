"""Importing customers from a file: one pipeline for page, command and API (CUS-3).

`files` begins an import, `opening` opens its file, `staging` reads it, `matching` finds duplicates, `applying` moves rows into
the archive, `reporting` writes the rows to correct, and `job` runs them in this order.
"""

from customers.actions.imports.files import (
    begin_import,
    choose_columns,
    choose_encoding,
    clear_imports,
    discard_import,
    import_file,
    import_upload,
    start_check,
    start_import,
)
from customers.actions.imports.job import check, run_import
from customers.actions.imports.opening import encodings_of, keys_of
from customers.actions.imports.sample import Sample, sample_of

__all__ = [
    "Sample",
    "begin_import",
    "check",
    "choose_columns",
    "choose_encoding",
    "clear_imports",
    "discard_import",
    "encodings_of",
    "import_file",
    "import_upload",
    "keys_of",
    "run_import",
    "sample_of",
    "start_check",
    "start_import",
]
