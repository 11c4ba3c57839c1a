"""How complete records are (SPEC CUS-4). Pure: no Django."""

from collections.abc import Mapping, Sequence


def completeness(required: Sequence[str], filled: Mapping[str, int], customers: int) -> float | None:
    """The share, 0 to 1, of required fields that are filled in over all customers.

    `filled` counts, for each field, the customers who have it. None when nothing is required or nobody is there: an
    empty list is neither complete nor incomplete.
    """
    if not required or not customers:
        return None
    return sum(filled.get(name, 0) for name in required) / (len(required) * customers)
