from datetime import date

import pytest
from django.urls import reverse

from callcenter.errors import Conflict, Refused
from callcenter.workflow import IllegalMove
from campaigns import actions, queries
from campaigns.models import Account, QuotaPlan
from campaigns.states import QuotaState
from campaigns.tests.make import NOW, make_campaign, make_team, make_user
from customers.actions import block, propose_entry
from customers.tests.make import make_customer, make_region, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make_team(unit=make_unit())


@pytest.fixture
def lead(team):
    return make_user("lead", team=team)


@pytest.fixture
def manager(team):
    return make_user("manager", team=team)


@pytest.fixture
def campaign(team):
    return make_campaign(state="running", teams=[team])


@pytest.fixture
def plan(campaign, team, lead):
    return actions.create_quota_plan(campaign=campaign, team=team, name="Spring", by=lead, now=NOW)


def customer(plan, **fields):
    return make_customer(**({"client": plan.campaign.client, "team": plan.team} | fields))


def drawn(plan, **fields):
    return list(queries.quota_customers(actions.add_quota_line(plan=plan, wanted=9, **fields), now=NOW))


LEGAL = {
    ("draft", "propose_quota"): "proposed",
    ("proposed", "approve_quota"): "approved",
    ("proposed", "return_quota"): "draft",
    ("approved", "return_quota"): "draft",
    ("approved", "mark_quota_released"): "released",
    ("released", "mark_quota_reclaimed"): "reclaimed",
}


@pytest.mark.parametrize("state", QuotaState.values)
@pytest.mark.parametrize("verb", sorted({verb for _state, verb in LEGAL}))
def test_every_state_and_verb(plan, manager, state, verb):
    actions.add_quota_line(plan=plan, wanted=1)
    QuotaPlan.objects.filter(pk=plan.pk).update(state=state)
    plan.refresh_from_db()
    values = {"plan": plan, "by": manager, "now": NOW} | ({"counts": {}} if verb.startswith("mark_") else {})
    if target := LEGAL.get((state, verb)):
        assert getattr(actions, verb)(**values).state == target
        assert plan.steps.order_by("-id").first().to_state == target
    else:
        with pytest.raises(IllegalMove):
            getattr(actions, verb)(**values)
        plan.refresh_from_db()
        assert plan.state == state


def test_all_legal_moves_have_a_verb():
    assert {(was, to) for was, targets in QuotaPlan.MOVES.items() for to in targets} == {
        (was, to) for (was, _verb), to in LEGAL.items()
    }


def test_author_and_proposer_cannot_approve(plan, lead, manager):
    actions.add_quota_line(plan=plan, wanted=1)
    actions.propose_quota(plan=plan, by=manager, now=NOW)
    for person in (lead, manager):
        with pytest.raises(Refused) as caught:
            actions.approve_quota(plan=plan, by=person, now=NOW)
        assert caught.value.code == "second_person"
    actions.approve_quota(plan=plan, by=make_user("manager"), now=NOW)


def test_plan_without_lines_or_of_a_strange_team_is_refused(plan, lead, campaign):
    with pytest.raises(Refused):
        actions.propose_quota(plan=plan, by=lead, now=NOW)
    with pytest.raises(Refused):
        actions.create_quota_plan(campaign=campaign, team=make_team(), name="x", by=lead, now=NOW)


def test_proposed_plan_no_longer_changes(plan, lead):
    line = actions.add_quota_line(plan=plan, wanted=1)
    actions.propose_quota(plan=plan, by=lead, now=NOW)
    with pytest.raises(Conflict):
        actions.add_quota_line(plan=plan, wanted=1)
    with pytest.raises(Conflict):
        actions.remove_quota_line(line=line)


def test_quota_speaks_of_its_region_and_segment(plan):
    east, north = make_region(), make_region()
    city = make_region(parent=east)
    key = customer(plan, region=city, key_customer=True)
    company = customer(plan, region=east, nature="company", level="gold")
    other = customer(plan, region=north)
    assert set(drawn(plan, region=east)) == {key, company}
    assert drawn(plan, region=city) == drawn(plan, customers="key") == [key]
    assert set(drawn(plan, customers="ordinary")) == {company, other}
    assert drawn(plan, nature="company") == drawn(plan, level="gold") == [company]


