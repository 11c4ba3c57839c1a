"""What messages and replies tell about a customer (CUS-11)."""

from customers.personal import REGISTRY, Kept, steps


def declare():
    """Add this app's models to the list that erasure, retention and copies go by."""
    REGISTRY.declare(
        Kept(
            "messaging.Message",
            clear={"recipient": "", "subject": "", "body": "", "error": ""},
            keeps=(
                "key",
                "channel",
                "purpose",
                "campaign_code",
                "language",
                "encoding",
                "blocked_by",
                "gateway",
                "gateway_id",
            ),
            kind="messages",
            at="created_at",
        ),
        steps("messaging.MessageStep", "case__customer", kind="messages", at="at"),
        Kept(
            "messaging.Reply",
            clear={"sender": "", "body": ""},
            keeps=("key", "channel", "outcome"),
            kind="messages",
            at="received_at",
        ),
        steps("messaging.ReplyStep", "case__customer", kind="messages", at="at"),
    )
