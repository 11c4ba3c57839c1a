"""Segments: conditions become one query (`selection`), each kind by its own part (`archive`, and what upper apps register)."""

from customers.queries.segments.archive import register_archive
from customers.queries.segments.lists import (
    descriptions,
    segment_page,
    segments_for,
    segments_of,
    uses_of,
    uses_shown,
)
from customers.queries.segments.registry import KINDS, Choices, Kind, Run, register, suggest
from customers.queries.segments.selection import (
    FIRST,
    chosen,
    definition_of,
    first_customers,
    segment_customers,
    selected,
)

register_archive()

__all__ = [
    "FIRST",
    "KINDS",
    "Choices",
    "Kind",
    "Run",
    "chosen",
    "definition_of",
    "descriptions",
    "first_customers",
    "register",
    "segment_customers",
    "segment_page",
    "segments_for",
    "segments_of",
    "selected",
    "suggest",
    "uses_of",
    "uses_shown",
]
