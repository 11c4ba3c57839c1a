"""Makers for the tests of this app and of those above it."""

import itertools

from callcenter.access import Role
from people.models import Calendar, Department, Membership, Team, Unit, User

PASSWORD = "just-for-tests"
_count = itertools.count(1)


def make_unit(parent=None, **fields):
    number = next(_count)
    return Unit.objects.create(**{"name": f"机构{number}", "code": f"PU{number}", "parent": parent} | fields)


def make_team(unit=None, **fields):
    number = next(_count)
    return Team.objects.create(
        unit=unit or make_unit(), **{"name": f"班组{number}", "code": f"PT{number}"} | fields
    )


def make_department(**fields):
    number = next(_count)
    return Department.objects.create(**{"name": f"部门{number}", "code": f"PD{number}"} | fields)


def make_calendar(**fields):
    number = next(_count)
    return Calendar.objects.create(**{"name": f"日历{number}"} | fields)


def make_user(role=None, *, team=None, unit=None, department=None, client_id=None, **fields):
    """A person, with one membership when a role is given."""
    number = next(_count)
    user = User.objects.create_user(
        **{"username": f"person{number}", "password": PASSWORD, "full_name": f"同事{number}"} | fields
    )
    if role is not None:
        give_role(user, role, team=team, unit=unit, department=department, client_id=client_id)
    return user


def give_role(user, role, **place):
    membership = Membership.objects.create(user=user, role=role, **place)
    vars(user).pop("_scope", None)
    return membership


def make_one_of_each_role():
    """A person per role, all in one office, as role → user."""
    unit = make_unit()
    team, department = make_team(unit), make_department()
    places = {
        Role.AGENT: {"team": team},
        Role.LEAD: {"team": team},
        Role.DEPARTMENT: {"department": department},
        Role.CLIENT: {"client_id": 1},
        Role.ADMIN: {},
    }
    return {role: make_user(role, **places.get(role, {"unit": unit})) for role in Role}
