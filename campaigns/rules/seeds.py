"""Seeds of reproducible samples (CAM-2): shown with the sample, so that anybody can draw it again."""

import secrets
from typing import Final

SEED_BYTES: Final = 8


def new_seed() -> str:
    """Sixteen hexadecimal digits nobody chose."""
    return secrets.token_hex(SEED_BYTES)
