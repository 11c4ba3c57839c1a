"""How working hours are written and read (ORG-4; domain.md section 4, rule 16)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

TimePair = list[str]
"""``["09:00", "11:30"]``: wall-clock start and end; an end at or before the start lies on the next day."""

RANGE = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~～至]\s*(\d{1,2}:\d{2})")


class BadHours(ValueError):
    """Working hours that cannot be read; ``part`` is the text at fault and ``code`` what is wrong with it."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(f"{code}: {part}")
        self.code, self.part = code, part


def parse_hours(text: str) -> list[TimePair]:
    """``"09:00-11:30, 13:00-17:00"`` as pairs, in order; an empty text is no working time.

    Full-width digits and punctuation of Chinese input are taken as well. Raises ``BadHours``.
    """
    plain = text.translate(
        {**{0xFF10 + digit: 0x30 + digit for digit in range(10)}, 0xFF1A: ":", 0xFF0D: "-"}
    )
    left = re.sub(r"[\s,，、;；]+", " ", RANGE.sub(" ", plain)).strip()
    if left:
        raise BadHours("unreadable", left)
    return check_hours([[start, end] for start, end in RANGE.findall(plain)])


def check_hours(pairs: object) -> list[TimePair]:
    """The pairs with both times as ``HH:MM``, in order. Raises ``BadHours`` for anything else, or for an overlap."""
    if not isinstance(pairs, list):
        raise BadHours("unreadable", str(pairs)[:40])
    ranges = sorted(_pair(pair) for pair in pairs)
    for (_start, end), (start, _end) in zip(ranges, ranges[1:], strict=False):
        if start < end:
            raise BadHours("overlap", f"{start:%H:%M}")
    if any(end <= start for start, end in ranges[:-1]):
        raise BadHours("overlap", f"{ranges[-1][0]:%H:%M}")
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in ranges]


def _pair(pair: Any) -> tuple[time, time]:
    try:
        start, end = pair
        return _clock(start), _clock(end)
    except (TypeError, ValueError) as error:
        raise BadHours("unreadable", str(pair)[:40]) from error


def _clock(text: object) -> time:
    hours, minutes = str(text).split(":")
    return time(int(hours), int(minutes))


def show_hours(pairs: Iterable[TimePair]) -> str:
    """Pairs as people write them: ``09:00-11:30, 13:00-17:00``."""
    return ", ".join(f"{start}-{end}" for start, end in pairs)


def check_week(weekly: object) -> list[list[TimePair]]:
    """Seven days of ranges, Monday first, each checked. Raises ``BadHours``."""
    if not isinstance(weekly, list) or len(weekly) != 7:
        raise BadHours("not_a_week")
    return [check_hours(day) for day in weekly]


def exceptions_of(
    holidays: Mapping[date, str], workdays: Iterable[date], weekly: list[list[TimePair]]
) -> dict[date, tuple[str, str]]:
    """The dated rows a calendar needs, as day → (kind, name): a holiday on a working weekday, a make-up workday (调休)
    on a free one. A holiday that falls on a free weekday changes nothing and needs no row.
    """
    found = {day: ("holiday", name) for day, name in holidays.items() if weekly[day.weekday()]}
    return found | {day: ("workday", "") for day in workdays if not weekly[day.weekday()]}
