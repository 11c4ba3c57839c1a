"""Showing phone numbers: hidden, as everybody sees them, or in full for those who may. SPEC CUS-11, ux.md section 10."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_MAINLAND_MOBILE = re.compile(r"\+86(1[3-9]\d)(\d{4})(\d{4})")
_MAINLAND_SERVICE = re.compile(r"\+86([48]00)(\d{3})(\d{4})")
_MAINLAND_SHORT = re.compile(r"\+86(\d{5,8})")
_MAINLAND_LANDLINE = re.compile(r"\+86(10|2\d|[3-9]\d\d)(\d{3,4})(\d{4})")
_EIGHT_DIGITS = re.compile(r"\+85[23](\d{4})(\d{4})")
_TAIWAN_MOBILE = re.compile(r"\+886(9\d\d)(\d{3})(\d{3})")
_TAIWAN_LANDLINE = re.compile(r"\+886([2-8])(\d{3,4})(\d{4})")


def mask(e164: str) -> str:
    """A stored number with at least four digits hidden, as everybody sees it who has not asked for more (SPEC CUS-11).

    138****8000, 0571-****8888, 400-***-8888, HK and MO 91****67, TW 0912-***-*78, others +1 212****567. Service numbers such as
    95588 belong to nobody and are shown. Never raises, and never shows all of something it does not know.
    """
    if match := _MAINLAND_MOBILE.fullmatch(e164):
        return f"{match[1]}****{match[3]}"
    if match := _MAINLAND_SERVICE.fullmatch(e164):
        return f"{match[1]}-***-{match[3]}"
    if match := _MAINLAND_SHORT.fullmatch(e164):
        return match[1]
    if match := _MAINLAND_LANDLINE.fullmatch(e164):
        return f"0{match[1]}-{'*' * len(match[2])}{match[3]}"
    if match := _EIGHT_DIGITS.fullmatch(e164):
        return f"{match[1][:2]}****{match[2][2:]}"
    if match := _TAIWAN_MOBILE.fullmatch(e164):
        return f"0{match[1]}-***-*{match[3][1:]}"
    if match := _TAIWAN_LANDLINE.fullmatch(e164):
        return f"0{match[1]}-{'*' * len(match[2])}{match[3]}"
    return _mask_unknown(e164)


def _mask_unknown(text: str) -> str:
    try:
        number = phonenumbers.parse(text, None)
    except NumberParseException:
        prefix, digits = "", "".join(char for char in text if char.isdigit())
        return _starred(digits) if digits else "*" * min(len(text), 8)
    prefix, digits = f"+{number.country_code} ", phonenumbers.national_significant_number(number)
    return prefix + _starred(digits)


def _starred(digits: str) -> str:
    hidden = min(len(digits), max(4, len(digits) - 6))
    head = (len(digits) - hidden + 1) // 2
    return digits[:head] + "*" * hidden + digits[head + hidden :]


def display(e164: str, extension: str = "") -> str:
    """A stored number in full, as people of its country write it (ux.md section 10).

    138 0013 8000, 0571-8888 8888, 400-888-8888, 95588, HK 9123 4567, TW 0912-345-678, others +1 212-555-1234; an extension
    follows after a dash. Text that is no E.164 number comes back as it is. Only for those who may see the whole number.
    """
    shown = _display(e164)
    return f"{shown}-{extension}" if extension else shown


def _display(e164: str) -> str:
    if match := _MAINLAND_MOBILE.fullmatch(e164):
        return f"{match[1]} {match[2]} {match[3]}"
    if match := _MAINLAND_SERVICE.fullmatch(e164):
        return f"{match[1]}-{match[2]}-{match[3]}"
    if match := _MAINLAND_SHORT.fullmatch(e164):
        return match[1]
    if match := _MAINLAND_LANDLINE.fullmatch(e164):
        return f"0{match[1]}-{match[2]} {match[3]}"
    if match := _EIGHT_DIGITS.fullmatch(e164):
        return f"{match[1]} {match[2]}"
    if match := _TAIWAN_MOBILE.fullmatch(e164) or _TAIWAN_LANDLINE.fullmatch(e164):
        return f"0{match[1]}-{match[2]}-{match[3]}"
    try:
        return str(
            phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.INTERNATIONAL)
        )
    except NumberParseException:
        return e164
