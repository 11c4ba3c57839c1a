"""What this app adds to a customer's timeline: messages that went out, and what came back (CUS-9)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from callcenter.access import Role
from customers.queries.timeline import Entry, Source, register
from messaging.models import Message, Reply
from messaging.rules.showing import masked_address, without_tokens
from messaging.states import LOST, OUT, MessageState, ReplyState

READERS = (Role.LEAD, Role.MANAGER, Role.COMPLAINT)
LONGEST = 300


def _messages(user, customer):
    rows = Message.objects.visible_to(user).filter(customer=customer)
    return rows.select_related("version__template", "created_by")


def _show_message(message) -> Entry:
    tone = "good" if message.state in OUT else "quiet" if message.state in LOST else "info"
    to = masked_address(message.recipient) if message.recipient else ""
    return Entry(
        title=" · ".join(filter(None, [message.get_channel_display(), message.subject, to])),
        badge=message.get_state_display(),
        tone="bad" if message.state in (MessageState.DEAD, MessageState.BLOCKED) else tone,
        text=without_tokens(message.body)[:LONGEST],
        by=message.created_by,
        url=reverse("messaging:message", args=[message.pk]),
    )


def _replies(user, customer):
    return Reply.objects.visible_to(user).filter(customer=customer)


def _show_reply(reply) -> Entry:
    waiting = reply.state == ReplyState.NEW
    return Entry(
        title=_("Reply by %(channel)s") % {"channel": reply.get_channel_display()},
        badge=reply.get_state_display() if waiting else reply.get_outcome_display(),
        tone="warn" if waiting else "info",
        text=without_tokens(reply.body)[:LONGEST],
        url=reverse("messaging:reply", args=[reply.pk]),
    )


register(
    Source("messaging.message", "message", _messages, "created_at", _show_message, roles=READERS),
    Source("messaging.reply", "message", _replies, "received_at", _show_reply, roles=READERS),
)
