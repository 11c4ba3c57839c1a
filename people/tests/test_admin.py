import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from rest_framework.authtoken.models import TokenProxy

from callcenter.access import Role
from people.models import Calendar, CalendarDay, Membership, Team, Unit, User
from people.tests.make import make_calendar, make_department, make_team, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = make_user(Role.ADMIN)
    client.force_login(user)
    return user


def empty_inline(prefix, **fields):
    management = {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return management | {f"{prefix}-{name}": value for name, value in fields.items()}


def test_only_administrators_enter(client):
    client.force_login(make_user(Role.MANAGER, unit=make_unit(), is_staff=True))
    assert client.get("/admin/").status_code == 403
    client.force_login(make_user(Role.ADMIN))
    assert client.get("/admin/").status_code == 200


def test_every_page_of_the_site_opens(client, boss):
    make_calendar(), make_team(), make_department()
    for model, site_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(base).status_code == 200, base
        if site_admin.has_add_permission(client.get(base).wsgi_request):
            assert client.get(f"{base}add/").status_code == 200, base


def test_rights_come_from_roles_so_groups_and_tokens_are_not_there():
    assert not admin.site.is_registered(Group)
    assert not admin.site.is_registered(TokenProxy)


def test_a_person_is_added_with_a_role(client, boss):
    team = make_team()
    new = {
        "username": "new1",
        "full_name": "新人",
        "usable_password": "true",
        "password1": "长长的口令长长的口令 2026",
        "password2": "长长的口令长长的口令 2026",
        **empty_inline("memberships", TOTAL_FORMS=1),
        "memberships-0-role": "agent",
        "memberships-0-team": team.pk,
    }
    answer = client.post("/admin/people/user/add/", new)
    assert answer.status_code == 302, answer.context["errors"]
    added = User.objects.get(username="new1")
    assert added.scope().team_ids(Role.AGENT) == {team.pk}
    assert added.check_password("长长的口令长长的口令 2026")
    assert (added.is_staff, added.is_superuser) == (False, False)


def test_an_agent_without_a_team_is_refused_with_a_sentence(client, boss):
    person = make_user()
    change = {
        "username": person.username,
        "full_name": person.full_name,
        "language": "",
        **empty_inline("memberships", TOTAL_FORMS=1),
        "memberships-0-user": person.pk,
        "memberships-0-role": "agent",
    }
    answer = client.post(f"/admin/people/user/{person.pk}/change/", change, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "An agent needs a team" in answer.content.decode()
    assert not Membership.objects.filter(user=person).exists()


def test_nobody_is_deleted(client, boss):
    person = make_user()
    assert client.post(f"/admin/people/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_working_hours_are_typed_as_text(client, boss):
    calendar = make_calendar()
    week = {"monday": "8:30-12:00，13:30-17:30", "saturday": "09:00-12:00"}
    answer = client.post(
        f"/admin/people/calendar/{calendar.pk}/change/", {"name": "新历", "zone": "Asia/Shanghai", **week}
    )
    assert answer.status_code == 302, answer.context["errors"]
    stored = Calendar.objects.get(pk=calendar.pk)
    assert stored.weekly == [
        [["08:30", "12:00"], ["13:30", "17:30"]],
        [],
        [],
        [],
        [],
        [["09:00", "12:00"]],
        [],
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("monday", "all day", "is not a range of hours"),
        ("monday", "09:00-12:00 11:00-13:00", "overlaps"),
        ("zone", "Mars/Olympus", "is not a time zone"),
    ],
)
def test_bad_calendars_are_refused_with_a_sentence(client, boss, field, value, said):
    data = {"name": "新历", "zone": "Asia/Shanghai", field: value}
    answer = client.post("/admin/people/calendar/add/", data, headers={"accept-language": "en"})
    assert said in answer.content.decode()
    assert not Calendar.objects.filter(name="新历").exists()


def test_a_calendar_day_takes_its_own_hours(client, boss):
    calendar = make_calendar()
    data = {"calendar": calendar.pk, "day": "2026年5月9日", "kind": "workday", "ranges": "09:00-12:00"}
    answer = client.post("/admin/people/calendarday/add/", data)
    assert answer.status_code == 302, answer.context["errors"]
    assert CalendarDay.objects.get().ranges == [["09:00", "12:00"]]


def test_units_are_imported_by_code_and_keep_their_tree(client, boss):
    from tablib import Dataset

    from people.resources import UnitResource

    rows = Dataset(
        ("HQ", "总部", "head office", ""),
        ("E", "大区", "region", "HQ"),
        headers=["code", "name", "level", "parent"],
    )
    result = UnitResource().import_data(rows, dry_run=False)
    assert not result.has_errors()
    assert (
        Unit.objects.get(code="E").path
        == f"/{Unit.objects.get(code='HQ').pk}/{Unit.objects.get(code='E').pk}/"
    )
    again = UnitResource().import_data(rows, dry_run=False)
    assert again.totals["skip"] + again.totals["update"] == 2
    assert Unit.objects.count() == 2


def test_teams_are_exported_as_a_workbook(client, boss):
    make_team(name="一组")
    answer = client.post("/admin/people/team/export/", {"format": "0"})
    if answer.status_code != 200 or "spreadsheet" not in answer["Content-Type"]:
        answer = client.get("/admin/people/team/export/")
    assert "spreadsheet" in answer["Content-Type"]
    assert Team.objects.count() == 1
