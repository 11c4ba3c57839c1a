"""Segments as data: what a condition may say (`shapes`, `archive`) and reading what somebody sent (`reading`). Pure."""

from customers.rules.segments.archive import SHAPES
from customers.rules.segments.reading import (
    FAULTS,
    MAX_CONDITIONS,
    MAX_GROUPS,
    BadDefinition,
    Condition,
    Definition,
    Fault,
    Group,
    Unread,
    read_definition,
)
from customers.rules.segments.shapes import Field, Shape, applies, words

__all__ = [
    "FAULTS",
    "MAX_CONDITIONS",
    "MAX_GROUPS",
    "SHAPES",
    "BadDefinition",
    "Condition",
    "Definition",
    "Fault",
    "Field",
    "Group",
    "Shape",
    "Unread",
    "applies",
    "read_definition",
    "words",
]
