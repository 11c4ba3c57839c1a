"""Which of several questionnaires a customer is asked (SPEC CAM-7): by weight, and always the same one."""

import hashlib
from collections.abc import Sequence
from typing import Final

_SPACE: Final = 1 << 64


def pick(weights: Sequence[int], *, campaign_id: int, customer_id: int) -> int:
    """The place in ``weights`` that falls to the customer in the campaign.

    The same customer gets the same place as long as the weights stay. Raises ValueError without a positive weight.
    """
    total = sum(weights)
    if total <= 0:
        raise ValueError("A choice between variants needs a positive weight.")
    digest = hashlib.sha256(f"{campaign_id}:{customer_id}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") * total // _SPACE
    for place, weight in enumerate(weights):
        if point < weight:
            return place
        point -= weight
    raise AssertionError("The point lies below the total by construction.")
