"""Columns that are stored encrypted, and found again by a keyed hash (CUS-11).

The keys are ``FIELD_KEYS``, the newest first: it seals, all of them open, and a search looks for the hash under each. Embedded
installations that set none use one derived from ``SECRET_KEY``; the system check ``privacy.W001`` says so.
"""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks


def _keys() -> tuple[str, ...]:
    if settings.FIELD_KEYS:
        return tuple(settings.FIELD_KEYS)
    digest = hashlib.sha256(b"callcenter.sealing:" + settings.SECRET_KEY.encode()).digest()
    return (base64.urlsafe_b64encode(digest).decode(),)


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """``text`` encrypted and authenticated under the newest key; "" stays ""."""
    return _box(_keys()).encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """What ``seal`` was given; "" for "", and when the key that sealed it is lost: there is nothing else to show."""
    if not token:
        return ""
    try:
        return _box(_keys()).decrypt(token.encode()).decode()
    except InvalidToken:
        return ""


def fingerprint(text: str) -> str:
    """The hash under the newest key by which a sealed ``text`` is found; "" for ""."""
    return _fingerprint(_keys()[0], text) if text else ""


def fingerprints(text: str) -> list[str]:
    """The hashes of ``text`` under every key: rows that are not yet sealed anew are found as well."""
    return [_fingerprint(key, text) for key in _keys()] if text else []


def _fingerprint(key: str, text: str) -> str:
    return hmac.new(b"fingerprint:" + key.encode(), text.encode(), hashlib.sha256).hexdigest()


@checks.register(checks.Tags.security, deploy=True)
def field_keys_are_their_own(app_configs, **kwargs):
    """System check for production: identity numbers sealed under a derived key are lost with ``SECRET_KEY``."""
    if settings.FIELD_KEYS:
        return []
    return [
        checks.Warning(
            "FIELD_KEYS is not set: identity numbers are sealed under a key derived from SECRET_KEY.",
            hint="Set FIELD_KEYS (deploy/env.example), then run manage.py reseal.",
            id="privacy.W001",
        )
    ]
