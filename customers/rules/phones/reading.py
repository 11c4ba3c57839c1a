"""Reading phone numbers: one stored form for everything people type, paste or keep in a spreadsheet.

Pure: no Django. SPEC CUS-3 and CUS-11, ux.md section 10, reliability.md sections 4.4 (I-03) and 5. A number is stored as E.164
with the extension beside it. What cannot be read without guessing is refused with a named reason: a number is never changed in
silence. Mainland mobile numbers are judged by their shape alone, because new ranges open faster than any table of them.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult

Kind: TypeAlias = Literal["mobile", "landline", "service", "foreign"]


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


class PhoneError:
    """The codes of `PhoneRejected`: why a value is not taken as a phone number."""

    EMPTY: Final = "empty"
    LETTERS: Final = "letters"
    TOO_SHORT: Final = "too_short"
    TOO_LONG: Final = "too_long"
    SCIENTIFIC: Final = "scientific"
    SEVERAL: Final = "several"
    LOST_ZERO: Final = "lost_zero"
    INVALID: Final = "invalid"


MESSAGES: Final[Mapping[str, str]] = {
    PhoneError.EMPTY: _("The phone number is empty."),
    PhoneError.LETTERS: _(
        "The phone number contains letters or signs. Use digits, spaces, dashes and a leading + only."
    ),
    PhoneError.TOO_SHORT: _(
        "The phone number has too few digits. A mobile number has 11; a landline needs its area code."
    ),
    PhoneError.TOO_LONG: _(
        "The phone number has too many digits. Add + and the country code if it is a number from abroad."
    ),
    PhoneError.SCIENTIFIC: _(
        "The spreadsheet has turned the phone number into scientific notation and lost digits. "
        "Format the column as text and enter the number again."
    ),
    PhoneError.SEVERAL: _("There are several phone numbers in one cell. Put each in a column of its own."),
    PhoneError.LOST_ZERO: _(
        "The leading 0 of the area code is missing. Format the column as text and enter the number with it."
    ),
    PhoneError.INVALID: _("No phone has this number. Check the area code and the digits."),
}


class PhoneRejected(ValueError):
    """The value is no phone number we can store: `code` of `PhoneError`, and an English `message` for translation."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = MESSAGES[code]
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is stored: `e164` like +8613800138000, `extension` digits or "", `region` an ISO country like CN."""

    e164: str
    extension: str
    kind: Kind
    region: str


LONGEST_INPUT: Final = 100
NEAR_REGIONS: Final = frozenset(
    {"CN", "HK", "MO", "TW"}
)  # their numbers are told apart; all others are "foreign"

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_WORD_EXTENSION = re.compile(
    r"(?P<base>.*\d\)?)\s*(?:;\s*ext=|extension|ext\.?|分机号?|分機號?|內線|内线|转|轉|x|#)\s*[:.]?\s*(?P<extension>\d+)",
    re.IGNORECASE,
)
_DASHED_TAIL = re.compile(r"(?P<base>.*\d\)?)\s*-\s*(?P<extension>\d{1,6})")
_BETWEEN_NUMBERS = re.compile(r"[\n;,、/|&]|或|和|及|\b(?:or|and)\b", re.IGNORECASE)
_NUMBER_SIGNS = re.compile(r"\(?\+?[\d ().-]*")
_MOBILE = re.compile(r"1(?!79)[3-9]\d{9}")  # 179xx are prefixes of cheap calls, never mobiles
_SHORT_SERVICE = re.compile(r"95\d{3,6}|96\d{3,4}|10\d{3}|1[12]\d{3}")
_LONG_SERVICE = re.compile(r"[48]00\d{7}")
_IP_PREFIX = re.compile(r"(?:17951|17911|17909|17901|12593|10193|11808)(?=0?\d{10,})")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー─﹣－~"), "-")


def normalise(raw: object, region: str = "CN") -> Phone:
    """The stored form of whatever stands in a form field, a cell or a request.

    `region` is the country whose numbers need no country code (CN, HK, MO, TW or any other ISO code). Takes full-width digits,
    spaces, dashes, brackets, +86, 0086, 86, the prefixes of cheap long-distance calls (17951 …), a 0 before a mobile number,
    extensions (0571-88888888-8001, 转8001, ext. 8001), service numbers (95588, 10086, 400…), and numbers that a spreadsheet made
    into 13800138000 or '13800138000.0'. Raises `PhoneRejected` with the reason for everything else, whatever its type.
    """
    if type(raw) is str and (mobile := mainland_mobile(raw, region)):
        return Phone(mobile, "", "mobile", "CN")
    text = _text_of(raw)
    if not text:
        raise PhoneRejected(PhoneError.EMPTY)
    if len(text) > LONGEST_INPUT:
        raise PhoneRejected(PhoneError.TOO_LONG)
    if _SCIENTIFIC.fullmatch(text):
        raise PhoneRejected(PhoneError.SCIENTIFIC)
    whole = _WHOLE_FLOAT.fullmatch(text)
    if whole:
        text = whole[1]
    worded = _WORD_EXTENSION.fullmatch(text)
    if worded:
        return _with_extension(_read(worded["base"], region), worded["extension"])
    return _read_with_dashed_extension(text, region)


def mainland_mobile(text: str, region: str = "CN") -> str:
    """The E.164 form of a mainland mobile number written as eleven plain digits, "" for anything else.

    That is nearly every row of a list: what `normalise` would find, in a tenth of its time.
    """
    return f"+86{text}" if region == "CN" and text.isascii() and _MOBILE.fullmatch(text) else ""


def _text_of(raw: object) -> str:
    """The value as tidy ASCII-digit text; a float must be whole, because a phone number has no decimals."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise PhoneRejected(PhoneError.INVALID)
    if isinstance(raw, float | Decimal):
        finite = raw.is_finite() if isinstance(raw, Decimal) else math.isfinite(raw)
        if not finite or raw < 0 or (raw < 10**20 and raw != int(raw)):
            raise PhoneRejected(PhoneError.INVALID)
        raw = int(min(raw, 10**20))
    if isinstance(raw, int):
        if raw < 0:
            raise PhoneRejected(PhoneError.INVALID)
        return str(min(raw, 10**20))
    if raw.isascii() and raw.isdigit():
        return raw
    text = unicodedata.normalize("NFKC", raw[: 4 * LONGEST_INPUT].translate(_DASHES)).replace("\r", "\n")
    text = "".join(_plain(char) for char in text if unicodedata.category(char) != "Cf")
    text = text.strip().removeprefix("'").strip(" \n;,")
    return text[4:].strip() if text[:4].lower() == "tel:" else text


