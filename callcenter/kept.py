"""Rows that change a few times a week and are read with every call, kept by each process for a few seconds.

A change takes effect within ``REFERENCE_SECONDS`` (a setting, 5 by default; 0 keeps nothing). What must be true at the very
moment, such as whether a campaign runs, is never read from here. What is kept is shared by all threads: read it only.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings

_all: list[dict] = []


def kept(read: Callable) -> Callable:
    """Decorate a reader: its answer for the same arguments is used again until it is ``REFERENCE_SECONDS`` old."""
    answers: dict[tuple, tuple] = {}
    _all.append(answers)

    @wraps(read)
    def at_hand(*key):
        moment = time.monotonic()
        read_at, answer = answers.get(key, (float("-inf"), None))
        if moment - read_at < settings.REFERENCE_SECONDS:
            return answer
        answer = read(*key)
        if settings.REFERENCE_SECONDS:
            answers[key] = moment, answer
        return answer

    return at_hand


def forget() -> None:
    """Drop all that is kept in this process, as tests do between one another."""
    for answers in _all:
        answers.clear()
