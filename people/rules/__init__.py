from people.rules.hours import (
    BadHours,
    TimePair,
    check_hours,
    check_week,
    exceptions_of,
    parse_hours,
    show_hours,
)

__all__ = [
    "BadHours",
    "TimePair",
    "check_hours",
    "check_week",
    "exceptions_of",
    "parse_hours",
    "show_hours",
]
