"""Makers for the tests of this app and of those above it."""

import itertools
import uuid

from callbacks.tests.make import make_agent, make_campaign
from callcenter.access import Role
from complaints.actions import raise_issue, register
from complaints.models import ProblemPoint
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from people.models import Department, DepartmentContact

_count = itertools.count(1)


def make_department(*, contacts=True, **fields):
    """A department with its four contacts (``contacts=False``: none)."""
    number = next(_count)
    department = Department.objects.create(**{"name": f"部门{number}", "code": f"D{number}"} | fields)
    for level in (1, 2, 3, 4) if contacts else ():
        user = make_user(Role.DEPARTMENT, department=department, full_name=f"部门{number}联系人{level}")
        DepartmentContact.objects.create(department=department, level=level, user=user)
    return department


def contact_of(department, level):
    return department.contacts.get(level=level).user


def make_point(department=None, **fields):
    number = next(_count)
    values = {"name": {"zh-hans": f"问题点{number}", "en": f"Point {number}"}, "code": f"PP{number}"}
    return ProblemPoint.objects.create(department=department or make_department(), **values | fields)


class Floor:
    """A team with its agent, lead, handlers and manager, its client's campaign, and a department with a point."""

    def __init__(self):
        self.team = make_team()
        self.client = make_client()
        self.campaign = make_campaign(team=self.team, client=self.client)
        self.agent = make_agent(self.team)
        self.lead = make_user(Role.LEAD, team=self.team)
        self.handler = make_user(Role.COMPLAINT, unit=self.team.unit)
        self.approver = make_user(Role.COMPLAINT, unit=self.team.unit)
        self.manager = make_user(Role.MANAGER, unit=self.team.unit)
        self.department = make_department()
        self.point = make_point(self.department)

    def customer(self, **fields):
        number = next(_count)
        values = {"phones": [f"+86136{number:08}"]} | fields
        return make_customer(client=self.client, team=self.team, **values)


def make_floor():
    return Floor()


def make_issue(floor, *, now=NOW, **fields):
    """An issue raised by the floor's agent; major and urgent unless told otherwise."""
    values = {
        "customer": fields.pop("customer", None) or floor.customer(),
        "campaign": floor.campaign,
        "call": None,
        "team": floor.team,
        "problem_point": floor.point,
        "urgency": "urgent",
        "major": True,
        "description": "赔款一直没有到账",
        "by": floor.agent,
        "client_uuid": uuid.uuid4(),
    }
    return raise_issue(now=now, **values | fields)


def make_complaint(floor, *, now=NOW, **fields):
    values = {
        "customer": fields.pop("customer", None) or floor.customer(),
        "content": "客服态度恶劣",
        "campaign": floor.campaign,
        "team": floor.team,
        "by": floor.handler,
    }
    return register(now=now, **values | fields)
