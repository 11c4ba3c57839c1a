import random
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from callcenter.access import Role
from people import demo
from people.models import Calendar, CalendarDay, Membership, Unit, User
from people.queries import department_contact, leads_of
from people.tests.make import make_calendar

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def load():
    return demo.load(now=NOW, rng=random.Random(1))


def counts():
    return [model.objects.count() for model in (User, Unit, Membership, CalendarDay)]


def test_demo_organisation_is_made_once():
    load()
    first = counts()
    load()
    assert counts() == first
    assert first[:2] == [18, 3]


def test_demo_people_have_the_roles_the_product_knows():
    load()
    demo.grant_observers({"AXRS": 5})
    assert {role for user in User.objects.all() for role in user.scope().roles} == set(Role.values)
    client1 = User.objects.get(username="client1")
    assert [grant.client_id for grant in client1.scope().grants] == [5]


def test_demo_departments_answer_at_every_level():
    load()
    claims = Membership.objects.get(user__username="dept1").department
    answering = [department_contact(claims, level).username for level in (1, 2, 3, 4)]
    assert answering == ["dept1", "dept2", "dept3", "head1"]


def test_demo_leads_lead_their_own_team():
    load()
    lead = User.objects.get(username="lead1")
    team = lead.memberships.get().team
    assert list(leads_of(team)) == [lead]


def test_demo_people_sign_in_only_once_there_is_a_password():
    load()
    assert not User.objects.get(username="admin1").has_usable_password()
    assert demo.set_password("纯粹是演示口令") == 18
    assert User.objects.get(username="agent1").check_password("纯粹是演示口令")


def test_fill_calendar_command_says_what_it_added():
    out = StringIO()
    call_command("fill_calendar", years=[2026], stdout=out)
    assert Calendar.objects.get().is_default
    assert f"{CalendarDay.objects.count()} days added for 2026" in out.getvalue()


@pytest.mark.parametrize("options", [{"calendar": "没有"}, {"years": [1]}, {"country": "ZZ"}])
def test_fill_calendar_command_fails_with_a_reason(options):
    make_calendar(is_default=True)
    with pytest.raises(CommandError):
        call_command("fill_calendar", **options)


def test_fill_calendar_command_can_leave_an_installation_with_calendars_alone():
    make_calendar()
    call_command("fill_calendar", if_none=True)
    assert not CalendarDay.objects.exists()
    assert not Calendar.objects.filter(is_default=True).exists()
