from callbacks.queries.promises.board import Line, board, total
from callbacks.queries.promises.contacts import NOBODY, OUTCOMES, Choice, about, behind, promised

__all__ = ["NOBODY", "OUTCOMES", "Choice", "Line", "about", "behind", "board", "promised", "total"]
