"""Signed HTTP between us and an SMS or e-mail provider: HMAC over id, time and body (SPEC CB-9; reliability.md W-04).

The scheme of Standard Webhooks: ``webhook-id``, ``webhook-timestamp`` (seconds), ``webhook-signature`` with one or more
``v1,<base64>`` parted by blanks, so that two keys may be in force while one replaces the other.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

TOLERANCE: Final = 300
"""Seconds by which a message's clock may differ from ours, in both directions."""


class BadSignature(ValueError):
    """The request does not come from who it should; ``code`` says what is wrong: missing, time, signature."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message with one key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def verify(
    secrets: Iterable[str], *, message_id: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> None:
    """Pass when one of the signatures was made with one of the keys within the last and next five minutes.

    Raises ``BadSignature``. Takes the same time for every wrong signature.
    """
    keys = [one for one in secrets if one]
    if not (keys and message_id and len(message_id) <= 120 and signatures):
        raise BadSignature("missing")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("time")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise BadSignature("time")
    given = signatures.split()[:5]
    right = [
        hmac.compare_digest(one.encode(), signature(key, message_id, int(timestamp), body).encode())
        for key in keys
        for one in given
    ]
    if not any(right):
        raise BadSignature("signature")
