"""Reads about people, their teams, departments and working calendars."""

from datetime import time

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.workdays import DayException, WorkCalendar
from people.models import (
    Absence,
    AgentSkill,
    Calendar,
    CalendarDay,
    DepartmentContact,
    Membership,
    Skill,
    Team,
    User,
)


def default_calendar() -> Calendar:
    """The calendar used where none is named. Raises ``Refused`` while none is marked as default."""
    calendar = Calendar.objects.filter(is_default=True).first()
    if calendar is None:
        raise Refused(
            _("No working calendar is the default. An administrator marks one under Settings › Calendars."),
            code="no_default_calendar",
        )
    return calendar


def work_calendar(calendar: Calendar | None = None) -> WorkCalendar:
    """The pure calendar that ``callcenter.workdays`` computes with, built from ``calendar`` or from the default one.

    One query for the dated exceptions, and one more for the default calendar.
    """
    calendar = calendar or default_calendar()
    days = CalendarDay.objects.filter(calendar=calendar).values_list("day", "kind", "ranges")
    return WorkCalendar(
        zone=calendar.zone,
        weekly=tuple(_ranges(day) for day in calendar.weekly),
        exceptions={
            day: DayException(kind, _ranges(ranges) if ranges else None) for day, kind, ranges in days
        },
    )


def _ranges(pairs):
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)


def teams_of_agent(user) -> list[Team]:
    """The teams in which the person is an agent, by name."""
    teams = Team.objects.filter(memberships__user=user, memberships__role=Role.AGENT)
    return list(teams.distinct().order_by("name", "id"))


def department_contact(department, level) -> User | None:
    """Who answers for the department at escalation ``level`` (1, 2, 3 or 4 for the head); None when nobody does.

    Somebody who has left does not answer (ORG-3).
    """
    contact = (
        DepartmentContact.objects.filter(department=department, level=level, user__is_active=True)
        .select_related("user")
        .first()
    )
    return contact.user if contact else None


def leads_of(team) -> QuerySet[User]:
    """The team's active leads: those of the team itself, or of a unit above it."""
    above = [int(number) for number in team.unit.path.strip("/").split("/")]
    leads = Q(memberships__role=Role.LEAD) & (
        Q(memberships__team=team) | Q(memberships__team=None, memberships__unit__in=above)
    )
    return User.objects.filter(leads, is_active=True).distinct().order_by("full_name", "id")


def people_list(*, user, q=None, role=None, team=None) -> QuerySet[User]:
    """People in the scope of ``user``, active ones first, with the memberships a list shows (ORG-1)."""
    people = User.objects.visible_to(user)
    if q:
        people = people.filter(
            Q(full_name__icontains=q) | Q(username__icontains=q) | Q(employee_no__icontains=q)
        )
    wanted = {name: value for name, value in {"role": role, "team": team}.items() if value}
    if wanted:
        # One membership must match all of them: an agent of this team, not an agent here and a lead there.
        people = people.filter(pk__in=Membership.objects.filter(**wanted).values("user"))
    shown = Membership.objects.select_related("team", "unit", "department").order_by("id")
    return people.prefetch_related(Prefetch("memberships", shown)).order_by("-is_active", "full_name", "id")


def memberships_of(person) -> QuerySet[Membership]:
    """The person's roles with the places they hold in, and each team's unit."""
    return person.memberships.select_related("team__unit", "unit", "department").order_by("role", "id")


def absent_on(people, day) -> set[int]:
    """Ids of those of ``people`` who are away on the local ``day``."""
    return set(Absence.objects.filter(user__in=people, day=day).values_list("user_id", flat=True))


def languages_of(people) -> dict[int, frozenset[str]]:
    """User id → the languages they can work in beside the usual one (ORG-7)."""
    rows = AgentSkill.objects.filter(user__in=people, skill__kind=Skill.Kind.LANGUAGE)
    found: dict[int, frozenset[str]] = {}
    for user_id, code in rows.order_by("id").values_list("user_id", "skill__code"):
        found[user_id] = found.get(user_id, frozenset()) | {code}
    return found


def levels_in(campaign_code, people) -> dict[int, int]:
    """User id → capability level in the work of a campaign; whoever has not been rated is missing (ORG-7)."""
    rows = AgentSkill.objects.filter(
        user__in=people, skill__kind=Skill.Kind.CAMPAIGN, skill__code=campaign_code
    )
    return dict(rows.order_by("id").values_list("user_id", "level"))


def agents_of_team(team) -> QuerySet[User]:
    """The team's active agents, by name."""
    own = Membership.objects.filter(role=Role.AGENT, team=team).values("user")
    return User.objects.filter(pk__in=own, is_active=True).order_by("full_name", "id")


def all_skills() -> list[Skill]:
    """Every skill, languages first."""
    return list(Skill.objects.order_by("-kind", "name", "id"))


def levels_of(people) -> dict[tuple[int, int], int]:
    """(user id, skill id) → level."""
    rows = AgentSkill.objects.filter(user__in=people).order_by("id")
    return {(user, skill): level for user, skill, level in rows.values_list("user_id", "skill_id", "level")}
