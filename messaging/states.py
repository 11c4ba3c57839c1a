"""How far a text, a message, a batch and a reply have come, and the legal moves (CB-9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """A draft is edited; an approved text is used; a retired one stays on record and is used no more."""

    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("retired")


VERSION_MOVES = {
    VersionState.DRAFT: {VersionState.APPROVED, VersionState.RETIRED},
    VersionState.APPROVED: {VersionState.RETIRED},
    VersionState.RETIRED: set(),
}


class MessageState(models.TextChoices):
    """``FAILED`` is tried again at ``next_at``; ``DEAD`` is given up and waits for a person; the others say it all."""

    QUEUED = "queued", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed, tried again")
    DEAD = "dead", _("not delivered")
    BLOCKED = "blocked", _("not permitted")
    CANCELLED = "cancelled", _("cancelled")


WAITING = (MessageState.QUEUED, MessageState.FAILED)
OPEN = (*WAITING, MessageState.SENDING)
# What the customer has received as far as anybody knows.
OUT = (MessageState.SENT, MessageState.DELIVERED)
# Ends at which nothing reached the customer.
LOST = (MessageState.DEAD, MessageState.BLOCKED, MessageState.CANCELLED)

# Only from "sending" is anything ever sent; a lease that has run out there ends in a retry or in a person's hands.
MESSAGE_MOVES = {
    MessageState.QUEUED: {MessageState.SENDING, MessageState.BLOCKED, MessageState.CANCELLED},
    MessageState.FAILED: {MessageState.SENDING, MessageState.BLOCKED, MessageState.CANCELLED},
    MessageState.SENDING: {MessageState.SENT, MessageState.FAILED, MessageState.DEAD},
    # A gateway may learn late that nothing arrived.
    MessageState.SENT: {MessageState.DELIVERED, MessageState.DEAD},
    MessageState.DELIVERED: set(),
    MessageState.DEAD: {MessageState.QUEUED, MessageState.DELIVERED},
    MessageState.BLOCKED: set(),
    MessageState.CANCELLED: set(),
}


class BatchState(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("finished")
    CANCELLED = "cancelled", _("cancelled")


BATCH_MOVES = {
    BatchState.PREPARING: {BatchState.RUNNING, BatchState.PAUSED, BatchState.CANCELLED},
    BatchState.RUNNING: {BatchState.PAUSED, BatchState.DONE, BatchState.CANCELLED},
    BatchState.PAUSED: {BatchState.RUNNING, BatchState.PREPARING, BatchState.CANCELLED},
    BatchState.DONE: set(),
    BatchState.CANCELLED: set(),
}


class ReplyState(models.TextChoices):
    NEW = "new", _("to be read")
    HANDLED = "handled", _("handled")


REPLY_MOVES = {ReplyState.NEW: {ReplyState.HANDLED}, ReplyState.HANDLED: set()}
