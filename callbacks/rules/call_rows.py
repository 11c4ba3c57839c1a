"""Reading one row of a file of calls made elsewhere (SPEC CB-6, domain.md section 4, rules 14 and 15).

A mapping is data: `{"columns": {"call_no": "external_id"}, "values": {"disposition": {"yes": "SALE"}}, "time_of_day": "09:00"}`.
``columns`` says which column is what, ``values`` translates words of the file, ``time_of_day`` is the local time of calls whose
file gives only the day. Columns that are not named are left out.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from callcenter.workdays import instant_of, utc

LONGEST_SECONDS: Final = 4 * 3600
MOST_ATTEMPTS: Final = 1_000
MOST_TEXT: Final = {
    "external_id": 60,
    "customer": 60,
    "note": 500,
    "line": 30,
    "agent": 150,
    "recording": 120,
}
DEFAULT_TIME: Final = time(9)
# Who can hang up first, in the words of the records of exchanges.
PARTIES: Final = {
    "agent": "agent",
    "坐席": "agent",
    "座席": "agent",
    "customer": "customer",
    "客户": "customer",
    "客戶": "customer",
}


def _(message: str) -> str:
    """Marks a message for the translators; the pages translate it."""
    return message


# field: (label, whether it must be there, header words)
FIELDS: Final[dict[str, tuple[str, bool, str]]] = {
    "external_id": (
        _("call number"),
        True,
        "call_no call_number call_id external_id 通话编号 呼叫编号 通話編號 呼叫編號",
    ),
    "customer": (
        _("customer number"),
        True,
        "customer_no customer_number customer_id 客户编号 客户号 客戶編號 客戶號",
    ),
    "started_at": (
        _("started"),
        True,
        "date started started_at start_time 日期 开始时间 通话时间 開始時間 通話時間",
    ),
    "disposition": (_("result"), True, "result disposition outcome code 结果 小结 結果 小結"),
    "talk_seconds": (
        _("talk seconds"),
        False,
        "talk talk_seconds duration duration_seconds 通话时长 通话秒数 通話時長 通話秒數",
    ),
    "ring_seconds": (_("ringing seconds"), False, "ring ring_seconds 振铃时长 振鈴時長"),
    "answered_at": (
        _("answered"),
        False,
        "answered answered_at answer_time 接通时间 应答时间 接通時間 應答時間",
    ),
    "ended_at": (
        _("ended"),
        False,
        "ended ended_at end_time hangup_time 结束时间 挂机时间 結束時間 掛機時間",
    ),
    "prep_seconds": (_("preparation seconds"), False, "prep prep_seconds 准备时长 準備時長"),
    "hold_seconds": (_("hold seconds"), False, "hold hold_seconds 保持时长 保持時長"),
    "wrap_seconds": (_("after-call seconds"), False, "wrap wrap_seconds 整理时长 整理時長"),
    "attempts": (_("attempts"), False, "attempts dials 拨打次数 撥打次數"),
    "number": (_("number dialled"), False, "number phone 号码 电话 號碼 電話"),
    "agent": (_("agent"), False, "agent username employee_no 坐席 工号 座席 工號"),
    "line": (_("line"), False, "line 线路 線路"),
    "hung_up_by": (_("hung up first"), False, "hung_up_by hangup_party 挂机方 先挂机方 掛機方"),
    "recording": (
        _("name of the recording"),
        False,
        "recording recording_id record_file 录音 录音编号 錄音 錄音編號",
    ),
    "note": (_("note"), False, "note remark 备注 備註"),
}

# code: (what is wrong, what to do)
PROBLEMS: Final[dict[str, tuple[str, str]]] = {
    "missing": (_("The cell is empty."), _("Fill it in.")),
    "too_long": (_("The text is too long."), _("Shorten it to %(limit)s characters.")),
    "bad_date": (
        _("“%(value)s” is not a date."),
        _("Write it as 2026-03-04 or 2026-03-04 10:15:00."),
    ),
    "times_order": (
        _("The call is answered or ends before it starts, or in the wrong order."),
        _("Correct the times: started, answered, ended."),
    ),
    "unknown_party": (
        _("“%(value)s” is not one of those who can hang up."),
        _("Write agent or customer, or leave it empty."),
    ),
    "bad_recording": (
        _("“%(value)s” is not the name of a recording."),
        _("Give the name without folders, of letters, digits, “.”, “-” and “_”."),
    ),
    "in_future": (_("The call lies in the future."), _("Correct the date.")),
    "not_seconds": (
        _("“%(value)s” is not a number of seconds."),
        _("Write whole or decimal seconds, such as 75, or mm:ss."),
    ),
    "negative": (_("A duration cannot be negative."), _("Correct the number.")),
    "too_many_seconds": (
        _("The duration is longer than 4 hours."),
        _("Check the clock of the telephone system and correct the number."),
    ),
    "not_a_count": (_("“%(value)s” is not a count from 1 to 1,000."), _("Correct the number.")),
    "unknown_customer": (
        _("No customer of this client has the number “%(value)s”."),
        _("Import the customer first, or correct the number."),
    ),
    "unknown_result": (
        _("“%(value)s” is no result of a call."),
        _("Use the code of a result, or translate the word in the mapping."),
    ),
    "unknown_agent": (
        _("Nobody has the user name or employee number “%(value)s”."),
        _("Correct it or leave it empty."),
    ),
    "repeated_call": (
        _("Row %(row)s of this file has the same call number."),
        _("Keep one of the two rows."),
    ),
    "foreign_call": (
        _("The call number “%(value)s” belongs to a call of another campaign."),
        _("Choose the right campaign, or give the calls numbers of their own."),
    ),
    "bad_number": (_("“%(value)s” is not a phone number."), _("Correct it or leave it empty.")),
}


class Problem(NamedTuple):
    """What is wrong with one field of a row: the field, the text found, a code of ``PROBLEMS`` and its details."""

    field: str
    value: str
    code: str
    details: Mapping[str, Any] = {}


class BadMapping(ValueError):
    """The mapping does not fit the file; ``code`` and ``names`` say how."""

    def __init__(self, code: str, names: Sequence[str]) -> None:
        super().__init__(f"{code}: {', '.join(names)}")
        self.code, self.names = code, list(names)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands in a row, and how its words are read."""

    places: Mapping[str, int]
    values: Mapping[str, Mapping[str, str]]
    time_of_day: time


