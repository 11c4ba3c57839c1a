"""Reads about the people who decide on issues and complaints."""

from django.db.models import Q, QuerySet

from callcenter.access import Role
from people.models import DepartmentContact, User


def managers_of(team) -> QuerySet[User]:
    """Active operations managers of the team or of a unit above it."""
    return _holding(team, Role.MANAGER)


def handlers_of(team) -> QuerySet[User]:
    """Active complaint handlers of the team or of a unit above it, by name."""
    return _holding(team, Role.COMPLAINT)


def _holding(team, role):
    above = [int(number) for number in team.unit.path.strip("/").split("/")]
    reached = Q(memberships__team=team) | Q(memberships__team=None, memberships__unit__in=above)
    people = User.objects.filter(reached & Q(memberships__role=role), is_active=True)
    return people.distinct().order_by("full_name", "id")


def levels_of(user, department_id) -> frozenset[int]:
    """The levels at which the person answers for the department; a responder without a level is at level 1 (ORG-3)."""
    if department_id is None:
        return frozenset()
    contacts = DepartmentContact.objects.filter(department_id=department_id, user=user)
    levels = frozenset(contacts.values_list("level", flat=True))
    if levels:
        return levels
    responds_for = {grant.department_id for grant in user.scope().grants if grant.role == Role.DEPARTMENT}
    return frozenset({1}) if department_id in responds_for else frozenset()
