"""Reading customer lists: `columns` says which column is what, `rows` and `dates` make a row into stored values.

Pure: no Django.
"""

from customers.rules.importing.columns import (
    CUSTOM,
    DATES,
    IGNORE,
    TARGETS,
    BadMapping,
    Mapping,
    column_keys,
    guess,
    read_mapping,
)
from customers.rules.importing.dates import ORDERS, BadDate, read_date
from customers.rules.importing.rows import FAULTS, Fault, RowReader, hours

__all__ = [
    "CUSTOM",
    "DATES",
    "FAULTS",
    "IGNORE",
    "ORDERS",
    "TARGETS",
    "BadDate",
    "BadMapping",
    "Fault",
    "Mapping",
    "RowReader",
    "column_keys",
    "guess",
    "hours",
    "read_date",
    "read_mapping",
]
