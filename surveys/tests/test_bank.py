"""What the bank says about how a question has done lately (CAM-6, CAM-8; ux.md 5.13)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from surveys.models import Answer, Response, RotationProposal
from surveys.queries import recent_of
from surveys.queries.bank import Recent
from surveys.tests.make import NOW, make_customer, make_question, make_team, make_user, make_version

pytestmark = pytest.mark.django_db


def answer(version, value, *, team=None, at=NOW, asked=True, complete=True):
    customer = make_customer(team=team) if team else make_customer()
    response = Response.objects.create(
        version=version,
        customer=customer,
        channel="phone",
        client_uuid=f"00000000-0000-0000-0000-{Response.objects.count():012}",
        submitted_at=at,
        complete=complete,
    )
    Answer.objects.create(
        response=response, item=version.items.get(), number=value, values=[str(value)], asked=asked
    )


def test_mean_is_that_of_the_asked_answers_of_ninety_days_in_all_versions():
    question = make_question("scale5")
    one, two = make_version(question), make_version(question)
    answer(one, 5)
    answer(two, 2)
    answer(one, 1, at=NOW - timedelta(days=91))
    answer(one, 1, asked=False)
    answer(one, 1, complete=False)
    assert recent_of([question], make_user("admin"), now=NOW) == {question.pk: Recent(2, 3.5, False)}


def test_only_answers_in_scope_count_and_only_scales_have_a_mean():
    team, question, text = make_team(), make_question("scale5"), make_question("text")
    version = make_version(question)
    answer(version, 4, team=team)
    answer(version, 1)
    found = recent_of([question, text], make_user("manager", unit=team.unit), now=NOW)
    assert found == {question.pk: Recent(1, 4.0, False)}


def test_open_proposal_is_shown_in_the_bank(client):
    question = make_question("scale5")
    version = make_version(question)
    RotationProposal.objects.create(
        questionnaire=version.questionnaire,
        question=question,
        since=NOW.date(),
        until=NOW.date(),
        n=100,
        mean="4.8",
        low="4.7",
        created_at=NOW,
    )
    client.force_login(make_user("manager"))
    page = client.get(reverse("surveys:questions"))
    assert next(row for row in page.context["page"].rows if row.pk == question.pk).recent.proposed
