"""Which column of a customer list is which of our fields (SPEC CUS-3, ux.md 5.6, reliability.md section 5 "headers").

A mapping is data: `{"columns": {"customer_no": "external_id", …}, "rest": "custom"}`. `rest` is what becomes of columns that
are not named: "custom" keeps them under their own name, "ignore" drops them. A further field that is a date says how its dates
are written: "date_ymd", "date_dmy" or "date_mdy".
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from customers.rules.importing.dates import ORDERS

IGNORE: Final = "ignore"
CUSTOM: Final = "custom"
LONGEST_NAME: Final = 100
DATES: Final = {f"date_{order}": order for order in ORDERS}
# What several columns may be: further fields, further fields with dates, nothing.
FREE: Final = (CUSTOM, *DATES, IGNORE)


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# target: (label, header words in lower case, simplified, traditional and English)
TARGETS: Final[dict[str, tuple[str, str]]] = {
    "external_id": (
        _("customer number"),
        "客户编号 客户号 客户代码 会员号 会员编号 用户编号 用户号 编号 保单号 客戶編號 客戶號 "
        "客戶代碼 會員編號 會員號 用戶編號 編號 保單號 customer_no customer_number customer_id "
        "customerid customer_code client_id external_id member_no policy_no id no",
    ),
    "name": (
        _("name"),
        "姓名 客户姓名 客户名称 客户 名称 联系人 联系人姓名 投保人 会员姓名 用户姓名 客戶姓名 "
        "客戶名稱 客戶 名稱 聯絡人 聯繫人 要保人 會員姓名 用戶姓名 name full_name fullname "
        "customer_name customer contact contact_name",
    ),
    "phone": (
        _("phone"),
        "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 移动电话 手機 手機號 手機號碼 "
        "行動電話 電話 電話號碼 聯絡電話 聯繫電話 phone phone_number phone_no mobile mobile_phone "
        "mobile_number tel telephone cell cellphone number phone1",
    ),
    "phone2": (
        _("second phone"),
        "电话2 电话二 手机2 备用电话 其他电话 座机 固话 固定电话 家庭电话 办公电话 電話2 手機2 "
        "備用電話 其他電話 市話 室內電話 住家電話 公司電話 phone2 phone_2 second_phone "
        "other_phone landline home_phone office_phone alternative_phone",
    ),
    "phone3": (
        _("third phone"),
        "电话3 电话三 手机3 电话号码3 電話3 手機3 phone3 phone_3 third_phone",
    ),
    "gender": (
        _("gender"),
        "性别 性別 gender sex",
    ),
    "salutation": (
        _("salutation"),
        "称呼 称谓 尊称 稱呼 稱謂 salutation title",
    ),
    "nature": (
        _("individual or company"),
        "客户性质 性质 客户类型 客戶性質 性質 客戶類型 nature customer_type kind",
    ),
    "relation": (
        _("new, renewal or potential"),
        "新老客户 客户来源类型 业务类型 新舊客戶 業務類型 relation relationship",
    ),
    "level": (
        _("level"),
        "客户级别 级别 等级 客户等级 会员等级 客戶級別 級別 等級 客戶等級 會員等級 level grade tier rank",
    ),
    "key_customer": (
        _("key customer"),
        "重点客户 大客户 vip 是否重点 重點客戶 大客戶 是否重點 key_customer key",
    ),
    "amount": (
        _("insured amount or spend"),
        "投保金额 保额 保险金额 保费 消费金额 消费 金额 余额 投保金額 保額 保險金額 保費 消費金額 "
        "消費 金額 餘額 amount insured_amount sum_insured premium spend balance",
    ),
    "region": (
        _("region"),
        "片区 地区 区域 所在地区 省份 省 城市 片區 地區 區域 所在地區 省分 縣市 region area "
        "territory province city",
    ),
    "address": (
        _("address"),
        "地址 联系地址 通讯地址 住址 家庭地址 聯絡地址 通訊地址 住家地址 address street",
    ),
    "email": (
        _("e-mail"),
        "邮箱 电子邮箱 电子邮件 邮件 電郵 郵箱 電子信箱 電子郵件 信箱 email e-mail mail email_address",
    ),
    "id_number": (
        _("identity number"),
        "身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码 身分證 身分證號 身分證字號 身份證 "
        "身份證號 身份證號碼 證件號碼 id_number id_no id_card identity identity_number national_id passport passport_no",
    ),
    "language": (
        _("language"),
        "语言 语种 語言 語種 language lang",
    ),
    "source": (
        _("source"),
        "来源 来源渠道 渠道 客户来源 來源 來源管道 渠道來源 客戶來源 source channel source_channel",
    ),
    "consent": (
        _("agreed to be called"),
        "同意 同意来电 同意致电 同意联系 是否同意 是否同意来电 授权 是否授权 来电授权 同意來電 同意致電 同意聯絡 是否同意來電 "
        "授權 是否授權 consent phone_consent call_consent opt_in optin agreed_to_calls",
    ),
    "rest_hours": (
        _("rest hours"),
        "休息时间 免打扰时间 勿扰时间 休息時間 免打擾時間 勿擾時間 rest_hours quiet_hours",
    ),
    "preferred_hours": (
        _("preferred hours"),
        "方便时间 联系时间 可联系时间 方便時間 聯絡時間 preferred_hours best_time",
    ),
}
_WORDS: Final = {word: target for target, (_label, words) in TARGETS.items() for word in words.split()}


class BadMapping(ValueError):
    """The mapping does not fit: `code` of `MAPPING_FAULTS`, `params` for its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        self.code, self.params = code, params
        self.message = MAPPING_FAULTS[code]
        super().__init__(self.message % params)


