from people.queries.activity import (
    BreakStatus,
    break_status,
    day_intervals,
    halves_of,
    rule_for,
    running_of,
    team_size,
)
from people.queries.organisation import (
    default_calendar,
    department_contact,
    leads_of,
    memberships_of,
    people_list,
    teams_of_agent,
    work_calendar,
)

__all__ = [
    "BreakStatus",
    "break_status",
    "day_intervals",
    "default_calendar",
    "department_contact",
    "halves_of",
    "leads_of",
    "memberships_of",
    "people_list",
    "rule_for",
    "running_of",
    "team_size",
    "teams_of_agent",
    "work_calendar",
]
