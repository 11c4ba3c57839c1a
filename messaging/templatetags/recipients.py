"""How messages are shown to staff (CUS-11)."""

from django import template

from messaging.rules import showing
from messaging.states import LOST, OUT, MessageState

register = template.Library()


@register.filter
def masked_address(address):
    """A number, e-mail or postal address as everybody sees it."""
    return showing.masked_address(address) if address else "—"


@register.filter
def without_tokens(text):
    """A text without the secrets of invitations."""
    return showing.without_tokens(text)


@register.filter
def message_color(state):
    """The badge class of a message's state."""
    if state in OUT:
        return "badge-good"
    if state in (MessageState.DEAD, MessageState.BLOCKED):
        return "badge-bad"
    return "badge-quiet" if state in LOST else "badge-info"
