"""One row of a customer list as stored values, or everything that is wrong with it (SPEC CUS-3, reliability.md I-01 … I-03).

A value is never changed in silence: what cannot be read without guessing is a `Fault` with its column and value.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dict
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, TypeAlias

from customers.rules.identity import MESSAGES as IDENTITY_MESSAGES
from customers.rules.identity import IdentityRejected, mask_identity, read_identity
from customers.rules.importing.columns import Mapping
from customers.rules.importing.dates import BIRTH_NAMES, DATE_FAULTS, BadDate, read_date
from customers.rules.phones import MESSAGES as PHONE_MESSAGES
from customers.rules.phones import PhoneRejected, mainland_mobile, normalise

Stored: TypeAlias = str | None
Read: TypeAlias = Callable[[str], Stored]
# Makes of an identity number what is stored: the sealed text, and the hash that finds it.
Seal: TypeAlias = Callable[[str], tuple[str, str]]


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# code: (what is wrong, what to do)
FAULTS: Final[dict[str, tuple[str, str]]] = {
    **{
        f"phone_{code}": (message, _("Correct the number and load the row again."))
        for code, message in PHONE_MESSAGES.items()
    },
    **IDENTITY_MESSAGES,
    "nobody": (
        _("The row has neither a customer number nor a phone."),
        _("Enter one of them, so that the customer can be recognised."),
    ),
    "nameless": (_("The row has neither a name nor a customer number."), _("Enter the customer's name.")),
    "too_long": (_("The text is longer than %(limit)s characters."), _("Shorten it.")),
    "not_a_number": (
        _("The amount is not a number."),
        _("Enter digits, with a point before the decimals: 12000.50"),
    ),
    "too_large": (
        _("The amount has more than 12 digits before the point."),
        _("Check the amount and its unit."),
    ),
    "too_precise": (_("The amount has more than two decimals."), _("Round it to cents.")),
    "unknown_region": (
        _("No region has this name or code."),
        _("Correct the region, or ask the administrator to add it."),
    ),
    "unknown_gender": (
        _("The gender is not understood."),
        _("Enter 男 or 女, male or female, or leave it empty."),
    ),
    "unknown_nature": (
        _("It is not clear whether this is a person or a company."),
        _("Enter 个人 or 企业, individual or company."),
    ),
    "unknown_relation": (
        _("It is not clear whether the customer is new."),
        _("Enter 新客户, 续保 or 潜在; new, renewal or potential."),
    ),
    "not_yes_or_no": (_("The value is neither yes nor no."), _("Enter 是 or 否, yes or no.")),
    "bad_email": (
        _("This is not an e-mail address."),
        _("Enter an address such as name@example.com, or leave it empty."),
    ),
    "bad_hours": (
        _("These are not hours of a day."),
        _("Enter ranges such as 12:00-13:30, divided by a semicolon."),
    ),
    **DATE_FAULTS,
}


class Fault(NamedTuple):
    """What is wrong with one cell: the header of its `column`, the text found, a code of `FAULTS` and its `params`."""

    column: str
    value: str
    code: str
    params: dict[str, str | int] = {}


class _Wrong(ValueError):
    def __init__(self, code: str, **params: str | int) -> None:
        self.code, self.params = code, params
        super().__init__(code)


LIMITS: Final = {
    "external_id": 60,
    "name": 120,
    "salutation": 60,
    "level": 30,
    "address": 300,
    "language": 10,
    "source": 60,
}
_WORDS: Final = {
    "gender": {
        "男": "m",
        "先生": "m",
        "m": "m",
        "male": "m",
        "女": "f",
        "女士": "f",
        "小姐": "f",
        "f": "f",
        "female": "f",
    },
    "nature": {
        **dict.fromkeys(("个人", "個人", "自然人", "individual", "person", "personal"), "individual"),
        **dict.fromkeys(
            ("企业", "企業", "公司", "单位", "單位", "团体", "團體", "company", "business", "corporate"),
            "company",
        ),
    },
    "relation": {
        **dict.fromkeys(("新", "新客户", "新客戶", "新单", "新單", "new"), "new"),
        **dict.fromkeys(("续保", "續保", "老客户", "舊客戶", "老客戶", "renewal", "existing"), "renewal"),
        **dict.fromkeys(
            ("潜在", "潛在", "潜在客户", "潛在客戶", "意向", "potential", "prospect", "lead"), "potential"
        ),
    },
    "key_customer": {
        **dict.fromkeys(("是", "y", "yes", "true", "1", "vip", "重点", "重點", "√"), "1"),
        **dict.fromkeys(("否", "n", "no", "false", "0", "普通", "×"), "0"),
    },
    "consent": {
        **dict.fromkeys(
            ("是", "同意", "已同意", "已授权", "已授權", "y", "yes", "true", "1", "agreed", "√"), "1"
        ),
        **dict.fromkeys(
            ("否", "不同意", "拒绝", "拒絕", "未授权", "未授權", "n", "no", "false", "0", "refused", "×"), "0"
        ),
    },
}
_WRONG_WORD: Final = {
    "gender": "unknown_gender",
    "nature": "unknown_nature",
    "relation": "unknown_relation",
    "key_customer": "not_yes_or_no",
    "consent": "not_yes_or_no",
}
_YES_OR_NO: Final = {"key_customer", "consent"}
_AMOUNT = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?")
_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']{2,}")
_RANGE = re.compile(r"(\d{1,2}):?(\d{2})?\s*[-~至到]\s*(\d{1,2}):?(\d{2})?")
_quote = json.JSONEncoder(ensure_ascii=False).encode
SHOWN: Final = 100
LONGEST_CUSTOM: Final = 2_000


class RowReader:
    """Reads the rows of one file by its `mapping`; `regions` maps names and codes (in lower case) to their ids.

    `columns` are the staging columns that `read` returns values for, in that order. Values are text as the database
    takes it (None for NULL), JSON where the column is JSON. `today` is the last possible day of birth.
    """

    def __init__(
        self,
        mapping: Mapping,
        *,
        regions: Dict[str, int],
        country: str = "CN",
        today: date | None = None,
        seal: Seal | None = None,
    ) -> None:
        self.mapping, self.regions, self.country, self.today = mapping, regions, country, today
        self.phones = [name for name in ("phone", "phone2", "phone3") if name in mapping.positions]
        self._seal, self._identity = seal, mapping.positions.get("id_number")
        apart = (*self.phones, "id_number")
        plain = [name for name in mapping.positions if name not in apart]
        self._plan: list[tuple[int, str, Read]] = [
            (mapping.positions[name], mapping.names[name], self._reader(name)) for name in plain
        ]
        # (position, its name and a colon as JSON, name, order of dates or None)
        self._custom = [
            (position, f"{_quote(name)}: ", name, mapping.dates.get(position))
            for name, position in mapping.custom
        ]
        self.columns = ["region_id" if name == "region" else name for name in plain]
        if self._identity is not None:
            self.columns += ["id_sealed", "id_print"]
        if self._custom:
            self.columns.append("custom")
        if self.phones:
            self.columns += ["number", "extension", "kind"]
        if len(self.phones) > 1:
            self.columns.append("more")
        self._phone = mapping.positions[self.phones[0]] if len(self.phones) == 1 else None
        self._id = plain.index("external_id") if "external_id" in plain else None
        self._name = plain.index("name") if "name" in plain else None

    def read(self, cells: Sequence[str]) -> tuple[list[Stored], list[Fault]]:
        """The values of one row in the order of `columns`, and its faults; with a fault the values are of no use."""
        faults: list[Fault] = []
        try:
            values = [reader(cells[position]) for position, _column, reader in self._plan]
        except _Wrong:
            values = self._read_each(cells, faults)
        known = self._id is not None and values[self._id]
        if self._name is not None and not values[self._name]:
            values[self._name] = known or ""
            if not known:
                faults.append(Fault(self.mapping.names["name"], "", "nameless"))
        if self._identity is not None:
            values += self._read_identity(cells[self._identity], faults)
        if self._custom:
            values.append(self._read_custom(cells, faults))
        if self.phones:
            if self._phone is not None and (number := mainland_mobile(cells[self._phone], self.country)):
                values += (number, "", "mobile")
                return values, faults
            self._read_phones(cells, values, faults)
            if not known and not values[len(values) - (4 if len(self.phones) > 1 else 3)] and not faults:
                faults.append(Fault(self.mapping.names["phone"], "", "nobody"))
        elif not known:
            faults.append(Fault(self.mapping.names["external_id"], "", "nobody"))
        return values, faults

    def _read_each(self, cells: Sequence[str], faults: list[Fault]) -> list[Stored]:
        """The values one by one, for a row in which something is wrong."""
        values: list[Stored] = []
        for position, column, reader in self._plan:
            try:
                values.append(reader(cells[position]))
            except _Wrong as wrong:
                values.append("")
                faults.append(Fault(column, cells[position][:SHOWN], wrong.code, wrong.params))
        return values

    def _read_identity(self, text: str, faults: list[Fault]) -> tuple[str, str]:
        """The two staging columns of an identity number; a fault names it masked, like everything but the file itself."""
        try:
            number = read_identity(text) if text else ""
        except IdentityRejected as rejected:
            faults.append(Fault(self.mapping.names["id_number"], mask_identity(text[:SHOWN]), rejected.code))
            number = ""
        return self._seal(number) if number and self._seal else ("", "")

    def _reader(self, name: str) -> Read:
        if name in LIMITS:
            return _text_reader(LIMITS[name])
        if name in _WORDS:
            return _word_reader(name)
        if name == "region":
            return self._region
        return {"amount": amount, "email": _email, "rest_hours": hours, "preferred_hours": hours}[name]

    def _region(self, text: str) -> Stored:
        key = tidy(text).casefold()
        if not key:
            return None
        if key not in self.regions:
            raise _Wrong("unknown_region")
        return str(self.regions[key])

    def _read_custom(self, cells: Sequence[str], faults: list[Fault]) -> str:
        parts = []
        for position, key, name, order in self._custom:
            text = cells[position]
            if not text:
                continue
            if order is not None:
                text = self._date(text, name, order, faults)
            elif len(text) > LONGEST_CUSTOM or not text.isprintable():
                text = tidy(text)
                if len(text) > LONGEST_CUSTOM:
                    faults.append(Fault(name, text[:SHOWN], "too_long", {"limit": LONGEST_CUSTOM}))
            parts.append(key + _quote(text))
        return f"{{{', '.join(parts)}}}"

    def _date(self, text: str, name: str, order: str, faults: list[Fault]) -> str:
        until = self.today if name.casefold() in BIRTH_NAMES else None
        try:
            return read_date(text, order, until=until)
        except BadDate as bad:
            faults.append(Fault(name, text[:SHOWN], bad.code, bad.params))
            return ""

    def _read_phones(self, cells: Sequence[str], values: list[Stored], faults: list[Fault]) -> None:
        numbers = []
        for name in self.phones:
            text = cells[self.mapping.positions[name]]
            if not text or not text.strip():
                continue
            try:
                phone = normalise(text, self.country)
            except PhoneRejected as rejected:
                faults.append(Fault(self.mapping.names[name], text[:SHOWN], f"phone_{rejected.code}"))
                continue
            number = [phone.e164, phone.extension, phone.kind]
            if number not in numbers:
                numbers.append(number)
        values += numbers[0] if numbers else ["", "", ""]
        if len(self.phones) > 1:
            values.append(json.dumps(numbers[1:]) if len(numbers) > 1 else None)


def tidy(text: str) -> str:
    """Text without blanks around it, control characters and half characters; line ends become blanks."""
    if text.isprintable():
        return text.strip()
    kept = (char if char.isprintable() else " " if char.isspace() else "" for char in text)
    return " ".join("".join(kept).split())


def _text_reader(limit: int) -> Read:
    def read(text: str) -> Stored:
        text = text.strip() if text.isprintable() else tidy(text)
        if len(text) > limit:
            raise _Wrong("too_long", limit=limit)
        return text

    return read


def _word_reader(name: str) -> Read:
    words, empty = _WORDS[name], None if name in _YES_OR_NO else ""

    def read(text: str) -> Stored:
        word = unicodedata.normalize("NFKC", tidy(text)).casefold()
        if not word:
            return empty
        if word not in words:
            raise _Wrong(_WRONG_WORD[name])
        return words[word]

    return read


def amount(text: str) -> Stored:
    """An amount with at most 12 digits and two decimals, negative ones too; grouping, ¥ and full-width digits are taken."""
    if _AMOUNT.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", tidy(text)).replace("−", "-")
    plain = plain.removesuffix("元").replace("¥", "").replace("￥", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    if not plain:
        return None
    if _AMOUNT.fullmatch(plain):
        return plain
    if not re.fullmatch(r"[+-]?\d+(?:\.\d+)?", plain) or len(plain) > 60:
        raise _Wrong("not_a_number")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise _Wrong("not_a_number") from None
    if abs(value) >= 10**12:
        raise _Wrong("too_large")
    rounded = value.quantize(Decimal("0.01"))
    if rounded != value:
        raise _Wrong("too_precise")
    return str(rounded)


def _email(text: str) -> Stored:
    address = unicodedata.normalize("NFKC", tidy(text))
    if address and (not _EMAIL.fullmatch(address) or len(address) > 254):
        raise _Wrong("bad_email")
    return address


def hours(text: str) -> Stored:
    """Ranges of hours as JSON, [["12:00", "13:30"], …], from "12:00-13:30; 21-8"; a range may cross midnight."""
    plain = unicodedata.normalize("NFKC", tidy(text)).replace("—", "-").replace("–", "-")
    if not plain:
        return None
    ranges = []
    for part in re.split(r"[;,、；，]", plain):
        match = _RANGE.fullmatch(part.strip())
        if not match:
            raise _Wrong("bad_hours")
        try:
            pair = [time(int(match[each]) % 24, int(match[each + 1] or 0)) for each in (1, 3)]
        except ValueError:
            raise _Wrong("bad_hours") from None
        if max(int(match[1]), int(match[3])) > 24:
            raise _Wrong("bad_hours")
        ranges.append([f"{each:%H:%M}" for each in pair])
    return json.dumps(ranges)
