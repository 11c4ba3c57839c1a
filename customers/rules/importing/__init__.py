"""Reading customer lists: `columns` says which column is what, `rows` makes a row into stored values. Pure: no Django."""

from customers.rules.importing.columns import (
    CUSTOM,
    IGNORE,
    TARGETS,
    BadMapping,
    Mapping,
    column_keys,
    guess,
    read_mapping,
)
from customers.rules.importing.rows import FAULTS, Fault, RowReader, hours

__all__ = [
    "CUSTOM",
    "FAULTS",
    "IGNORE",
    "TARGETS",
    "BadMapping",
    "Fault",
    "Mapping",
    "RowReader",
    "column_keys",
    "guess",
    "hours",
    "read_mapping",
]
