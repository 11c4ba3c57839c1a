"""The alphabets of SMS: GSM-7 with its extension table, and UCS-2 (3GPP TS 23.038). SPEC CB-9."""

from typing import Final

GSM7: Final = "gsm7"
UCS2: Final = "ucs2"
# In the order of the code points; the one at 27 is the escape to the extension table and no character.
_TABLE: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = {
    "\f": 10,
    "^": 20,
    "{": 40,
    "}": 41,
    "\\": 47,
    "[": 60,
    "~": 61,
    "]": 62,
    "|": 64,
    "€": 101,
}
_CODES: Final = {one: bytes([place]) for place, one in enumerate(_TABLE) if one != "\x1b"} | {
    one: bytes([27, place]) for one, place in _EXTENSION.items()
}
_BACK: Final = {place: one for one, place in _EXTENSION.items()}


def encoding_of(text: str) -> str:
    """GSM-7 when every character is in its tables, else UCS-2: one Chinese character makes the whole text UCS-2."""
    return GSM7 if all(one in _CODES for one in text) else UCS2


def weight(character: str, encoding: str) -> int:
    """How many places a character takes: 2 for the extension table and for what lies outside the basic plane."""
    if encoding == GSM7:
        return len(_CODES[character])
    return 2 if ord(character) > 0xFFFF else 1


def encoded(text: str, encoding: str) -> bytes:
    """The text as it is submitted: one byte per GSM-7 code, or UTF-16 in network order."""
    if encoding == GSM7:
        return b"".join(_CODES[one] for one in text)
    return text.encode("utf-16-be", "replace")


def decoded(data: bytes, data_coding: int) -> str:
    """A received text by its SMPP data coding (0 GSM-7, 1 and 3 Latin, 8 UCS-2). What cannot be read becomes U+FFFD."""
    if data_coding == 8:
        return data.decode("utf-16-be", "replace")
    if data_coding in (1, 3):
        return data.decode("latin-1")
    if data_coding != 0:
        return data.decode("utf-8", "replace")
    text, escaped = "", False
    for code in data:
        if code == 27 and not escaped:
            escaped = True
            continue
        text += _BACK.get(code, "\ufffd") if escaped else (_TABLE[code] if code < 128 else "\ufffd")
        escaped = False
    return text
