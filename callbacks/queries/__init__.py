from callbacks.queries.offers import channels_to_offer
from callbacks.queries.permission import permission_of, phones_of, reason_text, with_context
from callbacks.queries.queues import QueueStatus, queue_status

__all__ = [
    "QueueStatus",
    "channels_to_offer",
    "permission_of",
    "phones_of",
    "queue_status",
    "reason_text",
    "with_context",
]
