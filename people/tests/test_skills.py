"""Capability by skill, and absences (ORG-7, CAM-4)."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from callcenter.access import Role
from people import actions, queries
from people.models import Absence, AgentSkill, Skill
from people.tests.make import make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 4)


@pytest.fixture
def team():
    return make_team()


@pytest.fixture
def skill():
    return Skill.objects.create(kind="language", code="yue", name="粤语")


@pytest.fixture
def lead(client, team):
    user = make_user(Role.LEAD, team=team)
    client.force_login(user)
    return user


@pytest.mark.parametrize("rows", [1, 3])
def test_page_needs_a_fixed_number_of_queries(client, lead, team, rows, django_assert_num_queries):
    for number in range(rows):
        person = make_user(Role.AGENT, team=team)
        known = Skill.objects.create(kind="campaign", code=f"C{number}", name=f"项目{number}")
        AgentSkill.objects.create(skill=known, user=person, level=3)
    address = reverse("people:skills")
    client.get(address)
    with django_assert_num_queries(9):
        page = client.get(address).content.decode()
    assert page.count("<select") >= rows * rows


def test_lead_rates_changes_and_takes_back(client, lead, team, skill):
    person = make_user(Role.AGENT, team=team)
    address, name = reverse("people:skills"), f"level-{person.pk}-{skill.pk}"
    assert client.post(address, {"team": team.pk, name: "4"}).status_code == 302
    assert queries.languages_of([person]) == {person.pk: frozenset({"yue"})}
    assert AgentSkill.objects.get().level == 4
    client.post(address, {"team": team.pk, name: "2"})
    assert AgentSkill.objects.get().level == 2
    client.post(address, {"team": team.pk, name: ""})
    assert not AgentSkill.objects.exists()
    for wrong in ("6", "0", "x", "-1"):
        assert client.post(address, {"team": team.pk, name: wrong}).status_code == 422
    assert not AgentSkill.objects.exists()


def test_other_teams_are_not_found(client, lead, skill):
    other = make_team()
    address = reverse("people:skills")
    assert client.get(address, {"team": other.pk}).status_code == 404
    assert client.post(address, {"team": other.pk}).status_code == 404
    for nonsense in ("x", "", "9" * 30, "-1"):
        assert client.get(address, {"team": nonsense}).status_code == 200


def test_new_skill_is_added_once(client, lead):
    address, values = reverse("people:skill_new"), {"kind": "language", "code": "hak", "name": "客家话"}
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 422
    assert client.post(address, {"kind": "x"}).status_code == 422
    assert Skill.objects.get().name == "客家话"


def test_levels_in_a_campaign_are_those_of_its_skill(team, skill):
    person = make_user(Role.AGENT, team=team)
    work = Skill.objects.create(kind="campaign", code="SAT", name="x")
    changes = [(person, work, 5), (person, skill, 2)]
    assert actions.set_levels(changes=changes, by=person, now=NOW) == 2
    assert queries.levels_in("SAT", [person]) == {person.pk: 5}
    assert queries.levels_in("TEL", [person]) == {}


def test_absence_counts_for_its_day_once():
    person, lead = make_user(), make_user()
    first = actions.mark_absent(person=person, day=DAY, by=lead, now=NOW)
    assert actions.mark_absent(person=person, day=DAY, by=lead, now=NOW) == first
    assert queries.absent_on([person, lead], DAY) == {person.pk}
    assert queries.absent_on([person], date(2026, 3, 5)) == set()
    actions.mark_present(person=person, day=DAY)
    assert not Absence.objects.exists()
