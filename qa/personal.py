"""What reviews tell about a customer (CUS-11)."""

from customers.personal import REGISTRY, Kept, steps


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    REGISTRY.declare(
        Kept("qa.Review", "call__customer", {"comment": ""}, kind="calls", at="call__started_at"),
        steps("qa.ReviewStep", "case__call__customer", kind="calls", at="case__call__started_at"),
        Kept(
            "qa.ReviewItem",
            "review__call__customer",
            {"comment": ""},
            kind="calls",
            at="review__call__started_at",
        ),
    )
