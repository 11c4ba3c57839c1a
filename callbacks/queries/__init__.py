from callbacks.queries.permission import permission_of, phones_to_try, reason_text, with_context
from callbacks.queries.queues import QueueStatus, queue_status

__all__ = ["QueueStatus", "permission_of", "phones_to_try", "queue_status", "reason_text", "with_context"]
