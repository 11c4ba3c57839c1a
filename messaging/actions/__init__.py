from messaging.actions.batches import BATCH_VERBS, create_batch, finish_batches, plan_batch
from messaging.actions.holds import cancel_messages_of, hold_messages_of, is_held, release_messages_of
from messaging.actions.links import link_maker
from messaging.actions.mail import receive_mail
from messaging.actions.planning import plan_message, usable_version
from messaging.actions.receiving import read_events, take_event
from messaging.actions.replies import close_reply, handle_reply, leave_to_person, receive_reply
from messaging.actions.sending import (
    cancel_message,
    post_letter,
    recover_expired,
    send_again,
    send_due,
)
from messaging.actions.templates import approve_version, create_template, retire_version, save_version

__all__ = [
    "BATCH_VERBS",
    "approve_version",
    "cancel_message",
    "cancel_messages_of",
    "close_reply",
    "create_batch",
    "create_template",
    "finish_batches",
    "handle_reply",
    "hold_messages_of",
    "is_held",
    "leave_to_person",
    "link_maker",
    "plan_batch",
    "plan_message",
    "post_letter",
    "read_events",
    "receive_mail",
    "receive_reply",
    "recover_expired",
    "release_messages_of",
    "retire_version",
    "save_version",
    "send_again",
    "send_due",
    "take_event",
    "usable_version",
]
