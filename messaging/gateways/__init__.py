"""The way out: one gateway per channel, chosen by settings (CB-9).

A gateway is handed an ``Envelope`` and answers ``Accepted``, or raises ``NotSent`` when it is certain that nothing went out and
``Uncertain`` when it is not. ``repeatable`` says whether the same key twice is one message: only then may a message whose sender
died be sent again without asking a person. The local outbox and signed HTTP are repeatable; SMTP and SMPP have no such promise.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.gateways.port import Accepted, Envelope, NotSent, Uncertain

__all__ = ["CHOICES", "Accepted", "Envelope", "NotSent", "Uncertain", "gateway_for", "gateway_name"]

CHOICES = {
    "outbox": "messaging.gateways.outbox.OutboxGateway",
    "smtp": "messaging.gateways.smtp.SmtpGateway",
    "http": "messaging.gateways.http.HttpGateway",
    "smpp": "messaging.gateways.smpp.SmppGateway",
}


def gateway_name(channel: str) -> str:
    """The configured gateway of a channel: a key of ``CHOICES``."""
    return settings.SMS_GATEWAY if channel == "sms" else settings.EMAIL_GATEWAY


def gateway_for(channel: str):
    """A gateway for messages of the channel, to be used as a context manager: it may keep a connection open."""
    return import_string(CHOICES[gateway_name(channel)])()
