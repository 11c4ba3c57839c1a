import random

import pytest

from campaigns import demo
from campaigns.models import Campaign, Policy
from campaigns.queries import rendered_script
from campaigns.tests.make import NOW
from customers.tests.make import make_customer
from people import demo as people_demo
from surveys import demo as surveys_demo
from surveys.models import Question
from surveys.queries import form_of, values_offered
from surveys.rules.branching import problems

pytestmark = pytest.mark.django_db


def load_all():
    for module in (people_demo, surveys_demo, demo):
        module.load(now=NOW, rng=random.Random(1))


def test_demo_is_loaded_once_however_often_it_runs():
    load_all()
    counts = [model.objects.count() for model in (Campaign, Policy, Question)]
    load_all()
    assert [model.objects.count() for model in (Campaign, Policy, Question)] == counts == [2, 4, 15]


def test_demo_campaigns_run_with_questionnaires_scripts_and_teams():
    load_all()
    for campaign in Campaign.objects.order_by("code"):
        assert (campaign.state, campaign.teams.count()) == ("running", 2)
        assert campaign.script.is_usable
        items = form_of(campaign.questionnaire)
        assert problems(items, values_offered(items)) == []
        shown = rendered_script(
            campaign=campaign, customer=make_customer(name="王芳", gender="f"), agent=None
        )
        assert "{" not in shown.opening + shown.closing + shown.apology
        assert "王女士" in shown.opening
    sat = Campaign.objects.get(code="SAT")
    assert [item.depends_on is not None for item in form_of(sat.questionnaire)] == [
        False,
        False,
        False,
        True,
        False,
        False,
    ]


def test_two_runs_with_the_same_seed_make_the_same_policies():
    load_all()
    seeds = list(Policy.objects.order_by("name").values_list("name", "seed"))
    Policy.objects.all().delete()
    Campaign.objects.all().delete()
    load_all()
    assert list(Policy.objects.order_by("name").values_list("name", "seed")) == seeds
