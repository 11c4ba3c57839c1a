"""How complete the archive is, per client and team (CUS-4)."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Phone
from customers.queries import completeness_by_team
from customers.rules.completeness import completeness
from customers.tests.make import make_client, make_customer, make_region, make_team, make_user


def test_score_is_the_share_of_filled_fields():
    assert completeness(["name", "phone"], {"name": 4, "phone": 2}, 4) == 0.75


@pytest.mark.parametrize(("required", "customers"), [([], 3), (["name"], 0)])
def test_score_of_nothing_is_undefined(required, customers):
    assert completeness(required, {}, customers) is None


@pytest.mark.django_db
def test_lines_count_per_team_in_scope():
    client = make_client(required_fields=["name", "phone", "region", "rest_hours"])
    own, foreign = make_team(), make_team()
    make_customer(client=client, team=own, region=make_region(), rest_hours=[["12:00", "13:00"]])
    poor = make_customer(client=client, team=own, phones=["+8613800000001", "+8613800000002"])
    Phone.objects.filter(customer=poor).update(state="wrong", preferred=False)
    make_customer(client=client, team=own, restriction="erased", name="")
    make_customer(client=client, team=foreign)
    make_customer(team=own)
    (line,) = completeness_by_team(make_user("lead", team=own))
    assert (line["team_id"], line["customers"], line["score"]) == (own.pk, 2, 0.625)
    assert {gap["field"]: gap["count"] for gap in line["missing"]} == {
        "phone": 1,
        "region": 1,
        "rest_hours": 1,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 3])
def test_page_asks_as_many_queries_for_one_line_as_for_three(how_many):
    team = make_team()
    for _ in range(how_many):
        make_customer(client=make_client(required_fields=["name", "amount"]), team=team)
    browser = Browser()
    browser.force_login(make_user("lead", team=team))
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(reverse("customers:completeness"))
    assert response.content.decode().count("missing=amount") == how_many
    assert len(seen) == 7


@pytest.mark.django_db
def test_gap_opens_the_customers_behind_it():
    team = make_team()
    whole = make_customer(team=team, amount=5)
    lacking = make_customer(team=team)
    browser = Browser()
    browser.force_login(make_user("lead", team=team))
    text = browser.get(reverse("customers:list"), {"missing": "amount"}).content.decode()
    assert lacking.name in text
    assert whole.name not in text
