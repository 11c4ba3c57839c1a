from people.models.activity import Activity, BreakRequest, FloorRule
from people.models.calendars import Calendar, CalendarDay
from people.models.organisation import Department, DepartmentContact, Membership, Team, Unit
from people.models.users import User

__all__ = [
    "Activity",
    "BreakRequest",
    "Calendar",
    "CalendarDay",
    "Department",
    "DepartmentContact",
    "FloorRule",
    "Membership",
    "Team",
    "Unit",
    "User",
]