def _plain(char: str) -> str:
    if char.isascii():
        return " " if char == "\t" else char
    if char.isspace():
        return " "
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _read_with_dashed_extension(text: str, region: str) -> Phone:
    """In 0571-88888888-8001 the tail is an extension; in 138-0013-8000 it is not, because 138-0013 is no number."""
    tail = _DASHED_TAIL.fullmatch(text)
    if not tail:
        return _read(text, region)
    try:
        base = _read(tail["base"], region)
    except PhoneRejected:
        return _read(text, region)
    if base.kind == "foreign":
        try:
            return _read(text, region)
        except PhoneRejected:
            pass
    return _with_extension(base, tail["extension"])


def _with_extension(phone: Phone, extension: str) -> Phone:
    if len(extension) > 6:
        raise PhoneRejected(PhoneError.TOO_LONG)
    return Phone(phone.e164, extension, phone.kind, phone.region)


def _read(text: str, region: str) -> Phone:
    if len([part for part in _BETWEEN_NUMBERS.split(text) if any(char.isdigit() for char in part)]) > 1:
        raise PhoneRejected(PhoneError.SEVERAL)
    if not _NUMBER_SIGNS.fullmatch(text):
        raise PhoneRejected(PhoneError.LETTERS)
    digits = re.sub(r"\D", "", text)
    if not digits:
        raise PhoneRejected(PhoneError.INVALID)
    try:
        if "+" in text:
            return _international(re.sub(r"\D", "", text.replace("(0)", "")))
        if digits.startswith("00"):
            return _international(digits[2:])
        return _mainland(digits) if region == "CN" else _national(digits, region)
    except PhoneRejected as rejected:
        raise PhoneRejected(PhoneError.SEVERAL) if _looks_like_several(text, digits) else rejected from None


