"""Hiding phone numbers, identity numbers and e-mail addresses in any text: logs, error reports, kept errors (CUS-11).

Pages mask a stored number exactly (``customers.rules.phones.mask``); here the text is unknown, so whatever looks like a
number of a person loses its middle.
"""

import logging
import re

from django.views.debug import SafeExceptionReporterFilter

# A neighbour that is a letter, digit or underscore means an id, a hash or a name, and no number of a person.
_ALONE = r"(?<![0-9A-Za-z_.])(?:{})(?![0-9A-Za-z_])"
_NUMBERS = re.compile(
    "|".join(
        _ALONE.format(shape)
        for shape in (
            r"\d{17}[0-9Xx]|\d{15}",  # identity number of the mainland, in its present and its former length
            r"\+\d{1,3}[ -]?\d{2,4}[ -]?\d{3,4}[ -]?\d{2,4}",  # E.164, also spaced
            r"(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}",  # mainland mobile
            r"0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}",  # mainland and Taiwan landline
            r"09\d{2}[ -]?\d{3}[ -]?\d{3}",  # Taiwan mobile
        )
    )
)
_EMAIL = re.compile(r"([^\s@<>\"'=,;:(\[]{1,64})@([^\s@<>\"',;:)\]]+\.[A-Za-z]{2,})")
SHOWN_HEAD, SHOWN_TAIL = 3, 4


def mask_text(text: str) -> str:
    """``text`` with every whole number and address in it hidden: 138****8000, 330************234X, z***@example.com."""
    return _EMAIL.sub(lambda match: mask_email(match[0]), _NUMBERS.sub(_starred, text))


def mask_email(address: str) -> str:
    """An e-mail address as everybody sees it: the first letter and the domain. "" stays ""."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if at else "***" if address else ""


def _starred(match: re.Match[str]) -> str:
    digits = "".join(char for char in match[0] if char.isalnum())
    if len(digits) in (12, 13) and digits.startswith("86"):
        digits = digits[2:]
    hidden = max(4, len(digits) - SHOWN_HEAD - SHOWN_TAIL)
    return digits[:SHOWN_HEAD] + "*" * hidden + digits[SHOWN_HEAD + hidden :]


class MaskingFormatter(logging.Formatter):
    """A log line with its traceback, numbers and addresses hidden wherever they came from."""

    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))


class MaskingReporterFilter(SafeExceptionReporterFilter):
    """Error reports, mailed or on the debug page, with what people typed and what variables held hidden likewise."""

    def is_active(self, request) -> bool:
        """Also while debugging: the numbers are as real there."""
        return True

    def get_post_parameters(self, request):
        """Names of what was sent, never the values."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request, tb_frame):
        """Local variables as text without numbers."""
        return [
            (name, mask_text(repr(value)))
            for name, value in super().get_traceback_frame_variables(request, tb_frame)
        ]
