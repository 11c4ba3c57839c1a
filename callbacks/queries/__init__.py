from callbacks.queries.permission import permission_of, phones_of, reason_text, with_context
from callbacks.queries.queues import QueueStatus, queue_status

__all__ = ["QueueStatus", "permission_of", "phones_of", "queue_status", "reason_text", "with_context"]
