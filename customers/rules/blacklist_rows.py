"""Reading one row of a list of numbers that nobody may call (SPEC CUS-6). Pure: no Django.

Columns are recognised by their names in Chinese or English; only the number is needed, others are left out.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from callcenter.workdays import instant_of
from customers.rules.phones import MESSAGES as PHONE_MESSAGES
from customers.rules.phones import PhoneRejected, normalise


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# field: header words
COLUMNS: Final[dict[str, str]] = {
    "number": "number phone phone_number mobile tel telephone 号码 手机 手机号 手机号码 电话 电话号码 "
    "號碼 手機 手機號碼 電話 電話號碼",
    "client": "client client_code 委托方 委托方代码 委託方 委託方代碼",
    "campaign_code": "campaign campaign_code 项目 项目代码 外呼项目 專案 項目代碼",
    "purpose": "purpose 用途 目的",
    "category": "category 类别 類別 分类 分類",
    "reason": "reason 原因 理由",
    "evidence": "evidence 凭证 证据 憑證 證據",
    "expires_at": "expires expires_at until valid_until 到期 到期日 截止 截止日期 有效期",
}
LIMITS: Final = {"campaign_code": 40, "reason": 300, "evidence": 300}
PURPOSES: Final = {
    **dict.fromkeys(("", "所有", "全部", "all"), ""),
    **dict.fromkeys(("service", "服务", "服务回访", "服務", "服務回訪"), "service"),
    **dict.fromkeys(("sales", "销售", "营销", "銷售", "行銷"), "sales"),
    **dict.fromkeys(("survey", "调查", "調查", "问卷", "問卷"), "survey"),
    **dict.fromkeys(("dunning", "催缴", "催收", "催繳"), "dunning"),
}
CATEGORIES: Final = {
    **dict.fromkeys(("", "asked", "客户要求", "本人要求", "客戶要求"), "asked"),
    **dict.fromkeys(("complaint", "投诉", "投訴"), "complaint"),
    **dict.fromkeys(("legal", "法律", "监管", "監管"), "legal"),
    **dict.fromkeys(("internal", "内部", "內部"), "internal"),
}
# code: (what is wrong, what to do)
FAULTS: Final[dict[str, tuple[str, str]]] = {
    **{
        f"phone_{code}": (message, _("Correct the number and load the row again."))
        for code, message in PHONE_MESSAGES.items()
    },
    "unknown_client": (_("No client has the code “%(value)s”."), _("Correct the code or leave it empty.")),
    "unknown_purpose": (
        _("“%(value)s” is no purpose."),
        _("Write service, sales, survey or dunning, or leave it empty for every purpose."),
    ),
    "unknown_category": (
        _("“%(value)s” is no category."),
        _("Write asked, complaint, legal or internal, or leave it empty."),
    ),
    "too_long": (_("The text is longer than %(limit)s characters."), _("Shorten it.")),
    "bad_date": (_("“%(value)s” is not a date."), _("Write it as 2027-06-30, or leave it empty.")),
    "already_over": (
        _("The entry would have ended already."),
        _("Correct the date, or leave it empty for an entry without an end."),
    ),
}


class Fault(NamedTuple):
    """What is wrong with one cell: its field, the text found, a code of ``FAULTS`` and the values of its sentence."""

    field: str
    value: str
    code: str
    params: Mapping[str, str | int] = {}


@dataclass(slots=True)
class ListRow:
    """A row as stored; ``client`` is still a code. ``expires_at`` is the end of the last day of validity."""

    number: str = ""
    client: str = ""
    campaign_code: str = ""
    purpose: str = ""
    category: str = "asked"
    reason: str = ""
    evidence: str = ""
    expires_at: datetime | None = None


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each known field stands; the first column of a name counts."""
    words = {word: field for field, listed in COLUMNS.items() for word in listed.split()}
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        field = words.get(_plain(name).replace(" ", "_"))
        if field is not None:
            found.setdefault(field, place)
    return found


def read_row(
    cells: Sequence[str], places: Mapping[str, int], *, clients: frozenset[str], zone: str, now: datetime
) -> tuple[ListRow, list[Fault]]:
    """One row and everything wrong with it; ``clients`` are the codes there are. Dates are local days of ``zone``."""
    text = {field: str(cells[place]).strip() for field, place in places.items()}
    row, faults = ListRow(), []
    try:
        row.number = normalise(text.get("number", "")).e164
    except PhoneRejected as rejected:
        faults.append(Fault("number", text.get("number", ""), f"phone_{rejected.code}"))
    row.client = text.get("client", "")
    if row.client and row.client not in clients:
        faults.append(Fault("client", row.client, "unknown_client"))
    for field, words in (("purpose", PURPOSES), ("category", CATEGORIES)):
        meaning = words.get(_plain(text.get(field, "")))
        if meaning is None:
            faults.append(Fault(field, text[field], f"unknown_{field}"))
        else:
            setattr(row, field, meaning)
    for field, limit in LIMITS.items():
        setattr(row, field, text.get(field, ""))
        if len(text.get(field, "")) > limit:
            faults.append(Fault(field, text[field], "too_long", {"limit": limit}))
    row.expires_at, fault = _end_of(text.get("expires_at", ""), zone, now)
    return row, [*faults, fault] if fault else faults


def _end_of(text: str, zone: str, now: datetime) -> tuple[datetime | None, Fault | None]:
    if not text:
        return None, None
    try:
        day = date.fromisoformat(_plain(text)[:10].replace("/", "-"))
        ends_at = instant_of(day + timedelta(days=1), datetime.min.time(), zone)
    except (ValueError, OverflowError):
        return None, Fault("expires_at", text, "bad_date")
    return (ends_at, None) if ends_at > now else (None, Fault("expires_at", text, "already_over"))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
