from people.forms.accounts import (
    AccountForm,
    CalendarDayForm,
    CalendarForm,
    HoursField,
    PeopleFilter,
    language_field,
)

__all__ = [
    "AccountForm",
    "CalendarDayForm",
    "CalendarForm",
    "HoursField",
    "PeopleFilter",
    "language_field",
]
