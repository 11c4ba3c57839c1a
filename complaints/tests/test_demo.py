"""The demo's story: it can be told twice, shows every stage, and keeps the rules."""

import random

import pytest

from callcenter.access import Role
from campaigns.models import Campaign
from complaints import demo
from complaints.models import Complaint, Escalation, FocusIssue, Issue, ProblemPoint, SecondContact
from complaints.tests.make import make_campaign, make_department
from customers.tests.make import NOW, make_client, make_customer, make_team, make_user
from people.models import DepartmentContact

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    team = make_team(code="T1")
    for name in ("agent1", "agent2"):
        make_user(Role.AGENT, team=team, username=name)
    make_user(Role.LEAD, team=team, username="lead1")
    for name in ("complaint1", "complaint2"):
        make_user(Role.COMPLAINT, unit=team.unit, username=name)
    claims = make_department(code="CLAIMS", contacts=False)
    user = make_user(Role.DEPARTMENT, department=claims, username="dept1")
    for level in (1, 2, 3, 4):
        DepartmentContact.objects.create(department=claims, level=level, user=user)
    client = make_client(code="AXRS")
    make_campaign(team=team, client=client, code="SAT")
    for number in range(30):
        make_customer(client=client, team=team, phones=[f"+86137{number:08}"])


def test_story_shows_every_stage_and_is_told_once(organisation):
    demo.load(now=NOW, rng=random.Random(1))
    before = (Issue.objects.count(), Complaint.objects.count())
    demo.load(now=NOW, rng=random.Random(1))
    assert (Issue.objects.count(), Complaint.objects.count()) == before
    assert set(Issue.objects.values_list("state", flat=True)) == {
        "sent",
        "answered",
        "second_contact",
        "focus",
        "solved",
        "reopened",
    }
    assert set(SecondContact.objects.values_list("state", flat=True)) >= {
        "waiting",
        "planned",
        "blocked",
        "done",
    }
    assert set(Escalation.objects.values_list("level", flat=True)) >= {2, 3}
    assert set(Complaint.objects.values_list("state", flat=True)) == {
        "registered",
        "acknowledged",
        "unfounded",
        "investigating",
        "proposed",
        "carried_out",
        "archived",
    }
    assert FocusIssue.objects.get().notice
    assert Issue.objects.filter(raised_at__gt=NOW).count() == 0


def test_points_have_three_languages_and_keys_of_their_own(organisation):
    Campaign.objects.all().delete()
    assert demo.load(now=NOW, rng=random.Random(1)) == "8 problem points"
    points = list(ProblemPoint.objects.all())
    assert all(set(point.name) == {"zh-hans", "zh-hant", "en"} for point in points)
    assert len({point.key for point in points}) == 8
