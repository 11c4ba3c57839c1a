"""How letters and home visits are shown (CB-12)."""

from django import template

from callbacks.states import DeliveryState
from customers.models import Channel

register = template.Library()
CHANNELS, STATES = dict(Channel.choices), dict(DeliveryState.choices)


@register.filter
def channel_name(code):
    """The name of a channel for its code."""
    return CHANNELS.get(code, code)


@register.filter
def delivery_state(code):
    """The name of a letter's or visit's state for its code."""
    return STATES.get(code, code)
