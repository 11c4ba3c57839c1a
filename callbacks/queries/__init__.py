from callbacks.queries.permission import permission_of, phones_of, reason_text, with_context
from callbacks.queries.queues import QueueStatus, queue_status
from callbacks.queries.trials import question_of

__all__ = [
    "QueueStatus",
    "permission_of",
    "phones_of",
    "question_of",
    "queue_status",
    "reason_text",
    "with_context",
]