def test_quota_draws_own_unrestricted_customers_that_are_not_in_the_campaign(plan):
    mine, of_unit = customer(plan), customer(plan, team=None, unit=plan.team.unit)
    customer(plan, team=make_team(unit=plan.team.unit))
    customer(plan, restriction="blocked")
    make_customer(team=plan.team)
    there = customer(plan)
    Account.objects.create(campaign=plan.campaign, customer=there, loaded_on=date(2026, 11, 1))
    assert set(drawn(plan)) == {mine, of_unit}


def test_quota_leaves_out_who_is_on_the_do_not_call_list(plan):
    person, number, one_left, proposed, elsewhere = (
        customer(plan, phones=[f"+8613900000{n}01", f"+8613900000{n}02"][: 2 if n == 2 else 1])
        for n in range(5)
    )
    entry = {"category": "asked", "reason": "x", "by": None, "now": NOW}
    block(customer=person, **entry)
    block(number="13900000101", **entry)
    block(number="13900000201", **entry)
    propose_entry(customer=proposed, **entry)
    block(customer=elsewhere, campaign_code="OTHER", **entry)
    assert set(drawn(plan)) == {one_left, proposed, elsewhere}


def test_draw_follows_from_the_seed(plan):
    for _number in range(8):
        customer(plan)
    line = actions.add_quota_line(plan=plan, wanted=3)
    first = list(queries.quota_customers(line, now=NOW))
    assert first == list(queries.quota_customers(line, now=NOW))
    line.plan.seed = "another"
    assert first != list(queries.quota_customers(line, now=NOW))


@pytest.mark.parametrize("count", [1, 3])
def test_plan_page_costs_the_same_at_one_and_three_lines(
    client, plan, lead, django_assert_num_queries, count
):
    for number in range(count):
        actions.add_quota_line(plan=plan, wanted=number + 1, region=make_region())
    client.force_login(lead)
    with django_assert_num_queries(11):
        response = client.get(reverse("campaigns:quota", args=[plan.pk]))
    assert [row.short for row in response.context["lines"]] == [True] * count


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_at_one_and_three_plans(
    client, campaign, team, lead, django_assert_num_queries, count
):
    for number in range(count):
        actions.create_quota_plan(campaign=campaign, team=team, name=f"P{number}", by=lead, now=NOW)
    client.force_login(lead)
    with django_assert_num_queries(7):
        response = client.get(reverse("campaigns:quotas", args=[campaign.pk]))
    assert len(response.context["page"]) == count


def test_lead_proposes_and_another_manager_approves_on_pages(client, campaign, team, lead, manager):
    client.force_login(lead)
    made = client.post(reverse("campaigns:quotas", args=[campaign.pk]), {"name": "Spring", "team": team.pk})
    plan = QuotaPlan.objects.get()
    assert made.url == reverse("campaigns:quota", args=[plan.pk])
    client.post(made.url, {"wanted": "2"})
    propose, approve = (
        reverse("campaigns:quota_move", args=[plan.pk, verb]) for verb in ("propose", "approve")
    )
    assert client.post(propose).status_code == 302
    assert client.post(approve).status_code == 404
    client.force_login(manager)
    assert client.get(made.url).context["verbs"] == ["approve", "return"]
    assert client.post(approve).status_code == 302
    assert client.get(made.url).context["may_release"]
    assert client.post(reverse("campaigns:quota_line_remove", args=[plan.lines.get().pk])).status_code == 409
    assert client.post(reverse("campaigns:quota_move", args=[plan.pk, "nonsense"])).status_code == 404


def test_plans_of_other_teams_are_404(client, plan):
    for role in ("lead", "manager"):
        client.force_login(make_user(role))
        assert client.get(reverse("campaigns:quota", args=[plan.pk])).status_code == 404
        assert client.post(reverse("campaigns:quota_move", args=[plan.pk, "return"])).status_code == 404
    client.force_login(make_user("agent"))
    assert client.get(reverse("campaigns:quota", args=[plan.pk])).status_code == 403


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"wanted": "0"},
        {"wanted": "9" * 30},
        {"wanted": "1", "region": "x"},
        {"wanted": "1", "level": "x" * 31},
    ],
)
def test_wrong_line_is_shown_again(client, plan, lead, data):
    client.force_login(lead)
    response = client.post(reverse("campaigns:quota", args=[plan.pk]), data)
    assert response.context["form"].errors
    assert not plan.lines.exists()
