"""The secret in an invitation's link (SPEC CAM-7; reliability.md W-01)."""

import hashlib
import re
import secrets
from typing import Final

LENGTH: Final = 22
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """128 random bits as 22 characters that fit into an address."""
    return secrets.token_urlsafe(16)


def hash_of(token: str) -> str:
    """What is kept of a token; "" for something that was never one, so that nothing is looked up for it."""
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else ""
