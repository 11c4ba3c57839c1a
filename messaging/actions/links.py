"""Who makes the links of invitations: an app above registers itself, as the handlers of jobs do."""

from collections.abc import Callable

MAKERS: dict[str, Callable] = {}


def link_maker(kind: str):
    """Register ``function(batch, rows, now)`` for batches whose source begins with ``kind``.

    ``rows`` are (customer, key of the message) pairs; the answer is the link by key. Called in the transaction that writes the
    messages, once per key.
    """

    def register(function):
        MAKERS[kind] = function
        return function

    return register


def links_for(batch, rows, *, now) -> dict[str, str]:
    """The links of a chunk of a batch's messages; none without a source."""
    return MAKERS[batch.source.partition(":")[0]](batch, rows, now=now) if batch.source else {}
