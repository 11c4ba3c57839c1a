"""Roles × scope (ORG-1, ORG-2): who reaches which people, teams and units."""

import pytest
from django.contrib.auth.models import AnonymousUser

from callcenter.access import TEAM_ROLES, Role, policy_of, roles, signed_in
from people.models import Membership, Team, Unit, User
from people.tests.make import give_role, make_department, make_team, make_unit, make_user

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.django_db]


@pytest.fixture
def office():
    """Head office › region › two offices, a team in each office."""
    top = make_unit(name="总部")
    region = make_unit(top, name="大区")
    first, second = make_unit(region, name="甲"), make_unit(region, name="乙")
    return {
        "top": top,
        "region": region,
        "units": [first, second],
        "teams": [make_team(first), make_team(second)],
    }


def names(people):
    return set(people.values_list("username", flat=True))


@pytest.mark.parametrize("role", sorted(TEAM_ROLES))
def test_a_team_role_reaches_its_own_team_only(office, role):
    mine, other = office["teams"]
    colleague, stranger = make_user(Role.AGENT, team=mine), make_user(Role.AGENT, team=other)
    person = make_user(role, team=mine)
    assert person.scope().team_ids() == {mine.pk}
    assert names(User.objects.visible_to(person)) == {person.username, colleague.username}
    assert stranger not in User.objects.visible_to(person)
    assert list(Team.objects.visible_to(person)) == [mine]


@pytest.mark.parametrize("role", sorted(TEAM_ROLES))
def test_a_unit_role_reaches_the_whole_subtree_and_nothing_beside_it(office, role):
    person = make_user(role, unit=office["region"])
    below = [make_user(Role.AGENT, team=team) for team in office["teams"]]
    elsewhere = make_user(Role.AGENT, team=make_team(make_unit(office["top"])))
    assert person.scope().team_ids() == {team.pk for team in office["teams"]}
    assert set(Unit.objects.visible_to(person)) == {office["region"], *office["units"]}
    assert set(User.objects.visible_to(person)) == {person, *below}
    assert elsewhere not in User.objects.visible_to(person)


def test_an_agent_sees_nobody_but_themselves(office):
    mine = office["teams"][0]
    agent, _colleague = make_user(Role.AGENT, team=mine), make_user(Role.AGENT, team=mine)
    assert list(User.objects.visible_to(agent)) == [agent]


@pytest.mark.parametrize("role", [Role.CLIENT, Role.DEPARTMENT])
def test_outsiders_see_no_people_and_no_teams(office, role):
    make_user(Role.AGENT, team=office["teams"][0])
    place = {"client_id": 1} if role == Role.CLIENT else {"department": make_department()}
    person = make_user(role, **place)
    assert list(User.objects.visible_to(person)) == [person]
    assert not Team.objects.visible_to(person).exists()
    assert not Unit.objects.visible_to(person).exists()


def test_an_administrator_reaches_everything(office):
    make_user(Role.AGENT, team=office["teams"][0])
    admin = make_user(Role.ADMIN)
    assert set(User.objects.visible_to(admin)) == set(User.objects.all())
    assert set(Team.objects.visible_to(admin)) == set(office["teams"])
    assert Unit.objects.visible_to(admin).count() == 4


def test_a_person_without_roles_reaches_nothing(office):
    nobody = make_user()
    assert nobody.scope().roles == frozenset()
    assert list(User.objects.visible_to(nobody)) == [nobody]
    assert not Team.objects.visible_to(nobody).exists()


def test_a_person_who_has_left_keeps_no_rights(office):
    lead = make_user(Role.LEAD, team=office["teams"][0], is_active=False)
    boss = make_user(Role.ADMIN, is_active=False, is_superuser=True)
    assert lead.scope().roles == frozenset()
    assert not boss.has_perm("people.change_user")


def test_several_roles_add_up(office):
    mine, other = office["teams"]
    person = make_user(Role.LEAD, team=mine)
    give_role(person, Role.QA, team=other)
    assert person.scope().team_ids() == {mine.pk, other.pk}
    assert person.scope().team_ids(Role.LEAD) == {mine.pk}
    assert person.scope().has(Role.QA, Role.MANAGER)
    assert not person.scope().has(Role.MANAGER)


@pytest.mark.parametrize(
    ("role", "lookups"),
    [
        (Role.AGENT, {"own"}),
        (Role.CLIENT, {"client"}),
        (Role.DEPARTMENT, {"department"}),
        *((role, {"team", "unit"}) for role in sorted(TEAM_ROLES)),
    ],
)
def test_rows_use_only_the_lookups_of_the_role(role, lookups):
    unit = make_unit()
    team = make_team(unit)
    places = {
        Role.AGENT: {"team": team},
        Role.CLIENT: {"client_id": 7},
        Role.DEPARTMENT: {"department": make_department()},
    }
    person = make_user(role, **places.get(role, {"unit": unit}))
    found = str(
        person.scope().rows(team="team", unit="unit", own="own", client="client", department="department")
    )
    used = {
        name
        for name in ("team", "unit", "own", "client", "department")
        if f"'{name}'" in found or f"'{name}__in'" in found
    }
    assert used == lookups


def test_rows_of_two_clients_stay_apart():
    mine, theirs = make_user(Role.CLIENT, client_id=1), make_user(Role.CLIENT, client_id=2)
    for person, other in ((mine, 2), (theirs, 1)):
        rows = Membership.objects.filter(person.scope().rows(client="client_id"))
        assert set(rows.values_list("user", flat=True)) == {person.pk}
        assert other not in set(rows.values_list("client_id", flat=True))


def test_rows_without_a_lookup_for_the_role_are_none():
    agent = make_user(Role.AGENT, team=make_team())
    assert not Membership.objects.filter(agent.scope().rows(team="team", unit="unit")).exists()


def test_rows_can_be_narrowed_to_some_roles(office):
    mine, other = office["teams"]
    person = make_user(Role.LEAD, team=mine)
    give_role(person, Role.QA, team=other)
    reached = Team.objects.filter(person.scope().rows(team="pk", only=(Role.QA,)))
    assert list(reached) == [other]


def test_everything_stays_everything_when_a_caller_adds_a_condition():
    admin, other = make_user(Role.ADMIN), make_user()
    from django.db.models import Q

    assert other in User.objects.filter(admin.scope().rows(team="memberships__team") | Q(pk=admin.pk))


def test_scope_costs_two_queries(office, django_assert_num_queries):
    person = User.objects.get(pk=make_user(Role.MANAGER, unit=office["top"]).pk)
    with django_assert_num_queries(2):
        person.scope()
        person.scope()


def test_moving_a_unit_moves_everything_below_it(office):
    region, first = office["region"], office["units"][0]
    lead = make_user(Role.MANAGER, unit=region)
    other_top = make_unit()
    region.parent = other_top
    region.save()
    first.refresh_from_db()
    assert first.path == f"/{other_top.pk}/{region.pk}/{first.pk}/"
    assert lead.scope().team_ids() == {team.pk for team in office["teams"]}
    stranger = make_user(Role.MANAGER, unit=office["top"])
    assert stranger.scope().team_ids() == frozenset()


def test_a_unit_cannot_hang_below_itself(office):
    from django.core.exceptions import ValidationError

    office["top"].parent = office["units"][0]
    with pytest.raises(ValidationError, match="below itself"):
        office["top"].full_clean()


def test_a_policy_lets_nobody_in_who_is_not_signed_in():
    page = roles(Role.LEAD)(lambda request: None)
    assert not policy_of(page).allows(AnonymousUser())
    assert not policy_of(signed_in(lambda request: None)).allows(AnonymousUser())
