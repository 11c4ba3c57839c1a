"""Quality pages and API: role, scope, query counts, bad input."""

from datetime import timedelta

import pytest
from django.urls import reverse

from callcenter.access import Role
from qa.actions import draw_samples, open_review
from qa.models import Review
from qa.queries import criteria_of
from qa.states import ReviewState
from qa.tests.make import (
    NOW,
    make_agent,
    make_call,
    make_campaign,
    make_inspector,
    make_plan,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def floor():
    """A team with a drawn review, its inspector."""
    team = make_team()
    campaign, agent = make_campaign(team=team), make_agent(team)
    make_plan(team.unit)
    make_call(campaign, agent)
    draw_samples(day=NOW.date(), now=NOW + timedelta(days=1))
    return team, agent, make_inspector(team.unit)


@pytest.mark.parametrize("rows", [1, 3])
def test_review_list_asks_the_same_queries_for_any_number_of_rows(client, django_assert_num_queries, rows):
    team = make_team()
    campaign = make_campaign(team=team)
    make_plan(team.unit)
    for _row in range(rows):
        make_call(campaign, make_agent(team))
    draw_samples(day=NOW.date(), now=NOW + timedelta(days=1))
    client.force_login(make_inspector(team.unit))
    client.get(reverse("qa:reviews"))
    with django_assert_num_queries(7):
        response = client.get(reverse("qa:reviews"))
    assert len(response.context["page"]) == rows


def test_a_review_out_of_scope_is_not_found_on_page_and_api(client, floor):
    _team, _agent, _inspector = floor
    review = Review.objects.get()
    client.force_login(make_inspector(make_team().unit))
    assert client.get(reverse("qa:review", args=[review.pk])).status_code == 404
    assert client.post(reverse("qa:take", args=[review.pk])).status_code == 404
    assert client.get(f"/api/v1/reviews/{review.pk}/").status_code == 404
    assert client.get("/api/v1/reviews/").json()["results"] == []


def test_an_agent_sees_a_result_only_once_it_is_published(client, floor):
    _team, agent, _inspector = floor
    review = Review.objects.get()
    client.force_login(agent)
    assert client.get(reverse("qa:review", args=[review.pk])).status_code == 404
    Review.objects.update(state=ReviewState.PUBLISHED)
    assert client.get(reverse("qa:review", args=[review.pk])).status_code == 200
    assert client.get(reverse("qa:reviews")).context["page"].rows == [review]


def test_the_agents_name_is_hidden_until_publication(client, floor):
    _team, agent, inspector = floor
    client.force_login(inspector)
    review = Review.objects.get()
    assert agent.full_name not in client.get(reverse("qa:reviews")).content.decode()
    assert agent.full_name not in client.get(reverse("qa:review", args=[review.pk])).content.decode()
    assert client.get(f"/api/v1/reviews/{review.pk}/").json()["agent"] is None


def test_scoring_a_call_through_the_pages(client, floor):
    _team, agent, inspector = floor
    review = Review.objects.get()
    client.force_login(inspector)
    client.post(reverse("qa:take", args=[review.pk]))
    page = client.get(reverse("qa:review", args=[review.pk]))
    assert page.context["form"] is not None
    missing = client.post(reverse("qa:publish", args=[review.pk]), {})
    assert missing.status_code == 422
    verdicts = {f"c{row.pk}": "na" if row.fatal else "1" for row in criteria_of(review.scorecard_id)}
    assert client.post(reverse("qa:publish", args=[review.pk]), verdicts).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.score) == (ReviewState.PUBLISHED, 100)
    client.force_login(agent)
    client.post(reverse("qa:acknowledge", args=[review.pk]))
    review.refresh_from_db()
    assert review.state == ReviewState.ACKNOWLEDGED


@pytest.mark.parametrize("value", ["", "x", "-1", "99999999999999999999", "\x00", "😀"])
def test_nonsense_verdicts_are_refused_not_errors(client, floor, value):
    _team, _agent, inspector = floor
    review = Review.objects.get()
    open_review(review=review, by=inspector, now=NOW)
    client.force_login(inspector)
    verdicts = {}
    for row in criteria_of(review.scorecard_id):
        verdicts |= {f"c{row.pk}": value, f"s{row.pk}": value}
    refused = 400 if value == "\0" else 422
    assert client.post(reverse("qa:publish", args=[review.pk]), verdicts).status_code == refused


@pytest.mark.parametrize("day", ["", "x", "2026-13-45", "9999-12-31"])
def test_a_day_that_cannot_be_drawn_is_explained(client, floor, day):
    client.force_login(floor[2])
    response = client.post(reverse("qa:samples"), {"day": day})
    assert response.status_code == 200
    assert response.context["form"].errors["day"]


def test_leads_look_but_do_not_draw(client, floor):
    team, _agent, _inspector = floor
    client.force_login(make_user(Role.LEAD, team=team))
    Review.objects.all().delete()
    client.post(reverse("qa:samples"), {"day": NOW.date().isoformat()})
    assert not Review.objects.exists()


def test_a_campaign_gets_its_own_plan_on_its_page_and_loses_it_again(client):
    team = make_team()
    campaign, plan = make_campaign(team=team), make_plan(team.unit)
    client.force_login(make_user(Role.MANAGER, unit=team.unit))
    fragment = f"/qa/campaigns/{campaign.pk}/"
    assert plan.name in client.get(fragment).content.decode()
    address = f"{fragment}plan/"
    wrong = {"scorecard": plan.scorecard_id, "percent": "0", "minimum_talk_seconds": "10"}
    assert client.post(address, wrong).status_code == 200
    assert client.post(address, wrong | {"percent": "100"}).status_code == 302
    shown = client.get(fragment).content.decode()
    assert "100.0 %" in shown
    assert plan.name not in shown
    assert client.post(f"{address}drop/").status_code == 302
    assert plan.name in client.get(fragment).content.decode()
    client.force_login(make_user(Role.MANAGER, unit=make_team().unit))
    assert client.get(fragment).status_code == 404
    assert client.post(address, wrong | {"percent": "100"}).status_code == 404
