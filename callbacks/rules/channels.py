"""The order in which a promise tries its channels (SPEC CAM-2, CB-8, CUS-8)."""

from collections.abc import Sequence


def channels_after(channel: str, order: Sequence[str]) -> list[str]:
    """The channels still to try when `channel` is closed to the customer; those before it were tried already.

    A channel that is not in the order came from somewhere else: then the whole order is still to try.
    """
    unique = list(dict.fromkeys(filter(None, order)))
    return unique[unique.index(channel) + 1 :] if channel in unique else unique
