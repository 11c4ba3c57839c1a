from people.models.calendars import Calendar, CalendarDay
from people.models.organisation import Department, DepartmentContact, Membership, Team, Unit
from people.models.users import DialScheme, User

__all__ = [
    "Calendar",
    "CalendarDay",
    "Department",
    "DepartmentContact",
    "DialScheme",
    "Membership",
    "Team",
    "Unit",
    "User",
]
