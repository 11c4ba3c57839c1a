from callbacks.queries.promises.board import Line, board, total
from callbacks.queries.promises.contacts import (
    NOBODY,
    OUTCOMES,
    Choice,
    about,
    behind,
    drawn_in_all,
    draws,
    promised,
)

__all__ = [
    "NOBODY",
    "OUTCOMES",
    "Choice",
    "Line",
    "about",
    "behind",
    "board",
    "drawn_in_all",
    "draws",
    "promised",
    "total",
]
