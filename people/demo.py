"""The demo organisation: head office, a region, an office with two teams, one person per role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from callcenter.access import Role
from callcenter.workdays import local_day
from people.actions import default_calendar_for, fill_calendar
from people.demo_time import load_time
from people.models import Department, DepartmentContact, Membership, Team, Unit, User

UNITS = [
    ("HQ", "总部", "head office", None),
    ("EAST", "华东大区", "region", "HQ"),
    ("HZ", "杭州分公司", "office", "EAST"),
]
TEAMS = [("T1", "回访一组"), ("T2", "回访二组")]
DEPARTMENTS = [("CLAIMS", "理赔部"), ("SERVICE", "客户服务部"), ("NETWORK", "网络运维部")]


@dataclass(frozen=True)
class Person:
    """One sign-in of the demo: where the role counts, and the page to open first."""

    username: str
    name: str
    role: str
    place: str
    opens: str


PEOPLE = [
    Person("agent1", "回访专员一", Role.AGENT, "T1", "/desk/"),
    Person("agent2", "回访专员二", Role.AGENT, "T1", "/desk/"),
    Person("agent3", "回访专员三", Role.AGENT, "T2", "/desk/"),
    Person("agent4", "回访专员四", Role.AGENT, "T2", "/desk/"),
    Person("lead1", "一组组长", Role.LEAD, "T1", "/team/"),
    Person("lead2", "二组组长", Role.LEAD, "T2", "/team/"),
    Person("qa1", "质检员", Role.QA, "HZ", "/qa/"),
    Person("qasup1", "质检主管", Role.QA_SUPERVISOR, "EAST", "/qa/"),
    Person("complaint1", "投诉专员一", Role.COMPLAINT, "HZ", "/complaints/"),
    Person("complaint2", "投诉专员二", Role.COMPLAINT, "HZ", "/complaints/"),
    Person("dept1", "理赔一级联系人", Role.DEPARTMENT, "CLAIMS", "/issues/"),
    Person("dept2", "理赔二级联系人", Role.DEPARTMENT, "CLAIMS", "/issues/"),
    Person("dept3", "理赔三级联系人", Role.DEPARTMENT, "CLAIMS", "/issues/"),
    Person("head1", "理赔部负责人", Role.DEPARTMENT, "CLAIMS", "/issues/"),
    Person("manager1", "运营经理", Role.MANAGER, "HQ", "/reports/"),
    Person("trainer1", "培训师", Role.TRAINER, "HZ", "/people/"),
    Person("client1", "委托方观察员", Role.CLIENT, "AXRS", "/reports/"),
    Person("admin1", "系统管理员", Role.ADMIN, "", "/admin/"),
]
OBSERVERS = {person.username: person.place for person in PEOPLE if person.role == Role.CLIENT}
CONTACTS = ["dept1", "dept2", "dept3", "head1"]


def load(*, now, rng) -> str:
    """Make what is missing of the organisation and its calendar; returns one line about what there is.

    Nobody can sign in before ``set_password``. Client observers get their role from ``grant_observers``, once the
    clients exist. ``rng`` is not needed here: the organisation is always the same.
    """
    calendar = default_calendar_for(zone=settings.TIME_ZONE)
    year = local_day(now, settings.TIME_ZONE).year
    fill_calendar(calendar=calendar, years=[year - 1, year, year + 1])
    places = _organisation(calendar)
    locked = make_password(None)
    for number, person in enumerate(PEOPLE, start=1):
        user, _made = User.objects.get_or_create(
            username=person.username,
            defaults={"full_name": person.name, "employee_no": f"A{number:04}", "password": locked},
        )
        if person.role != Role.CLIENT:
            Membership.objects.get_or_create(user=user, role=person.role, **places.get(person.place, {}))
    _contacts(places["CLAIMS"]["department"])
    load_time(now=now)
    return f"{Unit.objects.count()} units, {Team.objects.count()} teams, {User.objects.count()} people"


def _organisation(calendar):
    """Units, teams and departments; returns code → the keyword that places a membership there."""
    units = {}
    for code, name, level, parent in UNITS:
        units[code], _made = Unit.objects.get_or_create(
            code=code, defaults={"name": name, "level": level, "parent": units.get(parent)}
        )
    places = {code: {"unit": unit} for code, unit in units.items()}
    for code, name in TEAMS:
        team, _made = Team.objects.get_or_create(
            code=code, defaults={"name": name, "unit": units["HZ"], "calendar": calendar}
        )
        places[code] = {"team": team}
    for code, name in DEPARTMENTS:
        department, _made = Department.objects.get_or_create(code=code, defaults={"name": name})
        places[code] = {"department": department}
    return places


def _contacts(department):
    for level, username in enumerate(CONTACTS, start=1):
        DepartmentContact.objects.get_or_create(
            department=department, level=level, defaults={"user": User.objects.get(username=username)}
        )


def grant_observers(client_ids) -> None:
    """Give the client observers their role; ``client_ids`` maps a client's code to its id."""
    for username, code in OBSERVERS.items():
        if code in client_ids:
            user = User.objects.get(username=username)
            Membership.objects.get_or_create(user=user, role=Role.CLIENT, client_id=client_ids[code])


def set_password(password) -> int:
    """Give every person of the demo the same password; returns how many there are."""
    names = [person.username for person in PEOPLE]
    return User.objects.filter(username__in=names).update(password=make_password(password))
