from people.models.activity import Activity, BreakRequest, FloorRule
from people.models.calendars import Calendar, CalendarDay
from people.models.organisation import Department, DepartmentContact, Membership, Team, Unit
from people.models.skills import Absence, AgentSkill, Skill
from people.models.users import DialScheme, User

__all__ = [
    "Absence",
    "Activity",
    "AgentSkill",
    "BreakRequest",
    "Calendar",
    "CalendarDay",
    "Department",
    "DepartmentContact",
    "DialScheme",
    "FloorRule",
    "Membership",
    "Skill",
    "Team",
    "Unit",
    "User",
]
