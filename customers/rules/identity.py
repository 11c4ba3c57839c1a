"""Numbers of identity documents: read, checked and hidden (SPEC CUS-11). Pure: no Django.

Eighteen characters, the last perhaps X, are a mainland resident's number and must satisfy GB 11643: a day of birth and the check
character. Fifteen digits are its former length. Anything else is another document and only has to look like a number.
"""

import re
import unicodedata
from datetime import date
from typing import Final

LONGEST: Final = 30
_RESIDENT = re.compile(r"\d{17}[0-9X]")
_FORMER = re.compile(r"\d{15}")
_OTHER = re.compile(r"[0-9A-Z][0-9A-Z()-]{3,29}")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# code: (what is wrong, what to do)
MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "id_shape": (
        _("This is not the number of an identity document."),
        _("Enter the digits and letters of the document, 4 to 30 of them."),
    ),
    "id_birth": (
        _("The identity number holds no valid day of birth."),
        _("Compare the number with the document, digit by digit."),
    ),
    "id_check": (
        _("The last character of the identity number does not fit the others."),
        _("Compare the number with the document, digit by digit."),
    ),
}


class IdentityRejected(ValueError):
    """The text is no number of a document: `code` of `MESSAGES`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message, self.hint = MESSAGES[code]
        super().__init__(self.message)


def read_identity(text: str) -> str:
    """The number as it is stored: half-width, capital, without blanks. "" for a blank text. Raises `IdentityRejected`."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not plain:
        return ""
    if _RESIDENT.fullmatch(plain):
        _must_be_a_day(plain[6:14])
        if check_character(plain[:17]) != plain[17]:
            raise IdentityRejected("id_check")
        return plain
    if _FORMER.fullmatch(plain):
        _must_be_a_day("19" + plain[6:12])
        return plain
    if not _OTHER.fullmatch(plain):
        raise IdentityRejected("id_shape")
    return plain


def check_character(first: str) -> str:
    """The eighteenth character that GB 11643 gives to the first seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first, strict=True))
    return _CHECKS[total % 11]


def mask_identity(number: str) -> str:
    """A number with its middle hidden: 3301**********1234; of a short one only the ends are seen. "" stays ""."""
    shown = 4 if len(number) >= 12 else 1
    hidden = max(0, len(number) - 2 * shown)
    return number[:shown] + "*" * hidden + number[shown + hidden :] if hidden else "*" * len(number)


def _must_be_a_day(digits: str) -> None:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise IdentityRejected("id_birth") from None