MAPPING_FAULTS: Final = {
    "shape": _('A mapping is an object such as {"columns": {"Phone": "phone"}, "rest": "custom"}.'),
    "unknown_target": _("“%(target)s” is not a field. Possible are: %(targets)s."),
    "missing_column": _("The file has no column “%(column)s”. Its columns are: %(columns)s."),
    "twice": _("Two columns are given for “%(target)s”: “%(first)s” and “%(second)s”. Choose one."),
    "nobody": _(
        "Neither customer number nor phone is among the columns. One of them is needed to recognise a customer."
    ),
    "nameless": _(
        "Neither name nor customer number is among the columns. One of them is needed to name a customer."
    ),
    "phone_first": _("A further phone is given but no first phone. Choose the column of the first phone."),
}


@dataclass(frozen=True)
class Mapping:
    """A mapping made ready for one file: the position of each target, and (name, position) of the custom columns.

    `dates` says of a custom column's position in which order its dates are written.
    """

    positions: dict[str, int]
    names: dict[str, str]
    custom: tuple[tuple[str, int], ...]
    dates: dict[int, str] = field(default_factory=dict)


def column_keys(header: Iterable[tuple[str, str]]) -> list[str]:
    """What each column is called in a mapping, from (name, letters): its name, with the letters where that is not unique.

    "Phone [C]" for one of two columns of that name, "[C]" for one without a name.
    """
    columns = [(name.strip(), letters) for name, letters in header]
    count = Counter(_plain(name) for name, _letters in columns)
    taken = {plain for plain, times in count.items() if plain and times == 1}
    keys = []
    for name, letters in columns:
        key = name
        if not name or count[_plain(name)] > 1:
            key = f"{name} [{letters}]".strip()
            while _plain(key) in taken:
                key += f" [{letters}]"
            taken.add(_plain(key))
        keys.append(key)
    return keys


def guess(keys: Sequence[str]) -> dict[str, str]:
    """The likely target of each column, the first claim winning; "custom" for what is not known.

    A second column that looks like a phone becomes the second phone. Nothing is guessed from the data.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        target = _WORDS.get(_plain(key.split(" [")[0])) or _WORDS.get(
            _plain(key.split(" [")[0]).rstrip("*:号碼码")
        )
        if target in taken and target and target.startswith("phone"):
            target = next((each for each in ("phone", "phone2", "phone3") if each not in taken), None)
        found[key] = target if target and target not in taken else CUSTOM
        taken.add(found[key])
    return found


def read_mapping(data: object, keys: Sequence[str]) -> Mapping:
    """The mapping in `data` (as stored, posted or read from a file) made ready for a file whose columns are `keys`.

    Names are compared without regard to case, width and blanks. Raises `BadMapping`.
    """
    columns, rest = _shape(data)
    places = {_plain(key): position for position, key in enumerate(keys)}
    positions: dict[str, int] = {}
    names: dict[str, str] = {}
    custom: list[tuple[str, int]] = []
    dates: dict[int, str] = {}
    named: set[int] = set()
    for column, target in columns.items():
        position = places.get(_plain(column))
        if position is None:
            raise BadMapping("missing_column", column=column[:60], columns=", ".join(keys)[:300])
        if target not in TARGETS and target not in FREE:
            raise BadMapping("unknown_target", target=str(target)[:40], targets=", ".join([*TARGETS, *FREE]))
        if target in positions:
            raise BadMapping("twice", target=target, first=names[target], second=keys[position])
        named.add(position)
        if target == CUSTOM or target in DATES:
            custom.append((_field_name(keys, position), position))
            if target in DATES:
                dates[position] = DATES[target]
        elif target != IGNORE:
            positions[target], names[target] = position, keys[position]
    if rest == CUSTOM:
        custom += [(_field_name(keys, place), place) for place in range(len(keys)) if place not in named]
    _must_suffice(positions)
    in_order = dict(sorted(positions.items(), key=lambda item: item[1]))
    return Mapping(in_order, names, tuple(sorted(custom, key=lambda item: item[1])), dates)


def _field_name(keys: Sequence[str], position: int) -> str:
    """What a further field is called; one whose header is an essay is cut, and stays apart from others that begin so."""
    key = keys[position]
    return key if len(key) <= LONGEST_NAME else f"{key[: LONGEST_NAME - 10]}… [{position + 1}]"


def _shape(data: object) -> tuple[dict[str, str], str]:
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        raise BadMapping("shape")
    columns, rest = data["columns"], data.get("rest", CUSTOM)
    if rest not in (CUSTOM, IGNORE) or not all(isinstance(text, str) for text in columns.values()):
        raise BadMapping("shape")
    return columns, rest


def _must_suffice(positions: dict[str, int]) -> None:
    if not positions.keys() & {"external_id", "phone"}:
        raise BadMapping("phone_first" if positions.keys() & {"phone2", "phone3"} else "nobody")
    if positions.keys() & {"phone2", "phone3"} and "phone" not in positions:
        raise BadMapping("phone_first")
    if not positions.keys() & {"external_id", "name"}:
        raise BadMapping("nameless")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip().replace(" ", "_")
