from people.models.calendars import Calendar, CalendarDay
from people.models.organisation import Department, DepartmentContact, Membership, Team, Unit
from people.models.users import User

__all__ = ["Calendar", "CalendarDay", "Department", "DepartmentContact", "Membership", "Team", "Unit", "User"]