def key_of(name: str) -> str:
    """A column name or word as it is compared: full-width and case do not matter."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def layout_of(mapping: Mapping[str, Any], header: Sequence[str]) -> Layout:
    """The mapping as it fits the header. Raises ``BadMapping``: no_such_column, no_such_field, field_missing, not_a_mapping."""
    columns = mapping.get("columns")
    values = mapping.get("values", {})
    clock = mapping.get("time_of_day", DEFAULT_TIME.isoformat("minutes"))
    if not isinstance(columns, Mapping) or not isinstance(values, Mapping) or not isinstance(clock, str):
        raise BadMapping("not_a_mapping", [])
    positions = {key_of(name): place for place, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for column, field in columns.items():
        if field not in FIELDS:
            raise BadMapping("no_such_field", [str(field)])
        if key_of(str(column)) not in positions:
            raise BadMapping("no_such_column", [str(column)])
        places[str(field)] = positions[key_of(str(column))]
    if lacking := [
        field for field, (_label, needed, _words) in FIELDS.items() if needed and field not in places
    ]:
        raise BadMapping("field_missing", lacking)
    try:
        at = time.fromisoformat(clock)
    except ValueError:
        raise BadMapping("not_a_mapping", []) from None
    words = {
        field: {key_of(str(word)): str(meaning) for word, meaning in table.items()}
        for field, table in values.items()
        if isinstance(table, Mapping)
    }
    return Layout(places, words, at)


def guessed_mapping(header: Sequence[str]) -> dict[str, Any]:
    """The mapping that the names of the columns suggest."""
    columns: dict[str, str] = {}
    for name in header:
        for field, (_label, _needed, words) in FIELDS.items():
            if key_of(name) in words.split() and field not in columns.values():
                columns[name] = field
                break
    return {"columns": columns}


@dataclass(slots=True)
class CallRow:
    """A row read as far as the file alone allows: customer, result and agent are still words."""

    external_id: str
    customer: str
    started_at: datetime | None
    disposition: str
    talk_seconds: Decimal
    ring_seconds: Decimal
    wrap_seconds: Decimal
    attempts: int
    number: str
    agent: str
    line: str
    note: str
    answered_at: datetime | None
    ended_at: datetime | None
    prep_seconds: Decimal
    hold_seconds: Decimal
    hung_up_by: str
    recording: str


def read_row(
    cells: Sequence[str], layout: Layout, *, zone: str, now: datetime
) -> tuple[CallRow, list[Problem]]:
    """One row and everything wrong with it; instants in UTC, read on the clock of ``zone``."""
    problems: list[Problem] = []
    reader = _Reader(cells, layout, problems)
    row = CallRow(
        external_id=reader.text("external_id"),
        customer=reader.text("customer"),
        started_at=reader.instant("started_at", zone, now),
        disposition=reader.text("disposition"),
        talk_seconds=reader.seconds("talk_seconds"),
        ring_seconds=reader.seconds("ring_seconds"),
        wrap_seconds=reader.seconds("wrap_seconds"),
        attempts=reader.count("attempts"),
        number=reader.text("number"),
        agent=reader.text("agent"),
        line=reader.text("line"),
        note=reader.text("note"),
        answered_at=reader.instant("answered_at", zone, now),
        ended_at=reader.instant("ended_at", zone, now),
        prep_seconds=reader.seconds("prep_seconds"),
        hold_seconds=reader.seconds("hold_seconds"),
        hung_up_by=reader.party("hung_up_by"),
        recording=reader.recording("recording"),
    )
    reader.in_order(row)
    return row, problems


class _Reader:
    """The cells of one row by field; what is wrong is noted in ``problems``."""

    def __init__(self, cells: Sequence[str], layout: Layout, problems: list[Problem]) -> None:
        self.cells, self.layout, self.problems = cells, layout, problems

    def text(self, field: str) -> str:
        place = self.layout.places.get(field)
        found = "" if place is None or place >= len(self.cells) else self.cells[place]
        found = unicodedata.normalize("NFKC", found).replace("\x00", "").strip()
        found = self.layout.values.get(field, {}).get(key_of(found), found)
        if not found and FIELDS[field][1]:
            self.wrong(field, found, "missing")
        limit = MOST_TEXT.get(field)
        if limit and len(found) > limit:
            self.wrong(field, found[:40], "too_long", limit=limit)
        return found

    def wrong(self, field: str, value: str, code: str, **details: Any) -> None:
        self.problems.append(Problem(field, value[:100], code, details))

    def instant(self, field: str, zone: str, now: datetime) -> datetime | None:
        found = self.text(field)
        if not found:
            return None
        at = read_instant(found, zone, self.layout.time_of_day)
        if at is None:
            self.wrong(field, found, "bad_date")
        elif at > now:
            self.wrong(field, found, "in_future")
        return at

    def seconds(self, field: str) -> Decimal:
        found = self.text(field)
        if not found:
            return Decimal(0)
        seconds = read_seconds(found)
        if seconds is None:
            self.wrong(field, found, "not_seconds")
        elif seconds < 0:
            self.wrong(field, found, "negative")
        elif seconds > LONGEST_SECONDS:
            self.wrong(field, found, "too_many_seconds")
        return seconds or Decimal(0)

    def party(self, field: str) -> str:
        found = self.text(field)
        if found and (who := PARTIES.get(key_of(found))) is None:
            self.wrong(field, found, "unknown_party")
        return who or "" if found else ""

    def recording(self, field: str) -> str:
        found = self.text(field)
        if found and (not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", found) or ".." in found):
            self.wrong(field, found, "bad_recording")
        return found

    def in_order(self, row: CallRow) -> None:
        """Started, answered and ended follow each other within four hours; seconds that lack come from them."""
        if row.started_at is None:
            return
        start, answer, end = row.started_at, row.answered_at, row.ended_at
        for field, at, before in (("answered_at", answer, start), ("ended_at", end, answer or start)):
            if at and not before <= at <= start + timedelta(seconds=LONGEST_SECONDS):
                self.wrong(field, at.isoformat(), "times_order")
                return
        if (answer or end) and "ring_seconds" not in self.layout.places:
            row.ring_seconds = Decimal(str(((answer or end or start) - start).total_seconds()))
        if end and answer and "talk_seconds" not in self.layout.places:
            row.talk_seconds = Decimal(str((end - answer).total_seconds()))

    def count(self, field: str) -> int:
        found = self.text(field)
        if not found:
            return 1
        if (
            re.fullmatch(r"\d{1,6}(\.0+)?", found)
            and 1 <= (count := int(found.partition(".")[0])) <= MOST_ATTEMPTS
        ):
            return count
        self.wrong(field, found, "not_a_count")
        return 1


def read_instant(text: str, zone: str, time_of_day: time) -> datetime | None:
    """A date, or a date with time, as an instant; None if it is neither. Without a zone it is a time on the site's clock."""
    text = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", " ").strip()
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(.+))?", text, re.ASCII)
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return instant_of(day, time_of_day, zone)
        clock = time.fromisoformat(
            match[4].strip() if len(match[4].partition(":")[0]) > 1 else "0" + match[4].strip()
        )
        if clock.tzinfo is not None:
            return utc(datetime.combine(day, clock))
        return instant_of(day, clock, zone)
    except (ValueError, OverflowError):
        return None


def read_seconds(text: str) -> Decimal | None:
    """Seconds from 75, 75.5, 1:15 or 0:01:15; None if it is none of these."""
    sign = -1 if text.startswith("-") else 1
    parts = text.lstrip("-").split(":")
    if not 1 <= len(parts) <= 3 or any(
        not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", part, re.ASCII) for part in parts
    ):
        return None
    try:
        total = Decimal(0)
        for part in parts:
            total = total * 60 + Decimal(part)
    except InvalidOperation:
        return None
    return sign * total.quantize(Decimal("0.001"))
