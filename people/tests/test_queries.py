from datetime import UTC, date, datetime

import pytest

from callcenter.access import Role
from callcenter.errors import Refused
from callcenter.workdays import add_working_days, day_kind, working_seconds
from people import queries
from people.actions import default_calendar_for, fill_calendar
from people.models import CalendarDay, DepartmentContact
from people.tests.make import give_role, make_calendar, make_department, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar():
    return make_calendar(is_default=True)


def test_the_default_calendar_is_missing():
    make_calendar()
    with pytest.raises(Refused) as caught:
        queries.default_calendar()
    assert caught.value.code == "no_default_calendar"


def test_default_calendar_is_made_once():
    first = default_calendar_for(zone="Asia/Shanghai")
    assert default_calendar_for(zone="UTC") == first
    assert queries.default_calendar() == first


def test_work_calendar_follows_the_table(calendar, django_assert_num_queries):
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 5, 1), kind="holiday")
    CalendarDay.objects.create(
        calendar=calendar, day=date(2026, 5, 9), kind="workday", ranges=[["09:00", "12:00"]]
    )
    with django_assert_num_queries(2):
        cal = queries.work_calendar()
    assert day_kind(date(2026, 5, 1), cal) == "holiday"
    assert day_kind(date(2026, 5, 9), cal) == "working"
    assert day_kind(date(2026, 5, 10), cal) == "weekend"
    saturday = datetime(2026, 5, 8, 16, 0, tzinfo=UTC), datetime(2026, 5, 9, 16, 0, tzinfo=UTC)
    assert working_seconds(*saturday, cal) == 3 * 3600


def test_work_calendar_of_a_named_calendar_takes_one_query(calendar, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.work_calendar(calendar)


def test_chinese_holidays_and_make_up_days_are_seeded(calendar):
    added = fill_calendar(calendar=calendar, years=[2025, 2026])
    cal = queries.work_calendar(calendar)
    assert added == CalendarDay.objects.count() > 30
    assert day_kind(date(2026, 2, 17), cal) == "holiday"  # Spring Festival
    assert day_kind(date(2026, 2, 14), cal) == "working"  # a Saturday worked instead (调休)
    assert day_kind(date(2026, 2, 20), cal) == "holiday"  # the Friday it is worked for
    assert add_working_days(date(2026, 2, 13), 1, cal) == date(2026, 2, 14)
    assert add_working_days(date(2026, 2, 14), 1, cal) == date(2026, 2, 24)


def test_seeding_leaves_the_administrators_days_alone(calendar):
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 2, 17), kind="workday", name="值班")
    fill_calendar(calendar=calendar, years=[2026])
    assert fill_calendar(calendar=calendar, years=[2026]) == 0
    assert calendar.days.get(day=date(2026, 2, 17)).name == "值班"


def test_teams_of_agent_are_only_those_where_the_person_calls():
    first, second = make_team(name="乙"), make_team(name="甲")
    agent = make_user(Role.AGENT, team=first)
    give_role(agent, Role.AGENT, team=second)
    give_role(agent, Role.LEAD, team=make_team())
    assert queries.teams_of_agent(agent) == sorted([first, second], key=lambda team: (team.name, team.pk))


def test_department_contact_by_level():
    department = make_department()
    first, head = make_user(), make_user()
    DepartmentContact.objects.create(department=department, level=1, user=first)
    DepartmentContact.objects.create(department=department, level=4, user=head)
    assert queries.department_contact(department, 1) == first
    assert queries.department_contact(department, 2) is None
    assert queries.department_contact(department, 4) == head


def test_department_contact_who_has_left_does_not_answer():
    department = make_department()
    DepartmentContact.objects.create(department=department, level=1, user=make_user(is_active=False))
    assert queries.department_contact(department, 1) is None


def test_leads_of_a_team_are_its_own_and_those_of_the_units_above():
    top = make_unit()
    office = make_unit(top)
    team = make_team(office)
    own, above = make_user(Role.LEAD, team=team), make_user(Role.LEAD, unit=top)
    make_user(Role.LEAD, team=make_team(office))
    make_user(Role.LEAD, unit=make_unit(top))
    make_user(Role.AGENT, team=team)
    make_user(Role.LEAD, team=team, is_active=False)
    assert set(queries.leads_of(team)) == {own, above}


def test_people_list_asks_for_one_membership_that_matches_everything():
    first, second = make_team(), make_team()
    admin = make_user(Role.ADMIN)
    agent = make_user(Role.AGENT, team=first)
    mixed = make_user(Role.AGENT, team=second)
    give_role(mixed, Role.LEAD, team=first)
    assert set(queries.people_list(user=admin, role=Role.AGENT, team=first)) == {agent}
    assert set(queries.people_list(user=admin, role=Role.LEAD)) == {mixed}


@pytest.mark.parametrize("words", ["小慧", "ZHANG", "A0042"])
def test_people_are_found_by_name_sign_in_and_number(words):
    admin = make_user(Role.ADMIN)
    wanted = make_user(username="zhangxh", full_name="张小慧", employee_no="A0042")
    make_user()
    assert list(queries.people_list(user=admin, q=words)) == [wanted]
