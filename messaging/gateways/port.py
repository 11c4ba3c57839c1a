"""What every gateway takes and answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Envelope:
    """One message as it leaves. ``recipient`` is E.164 or an e-mail address; ``key`` is the same at every attempt."""

    key: str
    channel: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True)
class Accepted:
    """The gateway has taken the message; ``delivered`` when it also knows that it has arrived."""

    gateway_id: str
    delivered: bool = False


class NotSent(Exception):
    """Nothing went out. ``again`` tells whether another attempt later may succeed."""

    def __init__(self, reason, *, again):
        super().__init__(reason)
        self.again = again


class Uncertain(Exception):
    """The connection broke at a moment at which the message may or may not have been taken."""


class Gateway:
    """Base of the gateways: no connection to keep, no promise about repeated keys."""

    name = ""
    repeatable = False

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def send(self, envelope: Envelope) -> Accepted:
        raise NotImplementedError