def _looks_like_several(text: str, digits: str) -> bool:
    """Two numbers with nothing but space, a dash or nothing at all between them."""
    for runs in (re.findall(r"\d+", text), [re.sub(r"\D", "", chunk) for chunk in text.split()]):
        if len([run for run in runs if len(run) >= 7]) > 1:
            return True
    return len(digits) == 22 and bool(_MOBILE.fullmatch(digits[:11]) and _MOBILE.fullmatch(digits[11:]))


def _mainland(digits: str) -> Phone:
    """A number as dialled inside mainland China."""
    digits = _IP_PREFIX.sub("", digits, count=1) if len(digits) > 13 else digits
    if len(digits) >= 12 and digits.startswith("86"):
        return _mainland_abroad(digits[2:])
    if _MOBILE.fullmatch(digits.removeprefix("0")):
        return Phone(f"+86{digits.removeprefix('0')}", "", "mobile", "CN")
    if _LONG_SERVICE.fullmatch(digits) or _SHORT_SERVICE.fullmatch(digits):
        return Phone(f"+86{digits}", "", "service", "CN")
    if digits.startswith("0") and _is_landline(digits[1:]):
        return Phone(f"+86{digits[1:]}", "", "landline", "CN")
    if 10 <= len(digits) <= 11 and _is_landline(digits):
        raise PhoneRejected(PhoneError.LOST_ZERO)
    raise PhoneRejected(_mainland_error(digits))


def _mainland_abroad(digits: str) -> Phone:
    """What follows +86: the area code has no 0 there, though people write one."""
    if not digits.startswith("0") and _is_landline(digits):
        return Phone(f"+86{digits}", "", "landline", "CN")
    if digits.startswith("86"):
        raise PhoneRejected(PhoneError.INVALID)
    return _mainland(digits)


def _mainland_error(digits: str) -> str:
    if re.match(r"1[3-9]", digits):
        shortest, longest = 11, 11
    else:
        shortest, longest = 10, 12
    if len(digits) < shortest:
        return PhoneError.TOO_SHORT
    return PhoneError.TOO_LONG if len(digits) > longest else PhoneError.INVALID


@lru_cache(maxsize=4096)
def _is_landline(national: str) -> bool:
    """Whether area code and number, without the 0, are a landline of mainland China."""
    if not 9 <= len(national) <= 11 or national.startswith("0"):
        return False
    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(national))
    return phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE


def _international(digits: str) -> Phone:
    """A number with its country code, without the + or 00."""
    if digits.startswith("86"):
        return _mainland_abroad(digits[2:])
    return _checked(f"+{digits}", None)


def _national(digits: str, region: str) -> Phone:
    """A number as dialled inside a region other than the mainland."""
    phone = _checked(digits, region)
    calling_code = str(phonenumbers.country_code_for_region(region))
    if phone.region == "TW" and not digits.startswith(("0", calling_code)):
        raise PhoneRejected(PhoneError.LOST_ZERO)
    return phone


def _checked(digits: str, region: str | None) -> Phone:
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException as error:
        raise PhoneRejected(_parse_error(error)) from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneRejected(_length_error(number))
    country = phonenumbers.region_code_for_number(number) or ""
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164), "", _kind_of(number, country), country
    )


def _parse_error(error: NumberParseException) -> str:
    if error.error_type == NumberParseException.TOO_LONG:
        return PhoneError.TOO_LONG
    short = (
        NumberParseException.TOO_SHORT_NSN,
        NumberParseException.TOO_SHORT_AFTER_IDD,
        NumberParseException.NOT_A_NUMBER,
    )
    return PhoneError.TOO_SHORT if error.error_type in short else PhoneError.INVALID


def _length_error(number: phonenumbers.PhoneNumber) -> str:
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.TOO_LONG:
        return PhoneError.TOO_LONG
    short = (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
    return PhoneError.TOO_SHORT if reason in short else PhoneError.INVALID


def _kind_of(number: phonenumbers.PhoneNumber, country: str) -> Kind:
    if country not in NEAR_REGIONS:
        return "foreign"
    number_type = phonenumbers.number_type(number)
    if number_type in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        return "mobile"
    return "landline" if number_type == PhoneNumberType.FIXED_LINE else "service"
