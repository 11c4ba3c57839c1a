"""What answers tell about a customer (CUS-11)."""

from customers.personal import REGISTRY, Kept


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    REGISTRY.declare(
        Kept("surveys.Response", keeps=("channel",)),
        Kept(
            "surveys.Answer",
            "response__customer",
            {"text": ""},
            ("values",),
            kind="answers",
            at="response__submitted_at",
        ),
        Kept(
            "surveys.Invitation",
            keeps=("channel", "language", "campaign_code", "token_hash", "message_key"),
        ),
    )
