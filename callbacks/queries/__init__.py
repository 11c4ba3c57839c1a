from callbacks.queries.offers import channels_to_offer
from callbacks.queries.permission import permission_of, phones_of, reason_text, with_context
from callbacks.queries.queues import QueueStatus, queue_status
from callbacks.queries.texts import questionnaire_of, said_in, script_of
from callbacks.queries.trials import question_of

__all__ = [
    "QueueStatus",
    "channels_to_offer",
    "permission_of",
    "phones_of",
    "question_of",
    "questionnaire_of",
    "queue_status",
    "reason_text",
    "said_in",
    "script_of",
    "with_context",
]
